// A page's calls to its labs: every call gets its own answer, whatever else goes on, and wherever the labs are moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf, lab, openPost, PATIENCE, script, TRAIN } from "./post.mjs";

const CORPUS = "the frog jumps over the log\n";
test("a Tokens lab alone gets ready, reports no model, and can become another lab", async (context) => {
  const { page } = await openPost(context, (site) => lab(`id="lab" lab="tokens" state="${TRAIN}" lang="en"`) + script(site));
  const frame = await frameOf(page, "lab");
  const refused = await page.evaluate(() =>
    document
      .getElementById("lab")
      .generate("One day")
      .then(null, ({ code }) => code),
  );
  assert.equal(refused, "noModel");
  await frame.locator('tp-token-strip [data-i="3"]').first().waitFor({ timeout: PATIENCE });
  const text = await page.evaluate(async () => {
    Object.assign(document.getElementById("lab"), { lab: "sample", model: "tadpole-nano" });
    return document.getElementById("lab").generate("One day", { maxNewTokens: 5 });
  });
  assert.ok(text.length > 0);
  assert.equal(await frame.getByTestId("written").textContent(), `One day${text}`);
});

test("a Tokens lab alone trains when it is asked to", async (context) => {
  const { page } = await openPost(context, (site) => lab(`id="lab" lab="tokens" state="${TRAIN}" lang="en"`) + script(site));
  await frameOf(page, "lab");
  const how = await page.evaluate((corpus) => document.getElementById("lab").train({ corpus: corpus.repeat(200), steps: 5 }), CORPUS);
  assert.equal(how, "done");
});

test("a lab reports at once what it cannot accept or find", async (context) => {
  const { page } = await openPost(context, (site) => lab('id="lab" lab="sample" model="tadpole-nan" lang="en"') + script(site));
  const frame = await frameOf(page, "lab");
  await frame.getByRole("alert").filter({ hasText: "No model tadpole-nan" }).waitFor();
  const answers = await page.evaluate(async () => {
    const element = document.getElementById("lab");
    const how = ({ code, message, remedy, details }) => ({ code, message, whole: Boolean(remedy && details) });
    const asked = [
      element.generate("a", { temperature: "0.8" }),
      element.generate("a", { topK: Number.NaN, stop: [] }),
      element.generate(null),
      element.train({ signal: new AbortController().signal }),
      element.generate("a"),
    ];
    const answers = await Promise.all(asked.map((each) => each.then((text) => ({ code: text }), how)));
    element.state = `prompt=${"x".repeat(60_000)}`;
    return answers;
  });
  assert.deepEqual(
    answers.map(({ code }) => code),
    [...Array(4).fill("optionsRefused"), "noModel"],
  );
  assert.match(answers[0].message, /temperature: "0\.8"/);
  assert.match(answers[1].message, /topK: NaN, stop: /);
  assert.ok(answers.every(({ whole }) => whole));
  const told = await page.evaluate(() => globalThis.told.filter(([name]) => name === "error").map(([, , { code }]) => code));
  for (const code of ["modelUnknown", "stateTooLong"]) assert.ok(told.includes(code), `${told}`);
});

test("calls to a core that never started get an answer", async (context) => {
  const { page, browser } = await openPost(
    context,
    (site) => lab('id="lab" lab="sample" model="tadpole-nano" reveal="manual"') + script(site),
  );
  await browser.context.route(/\/worker-[^/]*\.js$/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: "throw new Error('no')" }),
  );
  const codes = await page.evaluate(async () => {
    const ask = () =>
      document
        .getElementById("lab")
        .generate("One day")
        .then(null, ({ code }) => code);
    return [await ask(), await ask()];
  });
  assert.deepEqual(codes, ["workerFailed", "workerFailed"]);
  browser.problems.splice(0);
});

test("simultaneous calls each get their own answer", async (context) => {
  const { page } = await openPost(
    context,
    (site) => lab(`id="lab" lab="inside" model="tadpole-nano" state="${TRAIN}" lang="en"`) + script(site),
  );
  await frameOf(page, "lab");
  const { apart, together, left, steps, trained } = await page.evaluate(async (corpus) => {
    const element = document.getElementById("lab");
    const tokens = async (seed) => {
      let text = "";
      for await (const token of element.generate("One day", { maxNewTokens: 30, seed })) text += token.text;
      return text;
    };
    const apart = [await tokens(1), await tokens(2)];
    const together = await Promise.all([tokens(1), tokens(2)]);
    // A call between a loop's begin and end does not keep the loop from stopping.
    let [last, left] = [0, ""];
    for await (const { step } of element.train({ corpus: corpus.repeat(200), steps: 100_000 })) {
      if (step === 3) left = await element.generate("the", { maxNewTokens: 3 });
      last = step;
      if (step > 10) break;
    }
    const trained = await Promise.all([
      element.train({ corpus: corpus.repeat(200), steps: 100_000 }),
      element.train({ corpus: corpus.repeat(200), steps: 20 }),
    ]);
    return { apart, together, left, steps: last, trained };
  }, CORPUS);
  assert.deepEqual(together, apart);
  assert.notEqual(apart[0], apart[1]);
  assert.ok(left.length > 0);
  assert.ok(steps > 10 && steps < 100_000);
  assert.deepEqual(trained, ["stopped", "done"]);
});

