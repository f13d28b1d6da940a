// What a first visit fetches and costs, and that nothing moves under the reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../../scripts/serve.mjs";
import { PATIENCE, SITE } from "../browser.mjs";
import { BUDGET, visit } from "../visit.mjs";

const LABS = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench"];
const WIDTHS = [1280, 360];

for (const width of WIDTHS) {
  test(`a first visit keeps its budget and nothing moves, ${width} px`, { timeout: 2 * PATIENCE }, async (context) => {
    const site = await serve(SITE);
    context.after(() => site.close());
    for (const lab of LABS) {
      const cost = await visit(`${site.address}#device=cpu&lab=${lab}`, width);
      context.diagnostic(
        `${lab}: ${cost.bytes.toLocaleString("en-US")} bytes, ${cost.seconds.toFixed(2)} s, layout shift ${cost.shift.toFixed(3)}`,
      );
      for (const [what, most] of Object.entries(BUDGET)) assert.ok(cost[what] <= most, `${lab}: ${what} ${cost[what]}, at most ${most}`);
    }
  });
}
