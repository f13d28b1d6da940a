// Text files in all kinds of encodings, in the page: UTF-8, or a file with a byte order mark, is read at once; for anything else the person
// is asked, with a preview of the lines. The core then gets UTF-8 without a byte order mark.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { openBrowser, PATIENCE, status, TINY } from "./browser.mjs";
import { pageModule } from "./sources.mjs";

const { kindOf } = await pageModule("reading/kinds.ts");

/** Bytes, or a text in an encoding that Node can write. */
const bytes = (text, encoding) => Buffer.from(text, encoding);
const file = (name, buffer) => ({ name, mimeType: "text/plain", buffer });
const utf16be = (text) => bytes(text, "utf16le").swap16();

/** The same sentence by hand, since Node cannot write these: "青蛙在池塘里。" in GBK, "かえるが池で。" in Shift-JIS and so on. */
const CJK = {
  gb18030: ["青蛙在池塘里唱歌，蝌蚪在水里游。", "c7e0cddcd4dab3d8ccc1c0efb3aab8e8a3acf2f2f2bdd4dacbaec0efd3cea1a3"],
  shift_jis: ["かえるが池でうたう。", "82a982a682e982aa927282c582a482bd82a48142"],
  "euc-jp": ["かえるが池でうたう。", "a4aba4a8a4eba4acc3d3a4c7a4a6a4bfa4a6a1a3"],
  "windows-1251": ["Лягушка поёт в пруду.", "cbffe3f3f8eae020efeeb8f220e220eff0f3e4f32e"],
  "windows-1252": ["Un café naïve – “déjà vu” für 5 €.", "556e20636166e9206e61ef76652096209364e96ae0207675942066fc72203520802e"],
};
const foreign = (name) => bytes(`${CJK[name][1]}0a`.repeat(20), "hex");

async function openTokens(context) {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "tokens" });
  await page.locator("main details > summary").first().click();
  const give = (name, buffer) => page.getByTestId("text-file-input").setInputFiles(file(name, buffer));
  return { page, give, text: page.getByTestId("text") };
}

test("each encoding is guessed from its own text, and read after a click", { timeout: 2 * PATIENCE }, async (context) => {
  const { page, give, text } = await openTokens(context);
  const before = await text.inputValue();
  for (const [name, [sentence]] of Object.entries(CJK)) {
    await give(`${name}.txt`, foreign(name));
    await page.getByTestId("encoding-preview").getByText(sentence).waitFor();
    assert.equal(await page.getByTestId("encoding").inputValue(), name);
    await page.getByTestId("take-encoding").click();
    await page.waitForFunction((start) => document.querySelector('[data-testid="text"]').value.startsWith(start), `${sentence}\n`);
    await page.locator(`[data-testid="read-as"][data-encoding="${name}"]`).waitFor();
  }
  assert.notEqual(await text.inputValue(), before);

  // UTF-16 without a mark, in either byte order; another encoding than the guess; and Escape, which changes nothing.
  for (const [encoding, written] of [
    ["utf-16le", bytes("The pond.\r\n", "utf16le")],
    ["utf-16be", utf16be("The pond.\r\n")],
  ]) {
    await give("pond.txt", written);
    await page.getByTestId("encoding-preview").getByText("The pond.").waitFor();
    assert.equal(await page.getByTestId("encoding").inputValue(), encoding);
    await page.getByTestId("take-encoding").click();
    await page.waitForFunction(() => document.querySelector('[data-testid="text"]').value === "The pond.\n");
  }
  await give("latin.txt", bytes("na\xefve caf\xe9", "latin1"));
  await page.getByTestId("encoding").selectOption("windows-1251");
  await page.getByTestId("encoding-preview").getByText("naпve cafй").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(await text.inputValue(), "The pond.\n");
  await give("latin.txt", bytes("na\xefve caf\xe9", "latin1"));
  await page.getByTestId("cancel-encoding").click();
  assert.equal(await text.inputValue(), "The pond.\n");

  // UTF-8 that was cut inside a character is still read as UTF-8, with a note.
  await give("cut.txt", bytes("青蛙在池塘里唱歌，蝌蚪在水里游。", "utf8").subarray(0, -1));
  await page.getByTestId("encoding-preview").getByText("蝌蚪在水里游\ufffd").waitFor();
  assert.equal(await page.getByTestId("encoding").inputValue(), "utf-8");
  await page.getByTestId("take-encoding").click();
  await page.getByTestId("read-as").getByText("broken characters (1)").waitFor();

  // A file that identifies its encoding causes no question.
  await give("mark.txt", bytes("\ufeffThe frog.", "utf8"));
  await page.waitForFunction(() => document.querySelector('[data-testid="text"]').value === "The frog.");
  assert.equal(await page.getByTestId("read-as").count(), 0);
  await give("mark.txt", Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be("青蛙")]));
  await page.locator('[data-testid="read-as"][data-encoding="utf-16be"]').waitFor();
  assert.equal(await text.inputValue(), "青蛙");

  // A file that is not text is refused by name, and nothing changes.
  for (const [name, buffer, words] of [
    ["wide.txt", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), "is text in UTF-32"],
    ["noise.txt", Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 89 + (at >> 3)) % 256)), "is not text: the byte at offset"],
    ["half.txt", Buffer.from([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8]), "is not UTF-16LE throughout"],
    ["book.epub", bytes("PK\x03\x04\x14\0mimetypeapplication/epub+zip", "latin1"), "is an EPUB book"],
    ["page.pdf", bytes("%PDF-1.4"), "is a PDF document (it begins with the bytes 25 50 44 46)"],
  ]) {
    await give(name, buffer);
    await page.getByRole("alert").getByText(words).waitFor();
    assert.equal(await text.inputValue(), "青蛙");
  }
});

