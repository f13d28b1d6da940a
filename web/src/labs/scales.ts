// What the colours of a figure say, as one line beside it; the same words for the same scale in every lab.
import { html } from "lit";
import "../components/scale.ts";
import type { ScaleName } from "../components/scales.ts";
import { percent } from "../i18n/index.ts";
import { inLanguage, theme } from "../settings.ts";

const en = {
  attention: "How much a token reads",
  probability: "Probability",
  surprise: "Surprise, in nats: how little the model expected the token",
  signed: "Blue above zero, orange below",
  signedEach: "Blue above zero, orange below; strongest: the largest numbers of each picture",
  deepest: "{n} or more",
  most: "largest",
};
const zh: typeof en = {
  attention: "一个词元读了多少",
  probability: "概率",
  surprise: "意外程度（奈特）：模型有多没料到这个词元",
  signed: "蓝为正，橙为负",
  signedEach: "蓝为正，橙为负；最深的是每幅图里最大的那些数",
  deepest: "{n} 以上",
  most: "最大",
};

const scale = (of: ScaleName, says: string, ends: readonly string[], linear = false) =>
  html`<tp-scale .of=${of} .says=${says} .ends=${ends} .linear=${linear} .theme=${theme.value}></tp-scale>`;

const shares = () => [percent(0), percent(1)];

export const attentionScale = () => scale("attention", inLanguage({ en, zh }).attention, shares());
export const probabilityScale = () => scale("probability", inLanguage({ en, zh }).probability, shares());

/** Of surprise up to this many nats. */
export function surpriseScale(nats: number) {
  const mine = inLanguage({ en, zh });
  return scale("surprise", mine.surprise, ["0", mine.deepest.replace("{n}", String(nats))], true);
}

/** Of numbers with a sign up to the largest; without it, several pictures have a largest each. */
export function signedScale(most?: string) {
  const mine = inLanguage({ en, zh });
  const end = most ?? mine.most;
  return scale("signed", most === undefined ? mine.signedEach : mine.signed, [`− ${end}`, "0", `+ ${end}`]);
}
