// npm run library (and before `npm pack`): compiles the library's modules and types into lib/, as unbundled ES modules. The core's module
// and its bindings are beside them in pkg/.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure, main, root, runPackage } from "./tools.mjs";

export async function library() {
  if (!existsSync(join(root, "pkg", "tadpole.js"))) throw new Failure("pkg/ is not built", "npm run build");
  await rm(join(root, "lib"), { recursive: true, force: true });
  const args = ["--project", join("web", "tsconfig.library.json")];
  await runPackage("typescript/bin/tsc", args, { remedy: "the compiler's message above names the place" });
}

await main(import.meta.url, library);
