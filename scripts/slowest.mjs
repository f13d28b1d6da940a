// A reporter for node --test: at the end the slowest tests, with their seconds, so that what grows slow is seen.
const SHOWN = 15;

export default async function* slowest(source) {
  const seen = [];
  for await (const { type, data } of source)
    if ((type === "test:pass" || type === "test:fail") && data.details.type !== "suite")
      seen.push({ name: data.name, seconds: data.details.duration_ms / 1000 });
  if (seen.length < 2 * SHOWN) return;
  seen.sort((a, b) => b.seconds - a.seconds);
  const all = seen.reduce((sum, { seconds }) => sum + seconds, 0);
  yield `the slowest of ${seen.length} tests, in seconds (all together ${all.toFixed(0)}):\n`;
  for (const { name, seconds } of seen.slice(0, SHOWN)) yield `${seconds.toFixed(1).padStart(7)}  ${name}\n`;
}
