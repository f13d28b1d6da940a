// Runs on disk, each with its own id, in two alternating slots: the checkpoint is written and flushed to the older slot, then the slot's
// small manifest (generation, length, checksum). A torn write leaves a slot whose manifest does not match, and the other slot counts. A
// corpus never changes during a run, so it is written once and named by its fingerprint.
import { type Files, openFiles } from "./files.ts";
import type { KeptRun } from "./protocol.ts";

export interface StoredCorpus {
  fingerprint: string;
  name: string;
}

const SLOTS = ["a", "b"] as const;
type Slot = (typeof SLOTS)[number];

export interface StoredRun {
  id: string;
  slot: Slot;
  checkpoint: Uint8Array;
  step: number;
  corpus: (StoredCorpus & { bytes: Uint8Array }) | null;
}

/** A run's metadata. */
export interface About {
  name: string;
  step: number;
  parameters: number;
  corpus: StoredCorpus | null;
}

interface Manifest extends About {
  /** Grows with every write, across all runs. */
  generation: number;
  length: number;
  checksum: number;
  /** Milliseconds since 1970. */
  savedAt: number;
}

type Slots = Record<Slot, Manifest | null>;

/** FNV-1a over bytes. It guards against torn writes, not against malice. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  // By index: an iterator takes six times as long, which is seconds for a large run.
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}

const MANIFEST = /^manifest-([a-z0-9]+)-([ab])$/;
const UNNAMED = /^(?:corpus-(.+)|run-([a-z0-9]+)-[ab])$/;
const corpusFile = (fingerprint: string) => `corpus-${fingerprint}`;
const OLDEST = -1;
const age = (manifest: Manifest | null): number => manifest?.generation ?? OLDEST;
const newer = ({ a, b }: Slots): Manifest | null => (age(a) >= age(b) ? a : b);

export class Store {
  readonly #files: Files;
  /** Whether this tab may still write: another one may take over while a file is being written. */
  readonly #isOurs: () => boolean;
  readonly #runs = new Map<string, Slots>();
  /** The live run's corpus, whose write may be pending. */
  #fresh: string | null = null;

  private constructor(files: Files, isOurs: () => boolean) {
    this.#files = files;
    this.#isOurs = isOurs;
  }

  static async open(isOurs: () => boolean): Promise<Store> {
    const store = new Store(await openFiles(), isOurs);
    for (const name of await store.#files.names()) await store.#readManifest(name);
    return store;
  }

  /** All runs, the last written first. */
  list(): KeptRun[] {
    const found = [...this.#runs].flatMap(([id, slots]) => {
      const manifest = newer(slots);
      return manifest ? [{ id, ...manifest }] : [];
    });
    found.sort((one, other) => other.generation - one.generation);
    return found.map(({ id, name, step, parameters, savedAt, length }) => ({ id, name, step, parameters, savedAt, bytes: length }));
  }

  /** The run's versions, newest first, without torn ones. */
  async *versions(id: string): AsyncGenerator<StoredRun> {
    const slots = this.#runs.get(id);
    if (!slots) return;
    for (const slot of [...SLOTS].sort((x, y) => age(slots[y]) - age(slots[x]))) {
      const run = await this.#read(id, slot, slots[slot]);
      if (run) yield run;
      else slots[slot] = null;
    }
  }

  /** A version that the core refuses is overwritten before one that it accepts. */
  refuse({ id, slot }: StoredRun): void {
    const slots = this.#runs.get(id);
    const manifest = slots?.[slot];
    if (slots && manifest) slots[slot] = { ...manifest, generation: OLDEST };
  }

  /** An existing file is not touched: older slots may depend on it. */
  async writeCorpus(corpus: StoredCorpus, bytes: Uint8Array): Promise<void> {
    this.#fresh = corpus.fingerprint;
    const there = await this.#files.read(corpusFile(corpus.fingerprint));
    if (there?.length === bytes.length && checksum(there) === checksum(bytes)) return;
    await this.#files.write(corpusFile(corpus.fingerprint), bytes);
  }

  corpus(fingerprint: string): Promise<Uint8Array | null> {
    return this.#files.read(corpusFile(fingerprint));
  }

  /** Makes all reading and writing in progress fail. */
  drop(): void {
    this.#files.drop();
  }

  /** False if another tab took over the store meanwhile. */
  async write(id: string, checkpoint: Uint8Array, about: About): Promise<boolean> {
    const slots = this.#runs.get(id) ?? { a: null, b: null };
    const slot: Slot = age(slots.a) <= age(slots.b) ? "a" : "b";
    const generation = 1 + Math.max(-1, ...[...this.#runs.values()].map((each) => age(newer(each))));
    const manifest = { ...about, generation, length: checkpoint.length, checksum: checksum(checkpoint), savedAt: Date.now() };
    await this.#files.write(`run-${id}-${slot}`, checkpoint);
    if (!this.#isOurs()) return false;
    await this.#files.write(`manifest-${id}-${slot}`, new TextEncoder().encode(JSON.stringify(manifest)));
    slots[slot] = manifest;
    this.#runs.set(id, slots);
    await this.#sweep();
    return true;
  }

  async remove(id: string): Promise<void> {
    this.#runs.delete(id);
    // Without its manifests it is gone, whatever happens next.
    const own = ["manifest", "run"].flatMap((part) => SLOTS.map((slot) => `${part}-${id}-${slot}`));
    const there = new Set(await this.#files.names());
    for (const name of own) if (there.has(name)) await this.#files.remove(name);
    await this.#sweep();
  }

  async #readManifest(file: string): Promise<void> {
    const [, id, slot] = MANIFEST.exec(file) ?? [];
    const bytes = id && slot && (await this.#files.read(file));
    if (!bytes) return;
    try {
      const slots = this.#runs.get(id) ?? { a: null, b: null };
      slots[slot as Slot] = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
      this.#runs.set(id, slots);
    } catch {
      // Torn: the other slot counts.
    }
  }

  async #read(id: string, slot: Slot, manifest: Manifest | null): Promise<StoredRun | null> {
    const checkpoint = manifest && (await this.#files.read(`run-${id}-${slot}`));
    if (!manifest || checkpoint?.length !== manifest.length || checksum(checkpoint) !== manifest.checksum) return null;
    const corpus = manifest.corpus;
    const bytes = corpus && (await this.#files.read(corpusFile(corpus.fingerprint)));
    return { id, slot, checkpoint, step: manifest.step, corpus: corpus && bytes ? { ...corpus, bytes } : null };
  }

  /** Removes corpora that no run refers to, and checkpoints of runs that ended before they had a manifest. */
  async #sweep(): Promise<void> {
    const all = [...this.#runs.values()].flatMap((slots) => SLOTS.map((slot) => slots[slot]?.corpus?.fingerprint));
    const needed = new Set([...all, this.#fresh]);
    for (const name of await this.#files.names()) {
      if (!this.#isOurs()) return;
      const [, fingerprint, run] = UNNAMED.exec(name) ?? [];
      if (fingerprint ? !needed.has(fingerprint) : run && !this.#runs.has(run)) await this.#files.remove(name);
    }
  }
}
