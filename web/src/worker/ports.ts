// Who speaks with the worker: the page that started it and, where one page of another site shows several labs, a port for each of
// them. Everyone is answered under the ids of their own, and hears of what the others did to the model and to the run.
import type { Command, Note, Reply, UpkeepCommand } from "./protocol.ts";

export interface Port {
  postMessage(message: Reply | Note, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Command | UpkeepCommand | Join | Leave>) => void) | null;
}

/** From the page that started the worker: a new client uses the port that comes with it. */
export interface Join {
  type: "join";
}

/** The client with this port is gone. */
export interface Leave {
  type: "leave";
}

/** The receiver of an answer, and their id for it. */
export interface Asker {
  port: Port;
  id: number;
}

const ports: Port[] = [];

interface Hears {
  hear(port: Port, command: Command | UpkeepCommand): void;
  /** `isLast`: only the page that started the worker is left. */
  left(port: Port, isLast: boolean): void;
}

/** Listens at a port; a message with another port opens that too. */
export function listen(port: Port, hears: Hears): void {
  ports.push(port);
  port.onmessage = ({ data, ports: [other] }) => {
    // A client may send anything.
    if (typeof data !== "object" || data === null) return;
    if (data.type === "leave") forget(port, hears);
    else if (data.type !== "join") hears.hear(port, data);
    else if (other) {
      listen(other as Port, hears);
      // Not every browser fires `close` when a page vanishes without sending `leave`:
      // https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onclose
      other.addEventListener("close", () => forget(other as Port, hears));
    }
  };
}

function forget(port: Port, hears: Hears): void {
  const at = ports.indexOf(port);
  // The first is the page's own.
  if (at < 1) return;
  ports.splice(at, 1);
  hears.left(port, ports.length === 1);
}

/** To everyone except `not`. */
export function tell(note: Note, not?: Port): void {
  for (const port of ports) if (port !== not) post(port, note);
}

export function post(port: Port, message: Reply | Note): void {
  port.postMessage(message, message.type === "answer" ? buffers(message.value) : []);
}

/** Buffers that an answer owns completely, so that they are transferred, not copied. */
function buffers(value: unknown): Transferable[] {
  if (value instanceof Uint8Array || value instanceof Uint32Array) {
    return value.byteLength > 1024 && value.byteLength === value.buffer.byteLength ? [value.buffer as ArrayBuffer] : [];
  }
  if (Array.isArray(value) && value.length < 8) return value.flatMap(buffers);
  const plain = value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? Object.values(value).flatMap(buffers) : [];
}
