// What a model writes, and what is seen in it.

// ---------- generation ----------

export interface SamplingConfig {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  repetitionPenalty: number;
  frequencyPenalty: number;
  presencePenalty: number;
  seed: number;
}

export interface GenerateRequest {
  prompt: string;
  /** Ids that follow the prompt as they are, also those of parts of a character; no event tells them again. */
  forced?: number[];
  sampling: SamplingConfig;
  maxNewTokens: number;
  stop: string[];
  /** How many alternatives each token event carries. */
  topLogprobs: number;
  /** Cut a prompt that is too long to its end instead of refusing it. */
  truncatePrompt?: boolean;
}

/** Bytes are a plain list here: of the thousands of tokens a second a typed array each would cost more than the token. */
export interface TokenLogprob {
  id: number;
  bytes: number[];
  logprob: number;
}

/** A token that was written. */
export interface WrittenToken {
  id: number;
  bytes: number[];
  /** Whole characters that are certain now (never half of one, never part of a stop string). */
  text: string;
  /** Bytes of a character that is not whole yet. */
  pending: number[];
  /** Natural logarithm of its probability. */
  logprob: number;
  /** The likeliest at its place, as many as were asked for. */
  top: TokenLogprob[];
}

/**
 * How a text came to its end: by a stop text, by the vocabulary's end token, or as long as was asked; and what was held back until then, because
 * it could have become a stop text or a character.
 */
export interface Finished {
  reason: "stop" | "endToken" | "length";
  text: string;
}

export type GenerateEvent = ({ kind: "token" } & WrittenToken) | ({ kind: "finished" } & Finished);

export type SamplingStage = "raw" | "repetitionPenalty" | "frequencyPresencePenalty" | "temperature" | "topK" | "topP" | "minP";

/** The next-token distribution after `prompt`, stage by stage; a candidate that a stage removed has probability 0 there. */
export interface NextTokens {
  promptIds: Uint32Array;
  stages: SamplingStage[];
  candidates: { id: number; bytes: Uint8Array; logit: number; probs: number[] }[];
  /** How many tokens of the vocabulary are still possible after each stage. */
  survivors: number[];
}

// ---------- seeing inside ----------

/** Numbers with the last dimension fastest. */
export interface Numbers {
  shape: number[];
  values: Float32Array;
}

/** What one forward pass made of a text, of which the last 128 tokens are read. */
export interface Inside {
  /** Updates that the model had seen. */
  step: number;
  /** Tokens before those that were read. */
  unread: number;
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** The block of which everything is told. */
  block: number;
  /** The token whose expectations are told. */
  token: number;
  /**
   * `embedding`, `position`, `h.N.weights` and `h.N.residual` of every block, `ln_f` of the last token; of the block besides `ln_1`, `q_raw` and
   * `k_raw` (where positions are rotary: before they are turned), `q`, `k`,
   * `v`, `mixed`, `attention`, `residual_mid`, `ln_2`, `hidden` and `mlp`. Shapes: crates/gpt/src/observe.rs.
   */
  activations: Record<string, Numbers>;
  /** The likeliest next tokens by the residual stream before the first block and after each. */
  lens: Expected[][];
}

export interface Expected {
  id: number;
  bytes: Uint8Array;
  logit: number;
  prob: number;
}

/** Embeddings of the tokens that are readable text, on their two principal components. */
export interface EmbeddingMap {
  step: number;
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** [N, 2] */
  points: Float32Array;
  /** Share of the variance along each axis. */
  explained: [number, number];
}

/** The next update of the open run, computed but not made. */
export interface NextUpdate {
  /** Updates made so far. */
  step: number;
  learningRate: number;
  /** Batches of the update, of which the first is told. */
  batches: number;
  /** Sequences of the batch. */
  rows: number;
  /** Inputs and the last target of each row, [rows, T + 1]. */
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** What the model loses on each token but the first of a row, in nats, [rows, T]. */
  losses: Float32Array;
  trainLoss: number;
  /** Before clipping. */
  gradNorm: number;
  parameters: Moved[];
}

/** A parameter, and the norms of what moves it (its gradient, or the change that an update made) and of itself before. */
export interface Moved {
  name: string;
  shape: number[];
  /** What it belongs to: a block's attention or MLP with the norm before it, or what lies outside the blocks. */
  part: "embedding" | "attention" | "mlp" | "norm" | "head";
  /** Its block, from 0. */
  layer: number | null;
  change: number;
  weight: number;
}

/** A token near another, by the cosine of their embeddings. */
export interface Near {
  id: number;
  bytes: Uint8Array;
  cosine: number;
}
