// Loads a checkpoint, tokenizes and continues a text, looks at a head, and trains a small model: without a bundler. The library is named by
// its file: a bare name would need an import map in the page, which a strict policy allows only by its hash.
import { open } from "./node_modules/tadpole/lib/src/library/browser.js";

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

const tadpole = await open();
const model = await tadpole.load("model.safetensors");
show("about", `${model.parameters} parameters, step ${model.step}, on ${tadpole.device.name}`);

const decoder = new TextDecoder();
const tokens = await tadpole.tokenize("The frog jumps");
show("tokens", tokens.map(({ id, bytes }) => `${decoder.decode(bytes)}:${id}`).join(" "));

let text = "The";
for await (const token of tadpole.generate(text, { maxNewTokens: 40, seed: 1 })) {
  text += token.text;
  show("text", text);
}

const { heads, weights } = await tadpole.attention("The frog jumps", 0);
show("attention", `${heads} heads, ${weights.length} weights`);

const trained = await tadpole.train("The frog jumps into the pond.\n".repeat(300), {
  model: { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 32, dFf: 64, contextLength: 16 },
  tokenizer: { vocabSize: 280 },
  train: { steps: 100 },
  onStep: ({ step, trainLoss }) => show("training", `step ${step}: ${trainLoss.toFixed(3)}`),
});
show("training", `trained ${trained.step} steps: The frog${await tadpole.complete("The frog", { maxNewTokens: 8, temperature: 0 })}`);
