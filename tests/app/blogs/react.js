// A blog in React: the element as any other tag, its settings from state, its events as handlers.
import { createElement as h, useState } from "react";
import { createRoot } from "react-dom/client";

function Post() {
  const [lab, setLab] = useState("sample");
  const [tokens, setTokens] = useState(0);
  const [isThere, setThere] = useState(true);
  return h(
    "main",
    null,
    h("button", { type: "button", onClick: () => setLab("inside") }, "inside"),
    h("button", { type: "button", onClick: () => setThere(!isThere) }, "toggle"),
    h("p", { id: "count" }, `${tokens} tokens`),
    isThere && h("tadpole-lab", { id: "lab", lab, model: "tadpole-nano", lang: "en", ontoken: () => setTokens((n) => n + 1) }),
  );
}
createRoot(document.getElementById("root")).render(h(Post));
