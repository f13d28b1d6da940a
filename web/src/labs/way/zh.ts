// The Chinese of the drawn way through a model; it loads with the labs that show it.
import type { Texts } from "../../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  name: "穿过模型的路",
  label: "每个词元怎样穿过模型：左边是文字，右边是下一个词元",
  tokens: "词元",
  embedding: { label: "词向量", short: "向量", title: "词向量：每个词元对应 {n} 个数" },
  position: { label: "+ 位置", short: "+", title: "位置：每个位置的向量，加到词元的向量上" },
  block: "第 {n} 层",
  blockShort: "{n}",
  reads: { label: "注意力", short: "读", title: "第 {n} 层的注意力：每个词元从它之前的词元里读什么。打开这一层" },
  head: "第 {block} 层第 {head} 头：打开它读了什么",
  attention: { label: "+", title: "第 {n} 层：注意力加到残差流上的数。打开这一层" },
  mlp: { label: "MLP", short: "+", title: "第 {n} 层：MLP 加到残差流上的数。打开这一层" },
  residual: { label: "残差流", short: "", title: "第 {n} 层之后的残差流：打开模型在这里会说什么" },
  folded: { label: "{n} 层", short: "…", title: "第 {from} 到第 {to} 层：展开" },
  next: { label: "下一个词元", short: "下一个", title: "接下来可能是什么，以及概率" },
  back: "选中的词元接到文字后面，一切从头再来",
  step: "第 {block} 层，{name}：打开它的数",
  words: {
    text: "这段文字有 {n} 个词元；画出的是第 {at} 个词元{token}走的路。",
    reads: "第 {block} 层：{token}从{from}读得最多，第 {head} 头占 {share}。",
    says: "第 {block} 层之后，模型会说{next}（{share}）。",
    next: "接下来可能是：{all}。",
    one: "{next} {share}",
  },
};
