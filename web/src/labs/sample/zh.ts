// “采样”实验室的中文，随实验室一起载入。
import type { Texts } from "../../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  lead: "模型给每个词元一个概率；写下哪一个，由采样决定。",
  tryThis: "把温度设为 0，书写两次；再设为 1.5 试试。点一下条形，就能强制写下模型没有选的词元。",
  noModel: "还没有模型。先训练一个小模型吧，几分钟后它就能写出单词。",
  toTrain: "去“训练”实验室",
  prompt: "提示词",
  run: "书写",
  stop: "停止",
  goOn: "从这里继续",
  output: "写出的文字",
  nothing: "按“书写”，词元会逐个出现在这里。",
  shade: "按意外程度着色",
  legend: "颜色越深，这个词元越出乎模型的意料。",
  next: "下一个词元",
  stage: "处理到",
  survivors: "还剩 {n} 个可能的词元",
  append: "点一根条，把它的词元接到提示词后面。虚线框的词元只是字符的一部分，不能写进提示词。",
  tokenDetail: "{token}：概率 {prob}，对数概率 {logprob}",
  alternatives: "本来也可能是",
  finished: { stop: "遇到停止序列。", endToken: "模型结束了这段文字。", length: "已写满允许的词元数。", stopped: "已由你停止。" },
  candidates: "显示的候选数",
  seedNew: "换一个随机种子",
  stages: {
    raw: "原始",
    repetitionPenalty: "重复惩罚",
    frequencyPresencePenalty: "频率与存在惩罚",
    temperature: "温度",
    topK: "top_k",
    topP: "top_p",
    minP: "min_p",
  },
};
