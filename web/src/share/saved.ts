// The live model as a checkpoint file to keep or to send: with its optimizer's state, so that training can go on.
import { download } from "../corpus.ts";
import { client, model } from "../session.ts";

const EXTENSION = ".tadpole";

/** A name that every file system accepts. */
export function fileName(): string {
  const name = (model.value?.corpus?.name ?? "model").replace(/\.[a-z]+$/i, "").replace(/[^\p{L}\p{N}-]+/gu, "-");
  return `${name}-${model.value?.step ?? 0}${EXTENSION}`;
}

export async function saveFile(corpus: boolean): Promise<void> {
  download(fileName(), await client().call("save", { training: true, corpus }));
}
