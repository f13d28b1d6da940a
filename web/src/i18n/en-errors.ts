// English texts of the errors of page and worker, by code: what happened, and what to do. `{name}` is filled in from the error's details.
// The core's errors bring their English along (crates/*/src/error.rs).
export const errors = {
  // The page and the worker.
  badRequest: ["A value is not valid: {reason}", "Counts must be whole numbers and not negative."],
  unexpected: ["Something unexpected happened: {reason}", "Try again; what you have is kept."],
  panic: ["The core stopped: {reason}", "Restart it: the run comes back as it was last kept."],
  heapFull: [
    "The core ran out of memory: it needed {bytes} more.",
    "Restart it: the run comes back as it was last kept. Then choose a smaller batch, context, or model.",
  ],
  memoryShort: ["The browser has no memory left for this: {reason}", "Close other tabs, or use a smaller file or model."],
  gpuLost: [
    "The graphics device was lost: {reason}",
    "Restart the core: the run comes back as it was last kept. If it happens again, restart on the CPU.",
  ],
  gpuFull: [
    "The graphics device had no memory left: {reason}",
    "Restart on the CPU, or restart and choose a smaller batch, context, or model. The run comes back as it was last kept.",
  ],
  workerFailed: ["The worker did not start: {reason}", "Reload the page; an up-to-date browser is needed."],
  wasmFailed: ["The WebAssembly module could not be loaded: {reason}", "Reload the page, or use an up-to-date browser."],
  notStarted: ["The core has not started.", "Reload the page."],
  restarted: ["The core was restarted.", "Start again from the run as it was last kept."],
  restartedAt: ["The core was restarted, and the run is back at step {step}, as this browser last kept it.", "Go on from there."],
  restartedEmpty: ["The core was restarted, and this browser had kept no run.", "Start a new one, or load a checkpoint."],
  storeFailed: ["This browser cannot keep the run: {reason}", "Save a checkpoint file before you close the tab."],
  storeFull: [
    "The browser gives this page no more space ({used} in use), so the run is no longer kept.",
    "Delete runs that you no longer need under “Save and load”, or save a checkpoint file before you close the tab.",
  ],
  storeBusy: [
    "Another tab keeps its run in this browser.",
    "This tab works, but what it trains is not kept: save it to a file, close the other tab, or let this one keep runs.",
  ],
  storeTaken: [
    "Another tab keeps its run in this browser now.",
    "What you train here from now on is not kept: save it to a file, close the other tab, or let this one keep runs.",
  ],
  storeHere: ["The other tab was closed, so this one keeps its run from now on.", "There is nothing to do."],
  storedRunUnreadable: ["A kept run could not be read: {reason}", "An earlier copy is used, if there is one."],
  fileEmpty: ["{name} is empty.", "Choose another file; what you have is kept."],
  fileTooLarge: ["{name} has {bytes}; the limit here is {limit}.", "Cut out a part of it and use that."],
  fileUnreadable: ["{name} could not be read: {reason}", "Choose it again; what you have is kept."],
  fileIsSheet: [
    "{name} is {reason} (it begins with the bytes {bytes}), not text.",
    "Open it in a spreadsheet program, save the sheet as CSV (UTF-8), and use that file.",
  ],
  fileIsDocument: [
    "{name} is {reason} (it begins with the bytes {bytes}), not text.",
    "Open it, save its text as a plain text file (UTF-8), and use that file.",
  ],
  fileIsArchive: ["{name} is {reason} (it begins with the bytes {bytes}), not text.", "Unpack it and use the text file inside."],
  fileIsTable: [
    "{name} is {reason} (it begins with the bytes {bytes}), not text.",
    "Write its rows as CSV or JSONL with the program that made it, and use that file.",
  ],
  fileIsModel: [
    "{name} is {reason} (it begins with the bytes {bytes}), not text.",
    "Models open under “Save and load”; choose a text file here.",
  ],
  fileIsOther: ["{name} is {reason} (it begins with the bytes {bytes}), not text.", "Use a text file: plain text, CSV, or JSON."],
  fileNotText: [
    "{name} is not text: the byte at offset {offset} is {byte}, and no encoding known here turns its bytes into text.",
    "Use a text file; the program that made this one may save it as text in UTF-8.",
  ],
  fileIsMarkup: [
    "{name} is a web page or XML (it begins with “<”), not a table.",
    "Save the table it shows as CSV, or use the file it links to.",
  ],
  rowsNotJson: [
    "{name} begins like JSON but is not valid: line {line}, character {column} has “{value}”.",
    "Correct it there, or write one object a line (JSONL).",
  ],
  rowsCutShort: ["{name} begins like JSON but breaks off in line {line}.", "Get the whole file from its source again."],
  rowsTwice: ["{name} has the key “{key}” twice in one object (line {line}), with different values.", "Remove one of them."],
  rowsSeveralLists: ["{name} holds several lists: {lists}.", "Put the one with the questions into a file of its own."],
  encodingUnread: ["{name} is text in {encoding}, which browsers do not read.", "Save it as UTF-8 in a text editor and open it again."],
  encodingMisfit: [
    "{name} is not {encoding} throughout: some of its bytes match no character.",
    "Open it again and choose another encoding, or save it as UTF-8 in a text editor.",
  ],
  corpusUnavailable: ["The corpus {name} could not be loaded: {reason}", "Reload the page, or drop a file of your own."],
  modelUnknown: ["No model {name} comes with this page.", "Choose one of {known}, or open a file of your own."],
  modelUnavailable: ["The model {name} could not be loaded: {reason}", "Reload the page, or train a model of your own."],
  linkDamaged: [
    "The model in this link is damaged and was not opened.",
    "Ask for the link again, unbroken, or for the model as a file; what you have is kept.",
  ],
  linkTooLarge: [
    "The model in this link is larger than a link of this page can carry, and was not opened.",
    "Ask for it as a file; what you have is kept.",
  ],

  // The core's own, where the page has words for a detail: a setting's label, a corpus' title, or a refusal of its own by that name.
  outOfRange: ["{field}: {value} is outside {min} to {max}.", "Choose a value within the range."],
  corpusMissing: ["This run learns from {name}, which is not available.", "Open the same file again, then go on."],
  fileDoesNotFit: [
    "Opening this takes about {needed}, and {limit} are available.",
    "Use a smaller model, or one in half precision or without its training state; what was open before is untouched.",
  ],
};

/** Words of the core inside an error's details; in English only those that read badly in a sentence. */
export const reasons: Record<string, string> = {
  "below 1": "1 (exclusive)",
};
