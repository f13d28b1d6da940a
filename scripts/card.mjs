// The card of a model that comes with the page: what it is, what it learnt from, what it can and cannot do; all figures come from `tadpole
// eval` or from the files themselves.

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const whole = (number) => number.toLocaleString("en-US");

const CLAIMS = {
  fewShot: "rules with invented words, or letters, never seen together in training, by number of examples before the question",
  chainOfThought: "six digits, or four changes: two examples answered at once or in steps",
  trigger: "the same without examples, with “Let's think step by step.” or without",
  facts: "facts of the world",
  pronoun: "whom or what a pronoun means",
  passage: "a question whose answer is in a passage",
};

export function card({ name, common, recipe, command, bytes, questions, seed, scores, whole: exact, youth, stories }) {
  const tokens = common.steps * common["batch-size"] * common["context-length"];
  const { parameters } = scores;
  const grown = [...youth, { at: common.steps, scores }];
  return `# ${name}

A GPT of ${whole(parameters)} parameters: ${common["n-layer"]} layers, ${common["n-head"]} heads, ${recipe["d-model"]} wide, rotary positions, context
${common["context-length"]}, byte-level BPE of ${whole(recipe["vocab-size"])} tokens (\`tokenizer.json\`). ${whole(bytes)} bytes: 16-bit floats, and the run's curves.

- **Data**: ${common["world-mib"]} MiB of the made world (\`docs/WORLD.md\`), seed ${common["world-seed"]}, in English and Chinese, in its default mix. Free for any use.
- **Compute**: ${whole(common.steps)} steps of ${common["batch-size"]} × ${common["context-length"]} tokens: ${(tokens / 1e6).toFixed(1)} million tokens, about ${((6 * parameters * tokens) / 1e15).toFixed(2)} × 10¹⁵ operations.
- **Youth**: the files beside this one are the weights at steps ${grown.map(({ at }) => at).join(", ")}.
- **Made by**: \`npm run raise -- ${name}\`, which runs

\`\`\`
tadpole train ${command.map(quoted).join(" ")} --out ${name}.safetensors
\`\`\`

## What it can do

${questions} held-out questions a row, greedy, seed ${seed}: \`tadpole eval ${String(common.steps).padStart(6, "0")}.safetensors --world --cases ${questions} --seed ${seed}\`. The last column is the same with the
32-bit weights of the run.

| claim | condition | right of ${questions} | accuracy | 95 % within | in 32 bits |
|---|---|---:|---:|---|---:|
${scores.rows.map((row, index) => line(row, exact.rows[index])).join("\n")}

${Object.entries(CLAIMS)
  .map(([claim, words]) => `- \`${claim}\`: ${words}.`)
  .join("\n")}

Asked for the capital of a place that does not exist, it still names one: the likeliest first token of the answer has
${percent(scores.madeUpPlaces.meanProbability)} on average, over ${scores.madeUpPlaces.n} questions.

| words | of the ten nearest words, of the same class | by chance |
|---|---:|---:|
${scores.neighbours.map(({ class: name, words, share, chance }) => `| ${words} of the class ${name} | ${percent(share)} | ${percent(chance)} |`).join("\n")}

(Cosine of the residual stream of a lone word after half of the blocks, among all words of these classes.)

${scores.pronounHeads.map(head).join("\n")}

## Growing up

The same questions at every kept step, in per cent:

| claim | condition |${grown.map(({ at }) => ` ${whole(at)} |`).join("")}
|---|---|${"---:|".repeat(grown.length)}
${scores.rows
  .map((row, index) =>
    growth(
      row,
      grown.map((each) => each.scores.rows[index]),
    ),
  )
  .join("\n")}

## What it cannot do

It knows the made world and nothing else: no other words, no other arithmetic, no other facts. It does not follow rules of
forms that it was not trained on. A low row above is a real weakness.

## Ten stories

The first ten by seed, none left out; temperature 0.8, after “One day” and “有一天，”.

${stories.map((story, index) => `${index + 1}. ${story.trim().replaceAll("\n", " / ")}`).join("\n")}
`;
}

function line({ claim, condition, n, correct, accuracy, low, high }, exact) {
  const cells = [claim, condition, `${correct}${n === exact.n ? "" : ` of ${n}`}`, percent(accuracy), `${percent(low)} – ${percent(high)}`];
  return `| ${[...cells, percent(exact.accuracy)].join(" | ")} |`;
}

const growth = ({ claim, condition }, rows) =>
  `| ${[claim, condition, ...rows.map(({ accuracy }) => (100 * accuracy).toFixed(1))].join(" | ")} |`;

function head([pronoun, { layer, head, n, share }]) {
  return `- Where it is about to say what “${pronoun}” means, head ${head} of block ${layer} (both from 0) has its largest weight on the right noun in ${percent(share)} of ${n} stories.`;
}

const quoted = (word) => (/^[\w.-]+$/.test(word) ? word : `'${word}'`);
