// The film as WebM: the browser records a canvas while the film plays on it, so that it takes as long as the film.
// https://www.w3.org/TR/mediastream-recording/
import { rest } from "./frames.ts";

const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"] as const;
const [BITS_A_SECOND, PICTURE_MS] = [3_000_000, 40] as const;

const typeHere = (): string | undefined => {
  const isThere = typeof MediaRecorder === "function" && typeof HTMLCanvasElement.prototype.captureStream === "function";
  return isThere ? TYPES.find((type) => MediaRecorder.isTypeSupported(type)) : undefined;
};

/** Whether this browser records it. */
export const recordsWebm = (): boolean => typeHere() !== undefined;

export async function webm(
  canvas: HTMLCanvasElement,
  ms: number,
  draw: (at: number) => void,
  tell: (done: number) => void,
): Promise<Uint8Array> {
  const stream = canvas.captureStream(1_000 / PICTURE_MS);
  const recorder = new MediaRecorder(stream, { mimeType: typeHere() ?? "", videoBitsPerSecond: BITS_A_SECOND });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const over = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new Error("the browser stopped recording"));
  });
  draw(0);
  recorder.start();
  await play(ms, draw, tell);
  recorder.stop();
  await over;
  for (const track of stream.getTracks()) track.stop();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function play(ms: number, draw: (at: number) => void, tell: (done: number) => void): Promise<void> {
  const begun = performance.now();
  for (let at = 0; at < ms; at = performance.now() - begun) {
    draw(at);
    tell(at / ms);
    await new Promise((wake) => setTimeout(wake, PICTURE_MS));
  }
  draw(ms - 1);
  await rest();
}
