// One headless Chromium with one page, and functions to open, check, measure and close a system in it, each with a time limit.
import { chromium } from "playwright-core";
import { findChromium } from "../scripts/chromium.mjs";
import { serve } from "../scripts/serve.mjs";
import { site } from "./setup.mjs";
import { openTadpole } from "./tadpole.mjs";

const FLAGS = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
];

/** The browser; BENCH_ADAPTER (default: swiftshader) names Chromium's WebGPU adapter; `default` lets Chromium choose. */
export async function launch() {
  const adapter = process.env.BENCH_ADAPTER ?? "swiftshader";
  return chromium.launch({
    executablePath: await findChromium(),
    args: [...FLAGS, ...(adapter === "default" ? [] : [`--use-webgpu-adapter=${adapter}`])],
  });
}

/** Opens the browser on the benchmark's page. */
export async function openBrowser() {
  const served = await serve({ folder: site, port: 0 });
  const browser = await launch();
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error.message}`));
  if (process.env.BENCH_LOG) page.on("console", (message) => console.error(`console: ${message.text()}`));
  await page.goto(`${served.address}bench.html`);
  await page.waitForFunction(() => "bench" in globalThis);
  return {
    page,
    version: browser.version(),
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** The WebGPU adapter that the browser provides. */
export function adapterName(page) {
  return within(
    30_000,
    "the adapter",
    page.evaluate(async () => {
      const info = (await navigator.gpu?.requestAdapter())?.info;
      if (!info) return "none";
      return [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ");
    }),
  );
}

/** A system opened for one comparison. Every method throws when it takes too long. */
export async function openSystem(page, system, comparison, seconds) {
  const limit = seconds * 1000;
  const opened = system.peer ? openPeer(page, system, comparison) : openTadpole(page, comparison);
  const handle = await within(limit, "starting", opened).catch((error) => {
    // A system that starts too late must not run beside the others.
    opened.then((late) => late.close()).catch(() => {});
    throw error;
  });
  const limited =
    (what, work) =>
    (...args) =>
      within(limit, what, work(...args));
  return {
    prepare: limited("preparing", handle.prepare),
    logits: limited("the forward pass", handle.logits),
    warm: limited("warming up", handle.warm),
    measure: limited("measuring", handle.measure),
    close: () => within(10_000, "closing", handle.close()).catch(() => {}),
  };
}

async function openPeer(page, { name, peer, variant }, { case: kind, sizes, device }) {
  const call = (method, args, options = {}) =>
    page.evaluate(([name, method, args, options]) => globalThis.bench.callPeer(name, method, args, options), [name, method, args, options]);
  await page.evaluate(([name, peer]) => globalThis.bench.openPeer(name, peer), [name, peer]);
  const encode = () =>
    page.evaluate((name) => globalThis.bench.timeEncoding((text) => globalThis.bench.callPeer(name, "encode", [text])), name);
  return {
    prepare: () => call("open", [{ kind, sizes, device, variant }], { weights: kind !== "encode" }),
    logits: (ids) => call("logits", [ids]).then((logits) => Object.values(logits)),
    warm: kind === "encode" ? encode : (seconds) => call("warm", [kind, seconds]),
    measure: kind === "encode" ? encode : (seconds) => call("measure", [kind, seconds]),
    close: () => page.evaluate((name) => globalThis.bench.closePeer(name), name),
  };
}

/** A promise, or a failure after this many milliseconds; closing the system ends the work itself. */
export async function within(milliseconds, what, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
