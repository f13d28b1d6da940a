// When the run goes to disk: watches what the commands did to the model, and stores it every 15 s of training and when asked.
// Only one tab keeps the run: the one that holds the lock. A store that fails is told to the page, never thrown; what the
// core throws goes to the caller, who knows a trap from an error.
import type { CallName, Calls, CoreError, ModelInfo, TrainEvent } from "./protocol.ts";
import { Store, type StoredCorpus } from "./store.ts";
import { isTrap, type Note } from "./upkeep.ts";

const INTERVAL_MS = 15_000;
const LOCK_WAIT_MS = 1_500;

type Call = <K extends CallName>(name: K, request: Calls[K]["request"]) => Promise<Calls[K]["answer"]>;

export class Keeper {
  readonly #call: Call;
  readonly #tell: (note: Note) => void;
  #store: Store | null = null;
  #writable = false;
  #changed = false;
  #step = 0;
  #savedAt = 0;
  /** The corpus kept apart from the checkpoint; null when the checkpoint must carry it. */
  #apart: StoredCorpus | null = null;
  #embedded = false;

  constructor(call: Call, tell: (note: Note) => void) {
    this.#call = call;
    this.#tell = tell;
  }

  /** Opens the store and gives back the newest run that loads; null when there is none. */
  async restore(): Promise<ModelInfo | null> {
    try {
      this.#store = await Store.open();
      this.#writable = await this.#takeLock();
      for await (const run of this.#store.runs()) {
        const model = await this.#load(run);
        if (!model) continue;
        // Where another tab keeps the run, this one has a copy that nobody keeps.
        if (this.#writable) this.#tell({ id: 0, type: "stored", step: model.step });
        return model;
      }
    } catch (error) {
      if (isTrap(error)) throw error;
      this.#fail("storeFailed", error);
    }
    return null;
  }

  async #load(run: { checkpoint: Uint8Array; corpus: (StoredCorpus & { bytes: Uint8Array }) | null }) {
    try {
      let model = await this.#call("load", { file: run.checkpoint });
      this.#embedded = model.corpus?.attached ?? false;
      this.#step = model.step;
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

  /** The model was replaced, or its corpus came; `bytes` are the corpus, where it is kept apart. */
  async replaced(model: ModelInfo, bytes: Uint8Array | null): Promise<void> {
    this.#tell({ id: 0, type: "stored", step: null });
    this.#step = model.step;
    this.#changed = true;
    this.#apart = null;
    this.#embedded = model.corpus?.attached ?? false;
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
    return this.#changed && performance.now() - this.#savedAt > INTERVAL_MS;
  }

  /** Writes the run if anything changed since the last time. Throws what the core throws. */
  async save(): Promise<void> {
    if (!this.#changed || !this.#store || !this.#writable) return;
    this.#savedAt = performance.now();
    const step = this.#step;
    const checkpoint = await this.#call("save", { training: true, corpus: this.#embedded });
    try {
      await this.#store.write(checkpoint, step, this.#apart);
      this.#changed = false;
      this.#tell({ id: 0, type: "stored", step });
    } catch (error) {
      this.#fail("storeFailed", error);
    } finally {
      this.#savedAt = performance.now();
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
