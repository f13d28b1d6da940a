// The contract between the core's errors and the page's languages: every code of the core has a text in both, and no text
// asks for a detail that the core does not give.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const SOURCES = ["gpt", "tokenizer", "session"].map((room) => new URL(`../../crates/${room}/src/error.rs`, import.meta.url));
const LANGUAGES = ["en", "zh"];

const rust = (await Promise.all(SOURCES.map((source) => readFile(source, "utf8")))).join("\n");
const codes = [...rust.matchAll(/=> "([a-z][A-Za-z0-9]*)",/g)].map((match) => match[1]);
const details = new Set([...rust.matchAll(/\("([a-z][A-Za-z0-9]*)",/g)].map((match) => match[1]));

/** The texts of a language by code, read from its source. */
async function texts(language) {
  const source = await readFile(new URL(`../../web/src/i18n/${language}-errors.ts`, import.meta.url), "utf8");
  return new Map([...source.matchAll(/^ {2}(\w+): (\[[\s\S]*?\]),$/gm)].map((match) => [match[1], match[2]]));
}

for (const language of LANGUAGES) {
  test(`every error of the core has its words, ${language}`, async () => {
    const known = await texts(language);
    assert.ok(codes.length > 30);
    assert.deepEqual(
      codes.filter((code) => !known.has(code)),
      [],
    );
  });

  test(`no text of a core error asks for what the core does not tell, ${language}`, async () => {
    const known = await texts(language);
    const asked = codes.flatMap((code) => [...(known.get(code) ?? "").matchAll(/\{(\w+)\}/g)].map((match) => [code, match[1]]));
    assert.deepEqual(
      asked.filter(([, name]) => !details.has(name)),
      [],
    );
  });
}
