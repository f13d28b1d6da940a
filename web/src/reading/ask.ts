// The dialog about a file's encoding: its lines in the likeliest encoding that fits its bytes, and all the others to choose from.
import { html } from "lit";
import "./reading.css";
import { ask } from "../components/dialog.ts";
import { choiceField } from "../components/fields.ts";
import { View } from "../components/view.ts";
import { failure } from "../corpus.ts";
import { fill, whole } from "../i18n/index.ts";
import { shownName } from "./encoding-names.ts";
import { type Candidate, candidates, ENCODINGS } from "./encodings.ts";
import type { Doubt } from "./kinds.ts";
import { texts } from "./texts.ts";

const LINES = 6;
const WIDTH = 200;

/** The encoding that the person chose; null if they cancelled. */
export async function askEncoding(name: string, bytes: Uint8Array, doubt: Doubt): Promise<string | null> {
  const all = candidates(bytes);
  if (all.length === 0) throw noText(name, doubt);
  const mine = texts();
  const choice = new EncodingChoice();
  choice.candidates = all;
  const answer = await ask(fill(mine.title, { name }), html`<p>${why(doubt)}</p>${choice}`, [
    { value: "take-encoding", label: mine.take },
    { value: "cancel-encoding", label: mine.cancel },
  ]);
  return answer === "take-encoding" ? choice.encoding : null;
}

function why(doubt: Doubt): string {
  const mine = texts();
  switch (doubt.kind) {
    case "notUtf8":
      return fill(mine.notUtf8, { offset: whole(doubt.offset), byte: doubt.byte });
    case "nuls":
      return fill(mine.nuls, { n: whole(doubt.n) });
    case "escapes":
      return mine.escapes;
  }
}

const noText = (name: string, doubt: Doubt) =>
  doubt.kind === "notUtf8"
    ? failure("fileNotText", { name, offset: String(doubt.offset), byte: doubt.byte })
    : failure("fileNotText", { name, offset: "0", byte: "0x00" });

class EncodingChoice extends View {
  static override properties = { candidates: { attribute: false }, encoding: { attribute: false } };
  declare candidates: readonly Candidate[];
  declare encoding: string;

  constructor() {
    super();
    Object.assign(this, { candidates: [], encoding: "" });
  }

  protected override willUpdate(): void {
    if (this.encoding === "") this.encoding = this.candidates[0]?.encoding ?? "";
  }

  protected override render() {
    const mine = texts();
    const scripts = new Map<string, keyof typeof mine.scripts>(ENCODINGS);
    const now = this.candidates.find(({ encoding }) => encoding === this.encoding);
    return html`${choiceField({
      name: "encoding",
      label: mine.encoding,
      value: this.encoding,
      options: this.candidates.map(({ encoding }) => [
        encoding,
        fill(mine.option, { script: mine.scripts[scripts.get(encoding) ?? "unicode"], encoding: shownName(encoding) }),
      ]),
      change: (encoding) => {
        this.encoding = encoding;
      },
    })}
      <pre class="preview" tabindex="0" aria-label=${mine.preview} data-testid="encoding-preview">${linesOf(now?.text ?? "")}</pre>`;
  }
}
customElements.define("tp-encoding-choice", EncodingChoice);

/** The first lines that differ between encodings: those with non-ASCII characters, if any. */
function linesOf(text: string): string {
  const lines = [...new Set(text.split(/\r\n|\r|\n/))].filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /[^\x20-\x7e\t]/.test(line));
  return (telling.length > 0 ? telling : lines)
    .slice(0, LINES)
    .map((line) => (line.length > WIDTH ? `${around(line)}…` : line))
    .join("\n");
}

function around(line: string): string {
  const at = Math.max(0, line.search(/[^\x20-\x7e\t]/) - WIDTH / 2);
  return `${at > 0 ? "…" : ""}${line.slice(at, at + WIDTH)}`;
}
