// Reports an element's size in the frame after it changed: changing the layout inside the observer's callback can resize the element again,
// which browsers report as an error of the page.
// https://www.w3.org/TR/resize-observer/#deliver-resize-error

export function onResize(work: () => void): ResizeObserver {
  let frame = 0;
  return new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(work);
  });
}
