// npm run dev: serves the page from its sources while you edit. A change of the page shows within a second; a change of the Rust core is
// compiled (minutes), and the page reloads. Options: --port N. What only a build makes is missing: service worker, frames, docs.
import { watch } from "node:fs";
import { join } from "node:path";
import { createServer } from "vite";
import { buildCore } from "./build.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { Failure, main, readOptions, root, steps } from "./tools.mjs";

/** Editors save a file in several writes. */
const QUIET_MS = 300;
const RUST = /\.(rs|wgsl|toml|txt|json)$/;
const CORE_STEPS = 2;

async function dev() {
  const { port } = readOptions("port");
  await checkPrerequisites();
  await buildCore(steps(CORE_STEPS));
  const server = await createServer({ root, server: port === undefined ? {} : { port: Number(port) } });
  await server.listen();
  server.printUrls();
  const reload = () => server.ws.send({ type: "full-reload" });
  follow(join(root, "crates"), async () => {
    await buildCore(steps(CORE_STEPS));
    reload();
  });
}

/** Runs the work when something in the folder has changed, one run at a time; a failure is reported, and the next change tries again. */
function follow(folder, work) {
  let [timer, isAtWork, isStale] = [null, false, false];
  const begin = async () => {
    if (isAtWork) return;
    isAtWork = true;
    while (isStale) {
      isStale = false;
      await work().catch((error) => {
        if (!(error instanceof Failure)) throw error;
        console.error(`\n${error.message}\nThe page keeps the core that it has.`);
      });
    }
    isAtWork = false;
  };
  watch(folder, { recursive: true }, (_, name) => {
    if (name === null || !RUST.test(name)) return;
    isStale = true;
    clearTimeout(timer);
    timer = setTimeout(() => void begin(), QUIET_MS);
  });
}

await main(import.meta.url, dev);
