// 虚构世界里任务和答法的中文名称，随用到它们的实验室一起载入。
import type { Texts } from "../../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  tasks: {
    labels: "类别的标签（牛 → zib）",
    dictionary: "翻译（牛 → zib）",
    frame: "框架中的词（牛 → zib 牛）",
    item: "两个词中的一个（帽子 牛 → 牛 zib）",
    letters: "字母换顺序（k t m → m t k）",
    sum: "六个数字之和",
    columns: "两个数之和",
    wordProblem: "应用题",
    facts: "事实",
    people: "“他”或“她”指谁",
    things: "“它”指什么",
    passage: "根据短文回答",
    noPassage: "同样的问题，没有短文",
  },
  styles: {
    direct: "直接回答",
    worked: "像示例那样分步回答",
    triggered: "先写“让我们一步一步地思考。”",
  },
  languages: { en: "English", zh: "中文" },
};
