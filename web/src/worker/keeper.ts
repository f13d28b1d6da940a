// Writes the live run to disk: watches what commands do to the model, and stores it every so many seconds of training and on request. A
// model that replaces it becomes a run of its own, and the previous run stays on disk. Only the tab with the lock keeps runs. Store
// failures are reported to the page, never thrown; the core's errors go to the caller, who can tell a trap from an error.
import { corpusOf } from "./checkpoint.ts";
import { KEEP_SECONDS } from "./keep-seconds.ts";
import { isTrap } from "./protocol/thrown.ts";
import type { CallName, Calls, CoreError, ModelInfo, Note, TrainEvent, Upkeep } from "./protocol.ts";
import { Store, type StoredCorpus, type StoredRun } from "./store.ts";
import { TabLock } from "./tab-lock.ts";

const [LEAST_SECONDS, MOST_SECONDS] = [1, 3600];
/** Of the time, for writing; a writing that takes longer than the one before it must not pass 2 %. */
const SHARE = 0.015;

/** Error codes that may not recur with another model, another device, or at another time. */
const WANTS_ROOM = /^(?:fileDoesNotFit|doesNotFit|bufferTooLarge|memoryShort|device)$/;

type Call = <K extends CallName>(name: K, request: Calls[K]["request"]) => Promise<Calls[K]["answer"]>;

export class Keeper {
  readonly #call: Call;
  readonly #tell: (note: Note) => void;
  readonly #enqueue: (work: () => Promise<void>) => void;
  readonly #lock: TabLock;
  #store: Store | null = null;
  #writable = false;
  #changed = false;
  /** The live run's id; null if the model is not kept. */
  #id: string | null = null;
  #step = 0;
  #about = { name: "", parameters: 0 };
  /** When the last written state was taken. */
  #keptAt = Number.NEGATIVE_INFINITY;
  #everyMs = 1000 * KEEP_SECONDS;
  /** What the last writing took. */
  #tookMs = 0;
  /** The corpus stored apart from the checkpoint; null if the checkpoint must include it. */
  #apart: StoredCorpus | null = null;
  /** Its text, if it is not stored apart. */
  #text: Uint8Array | null = null;
  #embedded = false;
  /** The last reported failure. */
  #failing = "";
  /** The live run's `savedAt` when this tab released the lock to go into the browser's cache. */
  #left: number | null = null;

  /** `enqueue` schedules work between commands. */
  constructor(call: Call, tell: (note: Note) => void, enqueue: (work: () => Promise<void>) => void) {
    this.#call = call;
    this.#tell = tell;
    const rest = () => new Promise<void>((rested) => enqueue(() => this.save().finally(rested)));
    this.#lock = new TabLock(rest, () => this.#lost());
    this.#enqueue = enqueue;
  }

  /** Opens the store and, if wanted, restores the newest run that loads, trying `first` before all others; null if there is none. */
  async restore(wanted: boolean, first: string | null): Promise<ModelInfo | null> {
    try {
      const isOurs = await this.#lock.take();
      this.#writable = isOurs;
      const store = await this.#look();
      if (!isOurs) this.#waitFor("storeBusy");
      const ids = wanted ? store.list().map(({ id }) => id) : [];
      for (const id of ids.sort((one, other) => Number(other === first) - Number(one === first))) {
        const model = await this.open(id).catch((error) => this.#unread(error));
        if (model) return model;
      }
    } catch (error) {
      if (isTrap(error)) throw error;
      this.#fail("storeFailed", error);
    }
    return null;
  }

  /** Reads what is on disk. */
  async #look(): Promise<Store> {
    this.#store = await Store.open(() => this.#writable);
    return this.#store;
  }

