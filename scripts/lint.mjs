// npm run lint: the TypeScript compiler's checks, Biome's rules and formatting, the arrows of docs/ARCHITECTURE.md, and whether docs/API.md
// matches the sources.
import { checkApi } from "./api.mjs";
import { checkArrows } from "./arrows.mjs";
import { main, runPackage } from "./tools.mjs";

export async function lint() {
  await runPackage("typescript/bin/tsc", ["--noEmit"], { remedy: "the compiler's message above names the place" });
  await runPackage("@biomejs/biome/bin/biome", ["check"], { remedy: "npx biome check --write" });
  await checkArrows();
  await checkApi();
}

await main(import.meta.url, lint);
