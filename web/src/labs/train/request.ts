// Converts between a run's request and the form's settings. The base is what the person's changes apply to: the core's defaults for a size
// and a corpus.

import type { Settings } from "../../run-settings.ts";
import { differing } from "../../settings.ts";
import type { Defaults, ModelConfig, TokenizerConfig, TrainConfig, TrainRequest } from "../../worker/protocol.ts";
import { isWorld, worldSettings } from "../../world-name.ts";
import { corpusSettings } from "./corpora.ts";

export interface Configs {
  preset: string;
  tokenizer: TokenizerConfig;
  model: ModelConfig;
  train: TrainConfig;
}

type Preset = Defaults["presets"][number];

/** Ends each document of the made world. */
const END = "<|endoftext|>";

/** The world tokenizes single digits and ends its documents. */
export function baseOf(all: Defaults, { name, config }: Preset, ofWorld: boolean): Configs {
  const own = { preset: name, tokenizer: all.tokenizer, model: config, train: all.train };
  if (!ofWorld) return own;
  return {
    ...own,
    tokenizer: { ...all.tokenizer, splitDigits: true, specialTokens: [END] },
    model: { ...config, position: "rotary", contextLength: Math.max(128, config.contextLength) },
    train: { ...all.train, samplePrompts: ["One day", "Q: What does a cow eat?\nA:"] },
  };
}

/** A request without its corpus, as changes to this size. */
function changesOf(all: Defaults, preset: Preset, request: TrainRequest): Record<string, string> {
  const base = baseOf(all, preset, isWorld(request.corpusName));
  // The core fills that in.
  const model = { ...request.model, vocabSize: base.model.vocabSize };
  return {
    ...(preset === all.presets[0] ? {} : { preset: preset.name }),
    ...differing("tokenizer", base.tokenizer, request.tokenizer),
    ...differing("model", base.model, model),
    ...differing("train", base.train, request.train),
  };
}

/** The smallest settings with which the form gives the same request. */
export function settingsOf(request: TrainRequest, all: Defaults): Settings {
  const ways = all.presets.map((preset) => changesOf(all, preset, request));
  ways.sort((one, other) => Object.keys(one).length - Object.keys(other).length);
  return { ...corpusSettings(request.corpusName, all), ...ways[0] };
}

/**
 * Whether both request the same run, ignoring the number of steps. A made world whose name lacks its parameters matches any.
 */
export function asksTheSame(one: TrainRequest, other: TrainRequest, all: Defaults): boolean {
  const isUntold = [one, other].some(({ corpusName }) => isWorld(corpusName) && !worldSettings(corpusName));
  const counts = ([key]: [string, string]) => key !== "train.steps" && !(isUntold && /^(?:mix|world)\./.test(key));
  const text = (request: TrainRequest) => JSON.stringify(Object.entries(settingsOf(request, all)).filter(counts).sort());
  return text(one) === text(other);
}
