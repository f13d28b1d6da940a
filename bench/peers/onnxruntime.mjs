// ONNX Runtime Web: decoding with a cache (on a GPU it stays there, at a fixed size) or with the whole window at every token. On a GPU it
// uses the build for JavaScript Promise Integration, its fastest.
import { gpt2 } from "../onnx.mjs";
import { readSafetensors } from "../safetensors.mjs";
import { decode, host } from "./host.mjs";

let ort;
let session;
let sizes;
let next;
let begin;

async function open(options) {
  ({ sizes } = options);
  const gpu = options.device === "webgpu";
  ort = gpu ? await import("onnxruntime-web/jspi") : await import("onnxruntime-web/wasm");
  // The page is not isolated, so there are no threads; set before the library detects it.
  ort.env.wasm.numThreads = 1;
  const file = new URL(`onnxruntime/ort-wasm-simd-threaded${gpu ? ".jspi" : ""}`, self.location.href).href;
  ort.env.wasm.wasmPaths = { mjs: `${file}.js`, wasm: `${file}.wasm` };
  ort.env.logLevel = "error";
  const cache = options.variant === "cache";
  // On software WebGPU its fused attention gives wrong logits for a window (1.30.0); on the CPU the fused one is faster.
  const model = gpt2(readSafetensors(options.weights), sizes, { cache, fused: !gpu });
  session = await ort.InferenceSession.create(model, {
    executionProviders: [gpu ? "webgpu" : "wasm"],
    graphOptimizationLevel: "all",
  });
  if (!cache) openWindow();
  else if (gpu) await openGpuCache();
  else openCpuCache();
}

const ints = (values, dims) => new ort.Tensor("int32", Int32Array.from(values), dims);
const count = (total) => ({ last: ints([total - 1], [1]), total: ints([total], [1]) });
const cacheNames = () => Array.from({ length: sizes.nLayer }, (_, i) => [`key_${i}`, `value_${i}`]).flat();
const headShape = (length) => [1, sizes.nHead, length, sizes.dModel / sizes.nHead];

function openWindow() {
  const t = sizes.contextLength;
  const window = new Int32Array(t);
  const at = ints(window.keys(), [1, t]);
  begin = () => {};
  next = async (id, position) => {
    window[position] = id;
    const { logits } = await session.run({ ids: ints(window, [1, t]), at, pick: ints([position], [1]) });
    return logits.data;
  };
}

/** The cache grows by one token at a time: all of it passes through JavaScript, so smaller is faster. */
function openCpuCache() {
  let cache;
  begin = () => {
    cache = Object.fromEntries(cacheNames().map((name) => [`past_${name}`, new ort.Tensor("float32", new Float32Array(0), headShape(0))]));
  };
  next = async (id, position) => {
    const made = await session.run({ ids: ints([id], [1, 1]), at: ints([position], [1, 1]), ...count(position + 1), ...cache });
    for (const name of cacheNames()) cache[`past_${name}`] = made[`present_${name}`];
    return made.logits.data;
  };
}

/** The cache is a buffer of full length that the model reads and writes in place. */
async function openGpuCache() {
  const device = await ort.env.webgpu.device;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const dims = headShape(sizes.contextLength);
  const size = dims.reduce((a, b) => a * b, 4);
  const past = {};
  const present = {};
  for (const name of cacheNames()) {
    const tensor = ort.Tensor.fromGpuBuffer(device.createBuffer({ size, usage }), { dataType: "float32", dims });
    past[`past_${name}`] = tensor;
    present[`present_${name}`] = tensor;
  }
  // Entries after the current position are ignored, so there is nothing to empty.
  begin = () => {};
  next = async (id, position) => {
    const feeds = { ids: ints([id], [1, 1]), at: ints([position], [1, 1]), ...count(position + 1), ...past };
    const { logits } = await session.run(feeds, { logits: null, ...present });
    return logits.data;
  };
}

async function lastLogits(ids) {
  let last;
  begin();
  for (const [position, id] of ids.entries()) last = await next(id, position);
  return last;
}

const measure = (_kind, seconds) => decode({ begin, next, contextLength: sizes.contextLength, seconds });

host({ open, logits: lastLogits, warm: measure, measure });
