// The English of lessons and tour; it loads with them. A lesson says what it shows in two to five sentences, the last of which says
// what to try; tests/app/lessons-claims.test.mjs checks that what it says is so.
export const en = {
  heading: "Raise a small GPT in this tab and look inside.",
  lead: "A language model guesses the next token, again and again. Here is one that lives in your browser: watch it write, open it up, and train your own. Nothing you type leaves this page.",
  living: "{name}, {parameters} parameters, is writing this now, in your browser:",
  livingOwn: "Your model, {parameters} parameters, is writing this now, in your browser:",
  livingLearns: "Your model, {parameters} parameters, is learning. This is what it writes now:",
  waiting: "The model is on its way …",
  walkPlay: "Play",
  walkPause: "Pause",
  walkStep: "Next token",
  walkAt: "In slow motion: token {at} of {n}",
  again: "Write another",
  why: "What else could it have written?",
  tour: "Take the tour",
  tourLead: "{n} short steps through all the labs.",
  tourOn: "Go on with the tour",
  tourOnLead: "Step {at} of {n}.",
  lessons: "Lessons",
  lessonsLead: "Each opens a lab with everything in place. What it claims is checked by the project's tests.",
  lessonOf: "Lesson {at} of {n}",
  tourOf: "Tour, step {at} of {n}",
  all: "All lessons",
  previous: "Back",
  next: "Next",
  done: "Finish",
  close: "Close",
  guide: "Guide",
  home: "Back to the {lab} lab",
  lessonSays: "What the lesson says",
  atStep: "{name} at step {n}",

  /** Where lessons send their reader: what the link says, and what is said there, where that is another lab. */
  ways: {
    withoutPositions: {
      go: "Train without positions",
      say: "Each document of this corpus has pairs of words and asks for the first or the second of each: only its position tells which. Press Start, and note the validation loss at step 300. Then train with positions.",
    },
    withPositions: {
      go: "Train with positions",
      say: "The same run, but each token is told its position. Press Start: at step 300 the validation loss is lower than without positions.",
    },
    bars: {
      go: "See the bars of {model} in the Sample lab",
      say: "The bars show what {model} expects after “I like”. A model that was trained on the three sentences gives each fruit about a third.",
    },
    older: { go: "Ask {model}", say: "" },
    younger: { go: "Ask {model}", say: "" },
    smaller: { go: "Ask {model}", say: "" },
    curve: {
      go: "See the curve of {model} in the Train lab",
      say: "If the lab shows a new run, press “Show {model}” to see the curve of its whole training. Compare bits per byte, which do not depend on the tokenizer.",
    },
  },

  groups: {
    reading: "Text and vectors",
    inside: "Inside the model",
    writing: "Writing",
    prompting: "Prompting",
    training: "Training",
  },

  starts: {
    world: "One day Lily went to the",
    tokens: "Changsha is the capital of Hunan.\n长沙是湖南的省会城市。",
    story: "One day Lily went to the park. The fox did not eat the cabbage because it was too young. The",
    fruit: "Lily ate an Apple. The Apple",
    company: "Lily works at Apple. Apple",
    capital: "Q: What is the capital of Hunan?\nA:",
    madeUp: "Q: What is the capital of Zorvania?\nA:",
    like: "I like",
  },

  lessonTexts: {
    tokens: {
      title: "Tokens",
      short: "Text becomes numbers, and Chinese costs more of them.",
      say: [
        "A model does not read letters. A tokenizer cuts the text into pieces it knows, and each piece has a number.",
        "The two lines say the same. This tokenizer learnt its pieces from an English book, so English needs few tokens, while each Chinese character falls into its three bytes.",
        "Type some Chinese of your own and watch the count.",
      ],
    },
    embedding: {
      title: "Meaning as a place",
      short: "Tokens used in similar ways lie near each other.",
      say: [
        "Each token has a vector, here of 128 numbers. Nobody chose them: training moved them to where they help to guess the next token.",
        "The map shows them along the two directions in which they differ most. The tokens nearest to the picked one are used as it is used.",
        "Pick another point. Then drag the slider beside the step in the bar back to 0: at birth the neighbours mean nothing.",
      ],
    },
    positions: {
      title: "Where a word stands",
      short: "Without positions, word order is lost.",
      say: [
        "One block of attention alone sees a set of tokens, not a sequence: “the dog ate the fish” and “the fish ate the dog” look the same to it.",
        "So each token is told its position: by adding a vector (learned or sinusoidal), or by rotating queries and keys (rotary, as in this model).",
        "Look at how similar two positions are, and at how far the guess moves when the words change their order. The Train lab shows what positions are worth: without them the same run ends at a higher loss.",
      ],
    },
    polysemy: {
      title: "One word, two senses",
      short: "Apple the fruit, Apple the company.",
      say: [
        "The last token is the same in both texts, and so is its vector before the first block: cosine 1.",
        "With each block more context flows in, and the two vectors part: one has become a fruit, the other a company.",
        "Change one of the texts and see at which block they begin to differ.",
      ],
    },
    attention: {
      title: "What “it” means",
      short: "A head that looks back at the right noun.",
      say: [
        "The text stops where the model must name who was too young, the fox or the cabbage. “It” could be either; only “young” decides.",
        "In the open head (block 3, head 1) the last token reads the right noun: the largest weight of its row is there.",
        "Replace young with rotten, and the head turns to the cabbage. Turn the causal mask off to see scores that no token may use.",
      ],
    },
    block: {
      title: "One block, number by number",
      short: "Norm, queries, keys, values, residual: every number opens.",
      say: [
        "A block does two things, each added to the stream: attention lets tokens read each other, the MLP works on each token alone. Before each, a norm scales the numbers to one size.",
        "Every coloured cell is a number of the real forward pass. Click one to see the products and sums that make it.",
        "The page computes it again beside the model's own number, to four digits.",
      ],
    },
    capital: {
      title: "Completing with a fact",
      short: "The capital of Hunan is … Changsha.",
      say: [
        "A base model does one thing: it continues. Ask for a fact that it met in training, and the likeliest continuation is the answer.",
        "The bars show its guess for the next token after the prompt; the first one begins the right answer.",
        "Ask for another capital: those of China's provinces and of many countries were in its training text.",
      ],
    },
    hallucination: {
      title: "A confident mistake",
      short: "Ask for a place that does not exist.",
      say: [
        "Zorvania does not exist, and the model has never met the word. It answers all the same: it was trained to continue, not to say that it does not know.",
        "Look at how sure it is of the first token of an answer that cannot be right.",
        "Press Write, change the name, and press again. Retrieval, which hands the model a passage to read, is one cure.",
      ],
    },
    sampling: {
      title: "From scores to one token",
      short: "Temperature, top_k, top_p, min_p, stage by stage.",
      say: [
        "The model gives each token a score; softmax makes probabilities of the scores; a sampler cuts and stretches them; then chance picks one token.",
        "Temperature 0 always takes the likeliest. A higher one evens the odds, and top_k, top_p and min_p drop the unlikely.",
        "Move a slider and watch the stages. The same seed writes the same text again.",
      ],
    },
    fewShot: {
      title: "Learning from examples",
      short: "Zero-shot against few-shot, measured.",
      say: [
        "These questions follow rules with made-up words that were never in training. Without an example nobody could know the answer.",
        "With a few solved examples in the prompt the model finds the rule, though none of its weights changes: this is in-context learning.",
        "The curve shows the share of right answers after 0, 1, 2, 4 and 8 examples, with the range in which the true share lies. Open the table to see every question and answer.",
      ],
    },
    chainOfThought: {
      title: "Let's think step by step",
      short: "Writing down the steps makes hard problems easy.",
      say: [
        "A problem of several steps is too much for so small a model at once: it would all have to happen in one forward pass.",
        "When it writes each step, it does a little at a time and reads its own notes: chain of thought.",
        "The bars compare both ways on the same questions, and also with “Let's think step by step” instead of examples; the difference has its own range.",
      ],
    },
    nextToken: {
      title: "It learns the odds",
      short: "I like apple, banana, orange: a third each.",
      say: [
        "The corpus has three sentences, all equally often. After “I like” no model can know which fruit comes.",
        "The best guess is a third for each, and training finds it: the loss stops falling where the text itself is chance.",
        "Press Start and wait a few seconds. Then look at the bars of your model in the Sample lab.",
      ],
    },
    training: {
      title: "One step of learning",
      short: "Batch, forward, loss, backward, update.",
      say: [
        "Training repeats one step: take a batch of text, let the model guess each next token, measure how wrong it was (the loss), find for each weight which way lowers the loss (the gradient), and move it a little.",
        "Press Start, then pause, and take one step slowly.",
        "The loss should start at the logarithm of the vocabulary size, where all tokens are equally likely, and fall.",
      ],
    },
    scale: {
      title: "More parameters, more data",
      short: "The same model, smaller, and younger.",
      say: [
        "tadpole-nano has a quarter of tadpole-base's parameters and saw the same kind of text. On the same questions it does worse.",
        "A young model has read less: tadpole-base at step 1,000 answers hardly anything.",
        "Look at the shares below the table, ask another model, and look again. The Train lab has the curve of each model's training.",
      ],
    },
  },

  tourTexts: [
    "This model fits into half a megabyte and lives in this tab. It has just read a few words and is guessing what follows, one token at a time.",
    "First, text becomes tokens. Each coloured piece is one entry of the vocabulary with a number of its own; hover one, and its id and its bytes light up.",
    "The vocabulary was learnt too: the commonest pair of pieces is joined, again and again. Drag the merges back to zero and replay them on the text.",
    "A model begins as random numbers and learns from text. Each of these recipes trains a small one in this tab, in under a minute.",
    "While it trains you see its loss, its speed, and what it writes at each stage. You can pause, step, and change the learning rate; closing the tab loses at most the last few seconds.",
    "Attention is how tokens read each other. Each small square is one head at work on the text above; click one to open it.",
    "Nothing is hidden in a block. Click any coloured number to see the sum that makes it, computed again beside the model's own.",
    "To write, the model's scores become probabilities, and a sampler picks. Move a slider: the bars follow at once.",
    "Does it really help to give examples, or to think step by step? Here you measure it, on questions that were never in training.",
    "The bar holds the model: its age, where it runs, saving and loading, your own runs, and a link that brings all this to somebody else. Now take a lesson, or train your own.",
  ],
};
