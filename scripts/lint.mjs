// npm run lint: the TypeScript compiler's checks, then Biome's rules and formatting.
import { main, runPackage } from "./tools.mjs";

export async function lint() {
  await runPackage("typescript/bin/tsc", ["--noEmit"], { remedy: "the compiler's message above names the place" });
  await runPackage("@biomejs/biome/bin/biome", ["check"], { remedy: "npx biome check --write" });
}

await main(import.meta.url, lint);
