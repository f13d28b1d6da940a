// npm run contract: web/src/worker/protocol/core.ts, the page's types of what crosses to the core, from the Rust types (ts-rs). The native tests
// hold the file to them, so that a type that changes on one side alone fails there.
import { join } from "node:path";
import { main, run, runPackage } from "./tools.mjs";

const FILE = join("web", "src", "worker", "protocol", "core.ts");
const TEST = "test --release -p tadpole-session --no-default-features --test contract";

async function contract() {
  await run("cargo", TEST.split(" "), {
    env: { ...process.env, WRITE_CONTRACT: "1" },
    remedy: "the compiler's message above names the place",
  });
  await runPackage("@biomejs/biome/bin/biome", ["format", "--write", FILE]);
}

await main(import.meta.url, contract);
