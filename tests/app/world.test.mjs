// The made world in a browser: a seed always gives the same text, and the current model answers its questions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, ready } from "./browser.mjs";
import { openCore, request } from "./core.mjs";

const FACTS = { stories: 0, facts: 1, arithmetic: 0, tasks: 0, passages: 0, chat: 0, chinese: 0.5, only: null };

test("a model learns from the made world and is asked about it", { timeout: 300_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  await ready(page);
  const core = await openCore(page, "cpu");
  const text = await core.handle.evaluate(async (core, mix) => {
    const bytes = await core.call("world", { mix, seed: 1, bytes: 20_000 });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  }, FACTS);
  assert.match(text, /The capital of \w+ is/);
  assert.match(text, /省会城市是/);
  assert.ok(text.endsWith("<|endoftext|>"));

  const ask = { task: "facts", language: "en", shots: 1, style: "direct" };
  const { cases, maxNewTokens } = await core.call("cases", { ask, count: 12, seed: 3 });
  assert.ok(maxNewTokens >= 8);
  assert.equal(new Set(cases.map(({ prompt }) => prompt)).size, 12);
  assert.deepEqual((await core.call("cases", { ask, count: 12, seed: 3 })).cases, cases);

  const defaults = await core.call("defaults");
  const run = request(defaults, { steps: 20 });
  await core.stream("train", { corpus: text, request: run });
  const graded = await core.stream("grade", { cases, maxNewTokens: 8 });
  assert.equal(graded.length, 12);
  const right = graded.filter(({ correct }) => correct).length;
  const { score } = graded.at(-1);
  assert.deepEqual([score.n, score.correct], [12, right]);
  assert.ok(score.low <= score.accuracy && score.accuracy <= score.high);
  for (const { kind, output, correct } of graded) {
    assert.equal(kind, "graded");
    assert.ok(!output.includes("\n"), output);
    assert.equal(typeof correct, "boolean");
  }

  const refused = core.call("cases", { ask: { ...ask, shots: 9 }, count: 1, seed: 1 });
  await assert.rejects(refused, /shots/);
});
