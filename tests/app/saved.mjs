// The files that a figure's menu saves, and their contents.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

/** Opens the first menu within a place, saves these kinds of file, and closes it; returns by kind the file's name, bytes and text. */
export async function saved(place, kinds) {
  const page = place.page();
  const menu = place.locator("tp-figure-menu").first();
  await menu.getByTestId("save-figure").click();
  const files = {};
  for (const kind of kinds) {
    const [download] = await Promise.all([page.waitForEvent("download"), menu.getByTestId(`save-${kind}`).click()]);
    const bytes = await readFile(await download.path());
    files[kind] = { name: download.suggestedFilename(), bytes, text: bytes.toString("utf8") };
  }
  await menu.getByTestId("save-figure").click();
  return files;
}

/** The cells of a CSV, including quoted ones, without its header. */
export function csvRows(text) {
  return csvTable(text).slice(1);
}

export function csvTable(text) {
  assert.ok(text.endsWith("\r\n"));
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  rows.pop();
  assert.ok(
    rows.every((row) => row.length === rows[0].length),
    "every line has as many cells",
  );
  return rows;
}

/** Checks a picture's two forms: the SVG is XML with this title, and the PNG is the same at twice the size. */
export async function assertPicture(page, { svg, png }, title) {
  // The page's own policy forbids parsing text as HTML.
  const blank = await page.context().newPage();
  const parsed = await blank.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    return {
      name: root.nodeName,
      title: root.querySelector("title")?.textContent,
      words: [...root.querySelectorAll("text")].map((each) => each.textContent),
      size: [Number(root.getAttribute("width")), Number(root.getAttribute("height"))],
    };
  }, svg.text);
  await blank.close();
  assert.equal(parsed.name, "svg");
  assert.match(parsed.title, title);
  assert.doesNotMatch(svg.text, /var\(|NaN|undefined/);
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.deepEqual(
    [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)],
    parsed.size.map((side) => 2 * side),
  );
  assert.ok(png.bytes.length > 2_000, "a picture of nothing is smaller");
  return parsed;
}
