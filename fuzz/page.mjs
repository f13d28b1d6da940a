// node fuzz/page.mjs: sends hostile input (hostile.mjs) to the built page in headless Chromium for the given time. After each case the page
// must stand: no error, no injected script or HTML, no request to another host, and an answer in time.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect, parseArgs } from "node:util";
import { deserialize, serialize } from "node:v8";
import { serve } from "../scripts/serve.mjs";
import { duration, Failure, main, root } from "../scripts/tools.mjs";
import { openBlog } from "../tests/app/blog.mjs";
import { launch, openPage, SITE, watchedPage } from "../tests/app/browser.mjs";
import { openCore } from "../tests/app/core.mjs";
import * as hostile from "./hostile.mjs";

const HELP = `node fuzz/page.mjs TARGET [options]   after npm run build

  TARGET           address, prompt_set, message, command
  --seconds N      for how long (default: 600)
  --seed N         of the cases (default: the time)
  --help           prints this`;

const BATCH = 200;
/** The number of cases reported with a failure: a slow effect may come from an earlier one. */
const TOLD = 5;
/** A page that does not answer for this long hangs. */
const HANG_MS = 20_000;
const KEPT = join(root, "fuzz", "kept");

/** What each target opens, and how it receives a case. */
export const TARGETS = {
  address: { cases: hostile.address, open: openSite, give: followAddress },
  prompt_set: { cases: hostile.promptFile, open: (tools) => openSite(tools, { lab: "prompt" }), give: dropFile },
  message: { cases: hostile.message, open: openFrames, give: postMessages },
  command: { cases: hostile.command, open: openWorker, give: command },
};

/** Opens a browser on a target; `give` fails, with the reason, if a case does harm. */
export async function openTarget(name) {
  const { open, give } = TARGETS[name];
  const site = await serve(SITE);
  const ends = [() => site.close()];
  const context = await launch("", {});
  ends.unshift(() => context.close());
  const problems = [];
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  // Stands in for a test's cleanup, for the blog's server.
  const tools = { site, context, problems, test: { after: (end) => ends.push(end) } };
  const page = await open(tools);
  return {
    page,
    async give(value) {
      await inTime(give(page, value));
      const wrong = await inTime(harm(page.window ?? page));
      const foreign = asked.splice(0).filter((url) => /^https?:/.test(url) && !page.origins(url));
      const all = [...problems.splice(0), ...wrong, ...foreign.map((url) => `asked ${url}`)];
      if (all.length > 0) throw new Error(all.join("\n"));
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

function inTime(work) {
  const late = new Promise((_, reject) => setTimeout(reject, HANG_MS, new Error(`no answer within ${HANG_MS / 1000} s`)).unref?.());
  return Promise.race([work, late]);
}

/** What no frame of the page may ever contain. */
async function harm(page) {
  const found = [];
  for (const frame of page.frames()) {
    found.push(
      ...(await frame.evaluate((planted) => {
        const html = document.querySelectorAll(`[${planted}]`).length > 0 ? ["a stranger's HTML"] : [];
        const notices = [...document.querySelectorAll('[data-testid="notice"]')].map((notice) => notice.textContent.trim());
        return [...html, ...notices.filter((text) => /Something unexpected|The core stopped|could not start/.test(text))];
      }, hostile.PLANTED)),
    );
  }
  return found;
}

/** A frame of another site's page with nothing to draw never counts as idle: it is made to draw first. */
const settled = (frame) =>
  frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(() => done(null), { timeout: 2_000 }))));

// ---------- targets ----------

async function openSite({ context, site, problems }, settings = {}) {
  const page = await openPage(context, site.address, problems, { device: "cpu", model: "tadpole-nano", ...settings });
  return Object.assign(page, { origins: (url) => url.startsWith(site.address) });
}

async function followAddress(page, hash) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
  await settled(page);
  await settled(page);
}

async function dropFile(page, [name, text]) {
  await page.getByTestId("prompt-file-input").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await settled(page);
  await settled(page);
}

/** Another site's page with a lab in a frame, and one of our pages, which a frame of that site talks to. */
async function openFrames({ site, context, problems, test }) {
  const body = `<iframe id="lab" src="${site.address}embed.html#lab=sample&model=tadpole-nano&device=cpu"></iframe>
    <iframe id="core" name="tadpole-core" src="${site.address}embed.html"></iframe>`;
  const address = await openBlog(test, site.address, body, {
    policy: `img-src data:; default-src 'self' 'unsafe-inline' ${new URL(site.address).origin}`,
  });
  const page = await watchedPage(context, problems);
  await page.goto(address);
  const [lab] = page.frames().filter((frame) => frame.url().includes("lab=sample"));
  await lab.locator("section.lab").waitFor();
  return Object.assign(page, { lab, origins: (url) => url.startsWith(site.address) || url.startsWith(address) });
}

