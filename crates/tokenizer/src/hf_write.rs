//! Writes Hugging Face `tokenizer.json`. Hugging Face tokenizers loads it and gives the same ids, except that
//! it searches the text for special tokens, which only templates produce here. The format cannot store merge
//! counts.

use crate::presplit::{Cut, PreSplit};
use crate::tokenizer::Model;
use crate::{Tokenizer, byte_level};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

/// One part of the file, written straight from the tokenizer, without copying a map of 50,000 tokens first.
struct Part<'a> {
    tokenizer: &'a Tokenizer,
    alphabet: [char; 256],
    merges: bool,
}

impl Part<'_> {
    fn spelling(&self, id: u32) -> String {
        let bytes = self.tokenizer.token_bytes(id).unwrap_or_default();
        match self.tokenizer.model() {
            Model::Bpe { .. } if !self.tokenizer.is_special(id) => byte_level::to_text(&self.alphabet, bytes),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.merges {
            let rules = match self.tokenizer.model() {
                Model::Char(_) => &[][..],
                Model::Bpe { bpe, .. } => &bpe.rules,
            };
            return serializer.collect_seq(
                rules.iter().map(|rule| [rule.left, rule.right].map(|id| self.spelling(id)).join(" ")),
            );
        }
        let mut map = serializer.serialize_map(None)?;
        for id in (0..self.tokenizer.vocab_size() as u32).filter(|&id| !self.tokenizer.vocab().is_hole(id)) {
            map.serialize_entry(&self.spelling(id), &id)?;
        }
        map.end()
    }
}

impl Tokenizer {
    /// This tokenizer as a `tokenizer.json`.
    pub fn to_json(&self) -> String {
        let part = |merges| {
            let part = Part { tokenizer: self, alphabet: byte_level::alphabet(), merges };
            serde_json::to_string(&part).expect("strings and numbers are always JSON")
        };
        let (pre_tokenizer, decoder, whole_words) = match self.model() {
            Model::Char(_) => (Value::Null, json!({ "type": "Fuse" }), false),
            Model::Bpe { split, bpe, .. } => {
                (pre_tokenizer(split), byte_level_part(true), bpe.has_whole_words())
            }
        };
        let added: Vec<Value> =
            self.vocab().specials.iter().map(|(name, id)| added_token(name, *id)).collect();
        let added = Value::from(added);
        let (vocab, merges) = (part(false), part(true));
        // The two large parts are inserted as text; the rest is small.
        format!(
            "{{\n\"version\": \"1.0\",\n\"truncation\": null,\n\"padding\": null,\n\"added_tokens\": {added},\n\
             \"normalizer\": null,\n\"pre_tokenizer\": {pre_tokenizer},\n\"post_processor\": null,\n\"decoder\": {decoder},\n\
             \"model\": {{\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, \"continuing_subword_prefix\": null, \
             \"end_of_word_suffix\": null, \"fuse_unk\": false, \"byte_fallback\": false, \"ignore_merges\": {whole_words},\n\
             \"vocab\": {vocab},\n\"merges\": {merges}}}\n}}\n"
        )
    }
}

fn added_token(name: &str, id: u32) -> Value {
    json!({
        "id": id, "content": name, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true
    })
}

fn byte_level_part(use_regex: bool) -> Value {
    json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex })
}

fn pre_tokenizer(split: &PreSplit) -> Value {
    let step = |cut: &Cut| match cut.source() {
        Some(regex) => {
            json!({ "type": "Split", "pattern": { "Regex": regex }, "behavior": "Isolated", "invert": false })
        }
        None => json!({ "type": "Digits", "individual_digits": true }),
    };
    let mut cuts = split.cuts();
    if let (Some(Cut::Gpt2), None) = (cuts.next(), cuts.next()) {
        return byte_level_part(true);
    }
    let steps: Vec<Value> = split.cuts().map(step).chain([byte_level_part(false)]).collect();
    json!({ "type": "Sequence", "pretokenizers": steps })
}
