// Questions from people's CSV: as spreadsheets of several countries write it, with columns in many names and languages. What is taken is what
// stands there; what is not clear is asked; what is no row is told by its line.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { csvTable, gives, read, readRows, rowsOf } from "./prompt-rows.mjs";
import { pageModule } from "./sources.mjs";

const { csvRecords } = await pageModule("labs/prompt/rows/csv.ts");
const { csvText } = await pageModule("labs/prompt/rows/csv-text.ts");
const { knownAs } = await pageModule("labs/prompt/rows/headers.ts");
const { oneLine } = await pageModule("labs/prompt/rows/table.ts");

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
