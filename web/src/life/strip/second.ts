// A second core, for the strip alone: it loads each kept step in turn, so that the model that the person works with stays as it is. It
// keeps nothing, and ends with the strip.
import { beside } from "../../corpus.ts";
import { pathOf, type Shipped } from "../../models.ts";
import { Client } from "../../worker/client.ts";
import type { SamplingConfig } from "../../worker/protocol.ts";
import { startWorker } from "../../worker/start.ts";
import type { Row } from "../loss.ts";
import type { Token } from "./pieces.ts";

/** Tokens of a sentence: at least, and at most. */
const [LEAST, MOST] = [16, 36] as const;
const ENDS = /[.!?。！？]["”』」]?\s*$/;

export interface Asked {
  prompt: string;
  sampling: SamplingConfig;
}

export class Second {
  readonly #client = new Client(startWorker(), () => {});
  readonly #started = this.#client.call("init", { device: "cpu", keep: false, restore: false, run: null });

  close(): void {
    this.#client.terminate();
  }

  /** What the model noted of its run up to a step, and what it writes there. */
  async at(of: Shipped, step: number, asked: Asked): Promise<{ rows: Row[]; tokens: Token[] }> {
    const [file] = await Promise.all([beside(pathOf(of, step), "modelUnavailable"), this.#started]);
    await this.#client.call("load", { file, keep: false });
    const events = await this.#client.call("history", {});
    const rows = events
      .flatMap((event) => (event.kind === "step" ? event.steps : []))
      .map(({ step, trainLoss }) => ({ step, loss: trainLoss }));
    return { rows, tokens: await this.#sentence(asked) };
  }

  /** To the first end of a sentence after the least tokens. */
  async #sentence(asked: Asked): Promise<Token[]> {
    const stream = this.#client.stream("generate", { ...asked, maxNewTokens: MOST, stop: [], topLogprobs: 0, truncatePrompt: true });
    const tokens: Token[] = [];
    let text = "";
    for await (const event of stream) {
      if (event.kind !== "token") break;
      tokens.push({ id: event.id, bytes: event.bytes });
      text += event.text;
      if (tokens.length >= LEAST && ENDS.test(text)) break;
    }
    stream.stop();
    return tokens;
  }
}
