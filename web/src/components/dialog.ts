// A native modal dialog: labelled, holds the focus, closes with Escape, and returns the focus to where it was.
import { html, render, type TemplateResult } from "lit";
import { newId } from "./view.ts";

export interface Choice {
  /** The value that `ask` resolves to. */
  value: string;
  label: string;
}

/** Opens a dialog and resolves to the value of the button that closed it; "" for Escape. The first choice has the focus. */
export function ask(title: string, body: TemplateResult, choices: readonly Choice[]): Promise<string> {
  const dialog = document.createElement("dialog");
  const [titleId, bodyId] = [newId(), newId()];
  dialog.setAttribute("aria-labelledby", titleId);
  dialog.setAttribute("aria-describedby", bodyId);
  render(
    html`<form method="dialog">
      <h2 id=${titleId}>${title}</h2>
      <div id=${bodyId}>${body}</div>
      <div class="row">${choices.map(({ value, label }) => html`<button value=${value} data-testid=${value}>${label}</button>`)}</div>
    </form>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("button")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
