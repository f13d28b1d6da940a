// 文件菜单的中文，随菜单一起载入。
import type { en } from "./en.ts";

export const zh: typeof en = {
  save: "保存检查点",
  withCorpus: "包含语料，换个地方也能继续训练",
  exportHf: "导出为 Hugging Face 格式",
  exportHint: "config.json、model.safetensors、tokenizer.json",
  load: "把检查点或三个 Hugging Face 文件拖到这里，或点击选择",
  loaded: "已载入 {name}。",
  runs: "你的训练",
  runsHint: "你训练过的每一次都存在这个浏览器里，只存在这里。",
  run: "{name}，第 {n} 步",
  runAbout: "{parameters} 个参数 · {size} · {when}",
  here: "正在使用",
  openRun: "打开",
  forget: "删除",
  forgetAsk: "要从浏览器里彻底删除这次训练吗？{run}",
  forgetYes: "删除",
  forgetNo: "保留",
  shipped: "随页面附带的模型",
  nameless: "外来模型",
};
