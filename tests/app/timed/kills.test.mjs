// A run that is killed fifty times, at random moments from a seed: the tab, the worker, or the whole browser; half of the times during a
// slowed write of the run. It always comes back intact, has lost only what it learnt since it was last kept, and learns exactly the same as
// an undisturbed run.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { serve } from "../../../scripts/serve.mjs";
import { launch, modelStep, openPage, pause, reached, SITE, status, TINY } from "../browser.mjs";
import { openCore } from "../core.mjs";
import { hurt, plantFaults } from "../faults.mjs";

const KILLS = process.env.TADPOLE_SHORT ? 8 : 50;
const SEED = 20261123;
/** Kept every second, so that kills fall before and after a checkpoint's write, and half of them during one. */
const RUN = {
  ...TINY,
  device: "cpu",
  lab: "train",
  "train.steps": "1000000",
  "train.evalInterval": "0",
  "train.sampleInterval": "0",
  keepEvery: "1",
};
const LONGEST_MS = 4500;
const INTERVAL_MS = 1000;
/** Writing takes at most this share of the time, so after a long write the next comes later. */
const SHARE = 0.015;
/** Extra time for a busy machine. */
const SLACK_MS = 1200;
/** Each file is half written for this long: a checkpoint, then its manifest. */
const HALF_MS = 150;
const SLOW_DISK = `
let isSlow = false;
self.addEventListener("message", ({ data }) => (isSlow ||= data.fault === "slowDisk"));
const { write } = FileSystemSyncAccessHandle.prototype;
FileSystemSyncAccessHandle.prototype.write = function (bytes, { at }) {
  if (!isSlow) return write.call(this, bytes, { at });
  const half = bytes.length >> 1;
  write.call(this, bytes.subarray(0, half), { at });
  this.flush();
  for (const end = performance.now() + ${HALF_MS}; performance.now() < end; );
  return half + write.call(this, bytes.subarray(half), { at: at + half });
};
`;

/** The browser's processes, from Linux's process list. */
async function processesOf(profile) {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return ids.filter((_, at) => lines[at].includes(profile)).map(Number);
}

const kills = {
  tab: async ({ page }) => page.close(),
  worker: async ({ page }) => {
    await page.evaluate(() => globalThis.endWorker());
    await page.close();
  },
  browser: async ({ profile, context }) => {
    const gone = new Promise((closed) => context.once("close", closed));
    for (const id of await processesOf(profile)) process.kill(id, "SIGKILL");
    await gone;
  },
};

/** What is killed, and when: this far into the training, or into a write. */
function drawn() {
  const names = Object.keys(kills).filter((name) => name !== "browser" || platform() === "linux");
  const kill = fc.record({
    name: fc.constantFrom(...names),
    isWriting: fc.boolean(),
    learningMs: fc.integer({ min: 0, max: LONGEST_MS }),
    writingMs: fc.integer({ min: 0, max: 2.5 * HALF_MS }),
  });
  return fc.sample(fc.noBias(kill), { seed: SEED, numRuns: KILLS });
}

/** This many milliseconds into a write: hiding a page makes it write its run at once. */
async function beingWritten(page, ms) {
  await hurt(page, { fault: "slowDisk" });
  await page.waitForTimeout(200);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.waitForTimeout(ms);
}

/** The step at which the page reported the run as kept; -1 before that. */
const keptAt = (page) =>
  page.evaluate(() => Number(document.querySelector('[data-testid="stored"]')?.getAttribute("data-step") ?? -1)).catch(() => -1);

test(`a run killed ${KILLS} times comes back each time and learns the same`, { timeout: 15 * 60_000 }, async (test) => {
  const site = await serve(SITE);
  const profile = await mkdtemp(join(tmpdir(), "tadpole-kills-"));
  const problems = [];
  test.diagnostic(`seed ${SEED}`);
  let context = await begin(profile);
  test.after(async () => {
    await context.close();
    await site.close();
    await rm(profile, { recursive: true, force: true });
  });
  let page = await openPage(context, site.address, problems, RUN);
  await page.getByTestId("start").click();
  await reached(page, 2);
  await pause(page);
  await page.getByTestId("play").click();
  const lost = [];
  let [begun, bounded] = [await keptAt(page), 0];
  for (const [count, { name, isWriting, learningMs, writingMs }] of drawn().entries()) {
    if (isWriting) await beingWritten(page, writingMs);
    else await page.waitForTimeout(learningMs);
    const [kept, step] = [await keptAt(page), await modelStep(page)];
    const interval = Math.max(INTERVAL_MS, (await page.evaluate(() => globalThis.wroteIn ?? 0)) / SHARE);
    if (!isWriting && learningMs >= interval + SLACK_MS) {
      assert.ok(kept > begun, `kill ${count} (${name}): nothing was kept in ${learningMs} ms, of a run that is kept every ${interval} ms`);
      bounded += 1;
    }
    await kills[name]({ page, profile, context });
    if (name === "browser") context = await begin(profile);
    page = await openPage(context, site.address, problems, RUN);
    await status(page, "paused");
    const back = await modelStep(page);
    assert.ok(back >= kept && back > 0, `kill ${count} (${name}): kept at ${kept}, back at ${back}`);
    assert.deepEqual(await page.getByRole("alert").allInnerTexts(), [], `kill ${count} (${name})`);
    lost.push(Math.max(0, step - back));
    begun = back;
    await page.getByTestId("play").click();
    await reached(page, back + 1);
  }
  const end = await pause(page);
  const told = await history(page);
  await page.close();
  test.diagnostic(
    `${end} steps; lost at a kill, in steps: ${Math.round(lost.reduce((sum, each) => sum + each, 0) / lost.length)} on average; kept within their interval, looked at: ${bounded}`,
  );

  // The learning rate's schedule covers the whole run, so this one is stopped where the other was.
  const undisturbed = await openPage(context, site.address, problems, RUN);
  await undisturbed.getByTestId("start-over").click();
  await status(undisturbed, "running");
  await reached(undisturbed, end);
  await pause(undisturbed);
  const other = await history(undisturbed);
  const both = [...told].filter(([step]) => other.has(step));
  assert.ok(both.length > 100, `${both.length} steps are in both histories`);
  assert.deepEqual(
    both.filter(([step, numbers]) => numbers !== other.get(step)),
    [],
    "losses and norms, to the bit",
  );
  assert.deepEqual(problems, []);
});

async function begin(profile) {
  const context = await launch(profile);
  await plantFaults(context, SLOW_DISK);
  return context;
}

/** The measurements of each step of the kept run. The page is left, so that the core here may have its runs. */
async function history(page) {
  const home = await page.context().newPage();
  await home.goto(page.url());
  await page.goto("about:blank");
  const core = await openCore(home, "cpu");
  const events = await core.call("history");
  await core.close();
  await home.close();
  const steps = events.flatMap((event) => (event.kind === "step" ? event.steps : []));
  return new Map(steps.map(({ step, trainLoss, gradNorm }) => [step, `${trainLoss} ${gradNorm}`]));
}
