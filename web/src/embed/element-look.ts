// What a lab looks like in a page before it opens, and its few words, which are part of the element's one file.

export const css = `
:host {
  display: block;
  position: relative;
}
:host([hidden]) {
  display: none;
}
iframe {
  display: block;
  width: 100%;
  height: var(--height);
  border: 0;
}
@media (prefers-reduced-motion: no-preference) {
  iframe[data-used] {
    transition: height 0.2s;
  }
}
[part="picture"] {
  position: absolute;
  z-index: -1;
  inset: 0;
  height: 100%;
  pointer-events: none;
}
[part="poster"][data-opens] {
  position: absolute;
  z-index: 1;
  inset: 0;
  pointer-events: none;
}
[data-opens] :is([part="button"], [part="title"]) {
  visibility: hidden;
}
[part="poster"] {
  isolation: isolate;
  overflow: hidden;
  display: grid;
  place-content: start center;
  justify-items: center;
  gap: 1rem;
  padding: 4rem 1rem;
  box-sizing: border-box;
  min-height: var(--height);
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent);
  border-radius: 0.5rem;
  text-align: center;
}
[part="title"],
[part="note"] {
  margin: 0;
  padding: 0.1rem 0.6rem;
  border-radius: 0.5rem;
  background: var(--tadpole-paper, Canvas);
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

/** Widths of a column, and the heights that each lab has there as it opens, in tens of pixels (`node scripts/posters.mjs` measures them). */
const WIDTHS = [360, 560, 760, 1060];
const HEIGHTS: Record<string, number[]> = {
  lessons: [209, 160, 145, 142],
  tokens: [276, 239, 227, 166],
  train: [222, 196, 169, 130],
  inside: [162, 180, 169, 115],
  sample: [222, 191, 189, 135],
  prompt: [361, 339, 138, 125],
  bench: [131, 101, 86, 86],
};

/** Pixels to keep for a lab in a column of this width. */
export function heightFor(lab: string | null, width: number): number {
  const heights = HEIGHTS[lab ?? ""] ?? HEIGHTS.sample ?? [];
  const at = WIDTHS.findIndex((each) => each >= width);
  const [to, from] = [at < 0 ? WIDTHS.length - 1 : at, at < 1 ? (at < 0 ? WIDTHS.length - 1 : 0) : at - 1];
  const [w0 = 0, w1 = 0, h0 = 0, h1 = 0] = [WIDTHS[from], WIDTHS[to], heights[from], heights[to]];
  return 10 * (w1 === w0 ? h0 : h0 + ((h1 - h0) * (width - w0)) / (w1 - w0));
}

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
