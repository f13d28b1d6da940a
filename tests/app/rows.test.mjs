// Questions from people's files: CSV as spreadsheets of several countries write it, JSON as programs do, training data of chat models. Rows
// are taken unchanged; ambiguous columns cause a question; invalid rows are reported by line. Then the same files in the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { violations } from "./axe.mjs";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { pageModule } from "./sources.mjs";

const { readRows, rowsOf, csvTable } = await pageModule("labs/prompt/rows/read.ts");
const { csvRecords } = await pageModule("labs/prompt/rows/csv.ts");
const { csvText } = await pageModule("labs/prompt/rows/csv-text.ts");
const { knownAs } = await pageModule("labs/prompt/rows/headers.ts");
const { oneLine } = await pageModule("labs/prompt/rows/table.ts");

/** Rows as [question, answer], the invalid lines as [line, fault], and whether no question is needed. */
function read(text) {
  const found = readRows(text);
  assert.equal(found.kind, "table", JSON.stringify(found));
  const { rows, bad } = rowsOf(found.table, found.choice);
  return {
    rows: rows.map(({ question, answer }) => [question, answer]),
    bad: bad.map(({ at, fault }) => [at, fault]),
    sure: found.isSure,
    table: found.table,
    choice: found.choice,
  };
}

function gives(text, rows, { sure = true, bad = [] } = {}) {
  const found = read(text);
  assert.deepEqual({ rows: found.rows, bad: found.bad, sure: found.sure }, { rows, bad, sure }, JSON.stringify(text));
  return found;
}

// ---------- CSV ----------

test("CSV as spreadsheets write it: the delimiter, Excel's own line, decimal commas, quotes", () => {
  gives("question;answer\r\nHauptstadt von Österreich?;Wien\r\n", [["Hauptstadt von Österreich?", "Wien"]]);
  gives("Frage;Antwort\r\n2+2=;4\r\n", [["2+2=", "4"]]);
  gives('question;answer\r\n2,5+2,5=;5,0\r\n"Say ""hi""; twice";hi hi\r\n', [
    ["2,5+2,5=", "5,0"],
    ['Say "hi"; twice', "hi hi"],
  ]);
  const decimals = [
    ["2,5+2,5=", "5,0"],
    ["1,5+1=", "2,5"],
    ["10-0,5=", "9,5"],
  ];
  for (const delimiter of [";", "\t", "|"])
    for (const end of ["\r\n", "\n", "\r"]) gives(decimals.map((row) => row.join(delimiter) + end).join(""), decimals, { sure: false });
  const said = [
    ["2+2=", "4"],
    ["Stadt an der Spree", "Berlin"],
  ];
  for (const first of ["sep=;", '"sep=;"', "SEP=;"]) gives(`${first}\r\nanswer;question\r\n4;2+2=\r\nBerlin;Stadt an der Spree\r\n`, said);
  // It overrides what most lines suggest.
  gives("sep=|\nquestion|answer\na,b|1,5\n", [["a,b", "1,5"]]);
  gives("question\tanswer\r\n2+2=\t4\r\n", [["2+2=", "4"]]);
  gives('question,answer\n"Line one\nline two","a ""b"""\n', [["Line one\nline two", 'a "b"']]);
  gives('question,answer\n"a;b",c\n', [["a;b", "c"]]);
  gives('question, answer\n"2+2=", "4"\n"Say hi, twice", "hi hi"\n', [
    ["2+2=", "4"],
    ["Say hi, twice", "hi hi"],
  ]);
  gives('"question" , "answer" \n" a " , b c \n', [[" a ", "b c"]]);
  gives("| Question | Answer |\n|---|:-:|\n| 2+2= | 4 |\n", [["2+2=", "4"]]);
  gives("问题，答案\n一加一？，二\n", [["一加一？", "二"]]);
  gives('question,answer\nof 6" pipe,"4, 5"\n', [['of 6" pipe', "4, 5"]]);
});

test("unknown columns cause a question, with a guess", () => {
  assert.deepEqual(
    gives(
      "id,text,label\n1,2+2=,4\n2,3+3=,6\n",
      [
        ["2+2=", "4"],
        ["3+3=", "6"],
      ],
      { sure: false },
    ).choice,
    {
      question: 1,
      answer: 2,
      header: true,
    },
  );
  gives(
    "cow;zib\n\npig;mol",
    [
      ["cow", "zib"],
      ["pig", "mol"],
    ],
    { sure: false },
  );
  gives(
    "term,definition\na,b\nc,d\n",
    [
      ["term", "definition"],
      ["a", "b"],
      ["c", "d"],
    ],
    { sure: false },
  );
  gives(
    "what,count\na,10\nb,12\n",
    [
      ["a", "10"],
      ["b", "12"],
    ],
    { sure: false },
  );
  gives(
    "a,,b\nc,,d\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
    { sure: false },
  );
  gives("question,answer,note\na,b,c\n", [["a", "b"]], { sure: false });
  gives(
    "Who?\nWhere, then?\nWhy?\n",
    [
      ["Who?", ""],
      ["Where, then?", ""],
      ["Why?", ""],
    ],
    { sure: false },
  );
  // Parsed again with the person's choice.
  assert.deepEqual(csvTable("a;b,c\n", ",").entries[0].cells, ["a;b", "c"]);
  assert.deepEqual(csvTable("a;b,c\n", "").entries[0].cells, ["a;b,c"]);
});

