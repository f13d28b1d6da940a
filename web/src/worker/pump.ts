// Who has the core next: commands one at a time, and between them a slice of each stream by turns. The core is borrowed across awaits, so
// calls must not overlap; between steps a macrotask passes, or Stop is never heard.

import type { Session, Workbench } from "./bindings.ts";
import { prepare } from "./calibration.ts";
import { callCore, core, dead, fail, onEnd } from "./core.ts";
import { Keeper } from "./keeper.ts";
import { type Asker, type Port, post, tell } from "./ports.ts";
import type { Command, RunState, TrainEvent } from "./protocol.ts";
import { workbenchOf } from "./workbench.ts";

interface Stream {
  by: Asker;
  name: string;
  handle: number | null;
  paused: boolean;
  /** Single steps asked for while paused. */
  owed: number;
  over: boolean;
  /** The text that a new run learns from, until the run has begun. */
  corpus: Uint8Array | null;
}

let pumping = false;
const jobs: (() => Promise<void>)[] = [];
const streams: Stream[] = [];
/** `as` is what the address calls the live model where it came with the page. */
export const live: { as: string | null } = { as: null };

export const keeper = new Keeper(callCore, tell, (work) => enqueue(() => attempt(null, work)));
onEnd(() => (streams.length = 0));

// ---------- turns ----------

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
    if (job) await attempt(null, job);
    // A stream that was just opened may be told to pause by the very next message.
    if (job) await breathe();
    const stream = nextStream();
    if (stream) await slice(stream);
    if (!job && !stream) break;
    await breathe();
  }
  pumping = false;
}

export function enqueue(job: () => Promise<void>): void {
  jobs.push(job);
  void pump();
}

/** A failure is told to whoever asked (null: to everyone), and the pump goes on. */
export async function attempt(by: Asker | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    fail(by, thrown);
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
    const events = await (await engine(stream)).next(stream.handle ?? -1, one);
    if (dead) return;
    // Preparing and evaluating take turns of their own: a step is owed until it is seen.
    if (one && events?.some(isStep)) stream.owed -= 1;
    await emit(stream, events ?? []);
    if (!events) await finish(stream);
  } catch (thrown) {
    abort(stream, thrown);
  }
  const rests = stream.over || (one && stream.owed === 0);
  if (!dead && (keeper.due || (rests && trains(stream)))) await attempt(null, () => keeper.save());
}

function isStep(event: unknown): boolean {
  return ["step", "token", "merges", "tokenizer", "done"].includes((event as { kind: string }).kind);
}

/** All events of a slice in one message: a small model makes thousands of them a second. */
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
    live.as = null;
  }
}

const trains = (stream: Stream) => stream.name === "train" || stream.name === "resume";

/** The stream came to its own end. The page hears of it when the run is on disk. */
async function finish(stream: Stream): Promise<void> {
  drop(stream);
  if (trains(stream)) await attempt(null, () => keeper.save());
  end(stream);
}

function end(stream: Stream): void {
  const { port, id } = stream.by;
  post(port, { id, type: "end" });
  tellOver(stream);
}

function abort(stream: Stream, thrown: unknown): void {
  drop(stream);
  fail(stream.by, thrown);
  tellOver(stream);
}

/** To those who did not open it. */
function tellOver(stream: Stream): void {
  if (trains(stream)) tell({ id: 0, type: "run", state: "over" }, stream.by.port);
}

function drop(stream: Stream): void {
  stream.over = true;
  const at = streams.indexOf(stream);
  if (at >= 0) streams.splice(at, 1);
}

// ---------- streams ----------

export function openStream(by: Asker, { name, request }: Extract<Command, { type: "stream" }>): void {
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
      abort(stream, thrown);
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

/** Under id 0 everyone has the run at hand. */
export function control({ port, id }: Asker, action: "pause" | "play" | "step" | "stop"): void {
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

/** The page hears the end at once; the core lets go of the stream when it is free to. */
function stop(stream: Stream): void {
  drop(stream);
  end(stream);
  enqueue(async () => {
    if (stream.handle !== null) (await engine(stream)).close(stream.handle);
    if (trains(stream)) await keeper.save();
  });
}

/** What works on a stream. */
async function engine({ name, by }: Stream): Promise<Session | Workbench> {
  return name === "trainTokenizer" ? workbenchOf(by.port) : core();
}

/** The run that is open, at work or paused. */
export function runState(): RunState | null {
  const run = streams.find(trains);
  return run ? stateOf(run) : null;
}

/** Whoever had the port is gone. A run is everybody's, as long as somebody is there. */
export function stopFor(port: Port, isLast: boolean): void {
  for (const stream of streams.filter((each) => isLast || (each.by.port === port && !trains(each)))) stop(stream);
}