async function postMessages(page, message) {
  await page.evaluate((message) => {
    for (const id of ["lab", "core"]) {
      const { port1 } = new MessageChannel();
      try {
        document.getElementById(id).contentWindow.postMessage(message, "*", [port1]);
      } catch (error) {
        // A value that cannot be cloned cannot be sent at all.
        if (error.name !== "DataCloneError") throw error;
      }
    }
  }, message);
  await settled(page.lab);
}

async function openWorker({ site, context, problems }) {
  const page = await context.newPage();
  await page.goto(`${site.address}tadpole-lab.json`);
  const core = await openCore(page, "cpu");
  page.on("pageerror", (error) => problems.push(error.message));
  const defaults = await core.call("defaults");
  return { window: page, core, defaults, origins: (asked) => asked.startsWith(site.address) };
}

/** A call gets an answer; a stream is stopped after a moment. Only the end of the core counts as harm. */
async function command({ core, defaults }, { type, name, request, over }) {
  const laid = (config) => ({ ...config, ...Object.fromEntries(Object.entries(over).filter(([key]) => key in config)) });
  const filled = {
    sampling: laid(defaults.sampling),
    tokenizer: laid(defaults.tokenizer),
    config: laid(defaults.tokenizer),
    model: laid({ ...defaults.presets[0].config, nLayer: 1, dModel: 16, nHead: 2, nKvHead: 2, dFf: 32, contextLength: 16 }),
    train: laid({ ...defaults.train, steps: 2, batchSize: 2, evalInterval: 0, sampleInterval: 0 }),
    corpusName: "x",
  };
  const isPlain = typeof request === "object" && request !== null && !Array.isArray(request);
  const whole = isPlain ? { ...filled, ...request, request: filled } : request;
  const end = await core.handle.evaluate(sendCommand, { type, name, request: whole });
  if (end) throw new Error(JSON.stringify(end));
}

/** In the page. */
function sendCommand(core, message) {
  core.worker.sent = (core.worker.sent ?? 2_000_000) + 1;
  const id = core.worker.sent;
  return new Promise((resolve) => {
    const heard = ({ data }) => {
      const isOurs = data.id === id && data.type !== "events";
      if (!isOurs && data.type !== "died") return;
      core.worker.removeEventListener("message", heard);
      resolve(data.type === "died" ? data.error : null);
    };
    core.worker.addEventListener("message", heard);
    core.worker.postMessage({ ...message, id });
    if (message.type === "stream") setTimeout(() => core.worker.postMessage({ id, type: "control", action: "stop" }), 100);
  });
}

// ---------- kept cases ----------

/** Cases that once did harm, and some extreme ones, as `[file, case]`. */
export async function keptCases(target) {
  const names = await readdir(join(KEPT, target)).catch(() => []);
  return Promise.all(names.map(async (name) => [name, deserialize(await readFile(join(KEPT, target, name)))]));
}

async function keep(target, value) {
  await mkdir(join(KEPT, target), { recursive: true });
  const bytes = serialize(value);
  const name = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  await writeFile(join(KEPT, target, name), bytes);
  return join("fuzz", "kept", target, name);
}

// ---------- the loop ----------

/**
 * Runs cases for this many milliseconds or up to this many cases, kept ones first; returns their number. On harm, fails with the newest
 * cases.
 */
export async function fuzz(target, { ms = Infinity, cases = Infinity, seed, said = () => {} }) {
  const opened = await openTarget(target);
  const until = performance.now() + ms;
  const newest = [];
  let count = 0;
  const give = async (value) => {
    newest.unshift(value);
    newest.length = Math.min(newest.length, TOLD);
    await opened.give(value).catch((error) => {
      throw Object.assign(new Failure(`${target}, seed ${seed}, case ${count}: ${error.message}`, "the newest cases are in the error"), {
        newest,
      });
    });
    count += 1;
  };
  try {
    for (const [, value] of await keptCases(target)) await give(value);
    const isOver = () => count >= cases || performance.now() > until;
    for (let batch = 0; !isOver(); batch += 1) {
      for (const value of hostile.draw(TARGETS[target].cases, BATCH, seed + batch)) {
        if (isOver()) break;
        await give(value);
      }
      said(count);
    }
  } finally {
    await opened.close();
  }
  return count;
}

async function run() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
  });
  const [target] = positionals;
  if (values.help || !target) return console.log(HELP);
  if (!TARGETS[target]) throw new Failure(`there is no target ${target}`, `choose from ${Object.keys(TARGETS).join(", ")}`);
  const ms = 1000 * Number(values.seconds ?? 600);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const started = performance.now();
  console.log(`${target}: seed ${seed}, ${duration(ms)}`);
  try {
    const count = await fuzz(target, { ms, seed, said: (count) => process.stdout.isTTY && process.stdout.write(`\r${count} cases `) });
    console.log(`${target}: ${count} cases in ${duration(performance.now() - started)}, nothing found`);
  } catch (error) {
    if (error.newest)
      for (const value of error.newest)
        console.log(`${await keep(target, value)}: ${inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 200 })}`);
    throw error;
  }
}

await main(import.meta.url, run);
