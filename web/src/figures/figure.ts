// A figure as a file: the contents of its picture and its numbers, both complete without the page.
import type { HeatKind, Matrix } from "../components/heat-map.ts";
import type { ScaleName } from "../components/scales.ts";
import type { SvgPen } from "./svg-pen.ts";

export interface Figure {
  /** Words of the file's name: the lab, what it shows, and the model's step. */
  file: (string | number)[];
  title: string;
  plot: Plot;
  /** Null if the page exports the numbers elsewhere. */
  data: Data | null;
}

export type Cell = string | number | null;

/** A header and rows; rows are made while writing, since a large matrix has many. */
export interface Data {
  columns: string[];
  rows(): Iterable<Cell[]>;
}

export type Plot = HeatPlot | LinePlot | PointPlot | BarPlot | TablePlot | DrawnPlot;

/** What a side of a matrix counts, and the names of its positions, if any. */
export interface Side {
  label: string;
  names?: readonly string[];
}

/** One matrix, or several, `across` in a row. */
export interface HeatPlot {
  kind: "heat";
  panels: { title: string; matrix: Matrix }[];
  across: number;
  heat: HeatKind;
  rows: Side;
  columns: Side;
}

export interface LinePlot {
  kind: "lines";
  x: string;
  y: string;
  at: readonly number[];
  curves: readonly Curve[];
  format(value: number): string;
}

export interface Curve {
  label: string;
  values: readonly (number | null)[];
  dashed: boolean;
  /** For each value, the interval of the true one. */
  intervals?: readonly Interval[];
}

export type Interval = readonly [low: number, high: number];

/** A class of points, and how many there are of it. */
export interface PointGroup {
  name: string;
  count: number;
}

/** Places in the unit square. */
export interface PointPlot {
  kind: "points";
  x: string;
  y: string;
  /** Two numbers a point. */
  places: ArrayLike<number>;
  /** A point's class, as an index of the classes. */
  group(index: number): number;
  groups: readonly PointGroup[];
  name(index: number): string;
  /** Whether it lies beyond the edge, where it is drawn. */
  isFar(index: number): boolean;
  marked: readonly number[];
  /** -1 for none. */
  picked: number;
}

/** Bars from 0, to either side; `behind` is an outline. */
export interface BarPlot {
  kind: "bars";
  x: string;
  behind?: string;
  /** What the bars say, if it has colours of its own. */
  scale?: ScaleName;
  bars: readonly { name: string; value: number; behind?: number; interval?: Interval; text: string }[];
}

/** A drawing of the page's own, by the pen that writes SVG. */
export interface DrawnPlot {
  kind: "drawn";
  /** What it shows, in words. */
  says: string;
  width: number;
  height: number;
  draw(pen: SvgPen): void;
}

/** Cells of text; a share colours its cell. */
export interface TablePlot {
  kind: "table";
  header: readonly string[];
  rows: readonly (readonly { text: string; share?: number }[])[];
}

/** A matrix as data: one line per row, with names on either side. */
export function matrixData(matrix: Matrix, rows: Side, columns: Side): Data {
  return matricesData([{ own: [], matrix }], [], rows, columns);
}

/** Several matrices of the same form, one below the other; each row begins with its matrix's name. */
export function matricesData(all: readonly { own: Cell[]; matrix: Matrix }[], names: string[], rows: Side, columns: Side): Data {
  const width = all[0]?.matrix.columns ?? 0;
  const named = (side: Side, at: number) => (side.names ? `${at} ${side.names[at] ?? ""}` : String(at));
  return {
    columns: [...names, rows.label, ...Array.from({ length: width }, (_, at) => named(columns, at))],
    *rows() {
      for (const { own, matrix } of all)
        for (let row = 0; row < matrix.rows; row += 1) {
          const numbers = Array.prototype.slice.call(matrix.values, row * width, (row + 1) * width) as number[];
          yield [...own, named(rows, row), ...numbers];
        }
    },
  };
}
