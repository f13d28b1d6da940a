// Minimal stand-in for Web Locks on insecure origins: tabs negotiate over a BroadcastChannel. A busy tab answers after its step; if two
// tabs took the lock meanwhile, the later one releases it.
// https://www.w3.org/TR/web-locks/

/** Milliseconds in which the holder answers. */
const ANSWER_MS = 500;

/** A later reign beats an earlier one, from which it was stolen; within a reign the first claim counts. */
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
  /** Another tab's answer to the last question. */
  #theirs: Claim | null = null;
  /** The latest reign heard of. */
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

  /** Holds the lock while `work` runs; fails if the signal comes first, or if another tab steals it. */
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
