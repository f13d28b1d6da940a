// The worker without the page: commands of the protocol in, events out, for tests of the core's results.
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const assets = fileURLToPath(new URL("../../dist/assets", import.meta.url));

/** Our pages' policy forbids other workers, so the core lives in a document of the site without a policy. */
const homes = new WeakMap();

async function homeOf(page) {
  const context = page.context();
  const home = homes.get(context) ?? (await context.newPage());
  if (!homes.has(context)) await home.goto(new URL("tadpole-lab.json", page.url()).href);
  homes.set(context, home);
  return home;
}

/**
 * Starts the site's worker on a device, for a page that is open on the site; returns `call` and `stream`. `prelude` is a module's text that
 * the worker runs first.
 */
export async function openCore(page, device, prelude = "") {
  return startCore(await homeOf(page), device, prelude);
}

/** The same in a page itself, if its policy allows a worker. */
export async function startCore(home, device, prelude = "") {
  const script = (await readdir(assets)).find((name) => /^worker-.*\.js$/.test(name));
  const core = await home.evaluateHandle(startWorker, [`assets/${script}`, prelude]);
  const call = (name, request = {}) => core.evaluate((core, [name, request]) => core.call(name, request), [name, request]);
  const { device: chosen } = await call("init", { device, keep: true, restore: true, run: null });
  if (device !== "auto" && chosen.kind !== device) throw new Error(`${device} was asked for and ${chosen.kind} serves: ${chosen.detail}`);
  return {
    call,
    /** All events of a stream; a corpus is passed as text. */
    stream: (name, request) => core.evaluate((core, [name, request]) => core.stream(name, request), [name, request]),
    /** A checkpoint stays in the page, where a worker of another device can load it. */
    copyTo: (other) => home.evaluate(([from, to]) => from.copyTo(to), [core, other.handle]),
    handle: core,
    close: () => core.evaluate((core) => core.worker.terminate()),
  };
}

/** Runs in the page. */
function startWorker([script, prelude]) {
  const module = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const url = new URL(script, document.baseURI).href;
  const both = () => module(`import ${JSON.stringify(module(prelude))}; import ${JSON.stringify(url)};`);
  const worker = new Worker(prelude === "" ? url : both(), { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data }) => waiting.get(data.id)?.(data);
  const send = (message, hear) => {
    last += 1;
    waiting.set(last, hear);
    worker.postMessage({ ...message, id: last });
  };
  const call = (name, request) =>
    new Promise((resolve, reject) => {
      send({ type: "call", name, request }, (reply) =>
        reply.type === "answer" ? resolve(reply.value) : reject(new Error(JSON.stringify(reply.error))),
      );
    });
  const stream = (name, { corpus, ...request }) =>
    new Promise((resolve, reject) => {
      const events = [];
      const bytes = corpus === undefined ? {} : { corpus: new TextEncoder().encode(corpus) };
      send({ type: "stream", name, request: { ...request, ...bytes } }, (reply) => {
        if (reply.type === "events") events.push(...reply.events);
        else if (reply.type === "end") resolve(events);
        else reject(new Error(JSON.stringify(reply.error)));
      });
    });
  const copyTo = async (other) => other.call("load", { file: await call("save", { training: true, corpus: true }) });
  return { worker, call, stream, copyTo };
}

/** A small run whose sizes do not fill a tile of a GPU's kernels. */
export function request(defaults, train) {
  const model = { ...defaults.presets[0].config, nLayer: 2, nHead: 3, nKvHead: 3, dModel: 24, dFf: 36, contextLength: 14 };
  return {
    corpusName: "frogs",
    tokenizer: { ...defaults.tokenizer, vocabSize: 290 },
    model,
    train: { ...defaults.train, batchSize: 3, warmupSteps: 2, evalInterval: 0, sampleInterval: 0, samplePrompts: [], ...train },
  };
}

export const CORPUS = Array.from(
  { length: 300 },
  (_, i) => `the frog number ${i % 37} jumps over ${(i * 7) % 11} ponds. 青蛙跳过池塘。\n`,
).join("");
