// The core's events by the stream that tells them.
import type { Event, Preparation, TrainingEvent } from "./core.ts";

type Told<Kind extends Event["kind"]> = Extract<Event, { kind: Kind }>;

/** Work before the first update: the worker has the devices measured, the core does the rest. */
export interface Progress {
  stage: "devices" | Preparation;
  done: number;
  total: number;
}

export type TrainEvent = ({ kind: "progress" } & Progress) | Told<"started" | "step" | "eval" | "sample" | "done">;
export type GenerateEvent = Told<"token" | "finished">;
export type TokenizerEvent = TrainingEvent;
/** How fast the device is. */
export type MeasureEvent = Told<"measured">;
/** The answer to the next case. */
export type GradeEvent = Told<"graded">;
