// Shared by the tests of recovery: a notice that is said once, the run back on a device, and its next step.
import assert from "node:assert/strict";
import { modelStep, PATIENCE, reached, status, TINY } from "./browser.mjs";

export const LONG = { lab: "train", ...TINY, "train.steps": "100000" };

/** The only notice with this text. */
export async function told(page, words) {
  const notice = page.getByRole("alert").filter({ hasText: words });
  await notice.waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByRole("alert").count(), 1, "said once");
  return notice;
}

export async function comesBack(page, step, device) {
  await page.locator(`[data-testid="device-kind"][data-kind="${device}"]`).waitFor({ state: "attached", timeout: PATIENCE });
  await status(page, "paused");
  const back = await modelStep(page);
  assert.ok(back >= step, `kept at ${step}, back at ${back}`);
  return back;
}

export async function goesOn(page, step) {
  await page.getByTestId("play").click();
  await reached(page, step + 1);
}
