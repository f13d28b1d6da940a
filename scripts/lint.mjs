// npm run lint: the TypeScript compiler's checks, Biome's rules and formatting, whether the arrows are those of docs/ARCHITECTURE.md, whether what is
// public in the crates is documented, and whether docs/API.md is what the sources say.
import { checkApi } from "./api.mjs";
import { checkArrows } from "./arrows.mjs";
import { checkDocumented } from "./documented.mjs";
import { main, runPackage } from "./tools.mjs";

export async function lint() {
  await runPackage("typescript/bin/tsc", ["--noEmit"], { remedy: "the compiler's message above names the place" });
  await runPackage("@biomejs/biome/bin/biome", ["check"], { remedy: "npx biome check --write" });
  await checkArrows();
  await checkDocumented();
  await checkApi();
}

await main(import.meta.url, lint);
