// When the live run goes to disk: watches what the commands did to the model, and stores it every so many seconds of training and when asked.
// A model that takes its place is a run of its own, and the one before stays on disk.
// Only one tab keeps the run: the one that holds the lock. A store that fails is told to the page, never thrown; what the
// core throws goes to the caller, who knows a trap from an error.
import type { CallName, Calls, CoreError, ModelInfo, TrainEvent } from "./protocol.ts";
import { Store, type StoredCorpus, type StoredRun } from "./store.ts";
import { isTrap, type Note, type Upkeep } from "./upkeep.ts";

const SECONDS = { usual: 15, least: 1, most: 3600 };
/** Of the time, for writing. */
const SHARE = 0.02;
const LOCK_WAIT_MS = 1_500;

type Call = <K extends CallName>(name: K, request: Calls[K]["request"]) => Promise<Calls[K]["answer"]>;

export class Keeper {
  readonly #call: Call;
  readonly #tell: (note: Note) => void;
  #store: Store | null = null;
  #writable = false;
  #changed = false;
  /** Of the live run; null for a model that is not kept. */
  #id: string | null = null;
  #step = 0;
  #about = { name: "", parameters: 0 };
  #savedAt = 0;
  #everyMs = 1000 * SECONDS.usual;
  /** What the last writing took. */
  #tookMs = 0;
  /** The corpus kept apart from the checkpoint; null when the checkpoint must carry it. */
  #apart: StoredCorpus | null = null;
  #embedded = false;

  constructor(call: Call, tell: (note: Note) => void) {
    this.#call = call;
    this.#tell = tell;
  }

  /** Opens the store and, where wanted, gives back the newest run that loads, `first` before all others; null when there is none. */
  async restore(wanted: boolean, first: string | null): Promise<ModelInfo | null> {
    try {
      this.#store = await Store.open();
      this.#writable = await this.#takeLock();
      const ids = wanted ? this.#store.list().map(({ id }) => id) : [];
      for (const id of ids.sort((one, other) => Number(other === first) - Number(one === first))) {
        const model = await this.open(id);
        if (model) return model;
      }
    } catch (error) {
      if (isTrap(error)) throw error;
      this.#fail("storeFailed", error);
    }
    return null;
  }

