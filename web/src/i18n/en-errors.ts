// English texts of every error, by code of the core, the worker, or the page: what happened, and what to do.
// `{name}` is filled in from the error's details; a code without a text here shows the core's own English.
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

  // The session.
  notUtf8: ["The file is not UTF-8 text: byte {offset} is {byte}.", "Save it as UTF-8 in a text editor and open it again."],
  zeroByte: [
    "This is not text in UTF-8: byte {offset} is zero, as in UTF-16 and in files that are not text.",
    "Save it as UTF-8 in a text editor and open it again.",
  ],
  foreignFile: ["This is {reason}.", "{remedy}"],
  patternUnknown: [
    "This .tiktoken file holds {tokens} tokens of an unknown vocabulary. It does not say how text is cut before merging.",
    "Choose its pattern: GPT-2's, cl100k's, o200k's, or a regular expression of your own.",
  ],
  patternGiven: ["The file itself says how text is cut, so the pattern {pattern} is not needed.", "Leave the pattern out."],
  noModel: ["There is no model yet.", "Train one or load a checkpoint."],
  noTokenizer: ["There is no tokenizer yet.", "Train one or load a tokenizer file."],
  notResumable: ["This model came without its training state.", "Sample from it, or start a new run."],
  runNotOpen: ["No run is open.", "Start a run, or take one step of the current one."],
  corpusMissing: ["This run learns from {name}, which is not available.", "Open the same file again, then go on."],
  corpusMismatch: [
    "This is not the corpus that the run began with: it has {found} bytes instead of {expected}.",
    "Use the original file, or start a new run.",
  ],
  unknownFile: [
    "This file was not recognised: {reason}.",
    "Use a Tadpole checkpoint, a text, a tokenizer.json, a .tiktoken file, or the three files of a GPT-2 model.",
  ],
  streamOver: ["Stream {handle} has ended.", "Start again."],

  // The model.
  headsDoNotDivide: [
    "A width of {dModel} does not suit {nHead} heads.",
    "Choose a width of {below} or {above}: all heads then have the same even width.",
  ],
  kvHeadsDoNotDivide: [
    "{nKvHead} key/value heads do not divide {nHead} heads.",
    "Choose 1, {nHead}, or another number that divides {nHead}.",
  ],
  outOfRange: ["{field}: {value} is outside {min} to {max}.", "Choose a value within the range."],
  doesNotFit: [
    "This needs about {needed}, and {limit} are available.",
    "Choose fewer layers, or a smaller width, context, vocabulary, or batch.",
  ],
  fileDoesNotFit: [
    "Opening this takes about {needed}, and {limit} are available.",
    "Use a smaller model, or one in half precision or without its training state; what was open before is untouched.",
  ],
  bufferTooLarge: [
    "One of the tensors needs {needed}, and this graphics adapter allows {limit} at once.",
    "Choose a smaller width, vocabulary, or batch, or the CPU.",
  ],
  corpusTooShort: [
    "The corpus has {tokens} tokens, and at least {needed} are needed.",
    "Use a longer text, a shorter context, or a smaller validation share.",
  ],
  promptTooLong: ["The prompt has {tokens} tokens, and the context holds {contextLength}.", "Shorten the prompt."],
  promptEmpty: ["The prompt is empty.", "Type at least one character."],
  tokenOutOfRange: ["Token {id} is outside a vocabulary of {vocabSize}.", "Use the tokenizer that this model was trained with."],
  notFinite: [
    "The loss was {value} at step {step}; the weights of step {kept} are kept.",
    "Go on with a lower learning rate, a longer warm-up, or gradient clipping.",
  ],
  logitsNotFinite: [
    "A logit of the model is {value}: its weights are damaged.",
    "Load an earlier checkpoint, or train a new model with a lower learning rate.",
  ],
  checkpointCorrupt: ["This checkpoint cannot be read: {reason}.", "Get the file again; what was open before is untouched."],
  tensorMissing: ["Tensor {name} is missing.", "Load the weights together with the configuration they were saved with."],
  tensorShape: [
    "Tensor {name} has shape {found} where {expected} is expected.",
    "Load the weights together with the configuration they were saved with.",
  ],
  tensorDtype: ["Tensor {name} is stored as {dtype}.", "Convert the weights to F32, F16, or BF16."],
  notRepresentable: ["Hugging Face's GPT-2 layout cannot express {field} = {value}.", "Save a Tadpole checkpoint instead."],
  notTied: [
    "lm_head.weight differs from wte.weight, though config.json says that they are the same (tie_word_embeddings).",
    "Set tie_word_embeddings to false in config.json to use lm_head.weight, or remove lm_head.weight from the file to use wte.weight.",
  ],
  unsupported: ["GPT-2 models do not have {field} = {value}.", "Load a model of the GPT-2 family (model_type gpt2, gelu_new)."],
  device: ["The device failed: {message}", "Choose the other device or a smaller model, and load the last checkpoint."],

  // The tokenizer.
  emptyCorpus: ["The corpus is empty.", "Give it some text to learn from."],
  vocabTooSmall: ["A vocabulary of {vocabSize} is below {minimum}: 256 bytes and the special tokens.", "Ask for {minimum} or more."],
  vocabTooLarge: ["A vocabulary of {vocabSize} is above {maximum}.", "Ask for {maximum} or fewer."],
  invalidSpecialToken: ["{name} cannot be a special token: {reason}.", "Choose a name such as <|endoftext|>."],
  invalidPattern: ["The pattern {pattern} fails at offset {offset}: {reason}.", "Correct it, or leave it empty to use GPT-2's."],
  patternTooSlow: ["The pattern {pattern} backtracks too much on this text.", "Make its repeated groups unambiguous, or leave it empty."],
  trainingStarted: ["The trainer was given text after its first merge.", "Start again."],
  unknownCharacter: [
    "The vocabulary does not contain {character} ({codePoint}), at byte {offset}.",
    "Leave it out, or train with a BPE tokenizer, which knows every byte.",
  ],
  invalidUtf8: ["Byte {offset} is not UTF-8.", "Convert the text to UTF-8, or use a BPE tokenizer."],
  unknownToken: ["Token {id} is outside a vocabulary of {vocabSize}.", "Use an id below {vocabSize}."],
  unknownSpecialToken: ["The special token {name} is unknown; these are known: {known}.", "Add it to the special tokens and train again."],
  unknownRole: ["The role {role} is unknown.", "Use system, user, or assistant."],
  textTooLong: ["A text of {bytes} bytes is too long.", "Encode it in parts."],
  invalidJson: ["This is not a valid tokenizer.json: {reason}.", "Load one written here or by Hugging Face tokenizers."],
  unsupportedTokenizer: ["The tokenizer asks for {value} in {part}, which is not supported.", "{remedy}"],
  duplicateId: ["Id {id} is given to two tokens.", "Number the tokens 0, 1, 2 and so on, each once."],
  idHole: ["No token has id {id}, though there are {count} tokens.", "Number the tokens 0, 1, 2 and so on, each once."],
  duplicateToken: ["The token {token} appears twice.", "Keep one of the two."],
  invalidToken: ["The token {token} cannot be read: {reason}.", "Load a byte-level or a character-level file."],
  missingByte: ["No token stands for byte {byte}.", "Load a byte-level vocabulary that holds all 256 bytes."],
  invalidMerge: ["Merge {index} ({merge}) is not valid: {reason}.", "Load the file again from its source."],
  invalidTiktokenLine: ["Line {line} ({text}) cannot be read: {reason}.", "Each line must be a base64 token, one space, and a rank."],
};

/** Words of the core inside an error's details; in English only those that read badly in a sentence. */
export const reasons: Record<string, string> = {
  "below 1": "1 (exclusive)",
};
