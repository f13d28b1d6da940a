// What a page asked its lab to do, each as an async iterable of what comes and a promise of how it ends.
import { CORPUS_MIB } from "../corpus/limit.ts";
import type { CoreError } from "../worker/protocol.ts";
import { marked, readToFrame, type ToFrame } from "./messages.ts";

/** An error of the core, with a remedy. */
export class TadpoleError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly details: Record<string, string>;
  constructor({ code, message, remedy, details }: CoreError) {
    super(message);
    this.name = "TadpoleError";
    this.code = code;
    this.remedy = remedy;
    this.details = details;
  }
}

/** For a page's script, so in English only. */
export function scriptError(code: string, message: string, remedy: string, details: CoreError["details"] = {}): CoreError {
  return { code, message, remedy, details };
}

/** What a page may ask. */
export type Asks = Extract<ToFrame, { options: object }>;

const OPTIONS = {
  generate: "prompt (a text) and the numbers temperature, topK, topP, minP, seed, maxNewTokens",
  train: `corpus (a text of at most ${CORPUS_MIB} MiB), corpusName (a text) and steps (a number)`,
};

/** The reason why the lab refuses a call, or null. */
function refusal(message: Asks): CoreError | null {
  const isTaken = (options: object) => readToFrame(marked({ ...message, options } as Asks)) !== null;
  const wrong = Object.entries(message.options).filter(([name, value]) => !isTaken({ [name]: value }));
  if (wrong.length === 0) return null;
  const options = wrong
    .map(([name, value]) => `${name}: ${typeof value === "string" ? `"${value.slice(0, 40)}"` : String(value)}`)
    .join(", ");
  const remedy = `The options of ${message.type} are ${OPTIONS[message.type]}.`;
  return scriptError("optionsRefused", `The lab does not take ${options}.`, remedy, { options });
}

interface Call {
  items: unknown[];
  ended: PromiseWithResolvers<string>;
  isOver: boolean;
  wake: () => void;
}

export class Calls {
  readonly #say: (message: ToFrame) => void;
  readonly #open = new Map<number, Call>();
  #last = 0;

  constructor(say: (message: ToFrame) => void) {
    this.#say = say;
  }

  /** Sends it when the lab is ready. */
  open<E>(message: (call: number) => Asks, ready: Promise<void>): AsyncIterable<E> & PromiseLike<string> {
    this.#last += 1;
    const id = this.#last;
    const call: Call = { items: [], ended: Promise.withResolvers(), isOver: false, wake: () => {} };
    // A reader of the items need not await the end.
    call.ended.promise.catch(() => {});
    this.#open.set(id, call);
    const refused = refusal(message(id));
    if (refused) this.fail(id, refused);
    else void ready.then(() => !call.isOver && this.#say(message(id)));
    return {
      // biome-ignore lint/suspicious/noThenProperty: what it is for: `await` gives how it ended.
      then: (...does) => call.ended.promise.then(...does),
      [Symbol.asyncIterator]: () => this.#iterate<E>(id, call),
    };
  }

  async *#iterate<E>(id: number, call: Call): AsyncGenerator<E> {
    try {
      for (;;) {
        while (call.items.length > 0) yield call.items.shift() as E;
        if (call.isOver) break;
        await new Promise<void>((wake) => {
          call.wake = wake;
        });
      }
      await call.ended.promise;
    } finally {
      if (!call.isOver) this.#say({ type: "stop", call: id });
    }
  }

  push(id: number | null, items: unknown[]): void {
    const call = this.#open.get(id ?? 0);
    call?.items.push(...items);
    call?.wake();
  }

  end(id: number, value: string): void {
    this.#finish(id, (call) => call.ended.resolve(value));
  }

  /** A failure without a call (null) ends everything in progress. */
  fail(id: number | null, error: CoreError): void {
    for (const each of id === null ? [...this.#open.keys()] : [id])
      this.#finish(each, (call) => call.ended.reject(new TadpoleError(error)));
  }

  drop(message: string): void {
    this.fail(null, scriptError("gone", message, "Put it back into the page and ask again."));
  }

  #finish(id: number, settle: (call: Call) => void): void {
    const call = this.#open.get(id);
    if (!call) return;
    this.#open.delete(id);
    call.isOver = true;
    settle(call);
    call.wake();
  }
}
