// The loss at birth, which the newborn's own file does not hold: the run measured it with its first step, so the file of the next kept step
// says it. Of that file only the head is read (https://huggingface.co/docs/safetensors: its length in 8 bytes, then JSON).
import { signal } from "@preact/signals-core";
import { pathOf, type Shipped } from "../models.ts";
import { lossAt, type Row } from "./loss.ts";

/** By a model's name. */
const known = signal<Readonly<Record<string, number | null>>>({});
const asked = new Set<string>();

/** Null until it has been read. */
export function birthLoss(of: Shipped): number | null {
  if (!asked.has(of.name)) void read(of);
  asked.add(of.name);
  return known.value[of.name] ?? null;
}

async function read(of: Shipped): Promise<void> {
  const [, next = 0] = of.steps;
  try {
    const loss = lossAt(rowsIn(await headOf(pathOf(of, next))), 0);
    known.value = { ...known.peek(), [of.name]: loss };
  } catch {
    // The bar does without it.
  }
}

function rowsIn(head: string): Row[] {
  const { __metadata__: said } = JSON.parse(head) as { __metadata__: { run: string } };
  const { history } = JSON.parse(said.run) as { history: { steps: { step: number; trainLoss: number }[] } };
  return history.steps.map(({ step, trainLoss }) => ({ step, loss: trainLoss }));
}

/** Longer than any of these heads. */
const ENOUGH = 1 << 16;

async function headOf(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI), { headers: { Range: `bytes=0-${ENOUGH - 1}` } });
  const reader = response.body?.getReader();
  if (!response.ok || !reader) throw new Error(`HTTP ${response.status}`);
  let bytes = new Uint8Array();
  // Not every server knows ranges.
  for (let part = await reader.read(); part.value && bytes.length < ENOUGH; part = await reader.read()) bytes = joined(bytes, part.value);
  void reader.cancel();
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
