// A Vite plugin: bundles the service worker with the list of the site's files.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";
import { needless, type SiteFile, type Sizes } from "./src/offline/files.ts";

const ENTRY = "web/src/offline/service-worker.ts";
const PUBLIC = "web/public";
/** Names that contain a hash of their content. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/;
/** Files that other sites load, that hosts read and do not serve, and the models' cards. */
const APART = /^(?:tadpole-lab-\w+\.js|_headers|.*\.md)$/;

interface File {
  name: string;
  content: string | Uint8Array;
}

function publicFiles(): File[] {
  const names = readdirSync(PUBLIC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map(({ parentPath, name }) => {
    const path = `${parentPath}/${name}`;
    return { name: path.slice(PUBLIC.length + 1), content: readFileSync(path) };
  });
}

/** The hash tells versions of a file apart, and refuses one that changed on the server while its version was being fetched. */
function entry({ name, content }: File): SiteFile {
  const hash = (encoding: "hex" | "base64") => createHash("sha256").update(content).digest(encoding);
  const revision = HASHED.test(name) ? null : hash("hex").slice(0, 16);
  return { url: name, revision, integrity: `sha256-${hash("base64")}`, bytes: Buffer.byteLength(content) };
}

export function serviceWorkerFiles(): Plugin {
  return {
    name: "tadpole-service-worker",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const made = Object.values(bundle).map((each) => ({
          name: each.fileName,
          content: each.type === "chunk" ? each.code : each.source,
        }));
        const files = [...made, ...publicFiles()]
          .filter(({ name }) => !APART.test(name))
          .sort((one, other) => (one.name < other.name ? -1 : 1));
        this.emitFile({ type: "asset", fileName: "sw.js", source: await bundleWith(files.map(entry)) });
        this.emitFile({ type: "asset", fileName: "offline.json", source: JSON.stringify(sizes(files)) });
      },
    },
  };
}

/** The sizes that the page shows before anything is fetched. */
function sizes(files: readonly File[]): Sizes {
  const packed = files.map(({ name, content }) => ({ name, bytes: gzipSync(content).length }));
  const sum = (isRelaxed: boolean) =>
    packed.filter(({ name }) => !name.includes(needless(isRelaxed))).reduce((all, { bytes }) => all + bytes, 0);
  return { relaxed: sum(true), plain: sum(false) };
}

async function bundleWith(files: object[]): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    define: { FILES: JSON.stringify(files), "process.env.NODE_ENV": '"production"' },
    build: { write: false, target: "es2023", lib: { entry: ENTRY, formats: ["iife"], name: "sw", fileName: "sw" } },
  });
  const [{ output }] = result as unknown as [{ output: { code: string }[] }];
  return output[0]?.code ?? "";
}
