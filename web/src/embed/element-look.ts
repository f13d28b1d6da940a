// What a lab looks like in a page before it opens, and its few words, which are part of the element's one file.

export const css = `
:host {
  display: block;
}
:host([hidden]) {
  display: none;
}
iframe {
  display: block;
  width: 100%;
  height: var(--height, 24rem);
  border: 0;
}
iframe[data-grows] {
  min-height: var(--height, 24rem);
}
[part="poster"] {
  display: grid;
  place-content: start center;
  justify-items: center;
  gap: 1rem;
  padding: 4rem 1rem;
  box-sizing: border-box;
  min-height: var(--height, 24rem);
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent);
  border-radius: 0.5rem;
  text-align: center;
}
[part="title"],
[part="note"] {
  margin: 0;
}
[part="note"]:empty {
  display: none;
}
[part="button"] {
  padding: 0.5rem 1.25rem;
  border: 1px solid var(--tadpole-accent, #0f766e);
  border-radius: 0.5rem;
  background: var(--tadpole-accent, #0f766e);
  color: var(--tadpole-on-accent, #fff);
  font: inherit;
  cursor: pointer;
}
`;

const WORDS = {
  en: {
    open: "Open the lab",
    silent: "The lab could not be reached.",
    title: "{lab}: look inside a small language model (Tadpole)",
    labs: { lessons: "Lessons", tokens: "Tokens", train: "Train", inside: "Inside", sample: "Sample", prompt: "Prompt", bench: "Bench" },
  },
  zh: {
    open: "打开实验室",
    silent: "连不上实验室。",
    title: "{lab}：看看一个小语言模型的内部（蝌蚪）",
    labs: { lessons: "课程", tokens: "分词", train: "训练", inside: "内部", sample: "采样", prompt: "提示", bench: "测速" },
  },
};

export function words(lang: string, lab: string | null): { title: string; open: string; silent: string } {
  const { open, silent, title, labs } = lang.toLowerCase().startsWith("zh") ? WORDS.zh : WORDS.en;
  const name = Object.hasOwn(labs, lab ?? "") ? labs[lab as keyof typeof labs] : labs.sample;
  return { title: title.replace("{lab}", name), open, silent };
}
