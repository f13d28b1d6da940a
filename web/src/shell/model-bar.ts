// The bar on top: which checkpoint is live, on which device, save and load, language, theme, share.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { choiceField } from "../components/fields.ts";
import { View } from "../components/view.ts";
import { fill, short, t, whole } from "../i18n/index.ts";
import { atHand, beginAgain, liveName } from "../models.ts";
import { stepMs } from "../run.ts";
import { device, model, phase, storedStep } from "../session.ts";
import * as settings from "../settings.ts";
import type { DeviceInfo, DeviceKind, Estimates } from "../worker/protocol.ts";
import { share } from "./share.ts";

class ModelBar extends View {
  #shared = signal("");
  #fileParts = signal<(() => unknown) | null>(null);
  #unread = signal(false);

  protected override render() {
    const texts = t().bar;
    return html`<section class="bar" aria-label=${texts.label}>
      ${this.#checkpoint()}
      <div class="tools">
        ${settings.shown("device") ? this.#device() : nothing} ${settings.shown("file") ? this.#files() : nothing}
        ${this.#buttons()}
      </div>
    </section>`;
  }

  #checkpoint() {
    const texts = t().bar;
    const info = model.value;
    if (!info) {
      const words = phase.value === "starting" ? t().starting : texts.noModel;
      return html`<p class="checkpoint" data-testid="checkpoint" role="status">${words}</p>`;
    }
    const kept = storedStep.value;
    return html`<p class="checkpoint" data-testid="checkpoint">
      <strong>${liveName()}</strong>
      <span>${fill(texts.parameters, { n: short(info.parameters) })}</span>
      <span data-testid="model-step">${fill(texts.step, { n: whole(info.step) })}</span>
      ${life()}
      ${
        kept === null || atHand.value
          ? nothing
          : html`<span class="kept" data-testid="stored" data-step=${kept}>${fill(texts.stored, { n: whole(kept) })}</span>`
      }
    </p>`;
  }

  #device() {
    const texts = t().bar;
    const info = device.value;
    const by = info?.estimates;
    const why = info && by ? speeds(info.kind, by) : "";
    // The adapter's name is informative; that of the CPU repeats the choice.
    const named = info?.kind === "webgpu" || why;
    const software = info && isSoftware(info) ? texts.software : "";
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
      <span class=${named ? `adapter${software ? " software" : ""}` : "visually-hidden"} data-testid="device-kind" data-kind=${info?.kind ?? ""}
        data-expected-cpu=${by?.cpu ?? nothing} data-expected-webgpu=${by?.webgpu ?? nothing}
        >${info ? fill(texts.on, { name: info.name }) : ""}${software}${why}</span
      >
    </div>`;
  }

  #files() {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") (event.currentTarget as HTMLDetailsElement).open = false;
    };
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
const isSoftware = ({ kind, name }: DeviceInfo): boolean => kind === "webgpu" && SOFTWARE.test(name);

customElements.define("tp-model-bar", ModelBar);
