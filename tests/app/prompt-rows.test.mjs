// Files with questions in the page: it asks where columns do not name themselves, takes what is said, and takes it back; an answer of several lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { file } from "./prompt.mjs";

const BASE = { device: "cpu", lang: "en", lab: "prompt", model: "tadpole-nano" };

/** The Prompt lab with a way to drop a file, and what it shows after. */
async function openLab(context, settings = {}) {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...BASE, ...settings });
  await page.getByTestId("prompt-more").click({ timeout: PATIENCE });
  const give = (name, content) => page.getByTestId("prompt-file-input").setInputFiles(file(name, content));
  const rows = (count) => page.locator(`[data-testid="prompt-table"][data-rows="${count}"]`).waitFor();
  const asked = () => page.locator('[data-testid^="row-"] td.asked').allTextContents();
  return { page, give, rows, asked, notice: page.getByTestId("notice") };
}

test("unknown columns: the page asks, follows the answer, and can undo it", {
  timeout: 2 * PATIENCE,
}, async (context) => {
  const { page, give, rows, asked, notice } = await openLab(context);
  await rows(12);
  await give("id-first.csv", "id,text,label\n1,2+2=,4\n2,3+3=,6\n");
  await page.locator("#choose-title:focus").waitFor();
  assert.deepEqual(await violations(page), []);
  await rows(12);
  assert.equal(await page.getByTestId("choose-question").inputValue(), "1");
  assert.equal(await page.getByTestId("choose-answer").inputValue(), "2");
  assert.ok(await page.getByTestId("choose-header").isChecked());
  await page.getByTestId("cancel-columns").click();
  await rows(12);
  assert.equal(await page.getByTestId("choose-columns").count(), 0);

  await give("id-first.csv", "id,text,label\n1,2+2=,4\n2,3+3=,6\n");
  await page.getByTestId("take-columns").click();
  await rows(2);
  assert.deepEqual(
    (await asked()).map((each) => each.trim()),
    ["2+2=", "4", "3+3=", "6"],
  );

  // A changed mind: the answers are the ids, the two columns swap, and the header becomes a row.
  await notice.getByRole("button", { name: "Choose the columns" }).click();
  await rows(12);
  await page.getByTestId("choose-question").selectOption("2");
  assert.equal(await page.getByTestId("choose-answer").inputValue(), "1");
  await page.getByTestId("choose-answer").selectOption("none");
  await page.getByTestId("choose-header").uncheck();
  await page.getByRole("button", { name: "Add 3 questions" }).click();
  await rows(3);
  assert.deepEqual(
    (await asked()).map((each) => each.trim()),
    ["label", "", "4", "", "6", ""],
  );
  await notice.getByRole("button", { name: "Undo" }).click();
  await rows(12);

  // Another delimiter than the guessed one.
  await give("notes.txt", "a;b,c\nd;e,f\n");
  await page.getByTestId("choose-delimiter").selectOption(",");
  await page.getByTestId("choose-sample").getByText("a;b").waitFor();
  await page.getByTestId("take-columns").click();
  await rows(2);
  assert.deepEqual(
    (await asked()).map((each) => each.trim()),
    ["a;b", "c", "d;e", "f"],
  );
  await give("one.csv", "question,answer\n2+2=,4\n");
  await notice.getByText("1 question was added from “one.csv”.").waitFor();
  await rows(3);
});

