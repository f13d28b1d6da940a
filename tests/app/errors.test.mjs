// The contract between the core's errors and the page's languages: every code has a text in each, and no text uses a detail that its error
// does not have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, coreErrors, LANGUAGES, pageModule, sources } from "./sources.mjs";

const { describe } = await pageModule("i18n/error-text.ts");
const core = (await Promise.all(["gpt", "tokenizer", "workbench", "session"].map(coreErrors))).flat();
const size = (bytes) => `${bytes} B`;

/** An error of this code whose details are numbers, which pass for any of them; its English is the core's. */
function example({ code, details }) {
  return { code, message: "untold", remedy: "Untold.", details: Object.fromEntries(details.map((name) => [name, "6"])) };
}

/** Those for whose details the page has words of its own, or that it tells itself. */
const PAGES_OWN = ["outOfRange", "corpusMissing", "fileDoesNotFit"];

test("the core's errors are read from its source", () => {
  assert.ok(core.length > 40, `${core.length} errors`);
  for (const { code, details } of core) assert.ok(details, `the details of ${code}`);
  assert.deepEqual(core.find(({ code }) => code === "notRepresentable").details, ["field", "value"]);
  assert.deepEqual(core.find(({ code }) => code === "outOfRange").details, ["field", "value", "min", "max"]);
});

for (const language of LANGUAGES.filter((each) => each !== "en")) {
  test(`every error of the core has its whole text, ${language}`, async () => {
    const texts = await catalogue(language);
    for (const error of core) {
      const { message, remedy } = describe(example(error), texts, size);
      for (const text of [message, remedy]) assert.doesNotMatch(text, /untold|[{}]|^$/i, error.code);
    }
  });
}

test("the core's English stands once, in the core, and is told as sentences", async () => {
  const texts = await catalogue("en");
  assert.deepEqual(
    core
      .map(({ code }) => code)
      .filter((code) => texts.errors[code])
      .sort(),
    PAGES_OWN.sort(),
  );
  const { message, remedy } = describe(example({ code: "noModel", details: [] }), texts, size);
  assert.deepEqual([message, remedy], ["Untold.", "Untold."]);
});

for (const language of LANGUAGES) {
  test(`every error of the page and the worker has a text, ${language}`, async () => {
    const { errors } = await catalogue(language);
    const typescript = (await sources("web/src", ".ts")).join("\n");
    const rust = [...(await sources("crates/js/src", ".rs")), ...(await sources("crates/wasm/src", ".rs"))].join("\n");
    const own = [
      ...typescript.matchAll(/(?:\{ code: |failure\(|#fail\()"(\w+)"/g),
      ...rust.matchAll(/"code", &"(\w+)"|\("(\w+)", "(?:reason|bytes)"/g),
    ].map((match) => match[1] ?? match[2]);
    assert.ok(own.length > 10);
    // One of the core's brings its English along.
    const isTold = (code) => errors[code] || (language === "en" && core.some((error) => error.code === code));
    for (const code of own) assert.ok(isTold(code), code);
  });
}

test("the tokenizer's reasons have Chinese texts", async () => {
  const { reasons } = await catalogue("zh");
  const rust = (await sources("crates/tokenizer/src", ".rs")).map((file) => file.split("#[cfg(test)]")[0]).join("\n");
  const given = /(?:(?:Err|ok_or)\((?:invalid\(|refuse\()?|reason: |let (?:reason|bad) = )\s*("(?:[^"\\]|\\.)+")/g;
  const said = [...rust.matchAll(given)].map((match) => JSON.parse(match[1]));
  assert.ok(said.length > 30, `${said.length} reasons`);
  assert.deepEqual(
    said.filter((reason) => !reasons[reason]),
    [],
  );
});

test("values are inserted into a text unchanged", async () => {
  const { fill } = await pageModule("i18n/text.ts");
  assert.equal(fill("{a} and {b}", { a: "{b}", b: "{en|zh}" }), "{b} and {en|zh}");
  assert.equal(fill("{a}{a} {toString} {none}", { a: "$&" }), "$&$& {toString} {none}");
  const counted = (n) => fill("{n} {n:token is|tokens are} left", { n });
  assert.deepEqual(["1", "0", "11", ""].map(counted), ["1 token is left", "0 tokens are left", "11 tokens are left", " tokens are left"]);
  assert.equal(fill("{n:one|more}", {}), "{n:one|more}");
});

test("braces in a detail do not change the language of an error", async () => {
  const details = { pattern: "({x}", offset: "4", reason: "a ( without its )" };
  const { message, remedy } = describe({ ...example({ code: "invalidPattern", details: [] }), details }, await catalogue("zh"), size);
  assert.equal(message, "正则表达式 ({x} 在第 4 个字节处有误：有 ( 而没有 )。");
  assert.match(remedy, /^请改正/);
});

test("a range names its setting as the form does, and its open end", async () => {
  const details = { field: "dropout", value: "1.5", min: "0", max: "below 1" };
  const tell = async (language) => describe({ ...example({ code: "outOfRange", details: [] }), details }, await catalogue(language), size);
  assert.equal((await tell("en")).message, "Dropout: 1.5 is outside 0 to 1 (exclusive).");
  assert.equal((await tell("zh")).message, "随机失活 (dropout)：1.5 不在 0 到 1 (不含) 的范围内。");
});

test("a setting that the core refuses has a name in every language", async () => {
  const { fieldName } = await pageModule("i18n/error-text.ts");
  const rust = [...(await sources("crates/gpt/src", ".rs")), ...(await sources("crates/session/src", ".rs"))].join("\n");
  const fields = [...rust.matchAll(/(?:within|range|refuse)\(\s*"(\w+)"/g)].map((match) => match[1]);
  assert.ok(fields.length > 30);
  for (const language of LANGUAGES) {
    const texts = await catalogue(language);
    for (const field of fields) assert.notEqual(fieldName(field, texts), field, field);
  }
});
