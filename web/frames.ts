// A Vite plugin for the two pages. embed.html loads the same files as index.html, so it is not bundled again and gets its tags; index.html
// then names the page's own chunk too, which main.ts imports, so that both load side by side.
import { readFileSync } from "node:fs";
import type { Plugin, Rolldown } from "vite";

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
      const last = tags.at(-1);
      if (last) index.source = String(index.source).replace(last, [last, ...ownTags(bundle, String(index.source))].join("\n    "));
    },
  };
}

/** For what the page's chunk needs, unless the page names it already. */
function ownTags(bundle: Rolldown.OutputBundle, page: string): string[] {
  const own = Object.values(bundle).find((each) => each.type === "chunk" && each.facadeModuleId?.endsWith("/web/src/page.ts"));
  if (own?.type !== "chunk") throw new Error("web/src/page.ts has no chunk of its own");
  const isNew = (name: string) => !page.includes(name);
  return [
    ...[own.fileName, ...own.imports].filter(isNew).map((name) => `<link rel="modulepreload" crossorigin href="./${name}">`),
    ...[...(own.viteMetadata?.importedCss ?? [])].filter(isNew).map((name) => `<link rel="stylesheet" crossorigin href="./${name}">`),
  ];
}
