// Work whose newest request alone matters (a text while it is typed, a slider while it is dragged): waits a little,
// then runs one at a time, and skips what was overtaken. Requests that never pause do not hold it up.

export function latest<A>(work: (argument: A) => Promise<void>, delayMs: number): (argument: A) => void {
  let waiting: { argument: A } | null = null;
  let running = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    timer = undefined;
    if (running) return;
    running = true;
    while (waiting) {
      const { argument } = waiting;
      waiting = null;
      await work(argument);
    }
    running = false;
  }

  return (argument) => {
    waiting = { argument };
    if (timer === undefined) timer = setTimeout(run, delayMs);
  };
}