test("files of daily work give their own values; others are named, and change nothing", { timeout: 2 * PATIENCE }, async (context) => {
  const { page, give, rows, asked, notice } = await openLab(context);
  await rows(12);
  await give("big.jsonl", '{"question":"1+1=","answer":123456789012345679}\n{"question":"2+2=","answer":0.30}\n');
  await rows(2);
  assert.deepEqual(
    (await asked()).map((each) => each.trim()),
    ["1+1=", "123456789012345679", "2+2=", "0.30"],
  );
  const chat = {
    source: "x",
    messages: [
      { role: "system", content: "s" },
      { role: "user", content: "3+3=" },
      { role: "assistant", content: "6" },
    ],
  };
  await give("chat.json", JSON.stringify([chat]));
  await rows(3);
  await notice.getByText(/Of 1 conversation only the last question.*Left out: source\./).waitFor();
  await give("excel.csv", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Frage\tAntwort\r\n2,5+1=\t3,5\r\n", "utf16le")]));
  await rows(4);
  await page.locator('[data-testid="read-as"][data-encoding="utf-16le"]').waitFor();
  await give("lines.jsonl", '{"question":"a","answer":"1\\n2"}\n{"question":"b","answer":"\\n2"}\n');
  await rows(5);
  await page.getByTestId("bad-lines").getByText("Line 1: the answer has 2 lines").waitFor();

  for (const [name, content, words] of [
    [
      "rows.xlsx",
      Buffer.from("PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml", "latin1"),
      "is an Excel workbook (it begins with the bytes 50 4b 03 04)",
    ],
    [
      "rows.ods",
      Buffer.from("PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "latin1"),
      "is an OpenDocument spreadsheet",
    ],
    ["rows.docx", Buffer.from("PK\x03\x04\x14\0 word/document.xml", "latin1"), "is a Word document"],
    ["rows.zip", Buffer.from("PK\x03\x04\x14\0 rows.csv", "latin1"), "is a ZIP archive"],
    ["rows.pdf", "%PDF-1.7\n", "is a PDF document"],
    ["rows.csv.gz", Buffer.from([0x1f, 0x8b, 8, 0]), "is a gzip archive"],
    ["rows.png", Buffer.from("\x89PNG\r\n\x1a\n\0\0", "latin1"), "is an image"],
    ["rows.parquet", Buffer.from("PAR1\x15\0"), "is a Parquet table"],
    ["rows.csv", "<!doctype html><title>Sign in</title>", "is a web page or XML"],
    ["rows.json", "{oops", "line 1, character 2 has “oops”"],
    ["rows.json", '{"train": [{"a": 1}], "test": [{"a": 2}]}', "holds several lists: train, test"],
    ["rows.csv", "", "rows.csv is empty"],
    ["rows.csv", "\ufeff", "rows.csv is empty"],
    ["rows.csv", "a".repeat(2 ** 20 + 1), "has 1 MiB; the limit here is 1 MiB"],
  ]) {
    await give(name, content);
    await notice.getByText(words).waitFor();
    await rows(5);
  }
});

test("a typed answer of several lines is not judged, and the page says so", { timeout: 2 * PATIENCE }, async (context) => {
  const set = {
    template: "{question}",
    shots: [],
    rows: [
      { question: "3+3=", answer: "6\n#### 7" },
      { question: "3+3=", answer: "\n6\n" },
    ],
  };
  const { page } = await openLab(context, {
    "ask.task": "own",
    "ask.set": JSON.stringify(set),
    "ask.columns": "direct:0",
    "ask.open": "0:0",
  });
  const done = '[data-testid="ask-status"][data-asking="false"][data-missing="0"]:not([data-answered="0"])';
  await page.locator(done).waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByTestId("cell-0-0").getAttribute("data-verdict"), "unjudged");
  assert.notEqual(await page.getByTestId("cell-1-0").getAttribute("data-verdict"), "unjudged");
  assert.equal(await page.getByTestId("score-0").getAttribute("data-n"), "1");
  await page.getByTestId("many-lines").waitFor();
  await page.getByTestId("detail").getByText("not judged: the right answer has several lines").waitFor();
  // If what the model writes is made the right answer, it counts as right.
  const said = await page.getByTestId("cell-0-0").getAttribute("data-output");
  await page.getByTestId("row-answer").fill(`\n${said}\n\n`);
  await page.locator('[data-testid="cell-0-0"][data-verdict="right"]').waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByTestId("many-lines").count(), 0);
});
