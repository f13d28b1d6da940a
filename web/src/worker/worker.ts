// The worker: owns the wasm module, runs commands one at a time, and pumps the streams between them.
// The core is borrowed across awaits, so calls must not overlap; between steps a macrotask passes, or Stop is never heard.
import { Session } from "../../../pkg/tadpole.js";
import { adapterName } from "./adapter.ts";
import { prepare } from "./calibration.ts";
import { Keeper } from "./keeper.ts";
import { mergeColumns } from "./merges.ts";
import { loadModule } from "./module.ts";
import type { CallName, Calls, Command, CoreError, Reply, TrainEvent } from "./protocol.ts";
import { isTrap, type Note, type Upkeep, type UpkeepCommand, type UpkeepName } from "./upkeep.ts";

interface Stream {
  id: number;
  name: string;
  handle: number | null;
  paused: boolean;
  /** Single steps asked for while paused. */
  owed: number;
  over: boolean;
  /** The text that a new run learns from, until the run has begun. */
  corpus: Uint8Array | null;
}

/** A smaller model writes fast enough on the CPU not to wait until the devices are measured. */
const LARGE_BYTES = 16 << 20;

const scope = self as unknown as {
  postMessage(message: Reply | Note, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<Command | UpkeepCommand>) => void;
};

let session: Session | null = null;
let dead: CoreError | null = null;
let pumping = false;
const jobs: (() => Promise<void>)[] = [];
const streams: Stream[] = [];
const keeper = new Keeper(callCore, post);

// ---------- the pump ----------

const channel = new MessageChannel();

/** Lets waiting messages in. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });
}

/** One job, then one slice of the next stream, and so on: commands and streams take turns. */
async function pump(): Promise<void> {
  if (pumping) return;
  pumping = true;
  for (;;) {
    const job = jobs.shift();
    if (job) await attempt(0, job);
    // A stream that was just opened may be told to pause by the very next message.
    if (job) await breathe();
    const stream = nextStream();
    if (stream) await slice(stream);
    if (!job && !stream) break;
    await breathe();
  }
  pumping = false;
}

function enqueue(job: () => Promise<void>): void {
  jobs.push(job);
  void pump();
}

/** A failure is told to whoever asked (0: to nobody in particular), and the pump goes on. */
async function attempt(id: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    fail(id, thrown);
  }
}

/** The streams take turns: whichever runs goes to the end of the line. */
function nextStream(): Stream | undefined {
  const at = streams.findIndex((stream) => stream.handle !== null && (!stream.paused || stream.owed > 0));
  const stream = streams[at];
  if (stream) streams.push(...streams.splice(at, 1));
  return stream;
}

async function slice(stream: Stream): Promise<void> {
  const one = stream.paused;
  try {
    const events = await core().next(stream.handle ?? -1, one);
    // Preparing and evaluating take turns of their own: a step is owed until it is seen.
    if (one && events?.some(isStep)) stream.owed -= 1;
    await emit(stream, events ?? []);
    if (!events) await finish(stream);
  } catch (thrown) {
    drop(stream);
    fail(stream.id, thrown);
  }
  const rests = stream.over || (one && stream.owed === 0);
  if (!dead && (keeper.due || (rests && trains(stream)))) await attempt(0, () => keeper.save());
}

function isStep(event: unknown): boolean {
  return ["step", "token", "merges", "tokenizer", "done"].includes((event as { kind: string }).kind);
}

/** All events of a slice in one message: a small model makes thousands of them a second. */
async function emit(stream: Stream, events: unknown[]): Promise<void> {
  if (!stream.over && events.length > 0) post({ id: stream.id, type: "events", events });
  if (!trains(stream)) return;
  for (const event of events as TrainEvent[]) {
    await keeper.trained(event, stream.corpus);
    if (event.kind === "started") stream.corpus = null;
  }
}

const trains = (stream: Stream) => stream.name === "train" || stream.name === "resume";

/** The stream came to its own end. The page hears of it when the run is on disk. */
async function finish(stream: Stream): Promise<void> {
  drop(stream);
  if (trains(stream)) await attempt(0, () => keeper.save());
  post({ id: stream.id, type: "end" });
}

function drop(stream: Stream): void {
  stream.over = true;
  const at = streams.indexOf(stream);
  if (at >= 0) streams.splice(at, 1);
}

// ---------- commands ----------

scope.onmessage = ({ data: command }) => {
  if (dead) fail(command.id, dead);
  else if (command.type === "control") control(command.id, command.action);
  else if (command.type === "stream") openStream(command);
  else if (command.type === "call") enqueue(() => answer(command.id, () => run(command.name, command.request)));
  else enqueue(() => answer(command.id, () => keep(command)));
};

function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  return attempt(id, async () => post({ id, type: "answer", value: await work() }));
}

async function run(name: CallName, request: Calls[CallName]["request"]): Promise<unknown> {
  if (name === "init") return start(request as Calls["init"]["request"]);
  if (name === "mergeColumns") return mergeColumns(await callCore("merges", request as Calls["merges"]["request"]));
  // What takes the live model's place must not take its last steps with it.
  if (name === "load" || name === "importHuggingFace") await keeper.save();
  const value = await callCore(name, request);
  if (name === "attachCorpus") {
    await keeper.completed(value as Calls["load"]["answer"], (request as Calls["attachCorpus"]["request"]).corpus);
  } else if (name === "load" && (request as Calls["load"]["request"]).keep === false) {
    keeper.leave();
  } else if (name === "load" || name === "importHuggingFace") {
    await keeper.replaced(value as Calls["load"]["answer"], null);
  } else {
    return value;
  }
  await keeper.save();
  return value;
}

