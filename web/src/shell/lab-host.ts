// Shows a lab, on the page and in a frame alike: the lab in the address, loaded when first seen, with notices above it.
import { effect, signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import "../components/notice.ts";
import { View } from "../components/view.ts";
import { errorText, fill, loadLanguage, t } from "../i18n/index.ts";
import { mayReplace } from "../replace.ts";
import { keepHere } from "../run.ts";
import { device, fatal, trouble } from "../session.ts";
import * as settings from "../settings.ts";
import { keep, kept } from "../tab.ts";
import type { CoreError } from "../worker/protocol.ts";

const loaders: Record<settings.Lab, () => Promise<unknown>> = {
  lessons: () => import("../labs/lessons/index.ts"),
  tokens: () => import("../labs/tokens/index.ts"),
  train: () => import("../labs/train/index.ts"),
  inside: () => import("../labs/inside/index.ts"),
  sample: () => import("../labs/sample/index.ts"),
  prompt: () => import("../labs/prompt/index.ts"),
  bench: () => import("../labs/bench/index.ts"),
};

const elements: Record<settings.Lab, () => TemplateResult> = {
  lessons: () => html`<tp-lessons-lab></tp-lessons-lab>`,
  tokens: () => html`<tp-tokens-lab></tp-tokens-lab>`,
  train: () => html`<tp-train-lab></tp-train-lab>`,
  inside: () => html`<tp-inside-lab></tp-inside-lab>`,
  sample: () => html`<tp-sample-lab></tp-sample-lab>`,
  prompt: () => html`<tp-prompt-lab></tp-prompt-lab>`,
  bench: () => html`<tp-bench-lab></tp-bench-lab>`,
};

/** A notice that loads when the page is idle. */
export const extra = signal<(() => unknown) | null>(null);
/** The foot of the page, also loaded then. */
export const foot = signal<(() => unknown) | null>(null);

const TOLD = "told";

/** Why the model runs on the CPU; browsers offer WebGPU only to secure pages. */
function fallback() {
  const reason = device.value?.fallback;
  return reason === "noWebgpu" && !isSecureContext ? "insecure" : reason;
}

export abstract class LabHost extends View {
  #loaded = signal<ReadonlySet<settings.Lab>>(new Set());
  protected readonly unread = signal(false);
  /** The dismissed reason, for this tab. */
  #told = signal(kept(TOLD) ?? "");

  /** Starts a fresh core after this one is gone. */
  protected abstract beginAgain(): void;

  protected notices(): TemplateResult {
    const reason = fallback();
    const why = reason && this.#told.value !== reason ? t().fallback[reason] : "";
    return html`${fatal.value ? this.#fatalNotice(fatal.value) : nothing}
    ${
      why
        ? html`<tp-notice
            .tone=${"info"}
            .message=${why}
            .dismiss=${t().dismiss}
            data-testid="fallback"
            @dismiss=${() => this.#putAway(reason ?? "")}
          ></tp-notice>`
        : nothing
    }
    ${trouble.value ? this.#troubleNotice(trouble.value) : nothing} ${extra.value?.() ?? nothing}`;
  }

  #putAway(reason: string): void {
    this.#told.value = reason;
    keep(TOLD, reason);
  }

  #fatalNotice(error: CoreError) {
    const { message, remedy } = errorText(error);
    const onCpu = () => {
      settings.write("device", "cpu");
      this.beginAgain();
    };
    return html`<tp-notice
      .message=${message}
      .remedy=${remedy}
      .action=${t().restart}
      .other=${error.code.startsWith("gpu") ? t().restartOnCpu : ""}
      @act=${() => this.beginAgain()}
      @other=${onCpu}
    ></tp-notice>`;
  }

  #troubleNotice(error: CoreError) {
    const { message, remedy } = errorText(error);
    const isElsewhere = error.code === "storeBusy" || error.code === "storeTaken";
    const away = () => {
      trouble.value = null;
    };
    return html`<tp-notice
      .tone=${error.code === "storeHere" ? "info" : "error"}
      .message=${message}
      .remedy=${remedy}
      .dismiss=${t().dismiss}
      .action=${isElsewhere ? t().keepHere : ""}
      @dismiss=${away}
      @act=${() => {
        away();
        void keepHere();
      }}
    ></tp-notice>`;
  }

  /** Each lesson gets a fresh lab, whatever the previous one left open. */
  protected lab(): unknown {
    const lab = settings.lab.value;
    if (this.#loaded.value.has(lab)) return keyed(settings.begun.value, elements[lab]());
    if (!this.unread.value) return nothing;
    return html`<tp-notice .message=${t().labUnread} .action=${t().again} @act=${() => void this.#tryAgain(lab)}></tp-notice>`;
  }

  async load(lab: settings.Lab): Promise<void> {
    try {
      await loaders[lab]();
      this.#loaded.value = new Set([...this.#loaded.value, lab]);
    } catch {
      this.unread.value = true;
    }
  }

  /** A file that a new version removed from the server never comes back; so the page reloads into that version. */
  async #tryAgain(lab: settings.Lab): Promise<void> {
    this.unread.value = false;
    await this.load(lab);
    if (!this.unread.value) return;
    const isThere = await fetch(location.href, { method: "HEAD" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere && (await mayReplace().catch(() => true))) location.reload();
  }
}

/** The missing browser feature that the page requires; null if none. */
function lacking(): string | null {
  if (typeof WebAssembly !== "object") return "WebAssembly";
  if (typeof Worker !== "function") return "Web Workers";
  return null;
}

/** Mounts the host in the page, in the settings' language and theme; false, with a message, if the browser lacks a requirement. */
export async function mount(name: string): Promise<boolean> {
  await loadLanguage();
  const place = document.getElementById("app");
  if (!place) throw new Error("the page has no #app");
  const missing = lacking();
  if (missing) {
    const [message, remedy] = t().browserLacks;
    const said = document.createElement("p");
    render(html`<strong>${fill(message, { feature: missing })}</strong> ${remedy}`, said);
    place.prepend(said);
    return false;
  }
  const host = document.createElement(name) as LabHost;
  place.replaceChildren(host);
  effect(() => void host.load(settings.lab.value));
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
  // A file dropped beside a drop zone would replace the page, and what was typed in it.
  for (const name of ["dragover", "drop"] as const)
    addEventListener(name, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  return true;
}

/** The message if the page could not start, in both languages since neither may have loaded. */
export function sayFailed(error: unknown): void {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  said.textContent = `Tadpole could not start; reload the page. 蝌蚪没能启动，请重新载入本页。 (${error})`;
  document.getElementById("app")?.prepend(said);
}