test("columns are known in the names and languages that people use", () => {
  const pairs = [
    ...["Question,Answer", "prompt,completion", "input,output", "text,label", "Instruction,Response", "question_text,correct_answer"],
    ...["source,target", "Input,Expected output", "query,ground_truth", "Frage,Antwort", "question,réponse", "pregunta,respuesta"],
    ...[
      "pergunta,resposta",
      "domanda,risposta",
      "вопрос,ответ",
      "soru,cevap",
      "質問,答え",
      "問題,正解",
      "질문,답변",
      "问题,答案",
      "提示词,回答",
      "題目,答覆",
    ],
  ];
  for (const pair of pairs) {
    const [question, answer] = pair.split(",");
    assert.deepEqual([knownAs(question), knownAs(answer)], ["question", "answer"], pair);
    gives(`\ufeff${answer},${question}\n4,2+2=\n`.slice(1), [["2+2=", "4"]]);
  }
  for (const name of ["id", "note", "name", "q1", "sum", "2+2=", "questionable", "unanswered", ""])
    assert.ok(!["question", "answer"].includes(knownAs(name)));
});

test("a bad line is reported and spoils no other", () => {
  const bad = read('a,1\nb\n,2\n"c"d,3\ne,4\n"open,5\nf,6\n');
  assert.deepEqual(bad.rows, [
    ["a", "1"],
    ["e", "4"],
    ["f", "6"],
  ]);
  assert.deepEqual(bad.bad, [
    [2, "noAnswer"],
    [3, "noQuestion"],
    [4, "afterQuote"],
    [6, "openQuote"],
  ]);
  // An unclosed quote ends neither at the next line's quote nor at the file's end; text after a closed quote spoils only its own record.
  gives(
    'a,1\nb,"x"y\n"c\nd",2\n"e\nf"g,3\nh,4\n"open,5\ni,6\n"x, y",7\n',
    [
      ["a", "1"],
      ["c\nd", "2"],
      ["h", "4"],
      ["i", "6"],
      ["x, y", "7"],
    ],
    {
      sure: false,
      bad: [
        [2, "afterQuote"],
        [5, "afterQuote"],
        [8, "afterQuote"],
      ],
    },
  );
  gives('question,answer\r\n"a\r\nb",1\r\n\r\nc\r\n"d\r\n', [["a\r\nb", "1"]], {
    bad: [
      [5, "noAnswer"],
      [6, "openQuote"],
    ],
  });
  const extra = readRows("question,answer\nSay hi, twice, hi hi\nok,1,\n");
  assert.deepEqual(rowsOf(extra.table, extra.choice).bad, [{ unit: "line", at: 2, fault: "extraCells", value: "hi hi" }]);
  gives("question,answer\n", []);
  gives("\n\n", []);
  const many = gives(`question,answer\n${"what,this\n".repeat(501)}`, Array(500).fill(["what", "this"]), { bad: [[502, "tooMany"]] });
  assert.equal(many.rows.length, 500);
  assert.equal(read(`question,answer\nq,${"a".repeat(4001)}`).bad[0][1], "tooLong");
  // However many lines are invalid, reading ends.
  const began = performance.now();
  read('"a\n'.repeat(200_000));
  read(`q,a\n${'"open,\n'.repeat(100_000)}`);
  assert.ok(performance.now() - began < 20_000, "a file of quotes is read in seconds");
});

/** Any text that a UTF-8 file can hold. */
const text = fc.string({ unit: "binary", maxLength: 12 });
const sign = fc.constantFrom('"', ",", ";", "\n", "\r\n", "\r", "\t", "|", "a", "猫", "🐸", " ", "=1+1", "<b>", "\u00a0", "sep=;");
const cell = fc.oneof(
  text,
  fc.array(sign, { maxLength: 6 }).map((parts) => parts.join("")),
);

