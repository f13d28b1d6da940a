// 询问文件编码时的中文。
import type { Texts } from "../i18n/index.ts";
import type { en } from "./en.ts";

export const zh: Texts<typeof en> = {
  readAs: "“{name}”不是 UTF-8，已按 {encoding} 读取。",
  replaced: "“{name}”是 UTF-8，其中有 {n} 个损坏的字符，现在显示为 �。",
  title: "“{name}”用的是什么编码？",
  notUtf8: "它不是 UTF-8：偏移 {offset} 处的字节是 {byte}。请选择能让下面几行读得通的编码。",
  nuls: "它含有 {n} 个 NUL 字符。UTF-8 文本用不到这种字符，UTF-16 文本里却到处都是。请选择能让下面几行读得通的编码。",
  escapes: "它含有 ISO-2022-JP 的转义序列。请选择能让下面几行读得通的编码。",
  encoding: "编码",
  option: "{script}（{encoding}）",
  preview: "文件读出来的样子",
  take: "就这样读取",
  cancel: "取消",
  scripts: {
    unicode: "各种语言",
    simplified: "简体中文",
    traditional: "繁体中文",
    japanese: "日文",
    korean: "韩文",
    western: "西欧语言",
    central: "中欧语言",
    cyrillic: "西里尔字母",
    greek: "希腊文",
    turkish: "土耳其文",
    hebrew: "希伯来文",
    arabic: "阿拉伯文",
    baltic: "波罗的语言",
    vietnamese: "越南文",
    thai: "泰文",
  },
};
