// Each lab's main job, using only what every engine's driver has: going to an address, and running a function in the page. A press is
// `element.click()`, and conditions are checked in the page itself.
import { createHash } from "node:crypto";
import { QUICK_BENCH, TINY } from "../app/browser.mjs";

const PATIENCE = 60_000; // ms

/** Settings with one result, by a seed. */
const SAMPLE = { model: "tadpole-nano", lab: "sample", prompt: "One day", "sampling.seed": "7", "write.maxNewTokens": "40" };
export const RUN = { ...TINY, model: "none", lab: "train", "train.steps": "100" };

/** A module with `f32x4.relaxed_madd`: worker/relaxed.ts explains it. */
const ZERO = [65, 0, 253, 15];
const HEAD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0];
const RELAXED = [...HEAD, ...ZERO, ...ZERO, ...ZERO, 253, 133, 2, 11];

let visits = 0;

/** A fresh page, whatever was there before; a new hash alone would only change the current page. */
export function addressOf(site, settings) {
  visits += 1;
  return `${site}?${visits}#${new URLSearchParams({ device: "cpu", lang: "en", ...settings })}`;
}

/** Waits until the page has an element like this; returns its text and its data. */
export async function seen(browser, selector, { patience = PATIENCE, at = "" } = {}) {
  const found = await browser.evaluate(
    async (selector, patience) => {
      for (const end = performance.now() + patience; performance.now() < end; ) {
        const element = document.querySelector(selector);
        if (element) return { text: element.textContent, data: { ...element.dataset } };
        await new Promise((later) => setTimeout(later, 50));
      }
      return { missing: document.querySelector("#app")?.innerText.slice(0, 2_000) ?? "" };
    },
    selector,
    patience,
  );
  if ("missing" in found)
    throw new Error(`${browser.name}: no ${selector} ${at}on the page:\n${found.missing}\n${browser.problems.join("\n")}`);
  return found;
}

const HEAT = '[data-testid="heat"] canvas, canvas[data-testid="heat"]';
const named = (id) => `[data-testid="${id}"]`;

export async function press(browser, id) {
  await seen(browser, `${named(id)}:not([disabled], [aria-disabled="true"])`);
  await browser.evaluate((selector) => document.querySelector(selector).click(), named(id));
}

const count = (browser, selector) => browser.evaluate((selector) => document.querySelectorAll(selector).length, selector);
export const rests = (browser, status) => seen(browser, `${named("status")}[data-status="${status}"]`);

/** The first page writes by itself. */
export async function firstPage(browser, site) {
  await browser.goto(`${site}?first`);
  await seen(browser, `${named("living")}[data-tokens="48"]`);
  return browser.evaluate(() => document.querySelector(".living-text").textContent);
}

export async function tokens(browser, site) {
  await browser.goto(addressOf(site, { model: "none", lab: "tokens", text: "蝌蚪 learns, 12345 times." }));
  await seen(browser, `${named("strip-text")} .tok`);
  return browser.evaluate(() =>
    [...document.querySelectorAll('[data-testid="strip-ids"] .tok')].map(({ textContent }) => textContent).join(" "),
  );
}

/** A hundred steps, and their results in the checkpoint. */
export async function train(browser, site) {
  await browser.goto(addressOf(site, RUN));
  await press(browser, "start");
  await rests(browser, "done");
  await seen(browser, "tp-loss-chart canvas");
  return checkpoint(browser);
}

