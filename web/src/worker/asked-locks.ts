// Minimal stand-in for Web Locks on insecure origins: tabs negotiate over a BroadcastChannel. One that is
// busy answers when its step is over; of two that took it meanwhile the later one then lets go.
// https://www.w3.org/TR/web-locks/

/** Milliseconds in which a tab that has it answers. */
const ANSWER_MS = 500;

/** A later reign beats an earlier one, which it was stolen from; within a reign the first one counts. */
interface Claim {
  reign: number;
  since: number;
  tie: number;
}

type Said = { who: true } | { held: Claim };

const beats = (one: Claim, other: Claim): boolean =>
  one.reign !== other.reign ? one.reign > other.reign : one.since !== other.since ? one.since < other.since : one.tie < other.tie;

export class AskedLocks {
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  #mine: (Claim & { stolen: (error: DOMException) => void }) | null = null;
  /** What another tab answered to the last question. */
  #theirs: Claim | null = null;
  /** The latest reign of all that were heard of. */
  #reign = 0;

  constructor(name: string) {
    this.#name = name;
    this.#channel = new BroadcastChannel(`${name}-lock`);
    this.#channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if ("held" in data) this.#hear(data.held);
      else this.#answer();
    };
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: (await this.#isFree()) ? [] : [{ name: this.#name }] };
  }

  /** Has it while `work` goes on; fails where the signal comes first, and where another tab steals it. */
  async request(_: string, { signal, steal = false }: LockOptions, work: () => Promise<void>): Promise<void> {
    while (!(await this.#isFree()) && !steal) signal?.throwIfAborted();
    const [tie = 0] = crypto.getRandomValues(new Uint32Array(1));
    const reign = this.#reign + (steal ? 1 : 0);
    const stolen = new Promise<never>((_, reject) => {
      this.#mine = { reign, since: Date.now(), tie, stolen: reject };
    });
    this.#answer();
    try {
      return await Promise.race([work(), stolen]);
    } finally {
      this.#mine = null;
    }
  }

  async #isFree(): Promise<boolean> {
    if (this.#mine) return false;
    this.#theirs = null;
    this.#channel.postMessage({ who: true } satisfies Said);
    await new Promise((later) => setTimeout(later, ANSWER_MS));
    return this.#theirs === null;
  }

  #hear(claim: Claim): void {
    this.#theirs = claim;
    this.#reign = Math.max(this.#reign, claim.reign);
    if (!this.#mine) return;
    if (beats(claim, this.#mine)) this.#mine.stolen(new DOMException("another tab has it", "AbortError"));
    else this.#answer();
  }

  #answer(): void {
    if (!this.#mine) return;
    const { reign, since, tie } = this.#mine;
    this.#channel.postMessage({ held: { reign, since, tie } } satisfies Said);
  }
}
