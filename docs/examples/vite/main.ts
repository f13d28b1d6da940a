// The same in TypeScript: every option and result is typed, and a stopped run can be resumed.
import { open, type StepMetrics, TadpoleError } from "tadpole";
import checkpoint from "./model.safetensors?url";

const show = (id: string, text: string): void => {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
};
const told = ({ step, trainLoss }: StepMetrics): void => show("training", `step ${step}: ${trainLoss.toFixed(3)}`);

async function run(): Promise<void> {
  const tadpole = await open({ device: "auto" });
  const model = await tadpole.load(checkpoint);
  show("about", `${model.parameters} parameters, step ${model.step}, on ${tadpole.device.name}`);
  show("text", `The${await tadpole.complete("The", { maxNewTokens: 40, temperature: 0.8, seed: 1 })}`);

  const stop = new AbortController();
  document.getElementById("stop")?.addEventListener("click", () => stop.abort());
  const { step } = await tadpole.train("The frog jumps into the pond.\n".repeat(300), {
    model: { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 32, dFf: 64, contextLength: 16 },
    tokenizer: { vocabSize: 280 },
    train: { steps: 100 },
    onStep: told,
    signal: stop.signal,
  });
  const more = await tadpole.resume({ steps: step + 50, onStep: told });
  show("training", `trained ${more.step} steps`);
}

// Not awaited here: bundlers for older browsers would refuse it.
run().catch((error: unknown) => {
  if (!(error instanceof TadpoleError)) throw error;
  show("about", `${error.core.code}: ${error.core.message}. ${error.core.remedy}`);
});
