// Usual names of the question and answer columns, in several languages.
import type { Cell, Choice, Table } from "./table.ts";

const ENGLISH = {
  question:
    /^(?:user|input|source|full)?(?:questions?|prompts?|inputs?|text|queries|query|instructions?|problems?|sentences?|source|src)(?:text)?$/,
  answer:
    /^(?:correct|right|final|expected|reference|gold|golden|ideal|model|target|true)?(?:answers?|outputs?|completions?|labels?|responses?|expected|targets?|repl(?:y|ies)|solutions?|groundtruth|gold|ideal|tgt)(?:text)?$/,
};

const OTHERS = {
  question: [
    ...["frage", "fragen", "aufgabe", "eingabe", "anweisung", "énoncé", "entrée", "invite", "pregunta", "preguntas", "entrada", "consigna"],
    ...[
      "pergunta",
      "perguntas",
      "domanda",
      "domande",
      "vraag",
      "vragen",
      "pytanie",
      "вопрос",
      "вопросы",
      "запрос",
      "питання",
      "soru",
      "fråga",
    ],
    ...["spørgsmål", "spørsmål", "kysymys", "otázka", "kérdés", "întrebare", "ερώτηση", "сұрақ", "câuhỏi", "pertanyaan", "soalan", "คำถาม"],
    ...["质問", "質問", "問い", "問題", "問", "入力", "プロンプト", "指示", "질문", "문제", "입력", "지시"],
    ...["问题", "提问", "题目", "题", "问", "提示", "提示词", "输入", "指令", "题干", "題目", "提問", "提示詞", "輸入"],
    ...["سؤال", "السؤال", "שאלה", "प्रश्न", "सवाल"],
  ],
  answer: [
    ...["antwort", "antworten", "lösung", "ausgabe", "erwartet", "réponse", "réponses", "sortie", "attendu", "respuesta", "respuestas"],
    ...["salida", "solución", "etiqueta", "resposta", "respostas", "saída", "risposta", "risposte", "uscita", "antwoord", "antwoorden"],
    ...[
      "odpowiedź",
      "ответ",
      "ответы",
      "метка",
      "відповідь",
      "cevap",
      "yanıt",
      "svar",
      "vastaus",
      "odpověď",
      "odpoveď",
      "válasz",
      "răspuns",
    ],
    ...["απάντηση", "жауап", "câutrảlời", "trảlời", "đápán", "jawaban", "jawapan", "คำตอบ"],
    ...["答え", "回答", "解答", "出力", "正解", "ラベル", "応答", "답", "답변", "정답", "출력", "응답"],
    ...[
      "答案",
      "正确答案",
      "参考答案",
      "标准答案",
      "标签",
      "输出",
      "答",
      "期望",
      "期望输出",
      "回复",
      "答覆",
      "回覆",
      "正確答案",
      "標籤",
      "輸出",
    ],
    ...["جواب", "الجواب", "إجابة", "الإجابة", "תשובה", "उत्तर", "जवाब"],
  ],
};

/** Columns that number their lines. */
const NUMBERS = /^(?:id|idx|index|no|nr|num|number|row|rowidx|line|#|编号|序号|番号|번호|lfdnr)$/;

export type Known = "question" | "answer" | "number" | null;

export function knownAs(name: Cell | undefined): Known {
  if (typeof name !== "string") return null;
  const plain = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\(.*\)$/, "")
    .replace(/[\s_\-:?.*]+/g, "");
  if (NUMBERS.test(plain)) return "number";
  for (const kind of ["question", "answer"] as const) if (ENGLISH[kind].test(plain) || OTHERS[kind].includes(plain)) return kind;
  return null;
}

/** The only columns with these names; null if one is missing or not unique. */
function named(names: readonly Cell[]): { question: number; answer: number } | null {
  const kinds = names.map(knownAs);
  const [question, answer] = (["question", "answer"] as const).map((kind) => kinds.indexOf(kind));
  if (question === undefined || answer === undefined || question < 0 || answer < 0) return null;
  return kinds.lastIndexOf("question") === question && kinds.lastIndexOf("answer") === answer ? { question, answer } : null;
}

export const namesBoth = (names: readonly Cell[]): boolean => named(names) !== null;

const firstCells = ({ names, entries }: Table): readonly Cell[] => names ?? entries[0]?.cells ?? [];

/** Without asking the person: two columns with known names, or a known form. */
export function sureChoice(table: Table): Choice | null {
  if (table.shape) return { question: 0, answer: 1, header: true };
  const both = named(firstCells(table));
  return both && table.width === 2 ? { ...both, header: true } : null;
}

/** The first suggestion to the person. */
export function likelyChoice(table: Table): Choice {
  const first = firstCells(table);
  const header = table.names !== null || looksLikeHeader(table);
  const kinds = Array.from({ length: table.width }, (_, at) => (header ? knownAs(first[at]) : null));
  const free = kinds.flatMap((kind, at) => (kind === "number" || (kind === null && isIdle(table, at, header)) ? [] : [at]));
  const question = kinds.includes("question") ? kinds.indexOf("question") : (free.find((at) => kinds[at] !== "answer") ?? 0);
  const rest = free.filter((at) => at !== question);
  const answer = kinds.includes("answer") ? kinds.indexOf("answer") : (rest.find((at) => at > question) ?? rest[0] ?? null);
  return { question, answer, header };
}

/** It has a known name, or no number where every other line has one. */
function looksLikeHeader({ entries, width }: Table): boolean {
  const [first, ...others] = entries.filter(({ bad }) => bad === null);
  if (!first || others.length === 0 || first.cells.some((cell) => cell === null || cell === "")) return false;
  if (first.cells.some((cell) => knownAs(cell) !== null)) return true;
  if (others.length < 2) return false;
  return Array.from({ length: width }, (_, at) => at).some(
    (at) => !isNumber(first.cells[at]) && others.every(({ cells }) => isNumber(cells[at])),
  );
}

const isNumber = (cell: Cell | undefined): boolean => typeof cell === "string" && /^[-+]?\d+(?:[.,]\d+)*$/.test(cell.trim());

/** Whether a column is empty, or counts 0, 1, 2 or 1, 2, 3 and so on, and there are more than two columns. */
function isIdle({ entries, width, names }: Table, at: number, header: boolean): boolean {
  const cells = entries.slice(header && !names ? 1 : 0).flatMap(({ bad, cells }) => (bad ? [] : [cells[at] ?? ""]));
  const start = Number(cells[0]);
  const counts = cells.length > 1 && (start === 0 || start === 1) && cells.every((cell, index) => Number(cell) === start + index);
  return width > 2 && (counts || cells.every((cell) => cell === ""));
}
