// Detects when a page has been used for a while and is idle: less urgent work waits for that.

const TICK_MS = 5_000;
/** Visible, and touched at least once. */
const USED_MS = 60_000;
/** Since the last touch, with nothing going on. */
const RESTS_MS = 15_000;
const TOUCHES = ["pointerdown", "keydown", "wheel"] as const;

/** Does the work once, at that moment; returns the function that cancels it. */
export function whenRested(isBusy: () => boolean, work: () => void): () => void {
  let [used, rests, isTouched] = [0, 0, false];
  const touch = () => {
    isTouched = true;
    rests = 0;
  };
  const tick = () => {
    if (document.visibilityState !== "visible") return;
    used += TICK_MS;
    rests = isBusy() ? 0 : rests + TICK_MS;
    if (!isTouched || used < USED_MS || rests < RESTS_MS) return;
    end();
    work();
  };
  const timer = setInterval(tick, TICK_MS);
  for (const name of TOUCHES) addEventListener(name, touch, { capture: true, passive: true });
  const end = () => {
    clearInterval(timer);
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true });
  };
  return end;
}
