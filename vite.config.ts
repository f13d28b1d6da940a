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
    modulePreload: {
      polyfill: false,
      // The files of figures load on demand, and what they share with labs is small: the page need not name it beforehand.
      resolveDependencies: (file, needs) => (/save-[^/]*$/.test(file) ? [] : needs),
    },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the page and its frames always need is in one file; what only the page needs is in another (page.ts).
            { name: "shell", test: /web\/src\/(main|models|components\/fields)\.ts$/ },
            // Whatever shows tokens needs most of these, which are small.
            { name: "token", test: /web\/src\/components\/token-/ },
          ],
        },
      },
    },
  },
});
