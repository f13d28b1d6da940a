// The English of a lab inside another site's page.
export const en = {
  alone: "Tokens alone: no model is loaded",
  opening: "Opening the model …",
  whole: "Open in Tadpole",
  back: "Back to {name}",
  sharers: "Shares its model with {n} other {n:lab|labs} of this page: what one of them trains, {n:both|all} show.",
  embed: "Embed this lab",
  embedLead: "Paste one of these into any page: the lab, its settings and its model as they are now.",
  asElement: "As an element: it fits its height, and shares its model with labs of the page that name the same",
  asFrame: "As an iframe, where a page allows no script: its height is fixed, so give it what your column needs",
  forgets: "What this page's labs have learnt is kept nowhere and would be lost.",
  examples: "A page of examples that live in it",
  waits: "wait for a press before anything is loaded",
  copy: "Copy",
  copied: "Copied.",
  copyByHand: "The clipboard is not to be had here: select the text and copy it.",
  ownModel: "The model at hand is your own and stays in this browser: the lab opens without it.",
};
