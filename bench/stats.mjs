// From measurements to rows: medians, the ratio of ours to the best peer, and the printed table.

const OURS = "tadpole";

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Rows of one comparison from [{ system, times, failure, note }]; only ours has a ratio, to the fastest peer's median. */
export function rows({ case: kind, shape, device }, unit, results) {
  const peers = results.filter((each) => each.system !== OURS && each.times.length > 0);
  const best = peers.length > 0 ? Math.min(...peers.map((each) => median(each.times))) : null;
  return results.map(({ system, times, failure, note }) => {
    const middle = times.length > 0 ? median(times) : null;
    return {
      case: kind,
      shape,
      device,
      system,
      unit,
      median: middle,
      min: middle === null ? null : Math.min(...times),
      max: middle === null ? null : Math.max(...times),
      ratio: system === OURS && middle !== null && best !== null ? middle / best : null,
      rounds: times.length,
      ...(failure ? { failure } : {}),
      ...(note ? { note } : {}),
    };
  });
}

/** Three significant digits, without an exponent. */
export function figure(value) {
  if (value === null) return "-";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const HEADINGS = ["case", "shape", "device", "system", "unit", "median", "min", "max", "ratio", "rounds", "remark"];
const NUMBERS = ["median", "min", "max", "ratio", "rounds"];

/** The rows as text in columns. */
export function table(rows) {
  const lines = rows.map((row) => [
    ...HEADINGS.slice(0, 5).map((key) => row[key]),
    ...["median", "min", "max", "ratio"].map((key) => figure(row[key])),
    String(row.rounds),
    row.failure ? `failed: ${row.failure}` : (row.note ?? ""),
  ]);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...lines.map((line) => line[i].length)));
  const pad = (cells) => cells.map((cell, i) => (NUMBERS.includes(HEADINGS[i]) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])));
  return [HEADINGS, ...lines].map((cells) => pad(cells).join("  ").trimEnd()).join("\n");
}
