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

test("an empty prompt is refused in words; what was written stays, and a prompt mends it", async (context) => {
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
