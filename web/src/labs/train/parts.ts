// The parts of a model by the names of their parameters, and the norm of each part from those of its parameters.
import { fill, whole } from "../../i18n/index.ts";
import type { Moved } from "../../worker/protocol.ts";
import { texts } from "./texts.ts";

export interface Part {
  /** `embedding`, `h.N.attention`, `h.N.mlp`, `norm` or `head`. */
  name: string;
  change: number;
  weight: number;
}

function partOf(parameter: string): string {
  const [, block, rest = ""] = /^h\.(\d+)\.(.*)$/.exec(parameter) ?? [];
  if (block !== undefined) return `h.${block}.${rest.startsWith("attn") || rest.startsWith("ln_1") ? "attention" : "mlp"}`;
  if (parameter.startsWith("ln_f")) return "norm";
  return parameter.startsWith("lm_head") ? "head" : "embedding";
}

/** In the order in which the parameters come. */
export function norms(parameters: readonly Moved[]): Part[] {
  const squares = new Map<string, [number, number]>();
  for (const { name, change, weight } of parameters) {
    const [first, second] = squares.get(partOf(name)) ?? [0, 0];
    squares.set(partOf(name), [first + change ** 2, second + weight ** 2]);
  }
  return [...squares].map(([name, [change, weight]]) => ({ name, change: Math.sqrt(change), weight: Math.sqrt(weight) }));
}

export function partName(name: string): string {
  const { parts } = texts().slow;
  const [, block = "", kind = ""] = /^h\.(\d+)\.(\w+)$/.exec(name) ?? [];
  if (kind === "attention" || kind === "mlp") return fill(parts[kind], { block: whole(Number(block)) });
  return parts[name as "embedding" | "norm" | "head"];
}
