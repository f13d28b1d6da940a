// For candidates that only begin a character: how the model itself would complete it, so that the character can be shown. Asked when the
// candidates follow the whole text, one after another, while the core is idle.
import { signal } from "@preact/signals-core";
import { isStray, piecesOf, tokensOf } from "../../components/token-pieces.ts";
import * as run from "../../run.ts";
import { client, defaults } from "../../session.ts";
import type { Inside } from "../../worker/protocol.ts";

/** The most tokens that a character needs after its first. */
const LONGEST = 3;

/** For a pass: the bytes that complete the character a candidate begins, by the candidate's id. */
export const endings = signal<ReadonlyMap<Inside, ReadonlyMap<number, number[]>>>(new Map());

type Bytes = readonly ArrayLike<number>[];

const isOpen = (bytes: Bytes, at: number): boolean => piecesOf(tokensOf(bytes), at).some(isStray);

/** Whether some are still being asked for. */
export const isCompleting = signal(false);

/** Asks for those of these passes, replacing earlier requests. */
let newest: readonly Inside[] = [];
export async function complete(passes: readonly { inside: Inside; text: string }[]): Promise<void> {
  const mine = passes.map(({ inside }) => inside);
  newest = mine;
  const known = endings.peek();
  endings.value = new Map(newest.map((inside) => [inside, known.get(inside) ?? new Map()]));
  isCompleting.value = run.status.peek() !== "running";
  if (!isCompleting.value) return;
  try {
    for (const { inside, text } of passes) await completeOne(inside, text);
  } finally {
    if (newest === mine) isCompleting.value = false;
  }
}

async function completeOne(inside: Inside, text: string): Promise<void> {
  // The core continues a prompt from its end, so only candidates after the last token are completed.
  if (inside.unread > 0 || inside.token !== inside.ids.length - 1) return;
  const ids = [...new Set(inside.lens.flatMap((next) => next.map(({ id }) => id)))];
  const bytesOf = new Map(inside.lens.flatMap((next) => next.map(({ id, bytes }) => [id, bytes] as const)));
  for (const id of ids) {
    const before = [...inside.bytes.slice(-LONGEST), bytesOf.get(id) ?? []];
    if (endings.peek().get(inside)?.has(id) || !isOpen(before, before.length - 1)) continue;
    const ending = await endingOf(text, id, before);
    if (!newest.includes(inside)) return;
    const next = new Map(endings.peek().get(inside)).set(id, ending);
    endings.value = new Map(endings.peek()).set(inside, next);
  }
}

/** The likeliest tokens after a candidate, until its character is whole; none if it never is. */
async function endingOf(text: string, id: number, before: Bytes): Promise<number[]> {
  const sampling = defaults.peek()?.sampling;
  if (!sampling) return [];
  const forced = [id];
  const found: number[] = [];
  for (let at = 0; at < LONGEST && isOpen([...before, found], before.length - 1); at += 1) {
    const { candidates } = await client().call("nextTokens", { prompt: text, forced, sampling, top: 1 });
    const [next] = candidates;
    if (!next) return [];
    forced.push(next.id);
    found.push(...next.bytes);
  }
  return isOpen([...before, found], before.length - 1) ? [] : found;
}