async function keep(command: UpkeepCommand): Promise<Upkeep[UpkeepName]["answer"]> {
  if (command.type === "runs") return keeper.runs();
  if (command.type === "forgetRun") await keeper.forget(command.request.run);
  else await keeper.save();
  if (command.type !== "openRun") return null;
  const model = await keeper.open(command.request.run);
  if (model) return model;
  throw { code: "storedRunUnreadable", message: "The run is not whole.", remedy: "", details: { reason: command.request.run } };
}

async function start({ device, restore, run }: Calls["init"]["request"]): Promise<Calls["init"]["answer"]> {
  try {
    await loadModule();
  } catch (error) {
    throw { code: "wasmFailed", message: String(error), remedy: "", details: { reason: String(error) } };
  }
  session = await Session.create(device, device === "cpu" ? "" : await adapterName());
  const model = await keeper.restore(restore, run);
  return { device: session.device() as Calls["init"]["answer"]["device"], model };
}

function openStream({ id, name, request }: Extract<Command, { type: "stream" }>): void {
  const corpus = name === "train" ? request.corpus : null;
  const stream: Stream = { id, name, handle: null, paused: false, owed: 0, over: false, corpus };
  streams.push(stream);
  enqueue(async () => {
    if (stream.over) return;
    try {
      if (name === "train") await keeper.save();
      await prepareFor(stream);
      if (!stream.over) stream.handle = await core().open(name, request);
    } catch (thrown) {
      drop(stream);
      fail(id, thrown);
    }
  });
}

/** Training and measuring want to know their devices first. */
async function prepareFor(stream: Stream): Promise<void> {
  const wants = trains(stream) || stream.name === "measure";
  if (!wants || !core().unprepared()) return;
  if (trains(stream)) await emit(stream, [{ kind: "progress", stage: "devices", done: 0, total: 1 }]);
  await prepare(core());
}

function control(id: number, action: "pause" | "play" | "step" | "stop"): void {
  const stream = streams.find((each) => each.id === id);
  if (!stream) return;
  if (action === "stop") stop(stream);
  else if (action === "step") stream.owed += 1;
  else Object.assign(stream, { paused: action === "pause", owed: 0 });
  if (action === "pause" && trains(stream)) enqueue(() => keeper.save());
  void pump();
}

/** The page hears the end at once; the core lets go of the stream when it is free to. */
function stop(stream: Stream): void {
  drop(stream);
  post({ id: stream.id, type: "end" });
  enqueue(async () => {
    if (stream.handle !== null) core().close(stream.handle);
    if (trains(stream)) await keeper.save();
  });
}

// ---------- the core ----------

function core(): Session {
  if (!session) throw { code: "notStarted", message: "The core has not started.", remedy: "", details: {} };
  return session;
}

async function callCore<K extends CallName>(name: K, request: Calls[K]["request"]): Promise<Calls[K]["answer"]> {
  if (isLarge(name, request) && core().unprepared()) await prepare(core());
  return (await core().call(name, request)) as Calls[K]["answer"];
}

/** Whether a model comes that may be too slow on the CPU. */
function isLarge(name: CallName, request: unknown): boolean {
  if (name === "load") return (request as Calls["load"]["request"]).file.length > LARGE_BYTES;
  return (
    name === "importHuggingFace" && (request as Calls["importHuggingFace"]["request"]).files.some(({ bytes }) => bytes.length > LARGE_BYTES)
  );
}

/** A trap leaves the module unusable: everything after it is refused, and the page offers a restart. */
function fail(id: number, thrown: unknown): void {
  if (isTrap(thrown)) {
    die(thrown);
    return;
  }
  const reason = String(thrown);
  const known = typeof thrown === "object" && thrown !== null && "code" in thrown;
  const error = known ? (thrown as CoreError) : { code: "unexpected", message: reason, remedy: "", details: { reason } };
  post({ id, type: "error", error });
}

function die(trap: Error): void {
  const reason = trap.message;
  dead = { code: "panic", message: `The core stopped: ${reason}`, remedy: "Restart it.", details: { reason } };
  post({ id: 0, type: "error", error: dead });
}

// A panic in an async function of the core never settles its promise; it surfaces here instead.
self.addEventListener("error", (event) => {
  if (!isTrap(event.error)) return;
  event.preventDefault();
  die(event.error);
});

function post(message: Reply | Note): void {
  scope.postMessage(message, message.type === "answer" ? buffers(message.value) : []);
}

/** Buffers that an answer owns whole, so that they move instead of being copied. */
function buffers(value: unknown): Transferable[] {
  if (value instanceof Uint8Array || value instanceof Uint32Array) {
    return value.byteLength > 1024 && value.byteLength === value.buffer.byteLength ? [value.buffer as ArrayBuffer] : [];
  }
  if (Array.isArray(value) && value.length < 8) return value.flatMap(buffers);
  const plain = value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? Object.values(value).flatMap(buffers) : [];
}
