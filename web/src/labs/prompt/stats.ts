// How sure a count of right answers is, and how sure the difference of two counts over the same questions is. Shares have Wilson's
// interval (1927), as the core's have; paired differences have Newcombe's (1998, Statistics in Medicine 17, 2635-2650, method 10).

const Z = 1.959964;

export interface Share {
  n: number;
  correct: number;
  accuracy: number;
  low: number;
  high: number;
}

/** Without answers nothing is known: the share can be anything. */
export function share(correct: number, n: number): Share {
  if (n === 0) return { n, correct, accuracy: 0, low: 0, high: 1 };
  const accuracy = correct / n;
  const scale = 1 + (Z * Z) / n;
  const middle = (accuracy + (Z * Z) / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((accuracy * (1 - accuracy)) / n + (Z * Z) / (4 * n * n));
  return { n, correct, accuracy, low: correct === 0 ? 0 : middle - half, high: correct === n ? 1 : middle + half };
}

/** Questions by which of the two ways answered them right. */
export interface Pairs {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  neither: number;
}

export interface Gain {
  n: number;
  /** Share of the second minus that of the first, -1 to 1. */
  gain: number;
  low: number;
  high: number;
}

export function gain(pairs: Pairs): Gain {
  const { both, onlyFirst, onlySecond, neither } = pairs;
  const n = both + onlyFirst + onlySecond + neither;
  if (n === 0) return { n, gain: 0, low: -1, high: 1 };
  const [first, second] = [share(both + onlyFirst, n), share(both + onlySecond, n)];
  const correlation = phi(pairs, n);
  const away = (up: number, down: number) => Math.sqrt(Math.max(0, up * up - 2 * correlation * up * down + down * down));
  const difference = second.accuracy - first.accuracy;
  return {
    n,
    gain: difference,
    low: difference - away(second.accuracy - second.low, first.high - first.accuracy),
    high: difference + away(second.high - second.accuracy, first.accuracy - first.low),
  };
}

/** The correlation of the two ways, corrected for continuity as in the paper. */
function phi({ both, onlyFirst, onlySecond, neither }: Pairs, n: number): number {
  const [a, b, c, d] = [both, onlyFirst, onlySecond, neither];
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  const excess = a * d - b * c;
  const corrected = excess > 0 ? Math.max(0, excess - n / 2) : excess;
  return margins === 0 ? 0 : corrected / Math.sqrt(margins);
}
