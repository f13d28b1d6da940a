// A person's own questions in the Prompt lab: examples that are changed, sets and rows as files, an answer that nobody knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { answered, downloaded, figures, file, openRaised, outputs, verdicts } from "./prompt.mjs";
import { pageModule } from "./sources.mjs";

const OWN = {
  template: "Q: {question}\nA:",
  shots: [
    { question: "What is 2+3+4?", answer: "The answer is 9.", steps: "2+3=5. 5+4=9. The answer is 9." },
    { question: "What is 5+5+1?", answer: "The answer is 11.", steps: "5+5=10. 10+1=11. The answer is 11." },
    { question: "What is 9+1+1?", answer: "The answer is 11.", steps: "9+1=10. 10+1=11. The answer is 11." },
  ],
  rows: [
    { question: "What is 7+8+9?", answer: "24" },
    { question: "What is 6+6+6?", answer: "18" },
  ],
};
const OWN_SETTINGS = {
  "ask.task": "own",
  "ask.set": JSON.stringify(OWN),
  "ask.columns": "direct:0,worked:2,triggered:0,own:1:Say%20%7Bquestion%7D",
};

const prompt = async (page) => (await page.locator('[data-testid="strip-text"] .tok').allTextContents()).join("");

test("examples are added, removed, and moved by keys and by dragging; the prompt follows", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { ...OWN_SETTINGS, "ask.open": "0:1" });
  await answered(page);
  assert.equal(await page.getByTestId("cell-0-1").getAttribute("data-verdict"), "right");
  await page.getByTestId("set-up").click();
  const questions = () =>
    page.locator('[data-testid^="shot-"][data-testid$="-question"]').evaluateAll((all) => all.map(({ value }) => value.slice(8, 11)));
  const follows = (first, second) =>
    page.waitForFunction(
      ([first, second]) => {
        const text = [...document.querySelectorAll('[data-testid="strip-text"] .tok')].map((chip) => chip.textContent).join("");
        return text.includes(first) && text.indexOf(first) < text.indexOf(second);
      },
      [first, second],
    );
  await follows("2+3", "5+5");

  // By keyboard: the focus follows the moved example, so the same key moves it on.
  await page.getByTestId("shot-0-down").focus();
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="shot-1-down"]:focus').waitFor();
  await follows("5+5", "2+3");
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="shot-2-down"]:focus').waitFor();
  assert.deepEqual(await questions(), ["5+5", "9+1", "2+3"]);
  await follows("5+5", "9+1");

  await page.getByTestId("shot-2-handle").dragTo(page.getByTestId("shot-0"));
  assert.deepEqual(await questions(), ["2+3", "5+5", "9+1"]);
  await follows("2+3", "5+5");

  await page.getByTestId("shot-0-remove").click();
  await follows("5+5", "9+1");
  await page.getByTestId("shot-add").click();
  await page.getByTestId("shot-2-question").fill("What is 1+1+1?");
  assert.deepEqual(await questions(), ["5+5", "9+1", "1+1"]);

  // The person's own template is used as written; a prompt that is too long is reported.
  await page.getByTestId("cell-0-3").click();
  await page.waitForFunction(() => document.querySelector('[data-testid="detail"]')?.getAttribute("data-column") === "3");
  await page.locator('[data-testid="strip-text"] .tok', { hasText: "ay" }).first().waitFor();
  assert.match(await prompt(page), /Say.*5\+5/);
  assert.equal(await page.getByTestId("row-tokens").getAttribute("data-fits"), "true");
  await page.getByTestId("row-question").fill("so ".repeat(400));
  await page.locator('[data-testid="row-tokens"][data-fits="false"]').waitFor();
  await page.getByTestId("too-long-3").waitFor();
  await page.getByTestId("remove-row").click();
  await page.locator('[data-testid="too-long-3"]').waitFor({ state: "detached" });
  await page.getByTestId("add-row").click();
  await page.locator('[data-testid="row-question"]:focus').waitFor();
});