test("anything written as CSV can be read again", () => {
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
  const full = table.filter((rows) => rows.every((row) => row.some((value) => value !== "")));
  fc.assert(
    fc.property(full, (rows) => {
      assert.deepEqual(
        csvRecords(csvText(rows), ",").map(({ cells, bad }) => [cells, bad]),
        rows.map((row) => [row, null]),
      );
    }),
    { numRuns: 500 },
  );
  // Other programs' delimiters and line ends, each value quoted or not, spaces before a quote.
  const style = fc.record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    end: fc.constantFrom("\n", "\r\n", "\r"),
    space: fc.constantFrom("", " "),
  });
  fc.assert(
    fc.property(full, style, (rows, { delimiter, end, space }) => {
      const quoted = (value) => (/[",;|\t\r\n]|^\s|\s$/.test(value) ? `${space}"${value.replaceAll('"', '""')}"${space}` : value);
      const written = rows.map((row) => row.map(quoted).join(delimiter)).join(end);
      assert.deepEqual(
        csvRecords(written, delimiter).map(({ cells }) => cells),
        rows,
      );
    }),
    { numRuns: 500 },
  );
});

test("questions and answers come back from the page's own CSV", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((value) => value.trim() !== "");
  const rows = fc.array(
    fc.record({
      question: fc.oneof(
        word,
        fc.tuple(word, word).map((lines) => lines.join("\n")),
      ),
      answer: word,
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(rows, (all) => {
      const [FIELDS, lines] = [["question", "answer"], all.map(({ question, answer }) => [question, answer])];
      const { table, choice, isSure } = readRows(csvText([FIELDS, ...lines]));
      assert.ok(isSure);
      assert.deepEqual(
        rowsOf(table, choice).rows,
        all.map(({ question, answer }) => ({ question, answer: oneLine(answer) })),
      );
    }),
  );
});

// ---------- JSON ----------

test("a number in JSON keeps its text", () => {
  gives(
    [
      '{"question":"123456789012345678+1=","answer":123456789012345679}',
      '{"question":"0.10*3=","answer":0.30}',
      '{"question":"10^21=","answer":1000000000000000000000}',
      '{"question":"7-7=","answer":0}',
      '{"question":"true?","answer":true}',
    ].join("\n"),
    [
      ["123456789012345678+1=", "123456789012345679"],
      ["0.10*3=", "0.30"],
      ["10^21=", "1000000000000000000000"],
      ["7-7=", "0"],
      ["true?", "true"],
    ],
  );
  const number = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,4})?$/);
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), fc.constantFrom("", "\n  "), (numbers, gap) => {
      const objects = numbers.map((value) => `{${gap}"question":"what?",${gap}"answer":${value}}`);
      for (const written of [objects.join("\n"), `[${gap}${objects.join(`,${gap}`)}]`, `{"data":[${objects.join()}]}`])
        assert.deepEqual(
          read(written).rows.map(([, answer]) => answer),
          numbers,
        );
    }),
  );
});

test("JSON as programs write it: lists, lines, wrapped, by columns", () => {
  const rows = [
    ["2+2=", "4"],
    ["3+3=", "6"],
  ];
  const objects = rows.map(([question, answer]) => ({ question, answer }));
  const line = objects.map((each) => JSON.stringify(each));
  gives(JSON.stringify(objects, null, 1), rows);
  gives(JSON.stringify(objects), rows);
  gives(line.join("\r\n"), rows);
  gives(`${line.join(",\n")}\n`, rows);
  gives(`[\n${line.join(",\n")},\n]\n`, rows);
  // One after another over several lines, as jq writes them.
  gives(objects.map((each) => `${JSON.stringify(each, null, 2)}\n`).join(""), rows);
  gives(JSON.stringify({ version: "1.0", data: objects }), rows);
  gives(
    JSON.stringify({ features: [{ name: "question" }], rows: objects.map((row, row_idx) => ({ row_idx, row, truncated_cells: [] })) }),
    rows,
  );
  gives(JSON.stringify({ question: rows.map(([q]) => q), answer: rows.map(([, a]) => a) }), rows);
  gives(JSON.stringify({ question: { 0: "2+2=", 1: "3+3=" }, answer: { 0: 4, 1: 6 } }), rows);
  gives(JSON.stringify(objects[0]), rows.slice(0, 1));
  gives(JSON.stringify([["question", "answer"], ...rows]), rows);
  gives(JSON.stringify(rows), rows, { sure: false });
  gives(
    JSON.stringify({ cow: "zib", pig: "mol" }),
    [
      ["cow", "zib"],
      ["pig", "mol"],
    ],
    { sure: false },
  );
  gives(JSON.stringify([{ id: 1, q: "a", gold: "b", x: null }]), [["a", "b"]], { sure: false });
  gives(
    "{x},1\n{y},2\n",
    [
      ["{x}", "1"],
      ["{y}", "2"],
    ],
    { sure: false },
  );
  assert.deepEqual(readRows('{"train":[{"a":1}],"test":[{"a":1}]}'), { kind: "severalLists", names: ["train", "test"] });
  assert.deepEqual(readRows('[\n {"question": "a",\n  oops}\n]'), { kind: "notJson", line: 3, column: 3, value: "oops}" });
  assert.equal(readRows('[{"a": 1}, {"a"').kind, "cutShort");
  assert.deepEqual(readRows('[{"a": 1, "a": 2}]'), { kind: "twice", line: 1, column: 12, value: "a" });
  assert.equal(readRows("<!DOCTYPE html><table>").kind, "markup");
  assert.equal(readRows("[".repeat(200_000)).kind, "notJson");
});

