// What both entries of the library export besides `open`.
export { Failure as TadpoleError } from "../worker/client.ts";
export type {
  CoreError,
  CorpusInfo,
  Defaults,
  DeviceChoice,
  DeviceInfo,
  DeviceKind,
  Estimates,
  Expected,
  FallbackReason,
  Finished,
  Inside,
  Mix,
  ModelConfig,
  ModelInfo,
  NextTokens,
  Numbers,
  SamplingConfig,
  SamplingStage,
  SaveOptions,
  Shape,
  StepMetrics,
  TokenizerConfig,
  TokenizerInfo,
  TokenizerKind,
  TokenLogprob,
  TrainConfig,
  TrainRequest,
  WorldTask,
  WrittenToken,
} from "../worker/protocol.ts";
export type { OpenOptions } from "./open.ts";
export type { Source } from "./source.ts";
export * from "./tadpole.ts";
