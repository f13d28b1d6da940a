// A blog's own element on its own copy of Lit, bundled for tests/app/embed.test.mjs.
import { html, LitElement } from "lit";

class BlogBox extends LitElement {
  render() {
    return html`<p>boxed: <slot></slot></p>`;
  }
}
customElements.define("blog-box", BlogBox);
