// What the made world's tasks and styles are called in English; it loads with the labs that speak of them.
export const en = {
  tasks: {
    labels: "Label of a class (cow → zib)",
    dictionary: "Translation (cow → zib)",
    frame: "A word in a frame (cow → zib cow)",
    item: "One of two words (hat cow → cow zib)",
    letters: "Letters in another order (k t m → m t k)",
    sum: "Sum of six digits",
    columns: "Sum of two numbers",
    wordProblem: "Word problem",
    facts: "Facts",
    people: "Whom “he” or “she” means",
    things: "What “it” means",
    passage: "Question about a passage",
    noPassage: "The same without the passage",
  },
  styles: {
    direct: "At once",
    worked: "In steps, as the examples",
    triggered: "After “Let's think step by step.”",
  },
  languages: { en: "English", zh: "中文" },
};
