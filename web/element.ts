// A Vite plugin: bundles the custom element into one file, which a blog names with the hash of its content. `tadpole-lab.json` gives the
// file and its integrity to the page's Embed dialog; `tadpole-lab.js` is the same file under a fixed name.
import { createHash } from "node:crypto";
import { build, type Plugin } from "vite";

const ENTRY = "web/src/embed/element.ts";

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, target: "es2023", lib: { entry: ENTRY, formats: ["es"], fileName: "tadpole-lab" } },
  });
  const [{ output }] = result as unknown as [{ output: { type: string; code: string }[] }];
  const chunks = output.filter(({ type }) => type === "chunk");
  if (chunks.length !== 1 || !chunks[0]) throw new Error(`the element is ${chunks.length} files, not one`);
  return chunks[0].code;
}

export function element(): Plugin {
  return {
    name: "tadpole-element",
    apply: "build",
    async generateBundle() {
      const code = await bundle();
      const digest = (algorithm: string, encoding: "hex" | "base64") => createHash(algorithm).update(code).digest(encoding);
      const file = `tadpole-lab-${digest("sha256", "hex").slice(0, 8)}.js`;
      const about = { file, integrity: `sha384-${digest("sha384", "base64")}` };
      this.emitFile({ type: "asset", fileName: "tadpole-lab.js", source: code });
      this.emitFile({ type: "asset", fileName: file, source: code });
      this.emitFile({ type: "asset", fileName: "tadpole-lab.json", source: JSON.stringify(about) });
    },
  };
}
