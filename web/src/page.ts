// The page itself: the model bar, the links to the labs, the guide of a lesson, the lab in the address, and the foot. It loads beside main.ts
// (index.html names both), and is left out of another site's page.
import "./style/page.css";
import { html, nothing } from "lit";
import { loadErrors, t } from "./i18n/index.ts";
import { begin, beginAgain } from "./models.ts";
import { trouble } from "./session.ts";
import * as settings from "./settings.ts";
import { foot, LabHost, mount } from "./shell/lab-host.ts";
import "./shell/model-bar.ts";
import { coreError } from "./worker/client.ts";

const NO_GUIDE = { lesson: undefined, tour: undefined };

class App extends LabHost {
  /** The lab whose link was last brought into view. */
  #seen = "";

  protected override render() {
    return html`<header class="top">
        <a class="skip" href=${settings.hashWith()} data-testid="skip" @click=${this.#skip}>${t().skip}</a>
        <h1><span class="mark" aria-hidden="true"></span><span>${t().name}</span></h1>
        ${this.#nav()}
        <tp-model-bar></tp-model-bar>
      </header>
      <main id="main" tabindex="-1" @embed=${this.#embed}>
        ${this.notices()}
        <div class="stage">
          ${this.#guide()}
          <div class="place">${this.lab()}</div>
        </div>
      </main>
      ${this.#foot()}`;
  }

  /** On a phone the links scroll sideways. */
  protected override updated(): void {
    const { value: lab } = settings.lab;
    if (lab === this.#seen) return;
    this.#seen = lab;
    const link = this.querySelector<HTMLElement>(".top nav [aria-current]");
    const nav = link?.parentElement;
    if (nav) nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
  }

  /** The hash holds the settings, so it cannot name an anchor. */
  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>("main")?.focus();
  };

  #foot() {
    const texts = t().foot;
    // In a new tab, since a run may be going on here.
    const link = (file: string, words: string) => html`<a href="./docs/${file}" target="_blank">${words}</a>`;
    return html`<footer class="foot">
      <nav aria-label=${texts.label}>
        ${link("index.html", texts.docs)} ${link("GLOSSARY.html", texts.glossary)} ${link("LIBRARY.html", texts.library)} <a href="./docs/source.zip" download="tadpole-source.zip">${texts.source}</a>
      </nav>
      ${foot.value?.() ?? nothing}
    </footer>`;
  }

  /** A lab requested the dialog. */
  #embed = async (event: CustomEvent): Promise<void> => {
    const lab = event.target as Element;
    try {
      await (await import("./embed/dialog.ts")).openEmbed(lab);
    } catch (thrown) {
      trouble.value = coreError(thrown);
    }
  };

  protected override beginAgain(): void {
    void beginAgain();
  }

  #nav() {
    const link = (lab: settings.Lab) =>
      html`<a
        href=${settings.hashWith(lab === settings.LABS[0] ? { lab: undefined, ...NO_GUIDE } : { lab, tour: undefined })}
        data-testid="lab-${lab}"
        aria-current=${lab === settings.lab.value ? "page" : nothing}
        >${t()[lab].title}</a
      >`;
    return html`<nav aria-label=${t().labs}>${settings.LABS.filter((lab) => settings.shown(`lab-${lab}`)).map(link)}</nav>`;
  }

  /** The text of a lesson or the tour, loaded when the address names one. */
  #guide() {
    if (settings.read("lesson") === undefined && settings.read("tour") === undefined) return nothing;
    void import("./labs/lessons/guide.ts").catch(() => {
      this.unread.value = true;
    });
    return html`<tp-guide></tp-guide>`;
  }
}
customElements.define("tp-app", App);

export async function start(): Promise<void> {
  if (await mount("tp-app")) {
    await begin();
    requestIdle(() => void import("./shell/offline.ts").then((offline) => offline.begin()).catch(() => {}));
  }
  void loadErrors().catch(() => {});
}

/** When the page is idle; Safari does not report that. */
function requestIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: 10_000 });
  else setTimeout(work, 3_000);
}
