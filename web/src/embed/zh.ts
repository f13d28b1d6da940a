// 嵌在别的网站页面里的实验室所用的中文。
import type { Texts } from "../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  alone: "这里只有分词，没有载入模型",
  opening: "正在打开模型……",
  whole: "在蝌蚪中打开",
  back: "回到 {name}",
  sharer: "与本页另一个实验室共用模型：一处训练，两处都变。",
  sharers: "与本页另外 {n} 个实验室共用模型：一处训练，处处都变。",
  embed: "嵌入这个实验室",
  embedLead: "把下面任意一段贴进任何网页，就会得到此刻的实验室、设置和模型。",
  asElement: "作为元素：高度自动合适，并与同页中指定同一模型的实验室共用它",
  asFrame: "作为 iframe，适合不允许脚本的网页：高度固定，请按你的栏宽来定",
  forgets: "本页的实验室学到的东西没有存下来，会丢失。",
  examples: "一页可用的示例",
  waits: "先显示图，按下按钮之后才载入实验室",
  copy: "复制",
  copied: "已复制。",
  copyByHand: "这里用不了剪贴板，请选中文字自行复制。",
  ownModel: "这个模型是你自己的，只留在这个浏览器里，嵌入的实验室不带它。",
};