test("of two texts requested from one lab, the first ends when the second begins", async (context) => {
  const { page } = await openPost(context, (site) => lab('id="lab" lab="sample" model="tadpole-nano" lang="en"') + script(site));
  const frame = await frameOf(page, "lab");
  const [first, second, again] = await page.evaluate(async () => {
    const element = document.getElementById("lab");
    const ask = (seed, maxNewTokens) => element.generate("One day", { seed, maxNewTokens });
    return [...(await Promise.all([ask(1, 400), ask(2, 20)])), await ask(2, 20)];
  });
  assert.equal(second, again);
  assert.ok(first.length < 400);
  assert.equal(await frame.getByTestId("written").textContent(), `One day${again}`);
});

test("a lab that opens late shows the trained model, and offers its own", async (context) => {
  const labs = [
    lab(`id="train" lab="train" state="${TRAIN}&train.steps=20" lang="en" class="look"`),
    lab('id="sample" lab="sample" model="tadpole-nano" lang="en" reveal="manual"'),
  ];
  const files = { "style.css": ".look { --tadpole-accent: rgb(120, 0, 120); }" };
  const { page } = await openPost(context, (site) => labs.join("") + script(site), { files });
  const train = await frameOf(page, "train");
  await page.evaluate(() => document.getElementById("train").train());
  await page.evaluate(() => document.getElementById("sample").removeAttribute("reveal"));
  await page.locator("#sample").scrollIntoViewIfNeeded();
  const sample = await frameOf(page, "sample");
  await sample.getByTestId("embed-model").filter({ hasText: "First names · step 20" }).waitFor();
  assert.equal(
    await sample
      .getByTestId("embed-back")
      .textContent()
      .then((text) => text.trim()),
    "Back to tadpole-nano",
  );
  // Changed settings do not request another model.
  await page.evaluate(() => Object.assign(document.getElementById("sample"), { state: "prompt=Ann" }));
  await sample.waitForFunction(() => document.querySelector('[data-testid="prompt"]')?.value === "Ann");
  assert.equal(await sample.getByRole("dialog").count(), 0);
  await sample.getByTestId("embed-model").filter({ hasText: "First names · step 20" }).waitFor();
  // A removed look is gone.
  const accent = () => train.evaluate(() => document.documentElement.style.getPropertyValue("--accent"));
  assert.equal(await accent(), "rgb(120, 0, 120)");
  await page.evaluate(() => {
    document.getElementById("train").className = "";
    document.body.className = "other";
  });
  await train.waitForFunction(() => document.documentElement.style.getPropertyValue("--accent") === "");
});

test("labs go on when they are moved, and return in a page whose body was replaced", async (context) => {
  const one = '<tadpole-lab id="lab" lab="sample" model="tadpole-nano" lang="en"></tadpole-lab>';
  const { page } = await openPost(context, (site) => `<div id="place"></div>${one}${script(site)}`);
  await frameOf(page, "lab");
  const moved = await page.evaluate(async () => {
    const element = document.getElementById("lab");
    const under = element.generate("One day", { maxNewTokens: 30, seed: 3 });
    document.getElementById("place").moveBefore(element, null);
    return [await under, await element.generate("One day", { maxNewTokens: 30, seed: 3 })];
  });
  assert.equal(moved[0], moved[1]);
  const anew = await page.evaluate((one) => {
    const body = document.createElement("body");
    const element = document.createElement("tadpole-lab");
    for (const [, name, value] of one.matchAll(/ ([a-z]+)="([^"]*)"/g)) element.setAttribute(name, value);
    body.append(element);
    document.body.replaceWith(body);
    return element.generate("One day", { maxNewTokens: 5 });
  }, one);
  assert.ok(anew.length > 0);
  // The core outlives its last lab only for a while.
  assert.equal(await page.locator('iframe[name="tadpole-core"]').count(), 1);
  await page.evaluate(() => document.querySelector("tadpole-lab").remove());
  await page.locator('iframe[name="tadpole-core"]').waitFor({ state: "detached" });
});
