// Editing a column: how it asks, after how many examples.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { choiceField, proseField } from "../../components/fields.ts";
import "../../components/slider-field.ts";
import { fill, whole } from "../../i18n/index.ts";
import { columnName, examplesName } from "./names.ts";
import { type Column, MAX_SHOTS, PLACEHOLDER, type Style } from "./prompts.ts";
import * as state from "./state/index.ts";
import { texts } from "./texts.ts";

export function columnEditor(index: number) {
  const mine = texts();
  const column = state.tableColumns.value[index];
  if (!column) return nothing;
  return html`<fieldset class="prompt-editor">
    <legend>${fill(mine.column, { n: whole(index + 1), name: columnName(column) })}</legend>
    <div class="prompt-pair">
      ${choiceField({
        name: "column-style",
        label: mine.style,
        value: column.style,
        options: styles().map((style) => [style, fill(mine.styleChoices[style], { trigger: state.trigger.value })] as const),
        change: (style) => state.changeColumn(index, styled(column, style as Style)),
      })}
      <tp-slider
        .name=${"column-shots"}
        .label=${mine.shots}
        .value=${column.shots}
        .max=${MAX_SHOTS}
        .step=${1}
        .valueText=${examplesName(column.shots)}
        @value=${(event: CustomEvent<number>) => state.changeColumn(index, { shots: Math.round(event.detail) })}
      ></tp-slider>
    </div>
    ${column.style === "own" ? ownTemplate(index, column) : nothing}
    <div class="row">
      ${action({ name: "column-close", label: mine.closeColumn, act: () => closeColumn(index) })}
      ${action({ name: "column-remove", label: mine.removeColumn, able: state.tableColumns.value.length > 1, act: () => state.removeColumn(index) })}
    </div>
  </fieldset>`;
}

const styles = (): Style[] => (state.hasSteps.value ? ["direct", "worked", "triggered", "own"] : ["direct", "own"]);

/** The person's own wording starts from the questions' template. */
function styled(column: Column, style: Style): Partial<Column> {
  const template = style === "own" ? column.template || (state.prompts.value?.template ?? PLACEHOLDER) : "";
  return { style, template };
}

function ownTemplate(index: number, { template }: Column) {
  const mine = texts();
  const change = (next: string) => state.changeColumn(index, { template: next });
  return html`${proseField({ name: "column-template", label: mine.template, rows: 3, value: template, change })}
    <p class="hint ${template.includes(PLACEHOLDER) ? "" : "warn"}">
      ${fill(template.includes(PLACEHOLDER) ? mine.templateHint : mine.noPlace, { place: PLACEHOLDER })}
    </p>`;
}

function closeColumn(index: number): void {
  state.editedColumn.value = -1;
  document.querySelector<HTMLElement>(`[data-testid="column-${index}"]`)?.focus();
}
