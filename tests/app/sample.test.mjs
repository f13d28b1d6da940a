// The Sample lab in a real browser on the CPU: bars by stage, forcing a token, writing, stopping, and the seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, status, TINY } from "./browser.mjs";

const SETTINGS = { device: "cpu", lab: "train", ...TINY, "write.maxNewTokens": "24", prompt: "Ann" };

async function openSample(context, settings = {}) {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, ...settings });
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  return page;
}

async function write(page) {
  await page.getByTestId("generate").click();
  await page.waitForFunction(() => document.querySelector('[data-testid="finished"]')?.textContent?.trim(), null, {
    timeout: PATIENCE,
  });
  return page.getByTestId("written").textContent();
}

test("without a model the lab says so and leads to one", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lab: "sample" });
  await page.getByRole("link", { name: "Go to the Train lab" }).click();
  await page.getByTestId("start").waitFor();
});

test("every stage has bars, and top_k 1 leaves one token", async (context) => {
  const page = await openSample(context);
  for (const stage of ["raw", "temperature", "topK", "topP", "minP"]) {
    await page.getByTestId(`stage-${stage}`).check({ force: true });
    assert.ok((await page.locator('[data-testid="bars"] li').count()) > 0);
  }
  await page.getByTestId("topK-number").fill("1");
  await page.getByTestId("topK-number").blur();
  await page.getByTestId("survivors").filter({ hasText: /^1 / }).waitFor();
  await page.waitForFunction(() => location.hash.includes("sampling.topK=1"));
});

test("clicking a bar appends its token to the prompt", async (context) => {
  const page = await openSample(context);
  await page.locator('[data-testid="bars"] button[aria-disabled="false"]').first().click();
  await page.waitForFunction(() => {
    const { value } = document.querySelector('[data-testid="prompt"]');
    return value.length > 3 && value.startsWith("Ann");
  });
});

test("the same seed writes the same text; a sampler that is off says so", async (context) => {
  const page = await openSample(context);
  const first = await write(page);
  assert.ok(first.startsWith("Ann"));
  assert.equal(await write(page), first);
  assert.ok((await page.locator("figure.output .tok").count()) > 0);
  await page.locator('figure.output [data-i="0"]').hover();
  await page.getByTestId("token-detail").waitFor();
  await page.getByTestId("topP-number").fill("1");
  await page.getByTestId("topP-number").blur();
  await page.locator(".slider.inactive", { hasText: "top_p" }).getByText("off", { exact: true }).waitFor();
});

test("writing stops when told, from the keyboard too", async (context) => {
  const page = await openSample(context, { "write.maxNewTokens": "100000" });
  await page.getByTestId("prompt").focus();
  await page.keyboard.press("Control+Enter");
  await page.locator("figure.output .tok").first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press("Escape");
  await page.getByText("You stopped it.").waitFor();
});

test("an empty prompt is refused with a message; the text stays, and a new prompt clears the message", async (context) => {
  const page = await openSample(context);
  const before = await write(page);
  const notice = page.getByRole("alert");
  await page.getByTestId("prompt").fill("");
  await page.getByTestId("generate").click();
  await notice.filter({ hasText: "The prompt is empty. Type at least one character." }).waitFor();
  assert.equal(await page.getByTestId("written").textContent(), before);
  await page.getByTestId("prompt").fill("Be");
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="written"]', { hasText: /^Be./ }).waitFor({ timeout: PATIENCE });
  await notice.waitFor({ state: "detached" });
});

/** The raised model, with nothing to train first. */
async function openRaised(context, settings = {}, device = "cpu") {
  const browser = await openBrowser(context);
  const asked = {
    device,
    lang: "en",
    lab: "sample",
    model: "tadpole-base",
    prompt: "One day Lily went to the",
    "write.maxNewTokens": "24",
  };
  const page = await browser.open({ ...asked, ...settings });
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  return page;
}

for (const device of ["cpu", "webgpu"]) {
  test(`another token can be forced, the text continues from it, and the previous text can be restored: ${device}`, {
    timeout: PATIENCE,
  }, async (context) => {
    const page = await openRaised(context, {}, device);
    const first = await write(page);
    await page.locator('figure.output [data-i="3"]').click();
    const other = page.getByTestId("force").first();
    const forced = (await other.locator(".tok").textContent()).replace("·", " ");
    await other.click();
    await page.getByTestId("branch-back").waitFor();
    await page.waitForFunction((old) => document.querySelector('[data-testid="written"]').textContent !== old, first);
    await page.waitForFunction(() => document.querySelector('[data-testid="finished"]')?.textContent?.trim());
    const chips = (await page.locator("figure.output .tok").allTextContents()).map((text) => text.replace("·", " "));
    assert.equal(chips[3], forced);
    assert.equal(chips.length, 24, "as many tokens as were allowed, the forced one among them");
    assert.ok((await page.getByTestId("written").textContent()).startsWith(first.slice(0, "One day Lily went to the".length + 2)));
    await page.getByTestId("branch-back").click();
    assert.equal(await page.getByTestId("written").textContent(), first);
    assert.equal(await page.getByTestId("branch-back").count(), 0);
  });
}

