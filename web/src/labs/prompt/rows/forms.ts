// Training data of chat models: conversations as OpenAI's `messages`, ShareGPT's `conversations` or Gemini's `contents`, and instructions
// as Alpaca's and Dolly's. From a conversation, the last question and the answer after it are used.
import type { Cell } from "./table.ts";

export type Fields = Record<string, unknown>;

export interface Made {
  question: Cell;
  answer: Cell;
  /** Keys other than those read. */
  left: string[];
  /** Whether a system text or earlier turns were left out. */
  shortened: boolean;
}

const LISTS = ["messages", "conversations", "conversation", "dialog", "dialogue", "turns", "contents"];
const ROLES: Record<string, "user" | "assistant"> = {
  user: "user",
  human: "user",
  prompter: "user",
  assistant: "assistant",
  gpt: "assistant",
  bot: "assistant",
  model: "assistant",
  chatgpt: "assistant",
};

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const roleIn = (turn: Fields): unknown => turn.role ?? turn.from;
const saidIn = (turn: Fields): unknown => turn.content ?? turn.value ?? turn.parts ?? null;

/** The key of the turns; undefined if it is not a conversation. */
function turnsKey(value: Fields): string | undefined {
  return LISTS.find((key) => {
    const turns = value[key];
    return Array.isArray(turns) && turns.length > 0 && turns.every((turn) => isFields(turn) && typeof roleIn(turn) === "string");
  });
}

export const isChat = (value: Fields): boolean => turnsKey(value) !== undefined;

export function rowOfChat(value: Fields, cellOf: (value: unknown) => Cell): Made | null {
  const key = turnsKey(value);
  if (key === undefined) return null;
  const turns = (value[key] as Fields[]).map((turn) => ({
    role: ROLES[String(roleIn(turn)).toLowerCase()] ?? "other",
    said: spoken(saidIn(turn)),
  }));
  const asked = turns.findLastIndex(({ role }) => role === "user");
  const answered = turns.findIndex(({ role, said }, at) => at > asked && role === "assistant" && said !== null);
  return {
    question: asked < 0 ? null : cellOf(turns[asked]?.said),
    answer: answered < 0 ? null : cellOf(turns[answered]?.said),
    left: Object.keys(value).filter((each) => each !== key),
    shortened: turns.length > 2,
  };
}

/** Parts that are all text become one text; others are unchanged, and refused later. */
function spoken(said: unknown): unknown {
  if (!Array.isArray(said)) return said;
  const texts = said.map((part) => (typeof part === "string" ? part : isFields(part) && typeof part.text === "string" ? part.text : null));
  return texts.every((text) => text !== null) ? texts.join("") : said;
}

const INPUTS = ["input", "context"];
const OUTPUTS = ["output", "response"];

/** The question is the instruction and, on a line of its own, the input if there is one. */
export function rowOfInstruction(value: Fields, cellOf: (value: unknown) => Cell): Made | null {
  const keys = Object.keys(value);
  const [input, output] = [INPUTS, OUTPUTS].map((names) => names.find((name) => Object.hasOwn(value, name)));
  if (!Object.hasOwn(value, "instruction") || input === undefined || output === undefined) return null;
  const [instruction, given] = [cellOf(value.instruction), cellOf(value[input])];
  return {
    question:
      typeof given === "string" && given.trim() !== "" && typeof instruction === "string"
        ? `${instruction}\n${given}`
        : (unfit(given) ?? instruction),
    answer: cellOf(value[output]),
    left: keys.filter((key) => key !== "instruction" && key !== input && key !== output),
    shortened: false,
  };
}

const unfit = (cell: Cell): Cell => (typeof cell === "string" ? null : cell);