  /** Another tab may change the files at any time. */
  async #newest(): Promise<Store | null> {
    return this.#store && !this.#writable ? this.#look() : this.#store;
  }

  async runs(): Promise<Upkeep["runs"]["answer"]> {
    await this.#newest();
    return { keeps: this.#writable, live: this.#id, runs: this.#store?.list() ?? [] };
  }

  /** Makes a kept run the live one; fails if no version of it is intact. */
  async open(id: string): Promise<ModelInfo> {
    const store = await this.#newest();
    const reason = `${store?.list().find((run) => run.id === id)?.name || id} is not whole`;
    for await (const run of store?.versions(id) ?? []) {
      const model = await this.#load(run, () => store?.refuse(run));
      if (!model) continue;
      // If another tab keeps the runs, this one has a copy that is not kept.
      if (this.#writable) this.#tell({ id: 0, type: "stored", step: model.step, run: id });
      return model;
    }
    throw { code: "storedRunUnreadable", message: reason, remedy: "", details: { reason } };
  }

  #unread(error: unknown): null {
    if (isTrap(error)) throw error;
    this.#fail("storedRunUnreadable", error);
    return null;
  }

  every(seconds: number): void {
    const told = Number.isFinite(seconds) ? seconds : KEEP_SECONDS;
    this.#everyMs = 1000 * Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, told));
  }

  async forget(id: string): Promise<void> {
    if (id !== this.#id && this.#writable) await this.#store?.remove(id);
  }

  /** The live model came with the page, and is not kept. */
  leave(): void {
    this.#id = null;
    this.#changed = false;
    this.#tell({ id: 0, type: "stored", step: null, run: null });
  }

  /** `spoilt` runs if the file itself is at fault. */
  async #load(run: StoredRun, spoilt: () => void): Promise<ModelInfo | null> {
    try {
      let model = await this.#call("load", { file: run.checkpoint });
      this.#is(run.id, model);
      this.#changed = false;
      this.#apart = null;
      this.#text = this.#embedded ? corpusOf(run.checkpoint) : null;
      if (run.corpus && !this.#embedded) model = (await this.#attach(run.corpus)) ?? model;
      return model;
    } catch (error) {
      if (!WANTS_ROOM.test(String((error as Partial<CoreError>).code))) spoilt();
      return this.#unread(error);
    }
  }

  /** A corpus that does not fit only loses the corpus, never the weights: the lab asks for the text again. */
  async #attach(corpus: StoredCorpus & { bytes: Uint8Array }): Promise<ModelInfo | null> {
    try {
      const model = await this.#call("attachCorpus", { corpus: corpus.bytes });
      this.#apart = { fingerprint: corpus.fingerprint, name: corpus.name };
      return model;
    } catch (error) {
      return this.#unread(error);
    }
  }

  #is(id: string, model: ModelInfo): void {
    this.#id = id;
    this.#step = model.step;
    this.#about = { name: model.request?.corpusName ?? model.corpus?.name ?? "", parameters: model.parameters };
    this.#embedded = model.corpus?.attached ?? false;
  }

  /** Another model replaced the live one; `bytes` are its corpus, if stored apart. */
  async replaced(model: ModelInfo, bytes: Uint8Array | null): Promise<void> {
    await this.#changedTo(newId(), model, bytes);
  }

  /** A file's model took the live one's place; the corpus that it carries is kept apart. */
  opened(model: ModelInfo, file: Uint8Array): Promise<void> {
    return this.replaced(model, model.corpus?.attached ? corpusOf(file) : null);
  }

  /** The live model's corpus came. */
  async completed(model: ModelInfo, bytes: Uint8Array): Promise<void> {
    await this.#changedTo(this.#id ?? newId(), model, bytes);
  }

  async #changedTo(id: string, model: ModelInfo, bytes: Uint8Array | null): Promise<void> {
    this.#tell({ id: 0, type: "stored", step: null, run: null });
    this.#is(id, model);
    this.touch();
    this.#apart = null;
    this.#text = bytes;
    if (!bytes || !model.corpus || !this.#store || !this.#writable) return;
    const corpus = { fingerprint: model.corpus.fingerprint, name: model.corpus.name };
    try {
      await this.#store.writeCorpus(corpus, bytes);
      this.#apart = corpus;
      this.#text = null;
      this.#embedded = false;
    } catch (error) {
      await this.#failStore(error);
    }
  }

  async trained(event: TrainEvent, corpus: Uint8Array | null): Promise<void> {
    if (event.kind === "started" && corpus) {
      // Written before its first step: a reload within the first interval must not lose that it began.
      await this.replaced(event.model, corpus);
    } else if (event.kind === "step") {
      this.#step = event.steps.at(-1)?.step ?? this.#step;
      this.#changed = true;
    }
  }

  /** Something in the live model changed other than by steps. */
  touch(): void {
    this.#changed = true;
    this.#keptAt = Number.NEGATIVE_INFINITY;
  }

  /** The most training that can be lost, in milliseconds. */
  get #interval(): number {
    return Math.max(this.#everyMs, this.#tookMs / SHARE);
  }

  /** Early enough to finish the write within the interval. */
  get due(): boolean {
    return this.#changed && performance.now() - this.#keptAt > this.#interval - this.#tookMs;
  }

  /** The text that the live model learns from. */
  async corpus(): Promise<Uint8Array | null> {
    return this.#text ?? (this.#apart && this.#store ? this.#store.corpus(this.#apart.fingerprint) : null);
  }

  /** Writes the run if anything changed since the last write. Throws the core's errors. */
  async save(): Promise<void> {
    const store = this.#store;
    if (!this.#changed || !store || !this.#writable || !this.#id) return;
    const began = performance.now();
    this.#keptAt = began;
    const id = this.#id;
    // A diverged run is back at a step before the last reported one.
    this.#step = (await this.#call("model", {}))?.step ?? this.#step;
    const about = { ...this.#about, step: this.#step, corpus: this.#apart };
    const checkpoint = await this.#call("save", { training: true, corpus: this.#embedded });
    if (!this.#writable) return;
    try {
      if (!(await store.write(id, checkpoint, about))) return;
      this.#changed = false;
      this.#failing = "";
    } catch (error) {
      if (!this.#writable) return;
      await this.#failStore(error);
    }
    this.#tookMs = performance.now() - began;
    if (!this.#changed) this.#tell({ id: 0, type: "stored", step: about.step, run: id, ms: this.#tookMs, everyMs: this.#interval });
  }

  /** Another tab keeps the runs; this one does when that closes. */
  #waitFor(code: "storeBusy" | "storeTaken"): void {
    // The lock is requested again when the page returns.
    if (this.#lock.isAway) return;
    this.#fail(code, "another tab keeps the runs");
    const come = async (isHeld: boolean) => {
      // The lock may have been requested meanwhile.
      if (!isHeld || this.#writable) return;
      await this.#begin();
      if (this.#writable) this.#fail("storeHere", "the other tab was closed");
    };
    const failed = (error: unknown) => this.#fail("storeFailed", error);
    this.#lock.wait().then((isHeld) => this.#enqueue(() => come(isHeld).catch(failed)), failed);
  }

  #lost(): void {
    this.#writable = false;
    this.#waitFor("storeTaken");
  }

  /** Makes this tab keep the runs. Returns the live run's id if it should be opened as the other tab left it, else null. */
  async takeOver(): Promise<string | null> {
    await this.#lock.takeOver();
    return this.#takeUp();
  }

  /** The page is about to enter the browser's cache, where it answers no messages: all of this happens before the next task. */
  away(): void {
    this.#left = (this.#writable && this.#store?.list().find(({ id }) => id === this.#id)?.savedAt) || null;
    this.#writable = false;
    this.#lock.letGo();
    this.#store?.drop();
  }

  /** The page is back. Returns the same as `takeOver`. */
  async back(): Promise<string | null> {
    this.#failing = "";
    if (await this.#lock.takeAgain()) return this.#takeUp();
    this.#waitFor("storeBusy");
    return null;
  }

  async #takeUp(): Promise<string | null> {
    const id = this.#id;
    const goesOnElsewhere = await this.#begin();
    this.#left = null;
    await this.save();
    return goesOnElsewhere ? id : null;
  }

  /** What was trained here meanwhile becomes a run of its own, and so does the run that the other tab continued; true if it did. */
  async #begin(): Promise<boolean> {
    const store = await this.#look();
    // The lock may have been lost again meanwhile.
    this.#writable = this.#lock.isHeld;
    if (!this.#writable) return false;
    this.#failing = "";
    if (this.#id === null) return false;
    const kept = store.list().find(({ id }) => id === this.#id);
    const isAsLeft = this.#left !== null && kept?.savedAt === this.#left;
    if (kept && (isAsLeft || (kept.step === this.#step && !this.#changed))) {
      this.#tell({ id: 0, type: "stored", step: kept.step, run: kept.id });
      return false;
    }
    const goesOnElsewhere = !this.#changed && kept !== undefined;
    this.#id = newId();
    this.#changed ||= !kept;
    this.#embedded ||= this.#apart !== null;
    this.#apart = null;
    this.#tell({ id: 0, type: "stored", step: null, run: null });
    return goesOnElsewhere;
  }

  /** A full disk is reported with the page's usage; browsers do not report the free space. */
  async #failStore(error: unknown): Promise<void> {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) {
      this.#fail("storeFailed", error);
      return;
    }
    const { usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    this.#fail("storeFull", error, { used: String(usage) });
  }

  /** Reported once, until something else fails or a run is kept. */
  #fail(code: string, error: unknown, details: Record<string, string> = {}): void {
    if (this.#failing === code) return;
    this.#failing = code;
    const reason = String((error as Partial<CoreError>).message ?? error);
    this.#tell({ id: 0, type: "error", error: { code, message: reason, remedy: "", details: { reason, ...details } } });
  }
}

/** Later ids are greater, whatever the clock's resolution. */
function newId(): string {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return `${Date.now().toString(36)}${random.toString(36).padStart(4, "0")}`;
}
