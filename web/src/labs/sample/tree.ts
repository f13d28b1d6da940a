// A tree of what the model could write: the likeliest tokens after the prompt, the likeliest after each of those, and so on, with the
// probability of each and of its path, by the model alone. Computed one pass at a time while the part is open.

import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { numberField } from "../../components/fields.ts";
import { latest } from "../../components/latest.ts";
import { chipAmong } from "../../components/token-chip.ts";
import { tokenName, tokensOf } from "../../components/token-pieces.ts";
import { tokenText, wholeText } from "../../components/token-text.ts";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, glossed, percent } from "../../i18n/index.ts";
import { isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, model, modelVersion } from "../../session.ts";
import { change, overlay, read, write } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

interface Node {
  id: number;
  bytes: Uint8Array;
  prob: number;
  /** The probability of the path to here. */
  joint: number;
  path: number[];
  children: Node[];
}

const SIZE = { branches: 3, depth: 3 };
const MOST = { branches: 4, depth: 5 };
/** The most passes of the model for one tree. */
const MOST_PASSES = 60;
const RESTING_MS = 200;
const LEARNING_MS = 2_000;

const roots = signal<readonly Node[]>([]);
const isGrowing = signal(false);
const isOpen = (): boolean => read("tree") === "open";

const size = (): typeof SIZE => {
  const { branches, depth } = overlay("tree", SIZE);
  const within = (value: number, most: number) => Math.min(most, Math.max(1, Math.round(value)));
  return { branches: within(branches, MOST.branches), depth: within(depth, MOST.depth) };
};

let wantedNow = 0;

async function grow(prompt: string): Promise<void> {
  wantedNow += 1;
  const mine = wantedNow;
  const { branches, depth } = size();
  const sampling = state.sampling.value;
  if (!sampling) return;
  const after = async (path: number[], joint: number): Promise<Node[]> => {
    const { candidates } = await client().call("nextTokens", { prompt, forced: path, sampling, top: branches });
    return candidates.map(({ id, bytes, probs }) => {
      const prob = probs[0] ?? 0;
      return { id, bytes, prob, joint: joint * prob, path: [...path, id], children: [] };
    });
  };
  isGrowing.value = true;
  try {
    const first = await after([], 1);
    let [level, passes] = [first, 1];
    for (let deep = 1; deep < depth; deep += 1) {
      for (const node of level) {
        if (mine !== wantedNow || passes >= MOST_PASSES) break;
        node.children = await after(node.path, node.joint);
        passes += 1;
      }
      level = level.flatMap(({ children }) => children);
    }
    if (mine === wantedNow) roots.value = first;
  } catch (thrown) {
    const failure = coreError(thrown);
    if (failure.code !== "restarted" && failure.code !== "promptEmpty") state.error.value = failure;
    roots.value = [];
  } finally {
    isGrowing.value = false;
  }
}

const ask = latest<string>(grow, () => (run.status.value === "running" ? LEARNING_MS : RESTING_MS));

/** Keeps the tree up to date with the prompt and the model while it is open; returns the function that ends it. */
export function watchTree(): () => void {
  return effect(() => {
    void [modelVersion.value, size()];
    if (isOpen() && isSettled.value && model.value) ask(state.prompt.value);
  });
}

export function treePart() {
  return html`<details
    class="part tree"
    data-testid="tree"
    ?open=${isOpen()}
    @toggle=${(event: Event) => write("tree", (event.target as HTMLDetailsElement).open ? "open" : undefined)}
  >
    <summary>${texts().tree.title}</summary>
    ${isOpen() ? opened() : nothing}
  </details>`;
}

function opened() {
  const mine = texts().tree;
  const { branches, depth } = size();
  const field = (key: keyof typeof SIZE, value: number) =>
    numberField({ name: `tree-${key}`, label: mine[key], value, change: (next) => change("tree", SIZE, key, next) });
  return html`<p class="hint">${glossed(mine.lead)}</p>
    <div class="grid">${field("branches", branches)} ${field("depth", depth)}</div>
    <div class="tree-roots" aria-busy=${isGrowing.value ? "true" : "false"} data-testid="tree-nodes">${list(roots.value)}</div>
    ${roots.value.length > 0 ? figureMenu(mine.title, asFigure) : nothing}`;
}

/** Every path with its text; deeper paths come after those they extend. */
function paths(nodes: readonly Node[], before: number[] = []): { text: string; node: Node }[] {
  return nodes.flatMap((node) => {
    const bytes = [...before, ...node.bytes];
    return [{ text: tokenText(bytes).text, node }, ...paths(node.children, bytes)];
  });
}

function asFigure(): Figure {
  const mine = texts().tree;
  const all = paths(roots.value);
  return {
    file: ["sample", "tree", "step", model.value?.step ?? 0],
    title: `${state.prompt.value} …`,
    plot: {
      kind: "table",
      header: [mine.path, mine.prob, mine.joint],
      rows: all.map(({ text, node: { prob, joint } }) => [
        { text },
        { text: percent(prob), share: prob },
        { text: percent(joint), share: joint },
      ]),
    },
    data: {
      columns: ["path", "ids", "probability", "joint"],
      rows: () => all.map(({ text, node: { path, prob, joint } }) => [text, path.join(" "), prob, joint]),
    },
  };
}

/** Likeliest first, so the first child of each is on the greedy path. */
function list(nodes: readonly Node[], isGreedy = true, before: readonly Uint8Array[] = []): unknown {
  if (nodes.length === 0) return nothing;
  return html`<ul>
    ${nodes.map((node, at) => item(node, isGreedy && at === 0, before))}
  </ul>`;
}

function item(node: Node, isGreedy: boolean, before: readonly Uint8Array[]) {
  const mine = texts().tree;
  const { prob, joint, path } = node;
  const soFar = [...before, node.bytes];
  const tokens = tokensOf(soFar);
  const said = fill(isGreedy ? mine.greedy : mine.node, {
    token: `“${tokenName(tokens, before.length)}”`,
    prob: percent(prob),
    joint: percent(joint),
  });
  return html`<li>
    <button
      class=${isGreedy ? "tree-node greedy" : "tree-node"}
      title=${said}
      data-testid="tree-node"
      data-path=${path.join()}
      data-prob=${prob}
      data-joint=${joint}
      @click=${() => goOn(path)}
    >
      ${chipAmong(node.id, tokens, before.length)} <span>${percent(prob)}</span> <small>${percent(joint)}</small>${isGreedy ? html`<span class="visually-hidden">${mine.greedyWord}</span>` : nothing}
    </button>
    ${list(node.children, isGreedy, soFar)}
  </li>`;
}

/** Adds the path's tokens to the prompt, if they are whole text. */
function goOn(path: number[]): void {
  let [nodes, bytes]: [readonly Node[], number[]] = [roots.value, []];
  for (const id of path) {
    const node = nodes.find((each) => each.id === id);
    bytes = [...bytes, ...(node?.bytes ?? [])];
    nodes = node?.children ?? [];
  }
  const text = wholeText(bytes);
  if (text !== null) state.setPrompt(state.prompt.value + text);
}
