// How the page is bundled: one static folder, dist/, that works from any path on any host.
import { defineConfig } from "vite";
import { corpora } from "./web/corpora.ts";
import { docs } from "./web/docs.ts";
import { element } from "./web/element.ts";
import { frames } from "./web/frames.ts";
import { serviceWorkerFiles } from "./web/service-worker-files.ts";
import { tolerantCharts } from "./web/tolerant-charts.ts";

export default defineConfig({
  base: "./",
  publicDir: "web/public",
  plugins: [tolerantCharts(), corpora(), docs(), frames(), element(), serviceWorkerFiles()],
  worker: { format: "es" },
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the page always needs is in one file.
            { name: "shell", test: /web\/src\/main\.ts$/ },
            // Whatever shows tokens needs most of these, which are small.
            { name: "token", test: /web\/src\/components\/token-/ },
          ],
        },
      },
    },
  },
});
