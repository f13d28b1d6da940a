// The same blog in Vue.
import { createApp, h, ref } from "vue";

const lab = ref("sample");
const tokens = ref(0);
const isThere = ref(true);
const button = (name, onClick) => h("button", { onClick }, name);
createApp({
  render: () =>
    h("main", [
      button("inside", () => {
        lab.value = "inside";
      }),
      button("toggle", () => {
        isThere.value = !isThere.value;
      }),
      h("p", { id: "count" }, `${tokens.value} tokens`),
      isThere.value
        ? h("tadpole-lab", { id: "lab", lab: lab.value, model: "tadpole-nano", lang: "en", onToken: () => tokens.value++ })
        : null,
    ]),
}).mount("#root");
