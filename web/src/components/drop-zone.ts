// A place to drop files on, and a button that opens the file picker for those who do not drag.
import { html } from "lit";
import { newId, View } from "./view.ts";

export class DropZone extends View {
  static override properties = {
    label: { attribute: false },
    accept: { attribute: false },
    multiple: { attribute: false },
    name: { attribute: false },
    over: { state: true },
  };
  declare label: string;
  declare accept: string;
  declare multiple: boolean;
  declare name: string;
  declare over: boolean;
  readonly #id = newId();

  constructor() {
    super();
    Object.assign(this, { label: "", accept: "", multiple: false, name: "file", over: false });
  }

  protected override render() {
    return html`<div
      class="drop ${this.over ? "over" : ""}"
      @dragover=${this.#drag}
      @dragleave=${() => {
        this.over = false;
      }}
      @drop=${this.#drop}
    >
      <input
        class="visually-hidden"
        type="file"
        id=${this.#id}
        data-testid="${this.name}-input"
        accept=${this.accept}
        ?multiple=${this.multiple}
        @change=${this.#pick}
      />
      <label for=${this.#id}>${this.label}</label>
    </div>`;
  }

  #drag = (event: DragEvent): void => {
    event.preventDefault();
    this.over = true;
  };

  #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    this.#give(event.dataTransfer?.files);
  };

  #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    this.#give(input.files);
    input.value = "";
  };

  #give(list: FileList | null | undefined): void {
    const files = [...(list ?? [])];
    if (files.length > 0) this.emit("files", this.multiple ? files : files.slice(0, 1));
  }
}
customElements.define("tp-drop-zone", DropZone);
