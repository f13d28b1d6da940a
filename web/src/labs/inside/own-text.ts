// The text that the lab begins with for the person's own model: what it writes now at its sample prompts; if the run's last sample is from
// step 0, the model is asked to write.
import { signal } from "@preact/signals-core";
import * as run from "../../run.ts";
import { client, defaults, model } from "../../session.ts";
import type { StreamHandle } from "../../worker/client.ts";
import type { GenerateEvent } from "../../worker/protocol.ts";

const CHARACTERS = 60;
const TOKENS = 40;

/** Null until it is written, and if it cannot be. */
export const ownText = signal<string | null>(null);
let stream: StreamHandle<GenerateEvent> | null = null;

/** Updates it to the newest text. */
export async function renewOwnText(): Promise<void> {
  stream?.stop();
  stream = null;
  const newest = run.samples.peek().at(-1);
  const [sample] = newest?.texts ?? [];
  if (newest && newest.step > 0 && sample) {
    const isRepeated = sample.prompt !== "" && sample.text.startsWith(sample.prompt);
    ownText.value = cut(isRepeated ? sample.text : sample.prompt + sample.text);
    return;
  }
  const prompt = firstPrompt();
  const written = await write(prompt);
  if (written !== null) ownText.value = cut(prompt + written);
}

function firstPrompt(): string {
  const { request, tokenizer, opening } = model.peek() ?? {};
  const asked = request?.train.samplePrompts.find((each) => each.trim() !== "");
  return asked ?? (tokenizer?.kind === "char" ? opening : undefined) ?? "The";
}

/** Null if something else was asked meanwhile. */
async function write(prompt: string): Promise<string | null> {
  const sampling = defaults.peek()?.sampling;
  if (!sampling) return null;
  const mine = client().stream("generate", { prompt, sampling, maxNewTokens: TOKENS, stop: [], topLogprobs: 0, truncatePrompt: true });
  stream = mine;
  let text = "";
  for await (const event of mine) text += event.text;
  return stream === mine ? text : null;
}

/** Without surrounding space; a text of spaces alone gives null. */
function cut(text: string): string | null {
  const kept = Array.from(text.trim()).slice(0, CHARACTERS).join("");
  return kept === "" ? null : kept;
}
