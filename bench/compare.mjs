// One comparison: opens every system, checks it against our logits, warms it up, then measures in turns, A B C A B C.
import { CASES } from "./cases.mjs";
import { openSystem } from "./driver.mjs";
import { rows } from "./stats.mjs";

/** The largest difference in a logit that still counts as the same model. */
const TOLERANCE = 1e-3;
/** After this much measurement a system sits out the remaining rounds. */
const SHARE_MS = 60_000;

/** Measures and returns rows. `say` receives progress. */
export async function compare(page, comparison, { rounds, seconds, limit }, say) {
  const { sizes, systems } = comparison;
  const entries = systems.map((system) => ({
    ...system,
    system: system.name,
    times: [],
    spent: 0,
    failure: null,
    note: null,
    handle: null,
  }));
  const reference = { logits: null, ids: null };
  if (sizes) await page.evaluate((sizes) => void globalThis.bench.makeModel(sizes), sizes);
  for (const entry of entries) {
    await guard(entry, say, async () => {
      entry.handle = await openSystem(page, entry, comparison, limit);
      await entry.handle.prepare();
      if (sizes) await check(entry, sizes, reference, say);
      const started = performance.now();
      await entry.handle.warm(seconds);
      say(`${entry.name}: warm after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    });
  }
  for (let round = 1; round <= rounds; round++) {
    for (const entry of entries) {
      if (entry.failure || entry.spent > SHARE_MS) continue;
      await guard(entry, say, () => measure(entry, seconds, round, reference, say));
    }
  }
  for (const entry of entries) await entry.handle?.close();
  return rows(comparison, CASES[comparison.case].unit, entries);
}

async function measure(entry, seconds, round, reference, say) {
  const started = performance.now();
  const { time, count, hash } = await entry.handle.measure(seconds);
  entry.spent += performance.now() - started;
  entry.times.push(time);
  say(`round ${round}, ${entry.name}: ${time.toPrecision(4)} (${count})`);
  if (hash !== undefined) sameIds(entry, hash, count, reference);
}

/** Everyone's ids must equal those of the first system. */
function sameIds(entry, hash, count, reference) {
  reference.ids ??= { system: entry.name, hash, count };
  const { ids } = reference;
  if (hash !== ids.hash) throw new Error(`its ${count} ids are not the ${ids.count} of ${ids.system}`);
  entry.note = `${count} ids, equal to ${ids.system}'s`;
  if (entry.name === ids.system) entry.note = `${count} ids`;
}

/** A failing system is reported, closed and left out; the others go on. */
async function guard(entry, say, work) {
  if (entry.failure) return;
  try {
    await work();
  } catch (error) {
    entry.failure = error.message.split("\n")[0].replace(/^.*?evaluate: (Error: )?/, "");
    entry.times = [];
    say(`${entry.name} failed: ${error.message}`);
    await entry.handle?.close();
  }
}

/** Compares the logits after a prompt with ours; an `exact` system that differs is not timed. */
async function check(entry, { vocabSize, contextLength }, reference, say) {
  if (entry.peer && !entry.exact) {
    entry.note = "a model of its own, not checked";
    return;
  }
  const prompt = Array.from({ length: Math.min(16, contextLength - 1) }, (_, i) => (i * i * 5 + 3 * i) % vocabSize);
  const logits = await entry.handle.logits(prompt);
  if (logits.length !== vocabSize) throw new Error(`there are ${logits.length} logits for ${vocabSize} tokens`);
  if (!entry.peer) reference.logits = logits;
  if (reference.logits === null) {
    entry.note = "logits not checked: ours did not run";
    return;
  }
  const difference = Math.max(...logits.map((value, i) => Math.abs(value - reference.logits[i])));
  const range = Math.max(...logits) - Math.min(...logits);
  if (!(difference < TOLERANCE)) throw new Error(`its logits differ from ours by ${difference.toPrecision(2)}`);
  if (!entry.peer) return;
  entry.note = `logits within ${difference.toExponential(1)} of ours`;
  say(`${entry.name}: checked, ${entry.note} (their range is ${range.toFixed(1)})`);
}
