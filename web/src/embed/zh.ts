// 嵌在别的网站页面里的实验室所用的中文。
import type { Texts } from "../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  bench: "这里只有分词，没有载入模型",
  opening: "正在打开模型……",
  whole: "在蝌蚪中打开",
  back: "回到 {name}",
  shared: "本页的各个实验室共用一个模型。",
};
