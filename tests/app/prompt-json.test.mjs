// Questions from people's JSON: as programs write it, and the training data of chat models. What is no text is told with its value.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gives, read, readRows, rowsOf } from "./prompt-rows.mjs";

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
