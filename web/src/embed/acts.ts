// What the page around may ask a lab to do, where the reader sees it: write a text, train. The reader's own acts are told to it, too.
import { effect } from "@preact/signals-core";
import { isSettled } from "../models.ts";
import * as run from "../run.ts";
import { client, defaults, model } from "../session.ts";
import { lab, write } from "../settings.ts";
import { coreError, Failure, type Seen, type StreamHandle } from "../worker/client.ts";
import type { GenerateEvent, TrainEvent } from "../worker/protocol.ts";
import { say } from "./host.ts";
import type { GenerateOptions, TrainOptions } from "./messages.ts";

/** The calls that are at work; null for what the reader does. */
const calls: { generate: number | null; train: number | null } = { generate: null, train: null };
let stop: { call: number; end: () => void } | null = null;

export const seen: Seen = (name, events) => {
  if (name === "generate") tellTokens(events as GenerateEvent[]);
  else if (name === "train" || name === "resume") tellSteps(events as TrainEvent[]);
};

function tellTokens(events: GenerateEvent[]): void {
  const tokens = events.flatMap((event) =>
    event.kind === "token" ? [{ id: event.id, text: event.text, bytes: [...event.bytes], logprob: event.logprob }] : [],
  );
  if (tokens.length > 0) say({ type: "tokens", call: calls.generate, tokens });
}

function tellSteps(events: TrainEvent[]): void {
  const steps = events.flatMap((event) =>
    event.kind === "step"
      ? event.steps.map(({ step, trainLoss, gradNorm, learningRate }) => ({ step, trainLoss, gradNorm, learningRate }))
      : [],
  );
  if (steps.length > 0) say({ type: "steps", call: calls.train, steps });
}

export function tell(call: number | null, thrown: unknown): void {
  say({ type: "error", call, error: coreError(thrown) });
}

/** When the core lives and a model that is on its way has come. */
async function whenReady(): Promise<void> {
  let end = () => {};
  await new Promise<void>((resolve) => {
    end = effect(() => {
      if (isSettled.value) resolve();
    });
  });
  end();
}

/** Does what was asked, and says how it ended. */
async function answer(kind: "generate" | "train", call: number, work: () => Promise<string>): Promise<void> {
  await whenReady();
  calls[kind] = call;
  try {
    say({ type: "end", call, value: await work() });
  } catch (thrown) {
    tell(call, thrown);
  } finally {
    if (calls[kind] === call) calls[kind] = null;
    if (stop?.call === call) stop = null;
  }
}

export function stopCall(call: number): void {
  if (stop?.call === call) stop.end();
}

export const generate = (call: number, options: GenerateOptions): Promise<void> =>
  answer("generate", call, () => (lab.value === "sample" ? writeInLab(call, options) : writeAside(call, options)));

/** With the settings of the Sample lab, which shows the text. */
async function writeInLab(call: number, { prompt, maxNewTokens, ...sampling }: GenerateOptions): Promise<string> {
  const state = await import("../labs/sample/state.ts");
  if (prompt !== undefined) state.setPrompt(prompt);
  if (maxNewTokens !== undefined) write("write.maxNewTokens", String(maxNewTokens));
  for (const [name, value] of Object.entries(sampling)) write(`sampling.${name}`, String(value));
  stop = { call, end: state.stop };
  await state.generate();
  if (state.error.value) throw new Failure(state.error.value);
  return state.writtenText.value;
}

async function writeAside(call: number, { prompt = "", maxNewTokens = 120, ...sampling }: GenerateOptions): Promise<string> {
  if (!defaults.value || !model.value) throw new Failure({ code: "noModel", message: "there is no model yet", remedy: "", details: {} });
  const request = { prompt, sampling: { ...defaults.value.sampling, ...sampling }, maxNewTokens, stop: [], topLogprobs: 0 };
  const stream: StreamHandle<GenerateEvent> = client().stream("generate", { ...request, truncatePrompt: true });
  stop = { call, end: stream.stop };
  let text = "";
  for await (const event of stream) text += event.text;
  return text;
}

export const train = (call: number, options: TrainOptions): Promise<void> => answer("train", call, () => trainNow(call, options));

async function trainNow(call: number, { corpus, corpusName = "corpus", steps }: TrainOptions): Promise<string> {
  const state = await import("../labs/train/state.ts");
  if (corpus !== undefined) {
    state.ownCorpus.value = { name: corpusName, bytes: new TextEncoder().encode(corpus) };
    write("corpus", undefined);
  }
  if (steps !== undefined) write("train.steps", String(steps));
  const { corpus: bytes, request } = await state.prepare();
  run.startRun(bytes, request);
  stop = { call, end: run.stop };
  let end = () => {};
  await new Promise<void>((resolve) => {
    end = effect(() => {
      if (["done", "stopped", "idle"].includes(run.status.value)) resolve();
    });
  });
  end();
  if (run.runError.value) throw new Failure(run.runError.value);
  return run.status.value;
}
