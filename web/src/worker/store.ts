// The run on disk. Two slots take turns: the checkpoint is written and flushed to the older one, then the slot's small
// manifest (generation, length, checksum) is. A torn write leaves a slot whose manifest does not fit, and the other one counts.
// The corpus never changes during a run, so it is written once and named by its fingerprint.
import { type Files, openFiles } from "./files.ts";

export interface StoredCorpus {
  fingerprint: string;
  name: string;
}

export interface StoredRun {
  checkpoint: Uint8Array;
  step: number;
  corpus: (StoredCorpus & { bytes: Uint8Array }) | null;
}

interface Manifest {
  generation: number;
  length: number;
  checksum: number;
  step: number;
  corpus: StoredCorpus | null;
}

const SLOTS = ["a", "b"] as const;
type Slot = (typeof SLOTS)[number];

/** FNV-1a over bytes. It guards against torn writes, not against malice. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const corpusFile = (fingerprint: string) => `corpus-${fingerprint}`;

export class Store {
  readonly #files: Files;
  #manifests: Record<Slot, Manifest | null> = { a: null, b: null };

  private constructor(files: Files) {
    this.#files = files;
  }

  static async open(): Promise<Store> {
    const store = new Store(await openFiles());
    for (const slot of SLOTS) store.#manifests[slot] = await store.#manifest(slot);
    return store;
  }

  /** Every run that is whole, the newest first. */
  async *runs(): AsyncGenerator<StoredRun> {
    const generation = (slot: Slot) => this.#manifests[slot]?.generation ?? -1;
    for (const slot of [...SLOTS].sort((x, y) => generation(y) - generation(x))) {
      const run = await this.#run(slot);
      if (run) yield run;
      else this.#manifests[slot] = null;
    }
  }

  /** What is there already is not touched: older slots may depend on it. */
  async writeCorpus(corpus: StoredCorpus, bytes: Uint8Array): Promise<void> {
    const there = await this.#files.read(corpusFile(corpus.fingerprint));
    if (there?.length === bytes.length && checksum(there) === checksum(bytes)) return;
    await this.#files.write(corpusFile(corpus.fingerprint), bytes);
  }

  async write(checkpoint: Uint8Array, step: number, corpus: StoredCorpus | null): Promise<void> {
    const [a, b] = [this.#manifests.a?.generation ?? -1, this.#manifests.b?.generation ?? -1];
    const slot: Slot = a <= b ? "a" : "b";
    const manifest = {
      generation: Math.max(a, b) + 1,
      length: checkpoint.length,
      checksum: checksum(checkpoint),
      step,
      corpus,
    };
    await this.#files.write(`run-${slot}`, checkpoint);
    await this.#files.write(`manifest-${slot}`, new TextEncoder().encode(JSON.stringify(manifest)));
    this.#manifests[slot] = manifest;
    await this.#sweep();
  }

  async #manifest(slot: Slot): Promise<Manifest | null> {
    const bytes = await this.#files.read(`manifest-${slot}`);
    if (!bytes) return null;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
    } catch {
      return null;
    }
  }

  async #run(slot: Slot): Promise<StoredRun | null> {
    const manifest = this.#manifests[slot];
    const checkpoint = manifest && (await this.#files.read(`run-${slot}`));
    if (!manifest || checkpoint?.length !== manifest.length || checksum(checkpoint) !== manifest.checksum) return null;
    const corpus = manifest.corpus;
    const bytes = corpus && (await this.#files.read(corpusFile(corpus.fingerprint)));
    return { checkpoint, step: manifest.step, corpus: corpus && bytes ? { ...corpus, bytes } : null };
  }

  /** Removes corpora that no slot refers to. */
  async #sweep(): Promise<void> {
    const needed = new Set(SLOTS.map((slot) => this.#manifests[slot]?.corpus?.fingerprint).filter((name) => name));
    for (const name of await this.#files.names()) {
      if (name.startsWith("corpus-") && !needed.has(name.slice("corpus-".length))) await this.#files.remove(name);
    }
  }
}
