// One block as a picture: each of its steps in the order in which they are computed, the head's own within a frame.
import { fill, whole } from "../../i18n/index.ts";
import type { Part, Picture } from "../../way/part.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { isOfHead, type Step, stepMatrix, stepsOf } from "../way/numbers.ts";
import { folded, readsOf, tokensIn, tokensPart } from "../way/picture.ts";
import { texts as wayTexts } from "../way/texts.ts";
import { texts } from "./texts.ts";

/** Where the name does not fit. */
const SHORT: Record<Step, string> = {
  input: "x",
  ln_1: "ln",
  q_raw: "q′",
  k_raw: "k′",
  q: "q",
  k: "k",
  v: "v",
  scores: "q·k",
  weights: "w",
  mixed: "w·v",
  attention: "+",
  residual_mid: "x",
  ln_2: "ln",
  hidden: "h",
  mlp: "+",
  residual: "x",
};
const OF_MLP: readonly Step[] = ["ln_2", "hidden", "mlp"];

export function blockPicture(inside: Inside, config: ModelConfig, head: number, open: Step | null): Picture {
  return {
    tokens: tokensIn(inside),
    parts: [tokensPart(), ...stepsOf(config).map((step) => partOf(inside, config, step, head, open))],
    folded,
    back: "",
  };
}

function partOf(inside: Inside, config: ModelConfig, step: Step, head: number, open: Step | null): Part {
  const mine = texts();
  const { name } = mine.steps[step];
  const common = {
    id: step,
    label: name,
    short: SHORT[step],
    title: fill(wayTexts().step, { block: whole(inside.block), name }),
    frame: isOfHead(step) ? fill(mine.headShort, { head: whole(head) }) : OF_MLP.includes(step) ? mine.steps.mlp.name : null,
    isOpen: step === open,
    opens: true,
  };
  if (step === "weights") return { ...common, ...readsOf(inside, config, inside.block, { block: inside.block, head }), id: step };
  return { ...common, kind: "matrix", matrix: stepMatrix(inside, config, step, head), isAdded: step === "attention" || step === "mlp" };
}
