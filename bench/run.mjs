// npm run bench: Tadpole and its peers in one headless Chromium, or with --native beside JAX. Prints a table; progress goes to stderr.
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { duration, main } from "../scripts/tools.mjs";
import { CASES, comparisons, DEVICES, SHAPES, SYSTEMS } from "./cases.mjs";
import { compare } from "./compare.mjs";
import { adapterName, openBrowser } from "./driver.mjs";
import { compareNatively } from "./native/compare.mjs";
import { nativeVersions } from "./native/python.mjs";
import { HELP, readOptions } from "./options.mjs";
import { setUp, versions } from "./setup.mjs";
import { table } from "./stats.mjs";

async function bench() {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  if (options.list) return console.log(list());
  const started = performance.now();
  const { heading, rows } = await (options.native ? measureNatively(options) : measureInBrowser(options));
  console.log(`${heading}\n\n${table(rows)}`);
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  console.error(`done in ${duration(performance.now() - started)}`);
}

async function measureInBrowser(options) {
  await setUp();
  const browser = await openBrowser();
  try {
    const adapter = await adapterName(browser.page);
    const about = `${new Date().toISOString()}, Chromium ${browser.version}, WebGPU adapter: ${adapter}`;
    const heading = `${about}\n${(await versions()).join(", ")}`;
    console.error(heading);
    return { heading, rows: await measureAll(browser.page, options) };
  } finally {
    await browser.close();
  }
}

async function measureNatively(options) {
  const heading = `${new Date().toISOString()}, ${cpus()[0].model}\n${(await nativeVersions()).join(", ")}`;
  console.error(heading);
  return { heading, rows: await compareNatively(options, (text) => console.error(text)) };
}

async function measureAll(page, options) {
  const rows = [];
  for (const comparison of comparisons(options)) {
    const { case: kind, shape, device } = comparison;
    const say = (text) => console.error(`[${kind} ${shape} ${device}] ${text}`);
    rows.push(...(await compare(page, comparison, options, say)));
  }
  return rows;
}

function list() {
  const sizes = (shape) =>
    Object.entries(shape)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  return [
    "cases:",
    ...Object.entries(CASES).map(([name, { unit, what }]) => `  ${name}: ${what} (${unit})`),
    "shapes:",
    ...Object.entries(SHAPES).map(([name, shape]) => `  ${name}: ${sizes(shape)}`),
    `devices: ${DEVICES.join(", ")}`,
    "systems:",
    ...SYSTEMS.map(
      ({ name, cases }) =>
        `  ${name}: ${Object.entries(cases)
          .map(([kind, devices]) => `${kind} on ${devices.join(" and ")}`)
          .join("; ")}`,
    ),
  ].join("\n");
}

await main(import.meta.url, bench);
