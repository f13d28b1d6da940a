// What the guide says of itself, beside the lessons' own texts.
import { inLanguage } from "../../settings.ts";

const en = {
  fold: "Fold the guide",
  unfold: "Unfold the guide",
  more: "Show more of the guide",
  less: "Show less of the guide",
};
const zh: typeof en = {
  fold: "折起引导",
  unfold: "展开引导",
  more: "多看一些引导",
  less: "少看一些引导",
};

export const guideTexts = () => inLanguage({ en, zh });
