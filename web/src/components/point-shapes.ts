// The shapes of classes of points, as SVG paths around the origin: canvases, legends and files draw the same ones.

type Corner = readonly [x: number, y: number];

const TURN = 2 * Math.PI;
const round = (value: number): number => Math.round(value * 100) / 100;

/** As large in area as a circle of radius 1, so that no class looks heavier. */
const SHAPES: readonly (readonly Corner[] | null)[] = [
  null,
  corners(4, 1.25, 1 / 8),
  corners(3, 1.55, 3 / 4),
  cross(1.35, 0),
  corners(4, 1.3, 0),
  corners(3, 1.55, 1 / 4),
  cross(1.35, 1 / 8),
];

function corners(count: number, reach: number, start: number): Corner[] {
  return Array.from({ length: count }, (_, at) => {
    const angle = TURN * (start + at / count);
    return [reach * Math.cos(angle), reach * Math.sin(angle)] as const;
  });
}

/** Two bars across each other. */
function cross(reach: number, turn: number): Corner[] {
  const thin = 0.45;
  const arm: Corner[] = [
    [thin, -thin],
    [reach, -thin],
    [reach, thin],
  ];
  return [0, 1, 2, 3].flatMap((quarter) => arm.map((corner) => turned(corner, quarter / 4 + turn)));
}

function turned([x, y]: Corner, share: number): Corner {
  const [cos, sin] = [Math.cos(TURN * share), Math.sin(TURN * share)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** The shape of a class at this size. */
export function shapePath(group: number, radius: number): string {
  const shape = SHAPES[group % SHAPES.length];
  if (!shape) return `M${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
  return `M${shape.map(([x, y]) => `${round(x * radius)} ${round(y * radius)}`).join("L")}z`;
}

/** The mark of the picked point: a ring with four ticks. */
export function pickedPath(radius: number): string {
  const [from, to] = [radius, 1.6 * radius];
  const ticks = `M${from} 0H${to}M${-from} 0H${-to}M0 ${from}V${to}M0 ${-from}V${-to}`;
  return `${shapePath(0, radius)}${ticks}`;
}
