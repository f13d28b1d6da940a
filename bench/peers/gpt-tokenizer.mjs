// gpt-tokenizer: GPT-2's byte pairs in plain JavaScript.
import { encode } from "gpt-tokenizer/encoding/r50k_base";
import { host } from "./host.mjs";

host({ open() {}, encode: (text) => Uint32Array.from(encode(text)) });
