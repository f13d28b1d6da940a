// The words of a picture's caption in both languages; they load with the first picture that is saved, or printed.
import { inLanguage } from "../settings.ts";

const en = {
  caption: "with a caption: text, model, settings",
  text: "Text: “{text}”",
  model: "Model: {name}, {n} parameters ({layers} × {heads} heads, width {width}), step {step}",
  corpus: ", trained on {name}",
  setting: "{name} {value}",
  and: ", ",
  page: "{lab} · {name} · {address}",
};
const zh: typeof en = {
  caption: "带图注：文字、模型、设置",
  text: "文字：“{text}”",
  model: "模型：{name}，{n} 个参数（{layers} 层，{heads} 头，宽 {width}），第 {step} 步",
  corpus: "，语料为 {name}",
  setting: "{name} {value}",
  and: "，",
  page: "{lab} · {name} · {address}",
};

export const aboutTexts = () => inLanguage({ en, zh });
