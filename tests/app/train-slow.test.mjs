// One step taken slowly in the Train lab: what it tells beforehand is what it then measures, on both devices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, pause, reached, TINY, TINY_GPU } from "./browser.mjs";

for (const device of ["cpu", "webgpu"]) {
  test(`a step taken slowly predicts what it then measures: ${device}`, { timeout: PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const tiny = device === "cpu" ? TINY : TINY_GPU;
    const page = await browser.open({ ...tiny, device, lang: "en", lab: "train", "train.steps": "100000", "train.gradClip": "0.01" });
    await page.getByTestId("slow").locator("summary").first().click();
    assert.equal(await page.getByTestId("slow-look").getAttribute("aria-disabled"), "true", "there is no run yet");
    await page.getByTestId("start").click();
    await reached(page, 3);
    const step = await pause(page);
    await page.getByTestId("slow-look").click();
    const stages = page.getByTestId("slow-stages");
    await stages.waitFor();
    const told = await stages.evaluate(({ dataset }) => ({ ...dataset }));
    assert.equal(Number(told.step), step);

    // The mean of the batch's token losses is its loss.
    await stages.locator('tp-token-strip [data-i="3"]').first().hover();
    const words = await page.getByTestId("slow-token").textContent();
    const [, loss, share] = /cost ([\d.]+) nats: the model gave it ([\d.]+)%/.exec(words) ?? [];
    assert.ok(Math.abs(Math.exp(-Number(loss)) - Number(share) / 100) < 0.01, words);
    await page.getByText("is cut to").waitFor();
    assert.equal(await page.locator('[data-testid="slow-parts"] tbody tr').count(), 4, "embeddings, attention, MLP, last norm");

    await page.getByTestId("slow-take").click();
    const made = page.getByTestId("slow-made");
    await made.waitFor({ timeout: PATIENCE });
    const measured = await made.evaluate(({ dataset }) => ({ ...dataset }));
    assert.equal(await modelStep(page), step + 1);
    assert.ok(Math.abs(Number(measured.loss) - Number(told.loss)) < 1e-4, `${measured.loss}, ${told.loss}`);
    assert.ok(Math.abs(Number(measured.norm) / Number(told.norm) - 1) < 1e-3, `${measured.norm}, ${told.norm}`);
    const moved = await page.locator('[data-testid="slow-parts"] tbody tr td:nth-of-type(3)').allTextContents();
    assert.ok(
      moved.every((cell) => Number(cell) > 0),
      `${moved}`,
    );

    // Another rate makes another step: the preview is gone. The box still shows the requested value.
    await page.getByTestId("slow-look").click();
    await page.locator(`[data-testid="slow-stages"][data-step="${step + 1}"]`).waitFor();
    await page.getByTestId("rate-now").fill("0.00025");
    await page.getByTestId("rate-now").press("Tab");
    await stages.waitFor({ state: "detached" });
    await page.getByTestId("slow-look").click();
    await stages.waitFor();
    assert.equal(await page.getByTestId("rate-now").inputValue(), "0.00025");

    // Another step makes the preview outdated.
    await page.getByTestId("step").click();
    await reached(page, step + 2);
    assert.equal(await page.getByTestId("slow-take").getAttribute("aria-disabled"), "true");
  });
}