  runs(): Upkeep["runs"]["answer"] {
    return { keeps: this.#writable, live: this.#id, runs: this.#store?.list() ?? [] };
  }

  /** Makes a kept run the live one; null where nothing of it is whole. */
  async open(id: string): Promise<ModelInfo | null> {
    for await (const run of this.#store?.versions(id) ?? []) {
      const model = await this.#load(run);
      if (!model) continue;
      // Where another tab keeps the runs, this one has a copy that nobody keeps.
      if (this.#writable) this.#tell({ id: 0, type: "stored", step: model.step, run: id });
      return model;
    }
    return null;
  }

  every(seconds: number): void {
    const { usual, least, most } = SECONDS;
    this.#everyMs = 1000 * (Number.isFinite(seconds) ? Math.min(most, Math.max(least, seconds)) : usual);
  }

  async forget(id: string): Promise<void> {
    if (id !== this.#id && this.#writable) await this.#store?.remove(id);
  }

  /** The live model is one that came with the page, which is not kept. */
  leave(): void {
    this.#id = null;
    this.#changed = false;
    this.#tell({ id: 0, type: "stored", step: null, run: null });
  }

  async #load(run: StoredRun) {
    try {
      let model = await this.#call("load", { file: run.checkpoint });
      this.#is(run.id, model);
      this.#changed = false;
      this.#apart = null;
      if (run.corpus && !this.#embedded) model = (await this.#attach(run.corpus)) ?? model;
      return model;
    } catch (error) {
      if (isTrap(error)) throw error;
      this.#fail("storedRunUnreadable", error);
      return null;
    }
  }

  /** A corpus that does not fit costs the corpus, never the weights: the lab asks for the text again. */
  async #attach(corpus: StoredCorpus & { bytes: Uint8Array }): Promise<ModelInfo | null> {
    try {
      const model = await this.#call("attachCorpus", { corpus: corpus.bytes });
      this.#apart = { fingerprint: corpus.fingerprint, name: corpus.name };
      return model;
    } catch (error) {
      if (isTrap(error)) throw error;
      this.#fail("storedRunUnreadable", error);
      return null;
    }
  }

  #is(id: string, model: ModelInfo): void {
    this.#id = id;
    this.#step = model.step;
    this.#about = { name: model.request?.corpusName ?? model.corpus?.name ?? "", parameters: model.parameters };
    this.#embedded = model.corpus?.attached ?? false;
  }

  /** Another model took the live one's place; `bytes` are its corpus, where it is kept apart. */
  async replaced(model: ModelInfo, bytes: Uint8Array | null): Promise<void> {
    await this.#changedTo(newId(), model, bytes);
  }

  /** The live model's corpus came. */
  async completed(model: ModelInfo, bytes: Uint8Array): Promise<void> {
    await this.#changedTo(this.#id ?? newId(), model, bytes);
  }

  async #changedTo(id: string, model: ModelInfo, bytes: Uint8Array | null): Promise<void> {
    this.#tell({ id: 0, type: "stored", step: null, run: null });
    this.#is(id, model);
    this.#changed = true;
    this.#apart = null;
    if (!bytes || !model.corpus || !this.#store || !this.#writable) return;
    const corpus = { fingerprint: model.corpus.fingerprint, name: model.corpus.name };
    try {
      await this.#store.writeCorpus(corpus, bytes);
      this.#apart = corpus;
      this.#embedded = false;
    } catch (error) {
      this.#fail("storeFailed", error);
    }
  }

  async trained(event: TrainEvent, corpus: Uint8Array | null): Promise<void> {
    if (event.kind === "started" && corpus) {
      await this.replaced(event.model, corpus);
      this.#savedAt = performance.now();
    } else if (event.kind === "step") {
      this.#step = event.steps.at(-1)?.step ?? this.#step;
      this.#changed = true;
    }
  }

  get due(): boolean {
    return this.#changed && performance.now() - this.#savedAt > Math.max(this.#everyMs, this.#tookMs / SHARE);
  }

  /** Writes the run if anything changed since the last time. Throws what the core throws. */
  async save(): Promise<void> {
    if (!this.#changed || !this.#store || !this.#writable || !this.#id) return;
    const began = performance.now();
    this.#savedAt = began;
    const [id, about] = [this.#id, { ...this.#about, step: this.#step, corpus: this.#apart }];
    const checkpoint = await this.#call("save", { training: true, corpus: this.#embedded });
    try {
      await this.#store.write(id, checkpoint, about);
      this.#changed = false;
      this.#tell({ id: 0, type: "stored", step: about.step, run: id });
    } catch (error) {
      this.#fail("storeFailed", error);
    } finally {
      this.#savedAt = performance.now();
      this.#tookMs = this.#savedAt - began;
    }
  }

  /** Whether this tab keeps the run. What goes wrong with locks themselves is not another tab's doing. */
  async #takeLock(): Promise<boolean> {
    try {
      await lock();
      return true;
    } catch (error) {
      this.#fail(error instanceof DOMException && error.name === "TimeoutError" ? "storeBusy" : "storeFailed", error);
      return false;
    }
  }

  #fail(code: string, error: unknown): void {
    const reason = String((error as Partial<CoreError>).message ?? error);
    this.#tell({ id: 0, type: "error", error: { code, message: reason, remedy: "", details: { reason } } });
  }
}

/** Later ids are greater, whatever the clock's resolution. */
function newId(): string {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return `${Date.now().toString(36)}${random.toString(36).padStart(4, "0")}`;
}

/** Held until the worker ends. A worker that was just terminated may take a moment to let go. */
async function lock(): Promise<void> {
  if (!navigator.locks) return;
  return new Promise((resolve, reject) => {
    const held = () => {
      resolve();
      return new Promise<void>(() => {});
    };
    navigator.locks.request("tadpole-run", { signal: AbortSignal.timeout(LOCK_WAIT_MS) }, held).catch(reject);
  });
}
