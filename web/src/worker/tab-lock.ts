// Which tab keeps the runs: the one with the lock. Another tab may ask for it: the holder writes what it has and releases it; from a hung
// holder it is stolen.
// https://www.w3.org/TR/web-locks/
import { AskedLocks } from "./asked-locks.ts";

const NAME = "tadpole-run";
/** A worker just terminated may take a moment to release it. */
const MOMENT_MS = 1_500;
/** A step of a large model takes seconds, and its result is written after it. */
const HAND_OVER_MS = 10_000;

/** A tab counts as gone after this many checks in a row without the lock. */
const LOOKS = 2;
const LOOK_MS = 2_500;
/** Another waiting tab may get the lock first; keep asking so that it hands over too. */
const ASK_AGAIN_MS = 1_000;

interface Locks {
  request(name: string, how: LockOptions, held: () => Promise<void>): Promise<void>;
  query(): Promise<{ held?: { name?: string }[] }>;
}

export class TabLock {
  #asked: AskedLocks | null = null;
  /** Writes what is pending. */
  readonly #rest: () => Promise<void>;
  /** Called when another tab has taken it. */
  readonly #lost: () => void;
  #channel: BroadcastChannel | null = null;
  #waiting = new AbortController();
  /** Aborted by `letGo`, with all requests until then. */
  #here = new AbortController();
  #release = () => {};
  #isHeld = false;
  #isAway = false;

  constructor(rest: () => Promise<void>, lost: () => void) {
    this.#rest = rest;
    this.#lost = lost;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether its page is in the browser's cache: it requests nothing. */
  get isAway(): boolean {
    return this.#isAway;
  }

  get #locks(): Locks {
    if (navigator.locks) return navigator.locks;
    this.#asked ??= new AskedLocks(NAME);
    return this.#asked;
  }

  /** Resolves to whether this tab has it. */
  take(): Promise<boolean> {
    this.#waiting.abort();
    return this.#ask({ signal: AbortSignal.timeout(MOMENT_MS) });
  }

  /**
   * Resolves to true when its holder has been gone for a while: a tab that is reloaded, or restarts its core, releases it only for a
   * moment. Resolves to false if `takeOver` comes first.
   */
  async wait(): Promise<boolean> {
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    while (await this.#isGone(signal)) {
      // Not during `takeOver`, which would then ask this very tab.
      if (await this.#ask({ signal: AbortSignal.any([signal, AbortSignal.timeout(MOMENT_MS)]) })) return true;
    }
    return false;
  }

  /** Resolves to true when the lock has been free for a while, to false if the signal came first. */
  async #isGone(signal: AbortSignal): Promise<boolean> {
    for (let free = 0; free < LOOKS; ) {
      await new Promise((later) => setTimeout(later, LOOK_MS));
      if (signal.aborted) return false;
      const { held = [] } = await this.#locks.query();
      free = held.some(({ name }) => name === NAME) ? 0 : free + 1;
    }
    return true;
  }

  /** Releases it before the next task, and requests nothing until `takeAgain`. */
  letGo(): void {
    this.#isAway = true;
    this.#isHeld = false;
    this.#waiting.abort();
    this.#here.abort();
    this.#here = new AbortController();
    this.#release();
  }

  /** Like `take`, after `letGo`. */
  takeAgain(): Promise<boolean> {
    this.#isAway = false;
    return this.take();
  }

  /** Gets it in any case. */
  async takeOver(): Promise<void> {
    if (this.#isHeld) return;
    this.#waiting.abort();
    const ask = () => this.#open().postMessage("wanted");
    const again = setInterval(ask, ASK_AGAIN_MS);
    ask();
    const given = await this.#ask({ signal: AbortSignal.timeout(HAND_OVER_MS) });
    clearInterval(again);
    if (!given) await this.#ask({ steal: true });
  }

  /** Resolves to true when it is held, to false if the signal or `letGo` came first. */
  #ask({ signal, steal = false }: { signal?: AbortSignal; steal?: boolean }): Promise<boolean> {
    if (this.#isAway) return Promise.resolve(false);
    const { signal: left } = this.#here;
    const ends = signal ? AbortSignal.any([signal, left]) : left;
    let isOurs = false;
    return new Promise((resolve, reject) => {
      const held = async () => {
        if (left.aborted) return;
        isOurs = true;
        this.#isHeld = true;
        resolve(true);
        await this.#untilWanted();
      };
      const over = (error?: unknown) => {
        // The promise of a stolen lock fails, too.
        if (isOurs && !left.aborted) {
          this.#isHeld = false;
          this.#lost();
        } else if (ends.aborted) resolve(false);
        else reject(error);
      };
      this.#locks.request(NAME, steal ? { steal } : { signal: ends }, held).then(over, over);
    });
  }

  #untilWanted(): Promise<void> {
    const channel = this.#open();
    return new Promise((letGo) => {
      this.#release = () => {
        channel.onmessage = null;
        letGo();
      };
      channel.onmessage = () => {
        channel.onmessage = null;
        void this.#rest().finally(letGo);
      };
    });
  }

  #open(): BroadcastChannel {
    this.#channel ??= new BroadcastChannel(NAME);
    return this.#channel;
  }
}
