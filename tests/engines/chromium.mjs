// Chromium with the commands of the other engines' drivers: its results are the reference.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, watchedPage } from "../app/browser.mjs";

export async function openChromium(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "tadpole-profile-"));
  const context = await launch(profile, options);
  const problems = [];
  const page = await watchedPage(context, problems);
  return {
    name: "Chromium",
    problems,
    goto: (url) => page.goto(url),
    back: () => page.goBack(),
    reload: () => page.reload(),
    size: (width, height) => page.setViewportSize({ width, height }),
    screenshot: () => page.screenshot(),
    evaluate: (work, ...args) => page.evaluate(`(async (args) => (${work})(...args))(${JSON.stringify(args)})`),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
