// The base of every element here: Lit without shadow DOM (one stylesheet, plain labels and ids), rendering again when a signal it read
// changes.
import { effect } from "@preact/signals-core";
import { LitElement, type PropertyValues } from "lit";

export abstract class View extends LitElement {
  #dispose: (() => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Not if it left the page since: its subscriptions would keep it alive for ever. */
  protected override shouldUpdate(): boolean {
    return this.isConnected;
  }

  protected override update(changed: PropertyValues): void {
    this.#dispose?.();
    let first = true;
    this.#dispose = effect(() => {
      if (first) super.update(changed);
      else this.requestUpdate();
      first = false;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dispose?.();
    this.#dispose = null;
  }

  /** Notifies the parent: a bubbling event with a plain value. */
  protected emit<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

let lastId = 0;

/** An id for a label and its control. */
export function newId(): string {
  lastId += 1;
  return `tp-${lastId}`;
}