test("a JSON value that is not text is reported with its value", () => {
  const found = readRows(
    [
      '{"question":"a","answer":null}',
      '{"question":"a","answer":{"text":"x"}}',
      '{"question":"a","answer":false}',
      '{"question":"a","question":"b","answer":"c"}',
      '"text"',
      "{oops",
      '{"question":"\\ud83d half","answer":"x"}',
      '{"question":"\\ud83d\\udc38 whole","answer":"frog"}',
    ].join("\n"),
  );
  const { rows, bad } = rowsOf(found.table, found.choice);
  assert.deepEqual(
    rows.map(({ question, answer }) => [question, answer]),
    [
      ["a", "false"],
      ["🐸 whole", "frog"],
    ],
  );
  assert.deepEqual(
    bad.map(({ at, fault, value }) => [at, fault, value]),
    [
      [1, "noAnswer", "a"],
      [2, "nested", '{"text":"x"}'],
      [4, "twice", "question"],
      [5, "notObject", '"text"'],
      [6, "notJson", "{oops"],
      [7, "surrogate", "\\ud83d"],
    ],
  );
});

test("of a conversation the last question and its answer are taken, of an instruction its input too", () => {
  const chat = {
    messages: [
      { role: "user", content: "2+2=" },
      { role: "assistant", content: "4" },
    ],
  };
  assert.equal(gives(JSON.stringify(chat), [["2+2=", "4"]]).table.shortened, 0);
  gives(JSON.stringify(chat.messages), [["2+2=", "4"]]);
  const shared = {
    id: "x",
    conversations: [
      { from: "system", value: "Be short." },
      ...[1, 2].flatMap((n) => [
        { from: "human", value: `question ${n}` },
        { from: "gpt", value: `answer ${n}` },
      ]),
    ],
  };
  const { table } = gives(JSON.stringify([shared, shared]), Array(2).fill(["question 2", "answer 2"]));
  assert.deepEqual([table.shape, table.shortened, table.left], ["chat", 2, ["id"]]);
  gives(
    JSON.stringify({
      contents: [
        { role: "user", parts: [{ text: "hi" }] },
        { role: "model", parts: [{ text: "yo" }] },
      ],
    }),
    [["hi", "yo"]],
  );
  const image = {
    messages: [
      { role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] },
      { role: "assistant", content: "4" },
    ],
  };
  gives(JSON.stringify([image]), [], { bad: [[1, "nested"]] });
  gives(JSON.stringify([{ messages: [{ role: "user", content: "2+2=" }] }]), [], { bad: [[1, "noAnswer"]] });
  gives(JSON.stringify({ instruction: "Add.", input: "2+2=", output: "4" }), [["Add.\n2+2=", "4"]]);
  gives(JSON.stringify({ instruction: "Add 2 and 2.", input: "", output: 4 }), [["Add 2 and 2.", "4"]]);
  gives(JSON.stringify({ prompt: "2+2=", completion: " 4" }), [["2+2=", " 4"]]);
});

test("an answer of several lines is refused in every format; blank lines around one do not count", () => {
  gives(
    '{"question":"3+3=","answer":"6\\n#### 7"}\n{"question":"3+3=","answer":"\\n6\\r\\n"}\n{"question":"3+3=","answer":"6.0"}',
    [
      ["3+3=", "6"],
      ["3+3=", "6.0"],
    ],
    {
      bad: [[1, "manyLines"]],
    },
  );
  gives('question,answer\na,"1\n2"\nb,"\n2\n"\n', [["b", "2"]], { bad: [[2, "manyLines"]] });
});

// ---------- in the page ----------

const BASE = { device: "cpu", lang: "en", lab: "prompt", model: "tadpole-nano" };
const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });

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

test("everyday files give their own values; other files are refused by name, and change nothing", {
  timeout: 2 * PATIENCE,
}, async (context) => {
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
