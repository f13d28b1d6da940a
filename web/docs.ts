// A Vite plugin: the project's documentation as HTML beside the page, so that its links work wherever it is served, also offline, and the
// sources as a zip. A link to a file that is not served becomes plain text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path/posix";
import { zipSync } from "fflate";
import { Marked } from "marked";
import type { Plugin } from "vite";

const STYLE = "web/docs.css";
const ADDRESS = /^[a-z]+:|^#/;

/** The file name that each page is served under. */
function pages(): Map<string, string> {
  const docs = readdirSync("docs").filter((name) => name.endsWith(".md"));
  const cards = readdirSync("web/public/models").map((name) => [`web/public/models/${name}/README.md`, `${name}.html`] as const);
  return new Map([
    ["README.md", "index.html"],
    ["CHANGELOG.md", "CHANGELOG.html"],
    ...docs.map((name) => [`docs/${name}`, name.replace(/\.md$/, ".html")] as const),
    ...["bench", "fuzz"].map((room) => [`${room}/README.md`, `${room}.html`] as const),
    ...cards,
  ]);
}

/** Headings as GitHub names them. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/<[^>]*>|[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

/** One page, and the pictures it shows. */
function made(source: string, served: ReadonlyMap<string, string>): { html: string; pictures: string[] } {
  const pictures: string[] = [];
  const seen = new Map<string, number>();
  /** A repeated heading gets a number. */
  const idOf = (heading: string): string => {
    const name = slug(heading);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  };
  const target = (href: string): string | null => {
    if (ADDRESS.test(href)) return href;
    const [path = "", part] = href.split("#");
    const file = normalize(join(dirname(source), decodeURI(path)));
    const page = served.get(file);
    return page === undefined ? null : part === undefined ? page : `${page}#${part}`;
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${idOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        const to = target(href);
        return to === null ? words : `<a href="${to}">${words}</a>`;
      },
      image({ href, text }) {
        const file = normalize(join(dirname(source), href));
        pictures.push(file);
        return `<img src="images/${basename(file)}" alt="${text}" />`;
      },
    },
  });
  return { html: page(marked.parse(readFileSync(source, "utf8"), { async: false })), pictures };
}

function page(body: string): string {
  const title = /<h1[^>]*>(.*?)<\/h1>/.exec(body)?.[1]?.replace(/<[^>]*>/g, "") ?? "Tadpole";
  const named = title.includes("Tadpole") ? title : `${title} · Tadpole`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'" />
    <meta name="color-scheme" content="light dark" />
    <title>${named}</title>
    <link rel="icon" href="../icons/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="docs.css" />
  </head>
  <body>
    <nav><a href="../">Tadpole 蝌蚪</a> <a href="index.html">Documentation</a> <a href="LIBRARY.html">Library</a> <a href="source.zip">Source</a></nav>
    <main>${body}</main>
  </body>
</html>
`;
}

// ---------- the sources ----------

const ROOMS = [".cargo", ".ci", "bench", "crates", "docs", "fuzz", "pkg", "scripts", "tests", "web"];
/** The project's files in the root; anything else there is not part of it. */
const ROOT =
  /^(?:README|CHANGELOG)\.md$|^LICENSE$|\.(?:toml|lock)$|^(?:package|package-lock|tsconfig|biome)\.json$|\.html$|^vite\.config\.ts$|^\.(?:gitignore|npmrc)$/;
/** Build outputs, downloads, and what the site already contains. */
const APART =
  /(?:^|\/)(?:node_modules|venv|__pycache__|target|dist|corpus|artifacts|coverage|site)(?:\/|$)|^pkg\/(?!README\.md)|^docs\/(?:images|screens)\/|^web\/public\/models\/.*\.safetensors$/;
/** The earliest date that a zip can hold in any time zone. */
const DATE = new Date(1980, 0, 1);

const NOTE = `These are Tadpole's sources. Left out, since the site has them: the models' weights
(models/*/*.safetensors of the site belong in web/public/models) and the pictures of docs/images and docs/screens.
`;

function sources(): Uint8Array {
  const inRooms = ROOMS.filter((room) => existsSync(room)).flatMap((room) =>
    readdirSync(room, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath.replaceAll("\\", "/"), name)),
  );
  const paths = [...readdirSync(".").filter((name) => ROOT.test(name)), ...inRooms].filter((path) => !APART.test(path)).sort();
  const files = Object.fromEntries(paths.map((path) => [`tadpole/${path}`, new Uint8Array(readFileSync(path))]));
  return zipSync({ ...files, "tadpole/LEFT-OUT.txt": new TextEncoder().encode(NOTE) }, { level: 9, mtime: DATE });
}

export function docs(): Plugin {
  return {
    name: "tadpole-docs",
    apply: "build",
    generateBundle() {
      const served = pages();
      const all = [...served].map(([source, name]) => ({ name, ...made(source, served) }));
      for (const { name, html } of all) this.emitFile({ type: "asset", fileName: `docs/${name}`, source: html });
      for (const file of new Set(all.flatMap(({ pictures }) => pictures)))
        this.emitFile({ type: "asset", fileName: `docs/images/${basename(file)}`, source: readFileSync(file) });
      this.emitFile({ type: "asset", fileName: "docs/docs.css", source: readFileSync(STYLE, "utf8") });
      this.emitFile({ type: "asset", fileName: "docs/source.zip", source: sources() });
    },
  };
}
