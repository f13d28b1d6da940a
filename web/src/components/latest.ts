// Work whose newest request alone matters (a text while it is typed, a slider while it is dragged, a model while it learns):
// waits a little, then runs one at a time, and skips what was overtaken. Requests that never pause do not hold it up.

/** `delayMs` is asked before each turn, so that work may come seldom while the core has better things to do. */
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