/** Saves the live model; the download is intercepted. */
async function checkpoint(browser) {
  await browser.evaluate(() => {
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      globalThis.savedFile = blob;
      return make.call(URL, blob);
    };
  });
  await press(browser, "file-menu");
  await press(browser, "save");
  const base64 = await browser.evaluate(async () => {
    while (!globalThis.savedFile) await new Promise((later) => setTimeout(later, 50));
    const bytes = new Uint8Array(await globalThis.savedFile.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  const file = Buffer.from(base64, "base64");
  const isRelaxed = await browser.evaluate((module) => WebAssembly.validate(new Uint8Array(module)), RELAXED);
  return { hash: createHash("sha256").update(file).digest("hex"), run: runIn(file), isRelaxed };
}

/** The run in a checkpoint's header: https://huggingface.co/docs/safetensors/index#format */
function runIn(file) {
  const length = Number(file.readBigUInt64LE(0));
  return JSON.parse(JSON.parse(file.subarray(8, 8 + length).toString()).__metadata__.run);
}

/** The run returns after a reload, and continues for as many steps. */
export async function resume(browser) {
  await browser.reload();
  await rests(browser, "done");
  await press(browser, "go-on");
  await reached(browser, 101);
  await rests(browser, "done");
  return checkpoint(browser);
}

/** The page's notices outside the labs. */
const notices = (browser) =>
  browser.evaluate(() => [...document.querySelectorAll("tp-notice")].map(({ textContent }) => textContent.trim().replace(/\s+/g, " ")));

/** Waits until the model has reached this step. */
async function reached(browser, least) {
  await browser.evaluate(async (least) => {
    const at = () => Number(document.querySelector('[data-testid="model-step"]')?.textContent.replace(/\D/g, "") || -1);
    while (at() < least) await new Promise((later) => setTimeout(later, 50));
  }, least);
}

/** Waits until a run that this page keeps is at rest, all of it on disk; returns its step. */
async function kept(browser) {
  await rests(browser, "paused");
  const { data } = await seen(browser, named("stored"));
  return Number(data.step);
}

/**
 * Leaves a training run for another page of ours, goes back to it, leaves again, and returns by the address: each page in turn keeps the
 * run, and no notice mentions other tabs. Returns the steps, the notices, and the final number of runs.
 */
export async function leaveAndComeBack(browser, site) {
  const [steps, told] = [[], []];
  const look = async () => {
    steps.push(await kept(browser));
    told.push(...(await notices(browser)));
  };
  await browser.goto(addressOf(site, { ...RUN, "train.steps": "1000000" }));
  await press(browser, "start");
  await reached(browser, 20);
  await press(browser, "pause");
  await look();
  await press(browser, "play");
  await reached(browser, steps[0] + 20);
  await browser.goto(addressOf(site, { model: "none", lab: "train" }));
  await look();
  await browser.back();
  const { data } = await seen(browser, `${named("status")}:is([data-status="running"], [data-status="paused"])`);
  if (data.status === "paused") await press(browser, "play");
  await reached(browser, steps[1] + 20);
  await press(browser, "pause");
  await look();
  await browser.goto("about:blank");
  await browser.goto(addressOf(site, { model: "none", lab: "train" }));
  await look();
  await press(browser, "file-menu");
  await seen(browser, named("run"));
  return { steps, told, runs: await count(browser, named("run")), wasFrozen: data.status === "running" };
}

/** The heads' maps, and what each depth of the model would write next. */
export async function inside(browser, site) {
  await browser.goto(
    addressOf(site, { model: "tadpole-nano", lab: "inside", "inside.text": "One day the fox", "inside.view": "attention" }),
  );
  await seen(browser, HEAT);
  const heads = await count(browser, '[data-testid^="head-"]');
  await browser.goto(addressOf(site, { model: "tadpole-nano", lab: "inside", "inside.text": "One day the fox", "inside.view": "lens" }));
  const { text } = await seen(browser, named("lens"));
  return { heads, lens: text.replace(/\s+/g, " ") };
}

export async function sample(browser, site) {
  await browser.goto(addressOf(site, SAMPLE));
  await seen(browser, `${named("bars")} li`);
  await press(browser, "generate");
  await seen(browser, `${named("finished")}:not(:empty)`);
  return (await seen(browser, named("written"))).text;
}

/** Questions that the made world's model can answer. */
export async function prompt(browser, site) {
  await browser.goto(addressOf(site, { model: "tadpole-nano", lab: "prompt", "ask.task": "labels", "ask.n": "6" }));
  await seen(browser, `${named("ask-status")}[data-asking="false"][data-missing="0"]:not([data-answered="0"])`);
  return browser.evaluate(() => [...document.querySelectorAll("[data-output]")].map(({ dataset }) => dataset.output));
}

export async function lesson(browser, site) {
  await browser.goto(`${site}?lessons#lang=en`);
  await press(browser, "lesson-attention");
  await seen(browser, `${named("guide")}[data-page="attention"]`);
  await seen(browser, named("youth"));
  await seen(browser, HEAT);
  return (await seen(browser, named("checkpoint"))).text.includes("tadpole-base");
}

/** Measures one row: its figures are specific to the machine. */
export async function bench(browser, site) {
  await browser.goto(addressOf(site, { model: "none", lab: "bench", ...QUICK_BENCH }));
  await press(browser, "bench-run");
  await seen(browser, `${named("bench-status")}[data-status="done"]`);
  return count(browser, `${named("bench-table")} tbody tr`);
}

/** A lab in another site's page, called by its script. */
export async function embed(browser, blog) {
  await browser.goto(blog);
  return browser.evaluate(async () => {
    await customElements.whenDefined("tadpole-lab");
    return document.querySelector("tadpole-lab").generate("One day", { temperature: 0.8, seed: 7, maxNewTokens: 24 });
  });
}
