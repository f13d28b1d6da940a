// Training a tokenizer in the Tokens lab: its corpus, its settings, its progress.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { choiceField, linesField, numberField, switchField, textField } from "../../components/fields.ts";
import { BUILT_IN, CORPUS_LIMIT, readFile } from "../../corpus.ts";
import { fieldLabel, fill, t } from "../../i18n/index.ts";
import { defaults } from "../../session.ts";
import { change, write } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import type { TokenizerConfig } from "../../worker/protocol.ts";
import * as state from "./state.ts";

export function trainPart() {
  const texts = t().tokens;
  const config = state.config.value;
  if (!config) return nothing;
  const own = state.ownCorpus.value;
  const busy = state.training.value;
  return html`<h3>${texts.train}</h3>
    <div class="grid">
      ${choiceField({
        name: "tokens-corpus",
        label: texts.corpus,
        value: state.corpusName.value,
        options: [
          ...BUILT_IN.map((name) => [name, t().corpora[name].name] as const),
          ...(own ? [["own", fill(t().yours, { name: own.name })] as const] : []),
        ],
        change: (value) => write("tokens.corpus", value === BUILT_IN[0] && !own ? undefined : value),
      })}
      ${configFields(config)}
    </div>
    <tp-drop-zone .name=${"tokens-corpus-file"} .label=${texts.dropCorpus} .accept=${".txt,.md,text/*"} @files=${takeCorpus}></tp-drop-zone>
    <div class="row">
      ${action({ name: "train-tokenizer", label: texts.train, able: !busy, act: () => void state.train(), primary: true })}
      ${action({ name: "stop-tokenizer", label: texts.stop, able: busy !== null, act: state.stopTraining })}
      ${
        busy
          ? html`<label class="progress"
              >${texts.training}
              <progress .value=${busy.done} .max=${Math.max(1, busy.total)}></progress
            ></label>`
          : nothing
      }
    </div>`;
}

function configFields(config: TokenizerConfig) {
  const own = defaults.value?.tokenizer;
  if (!own) return nothing;
  const texts = t().fields;
  const set = (key: keyof TokenizerConfig) => (value: unknown) => change<TokenizerConfig>("bpe", { ...own, kind: "bpe" }, key, value);
  return html`${numberField({ name: "bpe-vocabSize", label: texts.vocabSize, value: config.vocabSize, change: set("vocabSize") })}
    ${switchField({ name: "bpe-splitDigits", label: texts.splitDigits, value: config.splitDigits, change: set("splitDigits") })}
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
    state.ownCorpus.value = { name: file.name, bytes: await readFile(file, CORPUS_LIMIT) };
    write("tokens.corpus", undefined);
  } catch (thrown) {
    state.error.value = coreError(thrown);
  }
}
