// The library: load, train, sample and inspect a small GPT, over the same worker that the page uses.
// https://developer.mozilla.org/docs/Web/JavaScript/Reference/Iteration_protocols#the_async_iterator_and_async_iterable_protocols
import type { Client, StreamHandle } from "../worker/client.ts";
import type {
  Defaults,
  DeviceInfo,
  Finished,
  Inside,
  ModelConfig,
  ModelInfo,
  NextTokens,
  Numbers,
  Progress,
  SamplingConfig,
  SaveOptions,
  StepMetrics,
  TokenizerConfig,
  TrainConfig,
  TrainEvent,
  WrittenToken,
} from "../worker/protocol.ts";
import { refusal } from "./refusal.ts";
import { bytesOf, type ReadAddress, type Source } from "./source.ts";

/** A token of a text. */
export interface Token {
  id: number;
  /** Its bytes in UTF-8; a token may be only part of a character. */
  bytes: Uint8Array;
}

/** How to generate a text. Omitted options are as in {@link Tadpole.defaults}. */
export interface GenerateOptions extends Partial<SamplingConfig> {
  /** The most tokens to generate; 100 by default. */
  maxNewTokens?: number;
  /** Texts that end generation; they are not part of the result. */
  stop?: string[];
  /** The number of alternatives for each token; 0 by default. */
  topLogprobs?: number;
  /** Ends generation early. */
  signal?: AbortSignal;
}

/** What a run reports. */
export interface TrainCallbacks {
  /** Before the first step: devices are measured, the text is counted, merged, encoded. */
  onProgress?(progress: Progress): void;
  /** The model is made. */
  onStart?(model: ModelInfo): void;
  /** An optimizer update: training loss in nats per token, gradient norm before clipping. */
  onStep?(step: StepMetrics): void;
  /** Validation loss in nats per token, its perplexity, and bits per byte. */
  onEval?(evaluation: { step: number; valLoss: number; perplexity: number; bitsPerByte: number }): void;
  /** A text that the model wrote, if samples were requested. */
  onSample?(sample: { step: number; prompt: string; text: string }): void;
  /** Ends the run early; it can be resumed. */
  signal?: AbortSignal;
}

/** A new run. Omitted options are as in {@link Tadpole.defaults}. */
export interface TrainOptions extends TrainCallbacks {
  /** The text's name in the checkpoint; "text" by default. */
  name?: string;
  /** A shape by its name in {@link Tadpole.defaults}; the smallest by default. */
  preset?: string;
  tokenizer?: Partial<TokenizerConfig>;
  model?: Partial<ModelConfig>;
  train?: Partial<TrainConfig>;
}

/** The attention of each head of a block. */
export interface Attention {
  tokens: Token[];
  heads: number;
  /** Row i of head h is how much token i takes from each token, [heads, tokens, tokens], the last fastest; each row sums to 1. */
  weights: Float32Array;
}

/** A core with at most one model. Failures reject with a {@link TadpoleError}. */
export class Tadpole {
  readonly #client: Client;
  readonly #read: ReadAddress;
  #device: DeviceInfo;
  /** The core's defaults for presets, tokenizer, training and sampling. */
  readonly defaults: Defaults;

  /** @internal */
  constructor(client: Client, read: ReadAddress, device: DeviceInfo, defaults: Defaults) {
    this.#client = client;
    this.#read = read;
    this.#device = device;
    this.defaults = defaults;
  }

  /** The device in use; `auto` may choose again for each model. */
  get device(): DeviceInfo {
    return this.#device;
  }

  /** The live model, or null. */
  async model(): Promise<ModelInfo | null> {
    return this.#is(await this.#client.call("model", {}));
  }

  /** Loads a checkpoint, replacing the current model. */
  async load(source: Source): Promise<ModelInfo> {
    return this.#is(await this.#client.call("load", { file: await bytesOf(source, this.#read), keep: false }));
  }

