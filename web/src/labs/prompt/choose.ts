// A file with unknown columns: its first rows; the person says which column holds the questions, which the right answers, and whether the
// first line is a header. Also the lines that are not rows, each with its fault.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { choiceField, switchField } from "../../components/fields.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import { type Choosing, choose, chooseDelimiter, choosing, room, takeChosen } from "./files.ts";
import { type BadLine, beginning, type Cell, type Choice, rowsOf, type Table } from "./rows/table.ts";
import { MAX_TEXT } from "./sets.ts";
import { texts } from "./texts.ts";

/** The most bad lines listed one by one. */
const TOLD = 8;
/** The rows, and characters of a value, shown. */
const [ROWS, WIDTH] = [5, 80];
const NO_ANSWER = "none";

export function columnChoice() {
  const now = choosing.value;
  if (!now) return nothing;
  const mine = texts();
  const { rows, bad } = rowsOf(now.table, now.choice, room());
  return html`<section class="prompt-choose" data-testid="choose-columns" aria-labelledby="choose-title">
    <h3 id="choose-title" tabindex="-1">${fill(mine.choose, { name: now.name })}</h3>
    <p class="hint">${mine.chooseHint}</p>
    <div class="grid">${fields(now)}</div>
    ${sample(now)}
    ${badLines(bad)}
    <div class="row">
      ${action({ name: "take-columns", label: fill(mine.take, { n: whole(rows.length) }), able: rows.length > 0, act: takeChosen, primary: true })}
      ${action({ name: "cancel-columns", label: mine.cancel, act: () => (choosing.value = null) })}
    </div>
  </section>`;
}

function fields({ table, choice }: Choosing) {
  const mine = texts();
  const names = columnNames(table, choice);
  const columns = names.map((name, at) => [String(at), name] as const);
  return html`${
    table.delimiter === null
      ? nothing
      : choiceField({
          name: "choose-delimiter",
          label: mine.delimiter,
          value: table.delimiter,
          options: [...delimiters(table.delimiter)],
          change: (delimiter) => void chooseDelimiter(delimiter),
        })
  }
    ${choiceField({
      name: "choose-question",
      label: mine.question,
      value: String(choice.question),
      options: [...columns],
      change: (value) => choose({ question: Number(value) }),
    })}
    ${choiceField({
      name: "choose-answer",
      label: mine.answer,
      value: choice.answer === null ? NO_ANSWER : String(choice.answer),
      options: [...columns, [NO_ANSWER, mine.noAnswers] as const],
      change: (value) => choose({ answer: value === NO_ANSWER ? null : Number(value) }),
    })}
    ${
      table.names
        ? nothing
        : switchField({ name: "choose-header", label: mine.header, value: choice.header, change: (header) => choose({ header }) })
    }`;
}

/** The usual delimiters, and any other that the file itself names. */
function delimiters(now: string): [string, string][] {
  const known = Object.entries(texts().delimiters);
  const signs: Record<string, string> = { comma: ",", semicolon: ";", tab: "\t", bar: "|", wideComma: "，", wideSemicolon: "；", none: "" };
  const all = known.map(([name, label]): [string, string] => [signs[name] ?? "", label]);
  return all.some(([sign]) => sign === now) ? all : [...all, [now, now]];
}

function columnNames(table: Table, { header }: Choice): string[] {
  const { names } = table;
  const first = header ? table.entries[0]?.cells : undefined;
  return Array.from({ length: table.width }, (_, at) => {
    const name = names?.[at] ?? first?.[at];
    const n = whole(at + 1);
    return typeof name === "string" && name.trim() !== "" ? fill(texts().named, { n, name: short(name) }) : fill(texts().unnamed, { n });
  });
}

function sample({ table, choice }: Choosing) {
  const mine = texts();
  const shown = table.entries.slice(choice.header && !table.names ? 1 : 0).filter(({ bad }) => bad === null);
  const mark = (at: number) => (at === choice.question ? "asked" : at === choice.answer ? "answered" : "");
  const role: Record<string, string> = { asked: mine.question, answered: mine.answer, "": "" };
  return html`<div class="prompt-scroll" tabindex="0" role="group" aria-label=${t().table}>
    <table class="prompt-sample" data-testid="choose-sample">
      <thead>
        <tr>
          ${columnNames(table, choice).map((name, at) => html`<th scope="col" class=${mark(at)}>${name} <small>${role[mark(at)]}</small></th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.slice(0, ROWS).map(
          ({ cells }) =>
            html`<tr>
              ${Array.from({ length: table.width }, (_, at) => html`<td class=${mark(at)}>${cellText(cells[at])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const short = (text: string): string => beginning(text, WIDTH);
const cellText = (cell: Cell | undefined): string => (typeof cell === "string" ? short(cell) : (cell?.value ?? ""));

// ---------- what is wrong ----------

export function badLines(bad: readonly BadLine[]) {
  if (bad.length === 0) return nothing;
  const mine = texts();
  return html`<ul class="prompt-bad" data-testid="bad-lines" data-n=${bad.length}>
    ${bad.slice(0, TOLD).map((line) => html`<li>${fill(mine.badLine[line.unit], { n: whole(line.at), fault: faultText(line) })}</li>`)}
    ${bad.length > TOLD ? html`<li>${fill(mine.moreBad, { n: whole(bad.length - TOLD) })}</li>` : nothing}
  </ul>`;
}

function faultText({ fault, value }: BadLine): string {
  const text = texts().faults[fault];
  const values = {
    value: short(value.replace(/\s+/g, " ")),
    n: whole(value.length),
    most: whole(MAX_TEXT),
    lines: whole(lineCount(value)),
  };
  return fill(text, values);
}

const lineCount = (text: string): number => text.split(/\r\n|\r|\n/).length;
