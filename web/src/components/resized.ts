// The size of an element, told in the frame after it changed: whoever lays out anew in the observer's own turn may change the size once more,
// which browsers report as an error of the page.
// https://www.w3.org/TR/resize-observer/#deliver-resize-error

export function onResize(work: () => void): ResizeObserver {
  let frame = 0;
  return new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(work);
  });
}