test("a set goes out as a file and comes back; rows come from CSV and JSONL; what is wrong changes nothing", {
  timeout: 2 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, OWN_SETTINGS);
  await answered(page);
  await page.getByTestId("prompt-more").click();
  const give = (name, text) => page.getByTestId("prompt-file-input").setInputFiles(file(name, text));
  const rows = (count) => page.locator(`[data-testid="prompt-table"][data-rows="${count}"]`).waitFor();
  const notice = page.getByTestId("notice");
  const saved = await downloaded(page, "save-set");
  assert.deepEqual(
    JSON.parse(saved).set.rows.map(({ question }) => question),
    ["What is 7+8+9?", "What is 6+6+6?"],
  );

  // Answers in files match the table.
  const said = await outputs(page);
  const exported = JSON.parse(await downloaded(page, "export-json"));
  assert.deepEqual(
    exported.answers.map(({ output }) => output),
    said,
  );
  assert.equal(exported.columns[1].accuracy, (await figures(page, "score-1")).accuracy);
  const { csvRecords } = await pageModule("labs/prompt/rows/csv.ts");
  const records = csvRecords(await downloaded(page, "export-csv"), ",").map(({ cells }) => cells);
  assert.deepEqual(
    records.slice(1).map((cells) => cells[7]),
    said,
  );
  assert.equal(records[3][6], exported.answers[2].prompt);

  await give("more.csv", '\uFEFFquestion,answer\r\n"What is 1+2+3?",6\r\nno answer\r\n"<img src=x onerror=alert(1)>","7"\r\n');
  await rows(4);
  await notice.getByText("2 questions were added").waitFor();
  await page.getByTestId("bad-lines").getByText("Line 3: no answer to “no answer”.").waitFor();
  assert.equal(await page.locator(".prompt-table img").count(), 0);
  await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
  await notice.getByRole("button", { name: "Undo" }).click();
  await rows(2);
  await give("more.jsonl", '{"prompt": "What is 4+4+4?", "completion": "12"}\n');
  await rows(3);

  for (const [name, text, words] of [
    ["set.json", "{oops", "begins like JSON but is not valid"],
    ["set.json", saved.replace('"version": 1', '"version": 2'), "version in it is not what it should be"],
    ["set.json", saved.replace('"worked"', '"shouted"'), "columns[1].style"],
    ["set.json", saved.replace('"answer": "24"', '"answer": 24'), "rows[0].answer"],
    ["rows.csv", "a".repeat(2 ** 20 + 1), "the limit here is 1 MiB"],
    ["rows.csv", Buffer.from([0x61, 0x2c, 1, 0xff, 0xfe, 2, 0x80]), "is not text: the byte at offset 3 is 0xff"],
    ["rows.csv", "\n\n", "No question was taken"],
  ]) {
    await give(name, text);
    await notice.getByText(words).waitFor();
    await rows(3);
  }

  // Another set replaces it; a click restores the previous one.
  await give("set.json", saved);
  await rows(2);
  await notice.getByRole("button", { name: "Undo" }).click();
  await rows(3);

  // Drawn questions with an edit survive saving and loading.
  await page.getByTestId("ask-task").selectOption("facts");
  await rows(12);
  await page.getByTestId("open-2").click();
  await page.getByTestId("change-row").click();
  await page.getByTestId("row-answer").fill("a frog");
  await answered(page);
  const facts = await downloaded(page, "save-set");
  await page.getByTestId("row-restore").click();
  await page.getByTestId("ask-task").selectOption("labels");
  await give("facts.json", facts);
  await page.locator('[data-testid="row-2"]', { hasText: "a frog" }).waitFor();
  assert.equal(await page.getByTestId("ask-task").inputValue(), "facts");

  // Own rows start with the current ones, and earlier ones were kept.
  await page.getByTestId("ask-task").selectOption("own");
  await rows(3);
});

test("a question without a right answer is answered, but not counted", async (context) => {
  const browser = await openBrowser(context);
  const set = { ...OWN, rows: [...OWN.rows, { question: "What is 1+1+1?", answer: " " }] };
  const page = await openRaised(browser, { "ask.task": "own", "ask.set": JSON.stringify(set), "ask.columns": "worked:2" });
  await answered(page);
  assert.deepEqual(await verdicts(page, 0), ["right", "right", "unjudged"]);
  assert.equal((await figures(page, "score-0")).n, 2);
});
