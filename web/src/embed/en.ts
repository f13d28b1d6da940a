// The English of a lab inside another site's page.
export const en = {
  bench: "Tokens alone: no model is loaded",
  opening: "Opening the model …",
  whole: "Open in Tadpole",
  back: "Back to {name}",
  shared: "The labs of this page share one model.",
};
