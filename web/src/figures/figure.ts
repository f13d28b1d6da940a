// A figure as it leaves the page: what its picture shows and what its numbers are, both whole without the page around them.
import type { HeatKind, Matrix } from "../components/heat-map.ts";

export interface Figure {
  /** Words of the file's name: the lab, what is shown, and at which step of the model. */
  file: (string | number)[];
  title: string;
  plot: Plot;
  /** None where the page hands out the numbers otherwise. */
  data: Data | null;
}

export type Cell = string | number | null;

/** A header and rows, which are made when they are written, since a large matrix has many. */
export interface Data {
  columns: string[];
  rows(): Iterable<Cell[]>;
}

export type Plot = HeatPlot | LinePlot | PointPlot | BarPlot | TablePlot;

/** What a side of a matrix counts, and what its places are called where they have names. */
export interface Side {
  label: string;
  names?: readonly string[];
}

/** One matrix, or several in rows of as many as `across`. */
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
  /** Of each value, within which the true one lies. */
  intervals?: readonly Interval[];
}

export type Interval = readonly [low: number, high: number];

/** Places in the unit square. */
export interface PointPlot {
  kind: "points";
  x: string;
  y: string;
  /** Two numbers a point. */
  places: ArrayLike<number>;
  hue(index: number): number;
  name(index: number): string;
  /** Whether it lies beyond the edge, where it is drawn. */
  isFar(index: number): boolean;
  marked: readonly number[];
}

/** Bars from 0, to either side; `behind` is an outline. */
export interface BarPlot {
  kind: "bars";
  x: string;
  behind?: string;
  bars: readonly { name: string; value: number; behind?: number; interval?: Interval; text: string }[];
}

/** Cells of text; a share colours its cell. */
export interface TablePlot {
  kind: "table";
  header: readonly string[];
  rows: readonly (readonly { text: string; share?: number }[])[];
}

/** A matrix as data: a line a row, named on either side. */
export function matrixData(matrix: Matrix, rows: Side, columns: Side): Data {
  return matricesData([{ own: [], matrix }], [], rows, columns);
}

/** Several matrices of one form under each other; what each is called stands before its rows. */
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
