// Runs in the benchmark's one page: opens workers, calls them with a time limit, and holds what is too large to leave the browser.
import { readSafetensors } from "./safetensors.mjs";
import { character, corpus, modelFiles } from "./weights.mjs";

const peers = new Map();
let checkpoint = null;
let lastCall = 0;

/** Starts a peer's worker under a name. */
function openPeer(name, script) {
  const worker = new Worker(new URL(`peers/${script}.js`, document.baseURI), { type: "module" });
  const waiting = new Map();
  worker.onmessage = ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  };
  worker.onerror = (event) => {
    const reason = new Error(event.message ?? "the worker did not load");
    for (const { reject } of waiting.values()) reject(reason);
  };
  peers.set(name, { worker, waiting });
}

/** Calls a peer; with `weights` the checkpoint is added to the first argument. */
function callPeer(name, method, args, { weights = false } = {}) {
  const { worker, waiting } = peers.get(name);
  if (weights) args = [{ ...args[0], weights: checkpoint }];
  lastCall += 1;
  const id = lastCall;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, name: method, args });
  });
}

function closePeer(name) {
  peers.get(name)?.worker.terminate();
  peers.delete(name);
}

/** The files of the common model; the peers read the checkpoint. */
function makeModel(sizes) {
  const files = modelFiles(sizes);
  checkpoint = files[1].bytes;
  return files;
}

/** Replaces the original with the file that our session saved; they must be equal. */
function takeCheckpoint(file) {
  const given = readSafetensors(checkpoint);
  const saved = readSafetensors(file);
  for (const [name, { values }] of given) {
    if (!saved.get(name)?.values.every((value, i) => value === values[i])) throw new Error(`${name} changed on its way through save`);
  }
  checkpoint = file;
}

/** A file of the site. */
async function load(name) {
  const response = await fetch(new URL(name, document.baseURI));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

/** Times `encode`, from the text in the page to the ids in the page. */
async function timeEncoding(encode) {
  globalThis.bench.text ??= await (await load("mixed.txt")).text();
  const start = performance.now();
  const ids = await encode(globalThis.bench.text);
  const time = performance.now() - start;
  return { time, count: ids.length, hash: hash(ids) };
}

/** FNV-1a over the ids. */
function hash(ids) {
  let state = 0x811c9dc5;
  for (const id of ids) state = Math.imul(state ^ id, 0x01000193);
  return state >>> 0;
}

globalThis.bench = { openPeer, callPeer, closePeer, makeModel, takeCheckpoint, corpus, character, load, timeEncoding };
