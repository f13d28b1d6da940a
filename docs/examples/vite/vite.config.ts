import { defineConfig } from "vite";

export default defineConfig({
  // For the development server: it would move the library's modules away from its worker and its WebAssembly.
  optimizeDeps: { exclude: ["tadpole"] },
  worker: { format: "es" },
  build: { target: "es2023" },
});