test("the tree has the bars' tokens, its paths multiply, and a node becomes the prompt", async (context) => {
  const page = await openRaised(context, { tree: "open", "tree.depth": "2", stage: "raw" });
  const nodes = page.getByTestId("tree-node");
  await nodes.nth(11).waitFor({ timeout: PATIENCE });
  const all = await nodes.evaluateAll((found) =>
    found.map(({ dataset }) => ({ path: dataset.path.split(","), prob: Number(dataset.prob), joint: Number(dataset.joint) })),
  );
  assert.equal(all.length, 3 + 9);
  for (const { path, prob, joint } of all.filter(({ path }) => path.length === 2)) {
    const parent = all.find((node) => node.path.length === 1 && node.path[0] === path[0]);
    assert.ok(Math.abs(joint - parent.prob * prob) < 1e-6);
  }
  const shares = await page.locator('[data-testid="bars"] .share').allTextContents();
  const firsts = all.filter(({ path }) => path.length === 1);
  for (const [at, { prob }] of firsts.entries()) assert.ok(Math.abs(Number.parseFloat(shares[at]) / 100 - prob) < 0.001);
  assert.equal(await page.locator(".tree-node.greedy").count(), 2, "one path is the greedy one");
  await nodes.nth(1).click();
  await page.waitForFunction(() => document.querySelector('[data-testid="prompt"]').value.length > "One day Lily went to the".length);
});

test("two settings write from one seed, the first difference is marked, and an address restores both", async (context) => {
  const page = await openRaised(context, { both: "open", "sampling.temperature": "0", "compare.temperature": "1.5" });
  const both = async () => {
    await page.getByTestId("write-both").click();
    await page.locator('[data-testid="write-both"]:not([aria-disabled])').waitFor();
    return page.getByTestId("both-text").locator(".written").allTextContents();
  };
  const [calm, wild] = await both();
  assert.notEqual(calm, wild);
  const at = Number(await page.getByTestId("parting").getAttribute("data-at"));
  const chips = await page
    .getByTestId("both-text")
    .evaluateAll((figures) => figures.map((figure) => [...figure.querySelectorAll(".tok")].map((token) => token.textContent)));
  assert.deepEqual(chips[0].slice(0, at), chips[1].slice(0, at));
  assert.notEqual(chips[0][at], chips[1][at]);
  const [cool, hot] = await page.getByTestId("both-text").evaluateAll((figures) => figures.map(({ dataset }) => Number(dataset.nats)));
  assert.ok(cool < hot, "the wilder text surprises the model more");
  assert.deepEqual(await both(), [calm, wild], "a seed repeats");
  await page.getByTestId("compare-temperature-number").fill("0");
  await page.getByTestId("compare-temperature-number").press("Enter");
  await page.waitForFunction(() => /compare\.temperature=0(&|$)/.test(location.hash));
  const [same, again] = await both();
  assert.equal(same, again);
  await page.getByText("Both wrote the same.").waitFor();
});

test("the bars follow a slider; how soon is printed", async (context) => {
  const page = await openRaised(context);
  const bars = page.getByTestId("bars");
  const waits = [];
  for (const value of ["0.3", "1.1", "0.5", "1.7"]) {
    const before = await bars.textContent();
    waits.push(
      await page.evaluate(
        ([value, before]) =>
          new Promise((resolve) => {
            const slider = document.querySelector('[data-testid="temperature-slider"]');
            const start = performance.now();
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            const look = () => {
              if (document.querySelector('[data-testid="bars"]').textContent !== before) resolve(performance.now() - start);
              else requestAnimationFrame(look);
            };
            look();
          }),
        [value, before],
      ),
    );
  }
  context.diagnostic(`from a slider's move to the new bars, ms: ${waits.map(Math.round)}`);
});

test("a token that is still possible but has no bar is named", async (context) => {
  const off = { "sampling.topP": "1", "sampling.minP": "0", "sampling.topK": "13" };
  const page = await openRaised(context, { ...off, "write.candidates": "12" });
  const said = page.getByTestId("survivors");
  await said.filter({ hasText: /^13 tokens still possible, of which 1 is not shown:/ }).waitFor();
  const named = await said.locator(".tok").allTextContents();
  const bars = await page.locator('[data-testid="bars"] .tok').allTextContents();
  assert.deepEqual([named.length, bars.length], [1, 12]);
  await page.getByTestId("lab-inside").click();
  await page.getByTestId("lab-sample").click();
  await page.locator("details.more > summary").click();
  await page.getByTestId("candidates").fill("13");
  await page.getByTestId("candidates").blur();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="bars"] li').length === 13);
  assert.equal(await said.textContent(), "13 tokens still possible");
  assert.equal((await page.locator('[data-testid="bars"] .tok').allTextContents()).at(-1), named[0], "it is the one that was named");
});

test("a prompt that ends in a space, and one that names a special token, are remarked on", async (context) => {
  const page = await openSample(context, { "tokenizer.specialTokens": JSON.stringify(["<|end|>"]) });
  const field = page.getByTestId("prompt");
  const hint = page.getByTestId("prompt-hint");
  assert.equal(await hint.count(), 0);
  await field.fill("Ann ");
  await hint.filter({ hasText: "ends in a space" }).waitFor();
  await field.fill("Ann<|end|>");
  await hint.filter({ hasText: "“<|end|>” is read as text" }).waitFor();
});
