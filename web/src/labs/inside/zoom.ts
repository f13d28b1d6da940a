// One level deeper or back as one movement, from or to the part that was clicked, where the browser can and motion is welcome.

export function zoomed(isInwards: boolean, change: () => void): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still || document.hidden || !("startViewTransition" in document)) change();
  else move(isInwards, change);
}

function move(isInwards: boolean, change: () => void): void {
  const root = document.documentElement;
  const box = document.activeElement?.closest(".way-door, .thumb")?.getBoundingClientRect();
  const around = document.querySelector(".zooms")?.getBoundingClientRect();
  if (box && around)
    root.style.setProperty(
      "--zoom-from",
      `${Math.round(box.left + box.width / 2 - around.left)}px ${Math.round(box.top + box.height / 2 - around.top)}px`,
    );
  root.dataset.zoom = isInwards ? "in" : "out";
  const movement = document.startViewTransition(async () => {
    change();
    // Lit renders in microtasks: the lab, then what is in it.
    for (let turn = 0; turn < 8; turn += 1) await null;
  });
  const over = () => delete root.dataset.zoom;
  movement.ready.catch(() => {});
  movement.updateCallbackDone.catch(() => {});
  movement.finished.then(over, over);
}
