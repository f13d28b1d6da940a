// npm start: everything a newcomer needs, in one command: packages, build, and the page at http://localhost. Options: --port N
import { BUILD_STEPS, build } from "./build.mjs";
import { serveOptions, serveUntilStopped } from "./serve.mjs";
import { main, steps } from "./tools.mjs";

await main(import.meta.url, async () => {
  const options = serveOptions();
  await build(steps(BUILD_STEPS - 1), { twins: false });
  await serveUntilStopped(options);
});
