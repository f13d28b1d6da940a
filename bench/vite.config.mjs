// Bundles the page's script and each peer's worker into bench/site/peers/, one file per peer plus what it loads lazily.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
// The other files in that folder, which the peers import.
const HELPERS = ["host.mjs", "jax-model.mjs"];
const peers = readdirSync(path("peers")).filter((name) => !HELPERS.includes(name));

export default {
  root: path("."),
  base: "./",
  publicDir: false,
  build: {
    target: "es2023",
    outDir: path("site/peers"),
    emptyOutDir: false,
    // Its helper needs a document, which a worker does not have.
    modulePreload: false,
    chunkSizeWarningLimit: 10_000,
    rollupOptions: {
      input: { page: path("page.mjs"), ...Object.fromEntries(peers.map((name) => [name.replace(".mjs", ""), path(`peers/${name}`)])) },
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
};
