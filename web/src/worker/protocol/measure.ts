// How fast a device is: what is measured, and what it came to.
import type { MemoryUse, ModelConfig } from "./model.ts";

export interface Shape {
  name: string;
  model: ModelConfig;
  batchSize: number;
  /** Too large to train in a tab. */
  decodeOnly: boolean;
}

/** An optimizer update, a token through the cache, or the product of two 1,024 x 1,024 matrices alone. */
export type MeasureCase = "train" | "decode" | "matmul";

export interface MeasureRequest {
  case: MeasureCase;
  /** Of this shape, with random weights. */
  model: ModelConfig;
  batchSize: number;
  /** Blocks of about half a second. */
  blocks: number;
}

/** What a measurement came to, in milliseconds a step, a token or a product. */
export interface Measured {
  kind: "measured";
  case: MeasureCase;
  unit: "ms/step" | "ms/token" | "ms";
  median: number;
  min: number;
  max: number;
  /** Billions of operations of matrix products a second, at the median. */
  gigaflops: number;
  memory: MemoryUse;
}

/** Billions of operations a second in products of matrices, and in one row times a matrix; milliseconds of a launch. */
export interface Speed {
  gigaflops: number;
  rowGigaflops: number;
  launchMs: number;
}

/**
 * `trials`: billions of operations a second of each tile in small and in large products, 0 where it was not tried; the best
 * are in use.
 */
export interface Calibration {
  adapter: string;
  trials: { tile: string; small: number; large: number }[];
  cpu: Speed;
  gpu: Speed;
}
