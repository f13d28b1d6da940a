// node main.mjs [checkpoint] [cpu | webgpu]: writes a text with a checkpoint, and trains and saves a small model, on the CPU, or through
// Dawn if the package `webgpu` is installed.
import { writeFile } from "node:fs/promises";
import { open } from "tadpole";

const [file = "model.safetensors", device = "auto"] = process.argv.slice(2);
const tadpole = await open({ device });
const model = await tadpole.load(file);
console.log(`${model.parameters} parameters, step ${model.step}, on ${tadpole.device.name} (${tadpole.device.kind})`);

process.stdout.write("The");
for await (const token of tadpole.generate("The", { maxNewTokens: 40, seed: 1 })) process.stdout.write(token.text);
console.log();

const { tokens, heads, weights } = await tadpole.attention("The frog jumps", 0);
console.log(`${heads} heads over ${tokens.length} tokens: ${weights.length} weights`);

const trained = await tadpole.train("The frog jumps into the pond.\n".repeat(300), {
  model: { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 32, dFf: 64, contextLength: 16 },
  tokenizer: { vocabSize: 280 },
  train: { steps: 40, evalInterval: 20, evalBatches: 1 },
  onEval: ({ step, valLoss }) => console.log(`step ${step}: validation loss ${valLoss.toFixed(3)}`),
});
console.log(`trained ${trained.step} steps on ${tadpole.device.kind}`);
await writeFile("frog.safetensors", await tadpole.save());
tadpole.close();
