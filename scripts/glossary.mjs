// node scripts/glossary.mjs writes docs/GLOSSARY.md, the field's words in both languages, from web/src/glossary. tests/app/glossary.test.mjs
// compares them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runnerImport } from "vite";
import { main, root } from "./tools.mjs";

export const PAGE = join(root, "docs", "GLOSSARY.md");

const HEAD = `# Glossary 词汇

The field's words as the page uses them. On the page a word with a dotted line opens its sentence; the last column leads to the place that shows it.
网页上带点线的词可以点开；最后一栏通向看得到它的地方。

Made from \`web/src/glossary\` by \`node scripts/glossary.mjs\`.

| English | says | 中文 | 意思 | seen in |
|---|---|---|---|---|
`;

/** The page's text. */
export async function glossary() {
  const [en, zh] = await Promise.all(["en", "zh"].map(wordsOf));
  const rows = Object.entries(en)
    .sort(([, a], [, b]) => a.word.localeCompare(b.word, "en"))
    .map(([id, { word, says, at }]) => {
      const address = new URLSearchParams(at).toString().replaceAll("&", "&amp;");
      const cells = [`**${word}**`, says, `**${zh[id].word}**`, zh[id].says, `<a href="../#${address}">${at.lab}</a>`];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/_(?![^<]*>)/g, "\\_")).join(" | ")} |\n`;
    });
  return HEAD + rows.join("");
}

async function wordsOf(language) {
  const path = join(root, "web", "src", "glossary", `${language}.ts`);
  const { module } = await runnerImport(path, { configFile: false, logLevel: "error" });
  return module.words;
}

await main(import.meta.url, async () => writeFile(PAGE, await glossary()));
