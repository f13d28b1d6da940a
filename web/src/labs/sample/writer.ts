// One text being written, token by token: shared by every part of this lab that writes.
import { client } from "../../session.ts";
import type { StreamHandle } from "../../worker/client.ts";
import type { GenerateEvent, GenerateRequest, TokenLogprob } from "../../worker/protocol.ts";

export interface Written {
  id: number;
  bytes: number[];
  logprob: number;
  top: TokenLogprob[];
}

/** A token this unlikely (in nats) gets the strongest shade. */
export const DEEPEST = 6;

/** How unlikely a token was, from 0 to 1. */
export const surpriseOf = (token: Written | undefined): number => Math.min(1, -(token?.logprob ?? 0) / DEEPEST);

/** Tokens as text: whole characters, since a part of one waits for the rest. */
export const textOf = (tokens: readonly Written[]): string =>
  new TextDecoder().decode(Uint8Array.from(tokens.flatMap(({ bytes }) => bytes)), { stream: true });

/** Mean surprise in nats per token, and its exponential; null without tokens. */
export function surpriseMean(tokens: readonly Written[]): { nats: number; perplexity: number } | null {
  if (tokens.length === 0) return null;
  const nats = -tokens.reduce((sum, { logprob }) => sum + logprob, 0) / tokens.length;
  return { nats, perplexity: Math.exp(nats) };
}

/** Where two texts diverge: the first token that differs; -1 if one begins with the other. */
export function parting(one: readonly Written[], other: readonly Written[]): number {
  return one.findIndex((token, at) => at < other.length && token.id !== other[at]?.id);
}

/** Writes to the end, and reports all tokens so far as they arrive; `begun` receives the function that stops it. */
export async function write(
  request: GenerateRequest,
  tell: (tokens: readonly Written[]) => void,
  begun: (stream: StreamHandle<GenerateEvent>) => void,
): Promise<void> {
  const stream = client().stream("generate", request);
  begun(stream);
  let tokens: Written[] = [];
  for (let events = await stream.take(); events.length > 0; events = await stream.take()) {
    const come = events.filter((event) => event.kind === "token");
    tokens = [...tokens, ...come.map(({ id, bytes, logprob, top }) => ({ id, bytes, logprob, top }))];
    tell(tokens);
  }
}