test("a corpus is learnt as UTF-8, whatever its encoding, without a byte order mark", { timeout: 2 * PATIENCE }, async (context) => {
  const line = "The frog sings in the pond.\n";
  for (const [encoding, buffer] of [
    ["utf-8", bytes(`\ufeff${line.repeat(100)}`, "utf8")],
    ["utf-16be", utf16be(line.repeat(100))],
  ]) {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu", lang: "en", lab: "train", ...TINY, "tokenizer.kind": "char", corpus: "own" });
    await page.getByTestId("corpus-file-input").setInputFiles(file("pond.txt", buffer));
    if (encoding !== "utf-8") {
      await page.getByTestId("take-encoding").click();
      await page.locator(`[data-testid="read-as"][data-encoding="${encoding}"]`).waitFor();
    }
    await page.locator("option", { hasText: "pond.txt" }).waitFor({ state: "attached" });
    await page.getByTestId("start").click();
    await status(page, "done");
    assert.deepEqual(await vocabulary(page), new Set(line), encoding);
  }
});

/** The characters of the model's tokenizer, as the Tokens lab saves it. */
async function vocabulary(page) {
  await page.getByTestId("lab-tokens").click();
  await page.getByTestId("tokenizer").selectOption("model");
  await page.locator("main details > summary").first().click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator('[data-testid="save-tokenizer"]:not([disabled])').click(),
  ]);
  const { model } = JSON.parse(await readFile(await download.path(), "utf8"));
  return new Set(Object.keys(model.vocab));
}

test("a text that begins like another kind of file is still a text", () => {
  const none = new Uint8Array();
  for (const text of [
    "PK is short for player kill",
    "BZhang said",
    "ID3 is a tag",
    "GIF, PNG",
    '{"a": 1}',
    "MZ",
    "II*",
    "GGUF is a format",
  ])
    assert.equal(kindOf(Buffer.from(text), none), null, text);
  assert.equal(kindOf(Buffer.from("{\\rtf1\\ansi a}"), none).code, "fileIsDocument");
  assert.equal(kindOf(Buffer.from([24, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22]), none).name, "a safetensors file");
  assert.equal(kindOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), none).code, "fileIsSheet");
});

/** What a file of each kind that the core names (crates/workbench/src/foreign.rs) is to the page; the others are texts, or files of a tokenizer. */
const CODES = {
  GGUF: /^fileIsModel$/,
  PICKLE: /^fileIsModel$/,
  PACKED: /^fileIsArchive$/,
  DOCUMENT: /^fileIs(?:Document|Sheet)$/,
  PICTURE: /^fileIsOther$/,
};

test("what the core names by its first bytes, the page names too", async () => {
  const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
  const [core, page] = await Promise.all([read("crates/workbench/src/foreign.rs"), read("web/src/reading/kinds.ts")]);
  const bytesOf = (literal) =>
    literal.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, code, sign) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : sign.replace("0", "\0"),
    );
  const codes = new Map([...page.matchAll(/(\w+): \{ name: "[^"]+", code: "(\w+)" \}/g)].map(([, kind, code]) => [kind, code]));
  const known = [...page.matchAll(/\["((?:[^"\\]|\\.)+)", "(\w+)"(?:, (\d+))?\]/g)].map(([, begin, kind, at = "0"]) => ({
    begin: bytesOf(begin),
    code: codes.get(kind),
    at,
  }));
  const named = [...core.matchAll(/\((\d+), b"((?:[^"\\]|\\.)+)", ([A-Z]+)\)/g)].filter(([, , , kind]) => kind in CODES);
  assert.ok(known.length > 30 && named.length > 12, `${known.length} and ${named.length}`);
  for (const [entry, at, literal, kind] of named) {
    const begin = bytesOf(literal);
    const same = known.filter((each) => each.at === at && (each.begin.startsWith(begin) || begin.startsWith(each.begin)));
    assert.ok(same.length > 0, entry);
    for (const { code } of same) assert.match(code, CODES[kind], entry);
  }
});
