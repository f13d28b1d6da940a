// A model that came inside a link: the page says what it is, asks, and opens it as it opens a file.
import { html } from "lit";
import { ask } from "../components/dialog.ts";
import { corpusTitle, fill, short, t, whole } from "../i18n/index.ts";
import { openFirst } from "../models.ts";
import { client, trouble } from "../session.ts";
import { flush, read, write } from "../settings.ts";
import { coreError } from "../worker/client.ts";
import type { TrainRequest } from "../worker/protocol.ts";
import { openBrought } from "./opened.ts";
import { type Bits, type Header, headerOf, unpack } from "./packed.ts";
import { texts } from "./texts.ts";

const KEY = "m";
const MOST_NAME = 60;
let isBusy = false;

/** Takes the model out of the address: it opens once, and no later link repeats it. */
export async function openLink(): Promise<void> {
  const text = read(KEY);
  if (text === undefined || isBusy) return;
  isBusy = true;
  try {
    await offer(text);
  } catch (thrown) {
    trouble.value = coreError(thrown);
  } finally {
    write(KEY, undefined);
    if (read("model") === "none") write("model", undefined);
    flush();
    isBusy = false;
  }
  await openFirst(undefined);
}

async function offer(text: string): Promise<void> {
  const { file, bits } = await unpack(text);
  const header = headerOf(file);
  const mine = texts();
  const body = html`<p data-testid="link-model">${about(header, bits)}</p>
    <p>${mine.linkWhere}</p>`;
  const answer = await ask(mine.linkTitle, body, [
    { value: "open-link", label: mine.linkOpen },
    { value: "leave-link", label: mine.linkLeave },
  ]);
  if (answer !== "open-link") return;
  await openBrought(nameIn(header), () => client().call("load", { file }));
}

/** Whoever made the link chose it. */
const nameIn = ({ metadata }: Header): string => String(metadata.name ?? "").slice(0, MOST_NAME);

function about(header: Header, bits: Bits): string {
  const numbers = Object.values(header.tensors).reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const { step, request } = runIn(header);
  const name = nameIn(header) || (request?.corpusName ? corpusTitle(String(request.corpusName).slice(0, MOST_NAME)) : t().bar.foreign);
  const parts = { name, n: short(numbers), bits: String(bits) };
  return fill(texts().linkAbout, { ...parts, step: whole(Number(step ?? 0)) });
}

function runIn({ metadata }: Header): { step?: number; request?: TrainRequest | null } {
  try {
    return JSON.parse(metadata.run ?? "{}") ?? {};
  } catch {
    return {};
  }
}
