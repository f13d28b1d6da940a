// JSON as people's programs write it, read by lossless-json, so that a number keeps its text from the file: one value a line, a list, or an
// object around a list. Objects form a table; conversations and instructions are recognised by their form.
import { parse } from "lossless-json";
import { MAX_ROWS } from "../sets.ts";
import { type Fields, isChat, isFields, type Made, rowOfChat, rowOfInstruction } from "./forms.ts";
import { knownAs } from "./headers.ts";
import { beginning, type Cell, type Entry, plainTable, type Table, type Unfit } from "./table.ts";

export type JsonRead =
  | { kind: "table"; table: Table }
  | { kind: "set" }
  | { kind: "notJson" | "twice" | "cutShort"; line: number; column: number; value: string }
  | { kind: "severalLists"; names: string[] };

const SET = "tadpole prompt set";
/** That are read: more than there is room for, even where many of them are no rows. */
const MOST_ITEMS = 4 * MAX_ROWS;

/** null if the text does not begin like JSON. */
export function readJson(text: string): JsonRead | null {
  if (!/^\s*[[{]/.test(text)) return null;
  const whole = parsed(text);
  if ("value" in whole) return fromValue(whole.value);
  const lines = fromLines(text);
  const isBad = ({ bad }: Item) => bad !== null;
  const items = lines.some(isBad) ? (fromSequence(text) ?? lines) : lines;
  if (!items.every(isBad)) return { kind: "table", table: tableOf(items, "line") };
  const place = placeOf(text, whole.position);
  if (whole.twice !== null) return { kind: "twice", ...place, value: whole.twice };
  return { kind: place.value === "" ? "cutShort" : "notJson", ...place };
}

interface Item {
  at: number;
  value: unknown;
  bad: Unfit | null;
}

interface NoJson {
  position: number;
  /** A key that an object has twice. */
  twice: string | null;
  /** Whether there was a complete value followed by something else. */
  ended: boolean;
}

function parsed(text: string): { value: unknown } | NoJson {
  try {
    return { value: parse(text, null, (number) => number) };
  } catch (thrown) {
    // Too deep for the parser's own stack, or not JSON.
    const message = thrown instanceof SyntaxError ? thrown.message : "";
    return {
      position: Number(/at position (\d+)/.exec(message)?.[1] ?? 0),
      twice: /^Duplicate key '(.*)' enc/s.exec(message)?.[1] ?? null,
      ended: message.startsWith("Expected end of input"),
    };
  }
}

function placeOf(text: string, position: number): { line: number; column: number; value: string } {
  const before = text.slice(0, position).split(/\r\n|\r|\n/);
  const rest =
    text
      .slice(position)
      .trimStart()
      .split(/[\r\n]/)[0] ?? "";
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, value: beginning(rest) };
}

/** A value a line, also where a comma follows, or a list's own brackets stand alone. */
function fromLines(text: string): Item[] {
  const items: Item[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const plain = line.trim().replace(/,$/, "");
    if (plain === "" || plain === "[" || plain === "]") continue;
    if (items.length > MOST_ITEMS) break;
    const read = parsed(plain);
    if ("value" in read) items.push({ at: index + 1, value: read.value, bad: null });
    else {
      const bad: Unfit = read.twice === null ? { fault: "notJson", value: beginning(plain) } : { fault: "twice", value: read.twice };
      items.push({ at: index + 1, value: null, bad });
    }
  }
  return items;
}

/** Values over several lines, one after another; null if one is invalid. */
function fromSequence(text: string): Item[] | null {
  const items: Item[] = [];
  for (let [at, line] = [0, 1]; ; ) {
    const gap = /[\s,]*/y;
    gap.lastIndex = at;
    const skipped = gap.exec(text)?.[0] ?? "";
    line += lineBreaks(skipped);
    at += skipped.length;
    if (at >= text.length || items.length > MOST_ITEMS) return items;
    const rest = parsed(text.slice(at));
    if (!("value" in rest) && !rest.ended) return null;
    const end = "value" in rest ? text.length : at + rest.position;
    const one = "value" in rest ? rest : parsed(text.slice(at, end));
    if (!("value" in one)) return null;
    items.push({ at: line, value: one.value, bad: null });
    line += lineBreaks(text.slice(at, end));
    at = end;
  }
}

const lineBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

// ---------- a whole file ----------

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

function fromValue(value: unknown): JsonRead {
  if (isFields(value)) {
    if (value.format === SET) return { kind: "set" };
    const lists = listsIn(value);
    if (lists.length > 1) return { kind: "severalLists", names: lists.map(([name]) => name) };
    const found = lists[0]?.[1] ?? columnwise(value) ?? pairs(value) ?? [value];
    return { kind: "table", table: tableOf(numbered(found), "entry") };
  }
  const list = isList(value) ? value : [value];
  // Bare messages are one conversation.
  const found = isChat({ messages: list }) ? [{ messages: list }] : list;
  return { kind: "table", table: tableOf(numbered(found), "entry") };
}

const numbered = (list: readonly unknown[]): Item[] => list.map((value, index) => ({ at: index + 1, value: unwrapped(value), bad: null }));

/** A row of datasets-server stands in one of its own. */
const unwrapped = (value: unknown): unknown => (isFields(value) && isFields(value.row) ? value.row : value);

/** Usual keys of a list of rows; `features` of datasets-server is not one. */
const WRAPPERS = [
  "rows",
  "data",
  "items",
  "examples",
  "questions",
  "records",
  "instances",
  "samples",
  "entries",
  "results",
  "train",
  "test",
];

/** The lists of objects in an object, or in the only object that it holds; a conversation is none. */
function listsIn(value: Fields): [string, unknown[]][] {
  if (isChat(value)) return [];
  const lists = Object.entries(value).filter(
    (each): each is [string, unknown[]] => isList(each[1]) && each[1].some((item) => !isPlain(item)),
  );
  const known = lists.filter(([name]) => WRAPPERS.includes(name.toLowerCase()));
  if (lists.length > 0) return known.length === 1 ? known : lists;
  const [only, ...others] = Object.values(value).filter(isFields);
  return only && others.length === 0 && Object.keys(value).length === 1 ? listsIn(only) : [];
}

/** Columns as lists, or as objects keyed by row number, as pandas writes them. */
function columnwise(value: Fields): Fields[] | null {
  const columns = Object.entries(value);
  if (columns.length < 2) return null;
  const keys = columns.map(([, column]) => (isPlain(column) ? null : Object.keys(column as object)));
  const [first] = keys;
  const alike = keys.every((each) => each && first && each.length === first.length && each.every((key, at) => key === first[at]));
  if (!first || !alike || first.length === 0 || !columns.every(([, column]) => Object.values(column as object).every(isPlain))) return null;
  return first.map((key) => Object.fromEntries(columns.map(([name, column]) => [name, (column as Fields)[key]])));
}

/** Questions as keys and answers as values, where it is no row of its own. */
function pairs(value: Fields): unknown[][] | null {
  const all = Object.entries(value);
  if (all.length === 0 || !all.every(([, each]) => isPlain(each)) || all.some(([key]) => knownAs(key) !== null)) return null;
  return all;
}

// ---------- a table ----------

function tableOf(all: readonly Item[], unit: Table["unit"]): Table {
  const items = all.slice(0, MOST_ITEMS + 1);
  const [last] = items.slice(MOST_ITEMS);
  if (last) items[MOST_ITEMS] = { ...last, bad: { fault: "tooMany", value: String(MAX_ROWS) } };
  const good = items.filter(({ bad }) => bad === null);
  const made = formsOf(good);
  if (made) return { ...made, unit, entries: merged(items, made.entries) };
  const byName = good.filter(({ value }) => isFields(value)).length >= good.length / 2;
  const names = byName ? [...new Set(good.flatMap(({ value }) => (isFields(value) ? Object.keys(value) : [])))] : null;
  const entries = items.map((item) => entryOf(item, names));
  const widest = names ? names.length : entries.reduce((most, { cells }) => Math.max(most, cells.length), 1);
  return plainTable({ unit, entries, names, width: Math.max(1, widest) });
}

/** Objects with a recognised form. */
function formsOf(good: readonly Item[]): Table | null {
  for (const [shape, form] of [["chat", rowOfChat] as const, ["instruct", rowOfInstruction] as const]) {
    const made = good.map(({ value }) => (isFields(value) ? form(value, cellOf) : null));
    if (made.length === 0 || !made.every((each): each is Made => each !== null)) continue;
    const entries = made.map(({ question, answer }, index) => ({ at: good[index]?.at ?? 0, cells: [question, answer], bad: null }));
    const left = [...new Set(made.flatMap((each) => each.left))];
    return plainTable({
      entries,
      width: 2,
      names: ["question", "answer"],
      shape,
      left,
      shortened: made.filter((each) => each.shortened).length,
    });
  }
  return null;
}

/** With invalid values in their places. */
function merged(items: readonly Item[], entries: readonly Entry[]): Entry[] {
  const byPlace = new Map(entries.map((entry) => [entry.at, entry]));
  return items.map(({ at, bad }) => byPlace.get(at) ?? { at, cells: [], bad });
}

function entryOf({ at, value, bad }: Item, names: readonly string[] | null): Entry {
  const odd: Entry = { at, cells: [], bad: bad ?? { fault: "notObject", value: beginning(JSON.stringify(value) ?? "") } };
  if (bad) return odd;
  if (names)
    return isFields(value) ? { at, cells: names.map((name) => cellOf(Object.hasOwn(value, name) ? value[name] : null)), bad } : odd;
  if (isFields(value) || value === null) return odd;
  return { at, cells: (isList(value) ? value : [value]).map(cellOf), bad };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "object") return { fault: "nested", value: beginning(JSON.stringify(value)) };
  const text = String(value);
  const [half] = /\p{Surrogate}/u.exec(text) ?? [];
  return half === undefined ? text : { fault: "surrogate", value: `\\u${half.charCodeAt(0).toString(16)}` };
}
