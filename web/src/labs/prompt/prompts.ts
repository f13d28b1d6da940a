// The parts of a prompt: questions with their right answers, examples before them, and columns, each of which combines both in its own way.
// Pure functions on texts.
import type { Case } from "../../worker/protocol.ts";

export interface Shot {
  question: string;
  answer: string;
  /** The answer in steps; empty if there is none. */
  steps: string;
}

export interface Row {
  question: string;
  answer: string;
  /** Examples of its own; null to use the set's. */
  shots: readonly Shot[] | null;
}

/** Rows, and the examples for rows without their own. */
export interface PromptSet {
  /** Where the question is inserted; the answer follows. */
  template: string;
  shots: readonly Shot[];
  rows: readonly Row[];
}

export const STYLES = ["direct", "worked", "triggered", "own"] as const;
export type Style = (typeof STYLES)[number];

export interface Column {
  style: Style;
  shots: number;
  /** Of the style `own`; empty for others. */
  template: string;
}

export const MAX_SHOTS = 8;
export const MAX_COLUMNS = 8;
export const PLACEHOLDER = "{question}";
export const TRIGGERS = { en: "Let's think step by step.", zh: "让我们一步一步地思考。" };

// ---------- a cell's prompt ----------

/** No space follows a full-width sign. */
const gap = (text: string): string => (/[\s：。？！，]$/.test(text) ? "" : " ");
const joined = (...parts: string[]): string => parts.filter((part) => part !== "").reduce((text, part) => text + gap(text) + part);

export function promptOf(set: PromptSet, row: Row, column: Column, trigger: string): string {
  const template = column.style === "own" ? column.template : set.template;
  const lead = (question: string) => {
    const asked = template.replaceAll(PLACEHOLDER, () => question);
    return column.style === "triggered" ? joined(asked, trigger) : asked;
  };
  const inSteps = column.style === "worked" || column.style === "triggered";
  const shown = (row.shots ?? set.shots).slice(0, column.shots);
  const lines = shown.map(({ question, answer, steps }) => `${joined(lead(question), (inSteps && steps) || answer)}\n`);
  return lines.join("") + lead(row.question);
}

// ---------- columns as text, for the address ----------

export function columnsText(columns: readonly Column[]): string {
  return columns
    .map(({ style, shots, template }) => [style, shots, ...(style === "own" ? [encodeURIComponent(template)] : [])].join(":"))
    .join();
}

/** Invalid columns are left out: an address may hold anything. */
export function columnsOf(text: string): Column[] {
  return text
    .split(",")
    .map(columnOf)
    .filter((column) => column !== null)
    .slice(0, MAX_COLUMNS);
}

function columnOf(text: string): Column | null {
  const [style, shots = "", template = ""] = text.split(":");
  const known = STYLES.find((each) => each === style);
  const count = Number(shots);
  if (!known || !Number.isInteger(count) || count < 0 || count > MAX_SHOTS) return null;
  return { style: known, shots: count, template: known === "own" ? decoded(template) : "" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return PLACEHOLDER;
  }
}

// ---------- questions that the core drew ----------

const ARROW = / ->(?: |$)/;
const ANSWER = /^(?:A:|答：)/;

/** Questions drawn after examples, taken apart. `worked` are the same questions with examples answered in steps. */
export function takeApart(cases: readonly Case[], worked: readonly Case[] | null): PromptSet {
  const read = cases.map(({ prompt }) => blocks(prompt));
  const stepwise = worked?.map(({ prompt }) => blocks(prompt));
  const form = formOf(read.flat());
  const rows = cases.map(({ answer }, at) => {
    const all = (read[at] ?? []).map((block) => form.take(block));
    const question = all.pop()?.question ?? "";
    const steps = (stepwise?.[at] ?? []).map((block) => form.take(block).answer);
    return { question, answer, shots: all.map((shot, index) => ({ ...shot, steps: steps[index] ?? "" })) };
  });
  return { template: form.template, shots: [], rows };
}

/** An example ends with its answer, the question with an empty place for one. */
function blocks(prompt: string): string[][] {
  const found: string[][] = [];
  let block: string[] = [];
  for (const line of prompt.split("\n")) {
    block.push(line);
    if (ARROW.test(line) || ANSWER.test(line)) {
      found.push(block);
      block = [];
    }
  }
  return found;
}

interface Form {
  template: string;
  take(block: string[]): { question: string; answer: string };
}

/** The template holds what all of them share; text before a question, such as a passage, belongs to the question. */
function formOf(all: readonly string[][]): Form {
  if (all.every((block) => block.length === 1)) return { template: `${PLACEHOLDER} ->`, take: ([line = ""]) => cut(line, ARROW, " ->") };
  const chinese = all.some((block) => block.at(-1)?.startsWith("答：") ?? false);
  const [ask, reply] = chinese ? ["问：", "答："] : ["Q: ", "A:"];
  const alone = all.every((block) => block.length === 2 && block[0]?.startsWith(ask));
  return {
    template: `${alone ? ask : ""}${PLACEHOLDER}\n${reply}`,
    take: (block) => {
      const question = block.slice(0, -1).join("\n");
      return { question: alone ? question.slice(ask.length) : question, answer: (block.at(-1) ?? "").slice(reply.length).trimStart() };
    },
  };
}

function cut(line: string, mark: RegExp, text: string): { question: string; answer: string } {
  const at = line.search(mark);
  return { question: line.slice(0, at), answer: line.slice(at + text.length).trimStart() };
}
