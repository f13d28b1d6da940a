// tiktoken: OpenAI's own Rust, compiled to WebAssembly.
import ranks from "tiktoken/encoders/r50k_base.json";
import { init, Tiktoken } from "tiktoken/lite/init";
import wasm from "../node_modules/tiktoken/lite/tiktoken_bg.wasm?url";
import { host } from "./host.mjs";

let encoder;

async function open() {
  const file = await (await fetch(new URL(wasm, self.location.href))).arrayBuffer();
  await init((imports) => WebAssembly.instantiate(file, imports));
  encoder = new Tiktoken(ranks.bpe_ranks, ranks.special_tokens, ranks.pat_str);
}

host({ open, encode: (text) => encoder.encode(text, [], []) });
