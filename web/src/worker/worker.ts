// The worker: owns the wasm module, runs commands one at a time, and pumps the streams between them. The core is borrowed across awaits, so
// calls must not overlap; a macrotask passes between steps, or Stop would never be heard.
import { lastWords, Session } from "../../../pkg/tadpole.js";
import type { Workbench } from "../../../pkg/workbench.js";
import { adapterName, watchDevices } from "./adapter.ts";
import { benchOf, isForBench } from "./bench.ts";
import { prepare } from "./calibration.ts";
import { corpusOf } from "./checkpoint.ts";
import { Keeper } from "./keeper.ts";
import { mergeColumns } from "./merges.ts";
import { loadModule } from "./module.ts";
import { type Asker, listen, type Port, post, tell } from "./ports.ts";
import type { CallName, Calls, Command, CoreError, ModelInfo, TrainEvent } from "./protocol.ts";
import { asCoreError, isTrap, type RunState, type Upkeep, type UpkeepCommand, type UpkeepName } from "./upkeep.ts";

interface Stream {
  by: Asker;
  name: string;
  handle: number | null;
  paused: boolean;
  /** Single steps requested while paused. */
  owed: number;
  over: boolean;
  /** The text that a new run learns from, until it has begun. */
  corpus: Uint8Array | null;
}

/** A smaller model is fast enough on the CPU not to wait for the measurement of the devices. */
const LARGE_BYTES = 16 << 20;

let session: Session | null = null;
/** The live model's name in the address, if it came with the page. */
let liveAs: string | null = null;
let dead: CoreError | null = null;
let pumping = false;
const jobs: (() => Promise<void>)[] = [];
const streams: Stream[] = [];
const keeper = new Keeper(callCore, tell, (work) => enqueue(() => attempt(null, work)));
watchDevices(die);

// ---------- the pump ----------

const channel = new MessageChannel();

/** Lets waiting messages through. */
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
    if (job) await attempt(null, job);
    // The very next message may pause a stream that was just opened.
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

/** A failure is reported to the asker (null: to everyone), and the pump goes on. */
async function attempt(by: Asker | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    fail(by, thrown);
  }
}

/** Streams take turns: the one that runs goes to the end of the line. */
function nextStream(): Stream | undefined {
  const at = streams.findIndex((stream) => stream.handle !== null && (!stream.paused || stream.owed > 0));
  const stream = streams[at];
  if (stream) streams.push(...streams.splice(at, 1));
  return stream;
}

async function slice(stream: Stream): Promise<void> {
  const one = stream.paused;
  try {
    const events = await (await engine(stream)).next(stream.handle ?? -1, one);
    if (dead) return;
    // Preparing and evaluating have their own turns: a step stays owed until one is seen.
    if (one && events?.some(isStep)) stream.owed -= 1;
    await emit(stream, events ?? []);
    if (!events) await finish(stream);
  } catch (thrown) {
    drop(stream);
    fail(stream.by, thrown);
    if (trains(stream)) tell({ id: 0, type: "run", state: "over" }, stream.by.port);
  }
  const rests = stream.over || (one && stream.owed === 0);
  if (!dead && (keeper.due || (rests && trains(stream)))) await attempt(null, () => keeper.save());
}

function isStep(event: unknown): boolean {
  return ["step", "token", "merges", "tokenizer", "done"].includes((event as { kind: string }).kind);
}

/** All events of a slice in one message: a small model makes thousands a second. */
async function emit(stream: Stream, events: unknown[]): Promise<void> {
  const { port, id } = stream.by;
  const isNews = !stream.over && events.length > 0;
  if (isNews) post(port, { id, type: "events", events });
  if (!trains(stream)) return;
  if (isNews) tell({ id: 0, type: "runEvents", events: events as TrainEvent[] }, port);
  for (const event of events as TrainEvent[]) {
    await keeper.trained(event, stream.corpus);
    if (event.kind !== "started") continue;
    stream.corpus = null;
    liveAs = null;
  }
}

const trains = (stream: Stream) => stream.name === "train" || stream.name === "resume";

/** The stream ended by itself. The page hears of it when the run is on disk. */
async function finish(stream: Stream): Promise<void> {
  drop(stream);
  if (trains(stream)) await attempt(null, () => keeper.save());
  end(stream);
}

function end(stream: Stream): void {
  const { port, id } = stream.by;
  post(port, { id, type: "end" });
  if (trains(stream)) tell({ id: 0, type: "run", state: "over" }, port);
}

