// What the host page may ask a lab to do, visibly to the reader: write a text, train. The host page hears of the reader's own acts, too.
import { effect } from "@preact/signals-core";
import { isSettled } from "../models.ts";
import * as run from "../run.ts";
import { client, defaults, fatal, model } from "../session.ts";
import { lab, write } from "../settings.ts";
import { coreError, Failure, type Seen, type StreamHandle } from "../worker/client.ts";
import type { GenerateEvent, TrainEvent } from "../worker/protocol.ts";
import { say } from "./host.ts";
import type { GenerateOptions, TrainOptions } from "./messages.ts";

interface Call {
  id: number;
  stream: StreamHandle<unknown> | null;
  isStopped: boolean;
  /** The text written so far. */
  text: string;
}

/** Calls in progress. */
const calls = new Map<number, Call>();

/** The call that owns a stream; undefined if the reader opened it. */
const callOf = (stream: number): Call | undefined => [...calls.values()].find((call) => call.stream?.id === stream);

export const seen: Seen = (name, events, stream) => {
  if (name === "generate") tellTokens(events as GenerateEvent[], callOf(stream));
  else if (name === "train" || name === "resume") tellSteps(events as TrainEvent[], callOf(stream));
};

function tellTokens(events: GenerateEvent[], call: Call | undefined): void {
  if (call) call.text += events.map(({ text }) => text).join("");
  const tokens = events.flatMap((event) =>
    event.kind === "token" ? [{ id: event.id, text: event.text, bytes: [...event.bytes], logprob: event.logprob }] : [],
  );
  if (tokens.length > 0) say({ type: "tokens", call: call?.id ?? null, tokens });
}

function tellSteps(events: TrainEvent[], call: Call | undefined): void {
  const steps = events.flatMap((event) =>
    event.kind === "step"
      ? event.steps.map(({ step, trainLoss, gradNorm, learningRate }) => ({ step, trainLoss, gradNorm, learningRate }))
      : [],
  );
  if (steps.length > 0) say({ type: "steps", call: call?.id ?? null, steps });
}

export function tell(call: number | null, thrown: unknown): void {
  say({ type: "error", call, error: coreError(thrown) });
}

/** Resolves when this becomes true, by signals. */
export async function until(is: () => boolean): Promise<void> {
  let end = () => {};
  await new Promise<void>((resolve) => {
    end = effect(() => {
      if (is()) resolve();
    });
  });
  end();
}

/** Resolves when the core runs and any model being loaded has arrived; fails if the core is gone. */
async function whenReady(): Promise<void> {
  await until(() => isSettled.value || fatal.value !== null);
  if (fatal.value) throw new Failure(fatal.value);
}

/** Does the work and reports how it ended. */
async function answer(id: number, work: (call: Call) => Promise<string>): Promise<void> {
  const call: Call = { id, stream: null, isStopped: false, text: "" };
  calls.set(id, call);
  try {
    await whenReady();
    say({ type: "end", call: id, value: await work(call) });
  } catch (thrown) {
    tell(id, thrown);
  } finally {
    calls.delete(id);
  }
}

/** The call continues in this stream, unless it was stopped before the stream existed. */
function goesOnIn(call: Call, stream: StreamHandle<unknown>): void {
  call.stream = stream;
  if (call.isStopped) stream.stop();
}

export function stopCall(id: number): void {
  const call = calls.get(id);
  if (!call) return;
  call.isStopped = true;
  call.stream?.stop();
}

export const noModel = () =>
  new Failure({ code: "noModel", message: "There is no model yet.", remedy: "Train one, or name one.", details: {} });

export const generate = (id: number, options: GenerateOptions): Promise<void> =>
  answer(id, async (call) => {
    if (!model.value) throw noModel();
    await (lab.value === "sample" ? writeInLab(call, options) : writeAside(call, options));
    return call.text;
  });

/** With the settings of the Sample lab, which shows the text. */
async function writeInLab(call: Call, { prompt, maxNewTokens, ...sampling }: GenerateOptions): Promise<void> {
  const state = await import("../labs/sample/state.ts");
  if (prompt !== undefined) state.setPrompt(prompt);
  if (maxNewTokens !== undefined) write("write.maxNewTokens", String(maxNewTokens));
  for (const [name, value] of Object.entries(sampling)) write(`sampling.${name}`, String(value));
  await state.generate([], (stream) => goesOnIn(call, stream));
  if (state.error.value) throw new Failure(state.error.value);
}

async function writeAside(call: Call, { prompt = "", maxNewTokens = 120, ...sampling }: GenerateOptions): Promise<void> {
  if (!defaults.value) throw noModel();
  const request = { prompt, sampling: { ...defaults.value.sampling, ...sampling }, maxNewTokens, stop: [], topLogprobs: 0 };
  const stream = client().stream("generate", { ...request, truncatePrompt: true });
  goesOnIn(call, stream);
  for await (const _ of stream);
}

export const train = (id: number, options: TrainOptions): Promise<void> => answer(id, (call) => trainNow(call, options));

async function trainNow(call: Call, { corpus, corpusName = "corpus", steps }: TrainOptions): Promise<string> {
  const [state, corpora] = await Promise.all([import("../labs/train/state.ts"), import("../labs/train/corpora.ts")]);
  if (corpus !== undefined) corpora.giveCorpus({ name: corpusName, bytes: new TextEncoder().encode(corpus) });
  if (steps !== undefined) write("train.steps", String(steps));
  const { corpus: bytes, request } = await state.prepare();
  const { stream, ending } = run.startRun(bytes, request);
  goesOnIn(call, stream);
  const how = await ending;
  if (how === "stopped" && run.runError.value) throw new Failure(run.runError.value);
  return how ?? "stopped";
}
