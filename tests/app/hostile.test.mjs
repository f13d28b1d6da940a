// Hostile addresses, prompt sets, messages and commands, two hundred of each (fuzz/page.mjs does it for hours): the page stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANTED } from "../../fuzz/hostile.mjs";
import { fuzz, openTarget, TARGETS } from "../../fuzz/page.mjs";

const CASES = 200;
/** The same cases each time, so that a failure comes from a change. */
const SEED = 6;

for (const target of Object.keys(TARGETS)) {
  test(`hostile input does no harm: ${target}`, { timeout: 300_000 }, async () => {
    await fuzz(target, { cases: CASES, seed: SEED });
  });
}

test("hostile content is told apart from ours", async () => {
  const opened = await openTarget("address");
  try {
    await opened.give("#lab=tokens");
    await opened.page.evaluate((name) => document.body.toggleAttribute(name), PLANTED);
    await assert.rejects(opened.give("#lab=train"), /a stranger's HTML/);
    await opened.page.evaluate((name) => document.body.toggleAttribute(name), PLANTED);
    await opened.page.evaluate(() => {
      setTimeout(() => Promise.reject(new Error("unseen")));
    });
    await assert.rejects(opened.give("#lab=train"), /unseen/);
  } finally {
    await opened.close();
  }
});
