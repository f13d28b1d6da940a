// Training a tokenizer in the Tokens lab: its corpus, its settings, its progress.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { choiceField, linesField, numberField, switchField, textField } from "../../components/fields.ts";
import { CORPUS_LIMIT, OPENING } from "../../corpus.ts";
import { fieldLabel, fill, t } from "../../i18n/index.ts";
import { encodingNote, readText } from "../../reading/read.ts";
import { change, write } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import type { TokenizerConfig } from "../../worker/protocol.ts";
import * as learn from "./learn.ts";
import { train } from "./state.ts";
import { texts } from "./texts.ts";

export function trainPart() {
  const mine = texts();
  const config = learn.config.value;
  if (!config) return nothing;
  const own = learn.ownCorpus.value;
  const busy = learn.training.value;
  return html`<h3>${mine.train}</h3>
    <div class="grid">
      ${choiceField({
        name: "tokens-corpus",
        label: mine.corpus,
        value: learn.corpusName.value,
        options: [
          ...learn.CORPORA.map((name) => [name, name === OPENING ? mine.opening : t().corpora[name].name] as const),
          ...(own ? [["own", fill(t().yours, { name: own.name })] as const] : []),
        ],
        change: (value) => write("tokens.corpus", value === learn.CORPORA[0] && !own ? undefined : value),
      })}
      ${configFields(config)}
    </div>
    <tp-drop-zone .name=${"tokens-corpus-file"} .label=${mine.dropCorpus} .accept=${".txt,.md,text/*"} @files=${takeCorpus}></tp-drop-zone>
    ${encodingNote("tokens-corpus")}
    <div class="row">
      ${action({ name: "train-tokenizer", label: mine.train, able: !busy, act: () => void train(), primary: true })}
      ${action({ name: "stop-tokenizer", label: mine.stop, able: busy !== null, act: learn.stopTraining })}
      ${
        busy
          ? html`<label class="progress"
              >${mine.training}
              <progress .value=${busy.done} .max=${Math.max(1, busy.total)}></progress
            ></label>`
          : nothing
      }
    </div>`;
}

function configFields(config: TokenizerConfig) {
  const own = learn.defaults.value;
  if (!own) return nothing;
  const names = t().fields;
  const set = (key: keyof TokenizerConfig) => (value: unknown) => change<TokenizerConfig>("bpe", own, key, value);
  return html`${numberField({ name: "bpe-vocabSize", label: names.vocabSize, value: config.vocabSize, change: set("vocabSize") })}
    ${switchField({ name: "bpe-splitDigits", label: names.splitDigits, value: config.splitDigits, change: set("splitDigits") })}
    ${textField({
      name: "bpe-pattern",
      label: fieldLabel("pattern"),
      value: config.pattern ?? "",
      change: (value) => set("pattern")(value === "" ? null : value),
    })}
    ${linesField({
      name: "bpe-specialTokens",
      label: fieldLabel("specialTokens"),
      value: config.specialTokens,
      hint: t().linesHint,
      change: set("specialTokens"),
    })}`;
}

async function takeCorpus(event: CustomEvent<File[]>): Promise<void> {
  const file = event.detail[0];
  if (!file) return;
  try {
    const read = await readText(file, CORPUS_LIMIT, "tokens-corpus");
    if (!read) return;
    learn.ownCorpus.value = read;
    write("tokens.corpus", undefined);
  } catch (thrown) {
    learn.error.value = coreError(thrown);
  }
}