function drop(stream: Stream): void {
  stream.over = true;
  const at = streams.indexOf(stream);
  if (at >= 0) streams.splice(at, 1);
}

// ---------- commands ----------

listen(self as unknown as Port, {
  hear(port, command) {
    const by = { port, id: command.id };
    try {
      if (dead) fail(by, dead);
      else if (command.type === "control") control(by, command.action);
      else if (command.type === "stream") openStream(by, command);
      else if (command.type === "call") enqueue(() => answer(by, () => run(port, command.name, command.request)));
      // Between commands may be too late: the browser stops this worker after the messages it has.
      else if (command.type === "away") void answer(by, () => keep(port, command));
      else enqueue(() => answer(by, () => keep(port, command)));
    } catch (thrown) {
      // A request without the shape of its command.
      fail(by, thrown);
    }
  },
  // A run belongs to everyone, as long as anyone is there.
  left(port, isLast) {
    for (const stream of streams.filter((each) => isLast || (each.by.port === port && !trains(each)))) stop(stream);
  },
});

function answer(by: Asker, work: () => Promise<unknown>): Promise<void> {
  return attempt(by, async () => post(by.port, { id: by.id, type: "answer", value: await work() }));
}

async function run(port: Port, name: CallName, request: Calls[CallName]["request"]): Promise<unknown> {
  if (name === "mergeColumns") return mergeColumns((await run(port, "merges", request)) as Calls["merges"]["answer"]);
  if (isForBench(name, request)) return (await benchOf(port)).call(name, request);
  if (name === "model" && !session) return null;
  if (name === "init") return session ? joined() : start(request as Calls["init"]["request"]);
  // Replacing the live model must not lose its last steps.
  if (name === "load" || name === "importHuggingFace") await keeper.save();
  const value = await callCore(name, request);
  if (name === "setLearningRate") await keepChange();
  if (name !== "attachCorpus" && name !== "load" && name !== "importHuggingFace") return value;
  const model = value as Calls["load"]["answer"];
  const { keep, as } = request as Partial<Calls["load"]["request"]>;
  if (name === "attachCorpus") await keeper.completed(model, (request as Calls["attachCorpus"]["request"]).corpus);
  else if (keep === false) keeper.leave();
  else await keeper.replaced(model, model.corpus?.attached ? corpusOf((request as Calls["load"]["request"]).file) : null);
  isNow(port, model, as ?? null);
  await keeper.save();
  return value;
}

/** A change made while the run is paused is on disk at once; a working run is written with its next steps. */
async function keepChange(): Promise<void> {
  keeper.touch();
  await keeper.save();
}

/** The others hear which model is live. */
function isNow(port: Port, model: ModelInfo, as: string | null): void {
  liveAs = as;
  tell({ id: 0, type: "model", model, as }, port);
}

async function keep(port: Port, command: UpkeepCommand): Promise<Upkeep[UpkeepName]["answer"]> {
  if (command.type === "away") keeper.away();
  else if (command.type === "runs") return keeper.runs();
  else if (command.type === "corpus") return keeper.corpus();
  else if (command.type === "keepEvery") keeper.every(command.request.seconds);
  else if (command.type === "forgetRun") await keeper.forget(command.request.run);
  else if (command.type === "takeRuns") return keeper.takeOver();
  else if (command.type === "back") return keeper.back();
  else await keeper.save();
  if (command.type !== "openRun") return null;
  const model = await keeper.open(command.request.run);
  isNow(port, model, null);
  return model;
}

/** Another page started the core before. */
async function joined(): Promise<Calls["init"]["answer"]> {
  const run = streams.find(trains);
  return {
    device: core().device() as Calls["init"]["answer"]["device"],
    model: await callCore("model", {}),
    as: liveAs,
    run: run ? stateOf(run) : null,
  };
}

async function start({ device, keep, restore, run }: Calls["init"]["request"]): Promise<Calls["init"]["answer"]> {
  try {
    await loadModule();
  } catch (error) {
    throw { code: "wasmFailed", message: String(error), remedy: "", details: { reason: String(error) } };
  }
  session = await Session.create(device, device === "cpu" ? "" : await adapterName());
  const model = keep ? await keeper.restore(restore, run) : null;
  return { device: session.device() as Calls["init"]["answer"]["device"], model, as: null, run: null };
}

