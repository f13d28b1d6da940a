// The drawn way as a file: its picture, and what every token reads in every head.
import type { Figure } from "../../figures/figure.ts";
import { drawWith, sizeFor } from "../../way/draw.ts";
import type { Picture } from "../../way/part.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { headWeights } from "./numbers.ts";
import { tokensIn } from "./picture.ts";
import { texts } from "./texts.ts";

export function wayFigure(
  inside: Inside,
  config: ModelConfig,
  picture: Picture,
  token: number,
  around: string | null,
  says: readonly string[],
): Figure {
  const names = tokensIn(inside);
  const { rows = names.length } = picture;
  return {
    file: ["way", "token", token, "step", inside.step],
    title: texts().name,
    plot: { kind: "drawn", ...sizeFor(picture), says: says.join(" "), draw: (pen) => drawWith(pen, picture, token, around) },
    data: {
      columns: ["block", "head", "token", "name", "reads", "name of that", "share"],
      *rows() {
        for (let block = 0; block < config.nLayer; block += 1)
          for (let head = 0; head < config.nHead; head += 1) {
            const { columns, values } = headWeights(inside, block, head);
            for (let row = 0; row < rows; row += 1)
              for (let from = 0; from <= row; from += 1)
                yield [block, head, row, names[row]?.text ?? "", from, names[from]?.text ?? "", values[row * columns + from] ?? 0];
          }
      },
    },
  };
}
