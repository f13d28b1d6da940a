// Mounts the page: language, theme, the model bar, and the lab that the address asks for, each lab loaded when it is first seen.
import "./style/base.css";
import "./style/controls.css";
import "./style/labs.css";
import "./style/tokens.css";
import { effect, signal } from "@preact/signals-core";
import { html, nothing, render } from "lit";
import "./components/notice.ts";
import { View } from "./components/view.ts";
import { errorText, fill, loadLanguage, t } from "./i18n/index.ts";
import { begin, beginAgain } from "./models.ts";
import { device, fatal, phase, trouble } from "./session.ts";
import * as settings from "./settings.ts";
import "./shell/model-bar.ts";
import type { CoreError } from "./worker/protocol.ts";

const loaders: Record<settings.Lab, () => Promise<unknown>> = {
  lessons: () => import("./labs/lessons/index.ts"),
  tokens: () => import("./labs/tokens/index.ts"),
  train: () => import("./labs/train/index.ts"),
  inside: () => import("./labs/inside/index.ts"),
  sample: () => import("./labs/sample/index.ts"),
  prompt: () => import("./labs/prompt/index.ts"),
  bench: () => import("./labs/bench/index.ts"),
};

const elements: Record<settings.Lab, () => unknown> = {
  lessons: () => html`<tp-lessons-lab></tp-lessons-lab>`,
  tokens: () => html`<tp-tokens-lab></tp-tokens-lab>`,
  train: () => html`<tp-train-lab></tp-train-lab>`,
  inside: () => html`<tp-inside-lab></tp-inside-lab>`,
  sample: () => html`<tp-sample-lab></tp-sample-lab>`,
  prompt: () => html`<tp-prompt-lab></tp-prompt-lab>`,
  bench: () => html`<tp-bench-lab></tp-bench-lab>`,
};

class App extends View {
  #loaded = signal<ReadonlySet<settings.Lab>>(new Set());
  #unread = signal(false);
  #told = signal(false);

  protected override render() {
    return html`<header class="top">
        <h1><span class="mark" aria-hidden="true"></span>${t().name}</h1>
        ${this.#nav()}
        <tp-model-bar></tp-model-bar>
      </header>
      <main>${this.#notices()} ${this.#guide()} ${this.#lab()}</main>`;
  }

  #nav() {
    const link = (lab: settings.Lab) =>
      html`<a
        href=${settings.hashWith({ lab: lab === settings.LABS[0] ? undefined : lab, lesson: undefined, tour: undefined })}
        data-testid="lab-${lab}"
        aria-current=${lab === settings.lab.value ? "page" : nothing}
        >${t()[lab].title}</a
      >`;
    return html`<nav aria-label=${t().labs}>${settings.LABS.filter((lab) => settings.shown(`lab-${lab}`)).map(link)}</nav>`;
  }

  #notices() {
    const reason = device.value?.fallback;
    const why = reason && !this.#told.value ? t().fallback[reason] : "";
    return html`${
      fatal.value
        ? this.#errorNotice(fatal.value, "", () => void beginAgain())
        : phase.value === "starting"
          ? html`<p class="starting" role="status">${t().starting}</p>`
          : nothing
    }
    ${
      why
        ? html`<tp-notice
            .tone=${"info"}
            .message=${why}
            .remedy=${device.value?.detail ?? ""}
            .dismiss=${t().dismiss}
            data-testid="fallback"
            @dismiss=${() => (this.#told.value = true)}
          ></tp-notice>`
        : nothing
    }
    ${trouble.value ? this.#errorNotice(trouble.value, t().dismiss, null) : nothing}`;
  }

  #errorNotice(error: CoreError, dismiss: string, again: (() => void) | null) {
    const { message, remedy } = errorText(error);
    return html`<tp-notice
      .message=${message}
      .remedy=${remedy}
      .dismiss=${dismiss}
      .action=${again ? t().restart : ""}
      @dismiss=${() => (trouble.value = null)}
      @act=${() => again?.()}
    ></tp-notice>`;
  }

  /** What a lesson or the tour says, which loads when the address names one. */
  #guide() {
    if (settings.read("lesson") === undefined && settings.read("tour") === undefined) return nothing;
    void import("./labs/lessons/guide.ts").catch(() => {
      this.#unread.value = true;
    });
    return html`<tp-guide></tp-guide>`;
  }

  #lab() {
    const lab = settings.lab.value;
    if (this.#loaded.value.has(lab)) return elements[lab]();
    if (!this.#unread.value) return nothing;
    return html`<tp-notice
      .message=${t().labUnread}
      .action=${t().again}
      @act=${() => {
        this.#unread.value = false;
        void this.load(lab);
      }}
    ></tp-notice>`;
  }

  async load(lab: settings.Lab): Promise<void> {
    try {
      await loaders[lab]();
      this.#loaded.value = new Set([...this.#loaded.value, lab]);
    } catch {
      this.#unread.value = true;
    }
  }
}
customElements.define("tp-app", App);

/** What the page cannot do without, in plain words; null when all is there. */
function lacking(): string | null {
  if (typeof WebAssembly !== "object") return "WebAssembly";
  if (typeof Worker !== "function") return "Web Workers";
  return null;
}

async function mount(): Promise<void> {
  await loadLanguage();
  const place = document.getElementById("app");
  if (!place) throw new Error("index.html has no #app");
  const missing = lacking();
  if (missing) {
    const [message, remedy] = t().errors.browserLacks;
    const said = document.createElement("p");
    render(html`<strong>${fill(message, { feature: missing })}</strong> ${remedy}`, said);
    place.prepend(said);
    return;
  }
  const app = document.createElement("tp-app") as App;
  place.replaceChildren(app);
  effect(() => void app.load(settings.lab.value));
  effect(() => {
    document.documentElement.dataset.theme = settings.theme.value;
  });
  effect(() => {
    void settings.lang.value;
    void loadLanguage();
  });
  effect(() => {
    document.title = `${t()[settings.lab.value].title} · ${t().name}`;
  });
  // A file dropped beside a drop-zone would replace the page, and what was typed in it.
  for (const name of ["dragover", "drop"] as const)
    addEventListener(name, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  await begin();
}

mount().catch((error) => {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  said.textContent = `Tadpole could not start; reload the page. 蝌蚪没能启动，请重新载入本页。 (${error})`;
  document.getElementById("app")?.prepend(said);
});
