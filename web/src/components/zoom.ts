// A square picture seen closer: its middle and how many times larger. Places are shares of the side, from 0 to 1.

export interface Zoom {
  x: number;
  y: number;
  times: number;
}

export const WHOLE: Zoom = { x: 0.5, y: 0.5, times: 1 };
const MOST = 16;

/** Where a place of the picture is seen, along one axis. */
export const seen = (place: number, middle: number, times: number): number => 0.5 + (place - middle) * times;

/** Never beyond the picture's edge. */
export function within({ x, y, times }: Zoom): Zoom {
  const size = Math.max(1, Math.min(MOST, times));
  const inside = (middle: number) => Math.max(0.5 / size, Math.min(1 - 0.5 / size, middle));
  return { x: inside(x), y: inside(y), times: size };
}

/** Closer or farther, with the place seen at `x`, `y` kept where it is. */
export function zoomed(zoom: Zoom, by: number, x = 0.5, y = 0.5): Zoom {
  const times = Math.max(1, Math.min(MOST, zoom.times * by));
  const keep = (middle: number, at: number) => middle + (at - 0.5) * (1 / zoom.times - 1 / times);
  return within({ x: keep(zoom.x, x), y: keep(zoom.y, y), times });
}