function openStream(by: Asker, { name, request }: Extract<Command, { type: "stream" }>): void {
  const corpus = name === "train" ? request.corpus : null;
  const stream: Stream = { by, name, handle: null, paused: false, owed: 0, over: false, corpus };
  streams.push(stream);
  if (trains(stream)) tell({ id: 0, type: "run", state: corpus ? "preparing" : "running" }, by.port);
  enqueue(async () => {
    if (stream.over) return;
    try {
      if (name === "train") await keeper.save();
      await prepareFor(stream);
      const its = await engine(stream);
      if (!stream.over) stream.handle = await its.open(name, request);
    } catch (thrown) {
      drop(stream);
      fail(by, thrown);
      if (trains(stream)) tell({ id: 0, type: "run", state: "over" }, by.port);
    }
  });
}

/** Before training and measuring, the devices are calibrated. */
async function prepareFor(stream: Stream): Promise<void> {
  const wants = trains(stream) || stream.name === "measure";
  if (!wants || !core().unprepared()) return;
  if (trains(stream)) await emit(stream, [{ kind: "progress", stage: "devices", done: 0, total: 1 }]);
  await prepare(core());
}

/** Under id 0 everyone controls the current run. */
function control({ port, id }: Asker, action: "pause" | "play" | "step" | "stop"): void {
  const stream = streams.find((each) => (id === 0 ? trains(each) : each.by.port === port && each.by.id === id));
  if (!stream) return;
  if (action === "stop") stop(stream);
  else if (action === "step") stream.owed += 1;
  else Object.assign(stream, { paused: action === "pause", owed: 0 });
  if (trains(stream) && !stream.over) tell({ id: 0, type: "run", state: stateOf(stream) }, port);
  if (action === "pause" && trains(stream)) enqueue(() => keeper.save());
  void pump();
}

const stateOf = ({ paused, corpus }: Stream): RunState => (paused ? "paused" : corpus ? "preparing" : "running");

/** The page hears the end at once; the core drops the stream when it is free. */
function stop(stream: Stream): void {
  drop(stream);
  end(stream);
  enqueue(async () => {
    if (stream.handle !== null) (await engine(stream)).close(stream.handle);
    if (trains(stream)) await keeper.save();
  });
}

// ---------- the core ----------

/** The object that runs a stream. */
async function engine({ name, by }: Stream): Promise<Session | Workbench> {
  return name === "trainTokenizer" ? benchOf(by.port) : core();
}

function core(): Session {
  if (dead) throw dead;
  if (!session) throw { code: "notStarted", message: "The core has not started.", remedy: "", details: {} };
  return session;
}

async function callCore<K extends CallName>(name: K, request: Calls[K]["request"]): Promise<Calls[K]["answer"]> {
  if (isLarge(name, request) && core().unprepared()) await prepare(core());
  const answer = await core().call(name, request);
  // A graphics device lost meanwhile still answers, with worthless data that must not be kept.
  core();
  return answer as Calls[K]["answer"];
}

/** Whether the request brings a model that may be too slow on the CPU. */
function isLarge(name: CallName, request: unknown): boolean {
  if (name === "load") return (request as Calls["load"]["request"]).file.length > LARGE_BYTES;
  return (
    name === "importHuggingFace" && (request as Calls["importHuggingFace"]["request"]).files.some(({ bytes }) => bytes.length > LARGE_BYTES)
  );
}

/** A trap leaves the module unusable: everything after it is refused, and the page offers a restart. */
function fail(by: Asker | null, thrown: unknown): void {
  if (isTrap(thrown)) {
    die(ending(thrown));
    return;
  }
  const error = asCoreError(thrown);
  if (by) post(by.port, { id: by.id, type: "error", error });
  else if (!dead) tell({ id: 0, type: "error", error });
}

/** The module's last log before it stopped; the trap itself says little. */
function ending({ message: reason }: Error): CoreError {
  const said = session && lastWords();
  return said ?? { code: "panic", message: `The core stopped: ${reason}`, remedy: "Restart it.", details: { reason } };
}

/** Only the first error counts: later failures follow from it. Everything stops. */
function die(error: CoreError): void {
  if (dead) return;
  dead = error;
  streams.length = 0;
  tell({ id: 0, type: "died", error });
}

// A panic in an async function of the core never settles its promise; it surfaces here instead.
self.addEventListener("error", (event) => {
  if (!isTrap(event.error)) return;
  event.preventDefault();
  die(ending(event.error));
});
