// Every engine: each lab's main job in Chromium, Firefox and WebKit, if installed, with the same results. None of their pages may print or
// throw anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { enginesHere } from "../../scripts/engines.mjs";
import { serve } from "../../scripts/serve.mjs";
import { openBlog } from "../app/blog.mjs";
import { SITE } from "../app/browser.mjs";
import { lab, script } from "../app/post.mjs";
import { openChromium } from "./chromium.mjs";
import { openFirefox } from "./firefox.mjs";
import * as jobs from "./jobs.mjs";
import { watched } from "./watched.mjs";
import { openWebKit } from "./webkit.mjs";

const STEPS = 100;
/** Without relaxed SIMD a product is rounded before it is added. */
const LOSSES_DIFFER_BY = 1e-6;

/** The results of the jobs in Chromium. */
const expected = {};

/** Does all jobs with a browser, each a subtest; returns their results. */
async function each(context, browser, serveSite, hold) {
  const [site, other] = [await serveSite(), await serveSite()];
  const blog = await openBlog(context, site, lab('lab="sample" model="tadpole-nano" lang="en"') + script(site));
  const all = {
    firstPage: () => jobs.firstPage(browser, site),
    tokens: () => jobs.tokens(browser, site),
    train: () => jobs.train(browser, site),
    resume: () => jobs.resume(browser),
    inside: () => jobs.inside(browser, site),
    sample: () => jobs.sample(browser, site),
    prompt: () => jobs.prompt(browser, site),
    lesson: () => jobs.lesson(browser, site),
    bench: () => jobs.bench(browser, site),
    embed: () => jobs.embed(browser, blog),
    // A separate origin, where nothing else is kept.
    leaveAndComeBack: () => jobs.leaveAndComeBack(browser, other),
  };
  for (const [name, job] of Object.entries(all)) {
    await context.test(`${browser.name}: ${name}`, async () => {
      hold(name, await job());
      assert.deepEqual(browser.problems.splice(0), [], "what its pages printed or threw");
    });
  }
  assert.deepEqual(browser.problems, [], "what its pages printed or threw as they went");
}

async function served(context) {
  const site = await serve(SITE);
  context.after(() => site.close());
  return site.address;
}

test("Chromium does each lab's main job", async (context) => {
  const browser = await openChromium();
  context.after(() => browser.close());
  const hold = (name, found) => {
    expected[name] = found;
    CHECKS[name]?.(found, found);
  };
  await each(context, browser, () => served(context), hold);
});

const { Firefox, WebKit } = await enginesHere();

test("Firefox does the same", { skip: Firefox ? false : "there is no Firefox here" }, async (context) => {
  const browser = await openFirefox(Firefox);
  context.after(() => browser.close());
  await each(context, browser, () => served(context), holdAgainst);
});

test("WebKit does the same", { skip: WebKit ? false : "there is no WebKitGTK with its driver here" }, async (context) => {
  // As on a machine without a language, where `navigator.language` is not a language.
  const browser = await openWebKit(WebKit, { language: "C.UTF-8" });
  context.after(() => browser.close());
  const serveSite = async () => {
    const site = await watched(await served(context), browser.problems);
    context.after(() => site.close());
    return site.address;
  };
  await each(context, browser, serveSite, holdAgainst);
});

function holdAgainst(name, found) {
  assert.ok(name in expected, "Chromium failed");
  if (CHECKS[name]) CHECKS[name](found, expected[name]);
  else assert.deepEqual(found, expected[name]);
}

/** Where more is checked than equality. */
const CHECKS = {
  train: (found, other) => sameRun(found, other, STEPS),
  resume: (found, other) => sameRun(found, other, 2 * STEPS),
  inside: (found, other) => {
    assert.ok(found.heads > 0 && found.lens.length > 100);
    assert.deepEqual(found, other);
  },
  lesson: (found) => assert.equal(found, true, "its model is at hand"),
  bench: (rows) => assert.equal(rows, 1),
  leaveAndComeBack: ({ steps, told, runs }) => {
    assert.deepEqual(told, []);
    assert.equal(runs, 1, `it is the same run all the time: ${steps}`);
    assert.ok(steps[1] >= steps[0] && steps[2] >= steps[1] + 20 && steps[3] === steps[2], `${steps}`);
  },
};

function sameRun(found, other, steps) {
  const losses = ({ run }) => run.history.steps.map(({ step, trainLoss }) => [step, trainLoss]);
  assert.equal(found.run.step, steps);
  assert.equal(losses(found).length, losses(other).length);
  if (found.isRelaxed === other.isRelaxed) assert.equal(found.hash, other.hash, "the same checkpoint, to the byte");
  for (const [at, [step, loss]] of losses(found).entries()) {
    const [otherStep, otherLoss] = losses(other)[at];
    assert.equal(step, otherStep);
    assert.ok(Math.abs(loss - otherLoss) < LOSSES_DIFFER_BY, `step ${step}: ${loss}, ${otherLoss}`);
  }
}
