// A Vite plugin: the page for frames loads the same files as the page itself, so it is not bundled again; embed.html gets index.html's
// tags.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SCRIPT = '<script type="module" src="/web/src/main.ts"></script>';
const TAGS = /<script type="module"[^>]*><\/script>|<link rel="(?:modulepreload|stylesheet)"[^>]*>/g;

export function frames(): Plugin {
  return {
    name: "tadpole-frames",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const index = bundle["index.html"];
      const source = readFileSync("embed.html", "utf8");
      if (index?.type !== "asset" || !source.includes(SCRIPT))
        throw new Error("index.html was not built, or embed.html has no script to replace");
      const tags = String(index.source).match(TAGS) ?? [];
      this.emitFile({ type: "asset", fileName: "embed.html", source: source.replace(SCRIPT, tags.join("\n    ")) });
    },
  };
}
