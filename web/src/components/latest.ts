// Work where only the newest request matters (a text being typed, a slider being dragged, a model that learns): waits a little, then runs
// one at a time, and skips superseded requests. A steady stream of requests does not stall it.

/** `delayMs` is called before each turn, so that work can run less often while the core is busy. */
export function latest<A>(work: (argument: A) => Promise<void>, delayMs: () => number): (argument: A) => void {
  let waiting: { argument: A } | null = null;
  let taken = false;

  function take(): void {
    taken = true;
    setTimeout(turn, delayMs());
  }

  async function turn(): Promise<void> {
    const next = waiting;
    waiting = null;
    try {
      if (next) await work(next.argument);
    } finally {
      taken = false;
      if (waiting) take();
    }
  }

  return (argument) => {
    waiting = { argument };
    if (!taken) take();
  };
}
