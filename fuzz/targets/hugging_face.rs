//! Hugging Face's `config.json` and `model.safetensors`, one after the other, cut at a zero byte: no panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use tadpole_gpt::{Device, hugging_face};

fuzz_target!(|files: &[u8]| {
    let cut = files.iter().position(|&byte| byte == 0).unwrap_or(files.len());
    let Ok(config) = hugging_face::config_from_json(&files[..cut]) else { return };
    if config.parameters() < 1 << 20 {
        drop(hugging_face::model_from_safetensors(files.get(cut + 1..).unwrap_or_default(), &config, &Device::flex()));
    }
});
