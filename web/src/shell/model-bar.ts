// The bar on top: the live checkpoint as one chip (name, parameters, step, its life), then device, save and load, language, theme, share.
// A phone folds all but the chip.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { choiceField } from "../components/fields.ts";
import { View } from "../components/view.ts";
import { fill, short, t, whole } from "../i18n/index.ts";
import { atHand, beginAgain, liveName } from "../models.ts";
import { stepMs } from "../run.ts";
import { device, model, phase, storedStep } from "../session.ts";
import * as settings from "../settings.ts";
import type { DeviceKind, Estimates } from "../worker/protocol.ts";
import { share } from "./share.ts";

class ModelBar extends View {
  #shared = signal("");
  #fileParts = signal<(() => unknown) | null>(null);
  #unread = signal(false);
  /** Whether a phone shows the tools. */
  #isOpen = signal(false);

  protected override render() {
    const texts = t().bar;
    const isOpen = this.#isOpen.value;
    const fold = () => {
      this.#isOpen.value = !isOpen;
    };
    return html`<section class="bar" aria-label=${texts.label} @keydown=${this.#key}>
      ${this.#checkpoint()}
      <button
        class="icon fold"
        data-testid="tools"
        aria-label=${texts.tools}
        aria-expanded=${isOpen}
        aria-controls="tools"
        @click=${fold}
      >
        ${slow() ? "⚠" : "⋯"}
      </button>
      <div class="tools" id="tools" ?data-open=${isOpen}>
        ${settings.shown("device") ? this.#device() : nothing} ${settings.shown("file") ? this.#files() : nothing}
        ${this.#buttons()}
      </div>
    </section>`;
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.#isOpen.value) return;
    this.#isOpen.value = false;
    this.querySelector<HTMLElement>(".fold")?.focus();
  };

  #checkpoint() {
    const texts = t().bar;
    const info = model.value;
    if (!info) {
      const words = phase.value === "starting" ? t().starting : texts.noModel;
      return html`<p class="checkpoint" data-testid="checkpoint" role="status">${words}</p>`;
    }
    const kept = storedStep.value;
    const stored = kept === null || atHand.value ? "" : fill(texts.stored, { n: whole(kept) });
    return html`<div class="checkpoint" data-testid="checkpoint">
      <p>
        <strong title=${liveName()}>${liveName()}</strong>
        <span>${fill(texts.parameters, { n: short(info.parameters) })}</span>
      </p>
      <div class="life">
        <span data-testid="model-step">${fill(texts.step, { n: whole(info.step) })}</span>
        ${life()}
        ${stored ? html`<span class="kept" title=${stored} data-testid="stored" data-step=${kept}>${stored}</span>` : nothing}
      </div>
    </div>`;
  }

  #device() {
    const texts = t().bar;
    const info = device.value;
    const by = info?.estimates;
    const why = info && by ? speeds(info.kind, by) : "";
    return html`<div class="device">
      ${choiceField({
        name: "device",
        label: texts.device,
        value: settings.device.value,
        options: [
          ["auto", info && settings.device.value === "auto" ? `${texts.auto} · ${texts[info.kind]}` : texts.auto],
          ["webgpu", texts.webgpu],
          ["cpu", texts.cpu],
        ],
        change: (value) => {
          settings.write("device", value === "auto" ? undefined : value);
          void beginAgain();
        },
      })}
      <details class="menu adapter" @keydown=${close}>
        <summary class=${slow() ? "software" : nothing} data-testid="device-about" aria-label=${texts.aboutDevice} title=${texts.aboutDevice}
          ><span aria-hidden="true">${slow() ? "⚠" : "ⓘ"}</span></summary
        >
        <p class="pop"><span data-testid="device-kind" data-kind=${info?.kind ?? ""}
          data-expected-cpu=${by?.cpu ?? nothing} data-expected-webgpu=${by?.webgpu ?? nothing}
          >${info ? fill(texts.on, { name: info.name }) : ""}${slow() ? texts.software : ""}${why}</span></p>
      </details>
    </div>`;
  }

  #files() {
    return html`<details class="menu" @keydown=${close} @toggle=${this.#loadFiles}>
      <summary data-testid="file-menu">${t().bar.file}</summary>
      <div class="panel">${this.#fileParts.value?.() ?? (this.#unread.value ? t().labUnread : nothing)}</div>
    </details>`;
  }

  /** Retried at each opening until it succeeds. */
  #loadFiles = async (): Promise<void> => {
    try {
      this.#fileParts.value ??= (await import("./files.ts")).fileParts;
    } catch {
      this.#unread.value = true;
    }
  };

  #buttons() {
    const texts = t().bar;
    const theme = settings.theme.value;
    const otherTheme = theme === "dark" ? "light" : "dark";
    const otherLang = settings.lang.value === "zh" ? "en" : "zh";
    return html`<button
        data-testid="language"
        lang=${otherLang === "zh" ? "zh-CN" : "en"}
        title=${t().languageHint}
        @click=${() => settings.write("lang", otherLang)}
      >
        ${t().language}
      </button>
      <button
        class="icon"
        data-testid="theme"
        aria-label=${fill(texts.theme, { theme: texts[theme] })}
        title=${fill(texts.theme, { theme: texts[theme] })}
        @click=${() => settings.write("theme", otherTheme)}
      >
        ${theme === "dark" ? "☾" : "☀"}
      </button>
      ${
        settings.shown("share")
          ? html`<button data-testid="share" @click=${this.#share}>${texts.share}</button>
              <span class="shared" role="status">${this.#shared.value}</span>`
          : nothing
      }`;
  }

  #share = async (): Promise<void> => {
    this.#shared.value = await share();
    setTimeout(() => {
      this.#shared.value = "";
    }, 4_000);
  };
}

/** Escape closes a menu, and only it. */
function close(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** How old it is, and the way to watch it grow. */
function life() {
  void import("../life/index.ts").catch(() => {});
  return html`<tp-life></tp-life>`;
}

/** The observed duration of a step, else the estimate that chose the device, which may come from a busy machine. */
function speeds(here: DeviceKind, by: Estimates): string {
  const other = here === "cpu" ? "webgpu" : "cpu";
  const texts = t().bar;
  const seen = stepMs.value;
  const unit = seen !== null || by.training ? t().train.step : t().tokens.joined;
  const speed = (text: string, ms: number) => fill(text, { ms: (ms < 10 ? short : whole)(ms), unit });
  const mine = seen !== null ? speed(texts.takes, seen) : speed(texts.expected, by[here]);
  const its = seen === null || by.training ? `${texts.apart}${texts[other]} ${speed(texts.expected, by[other])}` : "";
  return `${texts.at}${mine}${its}`;
}

/** Adapters that compute on the CPU: Chromium's, Mesa's, Windows'. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;
/** Whether WebGPU is slower here than the CPU, because it runs there. */
const slow = (): boolean => device.value?.kind === "webgpu" && SOFTWARE.test(device.value.name);

customElements.define("tp-model-bar", ModelBar);
