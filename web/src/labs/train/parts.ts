// The parts of a model, and the norm of each from those of its parameters. Which parts there are comes with the parameters, from the core's layout
// (crates/gpt/src/layout.rs); the texts name each.
import { fill, whole } from "../../i18n/index.ts";
import type { Moved } from "../../worker/protocol.ts";
import { texts } from "./texts.ts";

export type Part = Pick<Moved, "part" | "layer" | "change" | "weight">;

/** In the order of the parameters. */
export function norms(parameters: readonly Moved[]): Part[] {
  const parts = new Map<string, Part>();
  for (const { part, layer, change, weight } of parameters) {
    const sum = parts.get(`${part} ${layer}`) ?? { part, layer, change: 0, weight: 0 };
    parts.set(`${part} ${layer}`, { part, layer, change: Math.hypot(sum.change, change), weight: Math.hypot(sum.weight, weight) });
  }
  return [...parts.values()];
}

export function partName({ part, layer }: Part): string {
  const name = texts().slow.parts[part];
  return layer === null ? name : fill(name, { block: whole(layer) });
}
