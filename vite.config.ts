// How the page is bundled: one static folder, dist/, that works from any path of any host.
import { defineConfig } from "vite";
import { corpora } from "./web/corpora.ts";

export default defineConfig({
  base: "./",
  publicDir: "web/public",
  plugins: [corpora()],
  worker: { format: "es" },
  build: { target: "es2023", modulePreload: { polyfill: false }, chunkSizeWarningLimit: 600 },
});
