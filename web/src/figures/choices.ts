// What a figure's menu offers once it is open: the kinds of file, and whether a picture carries its caption.
import { signal } from "@preact/signals-core";
import { html } from "lit";
import { download } from "../corpus.ts";
import { captionLines } from "./caption.ts";
import { aboutTexts } from "./caption-texts.ts";
import type { Figure } from "./figure.ts";
import { fileOf, type Kind } from "./save.ts";
import { texts } from "./texts.ts";

const PICTURES: readonly Kind[] = ["png", "svg"];
const DATA: readonly Kind[] = ["csv", "json"];

/** The menu that is open. */
interface Menu {
  figure: () => Figure | null;
  data: boolean;
  said: string;
}

/** For all figures of the page. */
const isCaptioned = signal(true);

export function choices(menu: Menu) {
  const kinds = menu.data ? [...PICTURES, ...DATA] : PICTURES;
  const turn = (event: Event) => {
    isCaptioned.value = (event.target as HTMLInputElement).checked;
  };
  return html`${kinds.map(
    (kind) => html`<button data-testid="save-${kind}" @click=${() => void save(menu, kind)}>${kind.toUpperCase()}</button>`,
  )}
    <label title=${captionLines().join("\n")}
      ><input type="checkbox" data-testid="save-caption" .checked=${isCaptioned.value} @change=${turn} /> ${aboutTexts().caption}</label
    >`;
}

async function save(menu: Menu, kind: Kind): Promise<void> {
  try {
    const figure = menu.figure();
    if (!figure) return;
    const { name, bytes } = await fileOf(figure, kind, isCaptioned.value ? captionLines() : []);
    download(name, bytes);
    menu.said = "";
  } catch {
    menu.said = texts().failed;
  }
}
