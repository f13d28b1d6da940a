// The page's end of the worker, or of a port to it: calls are promises, streams are async iterables with a handle to pause,
// play, step and stop. Every failure is a `Failure` that carries the core's error.

import { asCoreError } from "./protocol/thrown.ts";
import type { CallName, Calls, CoreError, Note, Reply, StreamName, Streams, TrainEvent, Upkeep, UpkeepName } from "./protocol.ts";

/** A core error as an exception. */
export class Failure extends Error {
  readonly core: CoreError;
  constructor(core: CoreError) {
    super(core.message);
    this.core = core;
  }
}

/** Any thrown thing as a core error, so that a notice can show it. */
export function coreError(thrown: unknown): CoreError {
  return thrown instanceof Failure ? thrown.core : asCoreError(thrown);
}

export interface StreamHandle<E> extends AsyncIterable<E> {
  /** Unique within its client; 0 is a run that another page opened. */
  readonly id: number;
  pause(): void;
  play(): void;
  /** One step of a paused stream. */
  step(): void;
  /** Drops the stream; the iteration then ends, even if the worker is too busy to hear it. */
  stop(): void;
  /** All events that have arrived, at least one; none at the end. */
  take(): Promise<E[]>;
}

/** Events not read yet. */
class EventQueue<E> implements AsyncIterableIterator<E> {
  #events: E[] = [];
  #ended = false;
  #failure: Failure | null = null;
  #wake: (() => void) | null = null;

  push(events: E[]): void {
    this.#events.push(...events);
    this.#wake?.();
  }

  end(failure: Failure | null): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<E>> {
    if (!(await this.#filled())) return { value: undefined, done: true };
    return { value: this.#events.shift() as E, done: false };
  }

  async take(): Promise<E[]> {
    await this.#filled();
    return this.#events.splice(0);
  }

  /** Waits for an event; false at the end. */
  async #filled(): Promise<boolean> {
    while (this.#events.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended) return false;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return true;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(failure: Failure): void;
}

/** A worker, or a port to one. */
export interface Wire {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  terminate?(): void;
  close?(): void;
}

/** Sees the events of every stream as they arrive, with the stream's id. */
export type Seen = (name: StreamName, events: unknown[], id: number) => void;

export class Client {
  readonly #wire: Wire;
  #lastId = 0;
  #calls = new Map<number, Pending>();
  #streams = new Map<number, { name: StreamName; queue: EventQueue<unknown> }>();
  /** Events of a run that another page opened. */
  #run: EventQueue<TrainEvent> | null = null;
  readonly #note: (note: Note) => void;
  readonly #seen: Seen;
  #heard = false;
  #dead: Failure | null = null;

  /** `note` receives the worker's unsolicited messages. */
  constructor(wire: Wire, note: (note: Note) => void, seen: Seen = () => {}) {
    this.#note = note;
    this.#seen = seen;
    this.#wire = wire;
    wire.onmessage = (message: MessageEvent<Reply | Note>) => this.#receive(message.data);
    wire.onerror = (event) => {
      const reason = event.message || "the worker did not start";
      this.#die({ code: this.#heard ? "panic" : "workerFailed", message: reason, remedy: "", details: { reason } });
    };
  }

  call<K extends CallName>(name: K, request: Calls[K]["request"]): Promise<Calls[K]["answer"]> {
    return this.#ask({ type: "call", name, request }) as Promise<Calls[K]["answer"]>;
  }

  stream<K extends StreamName>(name: K, request: Streams[K]["request"]): StreamHandle<Streams[K]["event"]> {
    const id = this.#newId();
    const queue = new EventQueue<Streams[K]["event"]>();
    if (this.#dead) {
      queue.end(this.#dead);
    } else {
      this.#streams.set(id, { name, queue: queue as EventQueue<unknown> });
      this.#wire.postMessage({ id, type: "stream", name, request });
    }
    return this.#handle(id, queue, () => this.#finish(id, null));
  }

  /** The run that another page opened, from here on. */
  run(): StreamHandle<TrainEvent> {
    this.#run ??= new EventQueue();
    return this.#handle(0, this.#run, () => this.#endRun());
  }

  #handle<E>(id: number, queue: EventQueue<E>, finish: () => void): StreamHandle<E> {
    const control = (action: "pause" | "play" | "step" | "stop") => () => this.#wire.postMessage({ id, type: "control", action });
    const tellStop = control("stop");
    return {
      id,
      take: () => queue.take(),
      pause: control("pause"),
      play: control("play"),
      step: control("step"),
      stop: () => {
        tellStop();
        // The worker hears it after its current step, which may take seconds; the person need not wait for that.
        finish();
      },
      [Symbol.asyncIterator]: () => queue,
    };
  }

  /** Calls about the runs on disk. */
  upkeep<K extends UpkeepName>(type: K, request: Upkeep[K]["request"]): Promise<Upkeep[K]["answer"]> {
    return this.#ask({ type, request }) as Promise<Upkeep[K]["answer"]>;
  }

  /** Ends the worker, if it is the page's own; everything in progress fails. */
  terminate(why: CoreError = { code: "restarted", message: "The core was restarted.", remedy: "", details: {} }): void {
    if (this.#wire.terminate) this.#wire.terminate();
    else this.leave();
    this.#die(why, false);
  }

  /** Stops listening. */
  leave(): void {
    this.#wire.postMessage({ type: "leave" });
    this.#wire.close?.();
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #ask(message: object): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#newId();
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#wire.postMessage({ ...message, id });
    });
  }

  #receive(reply: Reply | Note): void {
    this.#heard = true;
    if (reply.id === 0) {
      this.#hear(reply as Note);
    } else if (reply.type === "answer") {
      this.#calls.get(reply.id)?.resolve(reply.value);
      this.#calls.delete(reply.id);
    } else if (reply.type === "events") {
      const stream = this.#streams.get(reply.id);
      if (stream) this.#seen(stream.name, reply.events, reply.id);
      stream?.queue.push(reply.events);
    } else {
      this.#finish(reply.id, reply.type === "error" ? new Failure(reply.error) : null);
    }
  }

  #hear(note: Note): void {
    if (note.type === "died") {
      this.#die(note.error);
      return;
    }
    if (note.type === "runEvents") {
      this.#seen("train", note.events, 0);
      this.#run?.push(note.events);
    } else if (note.type === "run" && note.state === "over") this.#endRun();
    this.#note(note);
  }

  #endRun(): void {
    this.#run?.end(null);
    this.#run = null;
  }

  #finish(id: number, failure: Failure | null): void {
    this.#streams.get(id)?.queue.end(failure);
    this.#streams.delete(id);
    if (failure) this.#calls.get(id)?.reject(failure);
    this.#calls.delete(id);
  }

  #die(error: CoreError, tell = true): void {
    if (this.#dead) return;
    this.#dead = new Failure(error);
    for (const call of this.#calls.values()) call.reject(this.#dead);
    for (const { queue } of this.#streams.values()) queue.end(this.#dead);
    this.#run?.end(this.#dead);
    this.#calls.clear();
    this.#streams.clear();
    if (tell) this.#note({ id: 0, type: "died", error });
  }
}