  /** Loads a model of the GPT-2 family in Hugging Face's layout: `config.json`, `model.safetensors`, `tokenizer.json`. */
  async importHuggingFace(files: readonly { name: string; source: Source }[]): Promise<ModelInfo> {
    const all = await Promise.all(files.map(async ({ name, source }) => ({ name, bytes: await bytesOf(source, this.#read) })));
    return this.#is(await this.#client.call("importHuggingFace", { files: all }));
  }

  /** The live model's files in Hugging Face's layout. */
  exportHuggingFace(): Promise<{ name: string; bytes: Uint8Array }[]> {
    return this.#client.call("exportHuggingFace", {});
  }

  /** The live model as a checkpoint file; by default with the optimizer's state, so that training can continue. */
  save(options: Partial<SaveOptions> = {}): Promise<Uint8Array> {
    return this.#client.call("save", { training: true, corpus: false, ...options });
  }

  /** A text as the live model's tokens. */
  async tokenize(text: string): Promise<Token[]> {
    const { ids, ends } = await this.#client.call("encode", { slot: "model", text });
    const utf8 = new TextEncoder().encode(text);
    return Array.from(ids, (id, at) => ({ id, bytes: utf8.slice(at === 0 ? 0 : ends[at - 1], ends[at]) }));
  }

  /** Continues a prompt, token by token; the generator's return value says why it ended. Leaving the loop stops generation. */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<WrittenToken, Finished | null> {
    const { maxNewTokens = 100, stop = [], topLogprobs = 0, signal, ...sampling } = options;
    const request = { prompt, sampling: { ...this.defaults.sampling, ...sampling }, maxNewTokens, stop, topLogprobs };
    const stream = this.#client.stream("generate", request);
    const end = until(signal, stream);
    try {
      for await (const event of stream) {
        if (event.kind === "finished") return { reason: event.reason, text: event.text };
        const { kind: _, ...token } = event;
        yield token;
      }
      return null;
    } finally {
      end();
      stream.stop();
    }
  }

  /** The complete text that follows a prompt. */
  async complete(prompt: string, options: GenerateOptions = {}): Promise<string> {
    let text = "";
    const tokens = this.generate(prompt, options);
    for (let next = await tokens.next(); ; next = await tokens.next()) {
      if (next.done) return text + (next.value?.text ?? "");
      text += next.value.text;
    }
  }

  /**
   * Trains a new model on a text (bytes are read as UTF-8); it becomes the live model before its first step. Resolves to the final model,
   * and rejects if the run was stopped before there was one: the previous model then stays.
   */
  async train(text: string | Uint8Array, options: TrainOptions = {}): Promise<ModelInfo> {
    const { name = "text", preset, tokenizer, model, train, ...callbacks } = options;
    const presets = this.defaults.presets;
    const shape = preset === undefined ? presets[0] : presets.find((each) => each.name === preset);
    if (!shape) {
      const known = presets.map((each) => each.name).join(", ");
      throw refusal("unknownPreset", `There is no preset ${preset}.`, `Choose one of ${known}.`);
    }
    const request = {
      corpusName: name,
      tokenizer: { ...this.defaults.tokenizer, ...tokenizer },
      model: { ...shape.config, ...model },
      train: { ...this.defaults.train, ...train },
    };
    const corpus = typeof text === "string" ? new TextEncoder().encode(text) : text;
    if (callbacks.signal?.aborted) throw endedEarly();
    const isMade = await this.#follow(this.#client.stream("train", { corpus, request }), callbacks);
    const live = await this.#live();
    // The run may have been stopped while the model was being created.
    const isOurs = isMade || (live.step === 0 && live.corpus?.name === name && live.corpus.bytes === corpus.length);
    if (!isOurs) throw endedEarly();
    return live;
  }

  /** Continues the live model's run to the given total of steps, or to its original one. */
  async resume(options: TrainCallbacks & { steps?: number } = {}): Promise<ModelInfo> {
    const { steps = null, ...callbacks } = options;
    if (callbacks.signal?.aborted) return this.#live();
    await this.#follow(this.#client.stream("resume", { steps }), callbacks);
    return this.#live();
  }

  /** The next token's distribution after a prompt, at each stage of the sampler. */
  nextTokens(prompt: string, options: Partial<SamplingConfig> & { top?: number } = {}): Promise<NextTokens> {
    const { top = 10, ...sampling } = options;
    return this.#client.call("nextTokens", { prompt, sampling: { ...this.defaults.sampling, ...sampling }, top });
  }

  /**
   * The results of a forward pass over a text, of which the last 128 tokens are read: everything for one block, and for every block its
   * heads' attention and its output.
   */
  inspect(text: string, options: { block?: number; token?: number; top?: number } = {}): Promise<Inside> {
    const { block = 0, token = 0, top = 5 } = options;
    return this.#client.call("inspect", { text, forced: [], block, token, top });
  }

  /** The attention of each head of a block (from 0) over a text, of which the last 128 tokens are read. */
  async attention(text: string, block = 0): Promise<Attention> {
    // Every block's weights are included, whichever block is requested.
    const { ids, bytes, activations, lens } = await this.inspect(text);
    const weights = activations[`h.${block}.weights`];
    // There is one expectation before the first block and one after each.
    if (!weights) throw noBlock(block, lens.length - 1);
    const tokens = Array.from(ids, (id, at) => ({ id, bytes: bytes[at] ?? new Uint8Array() }));
    return { tokens, heads: weights.shape.at(-3) ?? 0, weights: weights.values };
  }

  /** A parameter of the live model by its name, such as `h.0.attn.c_attn.weight`. */
  parameter(name: string): Promise<Numbers> {
    return this.#client.call("parameter", { name, row: null, column: null });
  }

  /** Ends the core; running and later requests fail. */
  close(): void {
    this.#client.terminate(refusal("closed", "This core was closed.", "Open another one.").core);
  }

  /** Reports on a run until it ends; resolves to whether its model was created. */
  async #follow(stream: StreamHandle<TrainEvent>, callbacks: TrainCallbacks): Promise<boolean> {
    const end = until(callbacks.signal, stream);
    let isMade = false;
    try {
      for await (const event of stream) {
        isMade ||= event.kind === "started";
        tell(event, callbacks);
      }
    } finally {
      end();
      stream.stop();
    }
    return isMade;
  }

  async #live(): Promise<ModelInfo> {
    const model = await this.model();
    if (!model) throw endedEarly();
    return model;
  }

  #is<M extends ModelInfo | null>(model: M): M {
    if (model) this.#device = model.device;
    return model;
  }
}

/** Ends the stream when the signal does; returns the function that removes the listener. */
function until(signal: AbortSignal | undefined, stream: StreamHandle<unknown>): () => void {
  const end = () => stream.stop();
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  return () => signal?.removeEventListener("abort", end);
}

function tell(event: TrainEvent, callbacks: TrainCallbacks): void {
  if (event.kind === "progress") callbacks.onProgress?.(event);
  else if (event.kind === "started") callbacks.onStart?.(event.model);
  else if (event.kind === "step") for (const step of event.steps) callbacks.onStep?.(step);
  else if (event.kind === "eval") callbacks.onEval?.(event);
  else if (event.kind === "sample") callbacks.onSample?.(event);
}

function endedEarly(): Error {
  return refusal("noModel", "The run ended before there was a model.", "Let it make a step.");
}

function noBlock(block: number, blocks: number): Error {
  const details = { field: "block", value: String(block), min: "0", max: String(blocks - 1) };
  return refusal("outOfRange", `There is no block ${block} among ${blocks}.`, `Choose one from 0 to ${blocks - 1}.`, details);
}
