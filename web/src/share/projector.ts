// Projector mode (`projector=1`): large type, few controls, high contrast. A button leaves it, and so does Esc, unless something else that is
// open takes that key.
import { effect } from "@preact/signals-core";
import { html, render } from "lit";
import { read, write } from "../settings.ts";
import "../style/projector.css";
import { texts } from "./texts.ts";

const place = document.createElement("div");
place.className = "projector-leave";

const leave = (): void => write("projector", undefined);

function key(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], details.menu[open]")) return;
  event.preventDefault();
  leave();
}

effect(() => {
  const isOn = read("projector") !== undefined;
  const { dataset } = document.documentElement;
  if (isOn) {
    dataset.projector = "";
    document.body.append(place);
    addEventListener("keydown", key);
  } else {
    delete dataset.projector;
    place.remove();
    removeEventListener("keydown", key);
  }
  render(html`<button type="button" data-testid="projector-leave" @click=${leave}>${texts().projectorLeave}</button>`, place);
  // Charts and canvases measure their place.
  dispatchEvent(new Event("resize"));
});
