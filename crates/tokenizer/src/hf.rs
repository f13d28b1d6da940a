//! Reads Hugging Face `tokenizer.json`: byte-level BPE, and BPE without merges over single characters (our
//! char kind). Refuses, by name, whatever would give different ids than Hugging Face: normalizers, other
//! models, other cuts.

use crate::bpe::{Bpe, Rule};
use crate::chars::Chars;
use crate::config::check_special;
use crate::presplit::{Cut, PreSplit};
use crate::table::WordMap;
use crate::tokenizer::Model;
use crate::vocab::{Token, Vocab, in_order};
use crate::{BOM, Error, Result, Tokenizer, byte_level};
use serde::Deserialize;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A pattern that takes the whole text as one word: `ByteLevel` without its regex.
const WHOLE_TEXT: &str = r"[\s\S]+";

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    truncation: Value,
    #[serde(default)]
    padding: Value,
    #[serde(default)]
    added_tokens: Vec<Added>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    #[serde(default)]
    post_processor: Value,
    #[serde(default)]
    decoder: Value,
    model: BpeFile,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    special: bool,
}

#[derive(Deserialize)]
struct BpeFile {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    dropout: Option<f64>,
    #[serde(default)]
    unk_token: Option<String>,
    #[serde(default)]
    continuing_subword_prefix: Option<String>,
    #[serde(default)]
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    vocab: VocabFile,
    #[serde(default)]
    merges: Vec<MergeFile>,
}

/// The vocabulary in the file's order, duplicates included: a JSON map would drop them silently. Empty for a
/// list of tokens with scores, which is not BPE's.
#[derive(Default)]
struct VocabFile(Vec<(String, u32)>);

impl<'de> Deserialize<'de> for VocabFile {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = VocabFile;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a map of tokens to ids")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<VocabFile, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(VocabFile(entries))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<VocabFile, A::Error> {
                while list.next_element::<(String, f64)>()?.is_some() {}
                Ok(VocabFile::default())
            }
        }
        deserializer.deserialize_any(Entries)
    }
}

/// A merge as `"a b"` or as `["a", "b"]`.
struct MergeFile {
    shown: String,
    parts: Option<(String, String)>,
}

impl<'de> Deserialize<'de> for MergeFile {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = MergeFile;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a merge, as \"a b\" or [\"a\", \"b\"]")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<MergeFile, E> {
                let pair = text.split_once(' ').filter(|(_, right)| !right.contains(' '));
                let parts = pair.map(|(left, right)| (left.to_string(), right.to_string()));
                Ok(MergeFile { shown: text.to_string(), parts })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<MergeFile, A::Error> {
                let mut parts: Vec<String> = Vec::new();
                while let Some(part) = seq.next_element()? {
                    parts.push(part);
                }
                let shown = parts.join(" ");
                let pair = <[String; 2]>::try_from(parts).ok();
                Ok(MergeFile { shown, parts: pair.map(|[left, right]| (left, right)) })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Tokenizer {
    /// Reads a `tokenizer.json`.
    ///
    /// Added tokens become special tokens; they are never searched for in text (see [`Tokenizer::encode`]).
    pub fn from_json(file: &[u8]) -> Result<Self> {
        let file = file.strip_prefix(BOM).unwrap_or(file);
        let file: File =
            serde_json::from_slice(file).map_err(|error| Error::InvalidJson { reason: error.to_string() })?;
        check_model(&file.model)?;
        check_surroundings(&file)?;
        let split = read_pre_tokenizer(&file.pre_tokenizer)?;
        check_decoder(&file.decoder, if split.is_some() { "ByteLevel" } else { "Fuse" })?;
        let specials = read_specials(&file)?;
        let (vocab, ids) = read_vocab(&file, &specials, split.is_some())?;
        let rules = read_merges(&file.model.merges, &ids, &vocab)?;
        let model = match split {
            Some(split) => Model::Bpe {
                split,
                bpe: Box::new(Bpe::new(&vocab, rules, file.model.ignore_merges)?),
                counts: Vec::new(),
            },
            None => {
                let remedy = "Load a file with a ByteLevel pre-tokenizer, or one without merges over single characters.";
                refuse_if(!rules.is_empty(), "pre_tokenizer", "null beside merges", remedy)?;
                let unknown = file.model.unk_token.as_deref().unwrap_or_default();
                refuse_if(
                    !unknown.is_empty(),
                    "model.unk_token",
                    unknown,
                    "Set it to null: unknown characters are errors here.",
                )?;
                Model::Char(Box::new(Chars::new(&vocab)?))
            }
        };
        Ok(Self::from_parts(vocab, model))
    }
}

fn refuse_if(refused: bool, part: &str, value: &str, remedy: &'static str) -> Result<()> {
    if refused { Err(unsupported(part, value, remedy)) } else { Ok(()) }
}

fn unsupported(part: &str, value: &str, remedy: &'static str) -> Error {
    Error::Unsupported { part: part.to_string(), value: value.chars().take(80).collect(), remedy }
}

/// The `type` of a part, for a message.
fn type_of(part: &Value) -> &str {
    match part {
        Value::Null => "null",
        part => part.get("type").and_then(Value::as_str).unwrap_or("something without a type"),
    }
}

/// A part as its steps: a `Sequence` gives its members under `list`, a missing part gives none.
fn steps<'a>(part: &'a Value, list: &str, out: &mut Vec<&'a Value>) {
    match part.get(list).and_then(Value::as_array).filter(|_| type_of(part) == "Sequence") {
        Some(members) => members.iter().for_each(|member| steps(member, list, out)),
        None if part.is_null() => {}
        None => out.push(part),
    }
}

fn flag(part: &Value, name: &str, default: bool) -> bool {
    part.get(name).and_then(Value::as_bool).unwrap_or(default)
}

fn check_surroundings(file: &File) -> Result<()> {
    let set_null = "Set it to null in the file.";
    refuse_if(!file.truncation.is_null(), "truncation", "a shorter text", set_null)?;
    refuse_if(!file.padding.is_null(), "padding", "a longer text", set_null)?;
    let mut normalizers = Vec::new();
    steps(&file.normalizer, "normalizers", &mut normalizers);
    if let Some(normalizer) = normalizers.first() {
        let remedy = "Normalize the text beforehand and set normalizer to null in the file.";
        return Err(unsupported("normalizer", type_of(normalizer), remedy));
    }
    let mut processors = Vec::new();
    steps(&file.post_processor, "processors", &mut processors);
    let adds_nothing = |processor: &&Value| {
        let single = processor.get("single").and_then(Value::as_array);
        let only_text = single.is_some_and(|parts| parts.len() == 1 && parts[0].get("Sequence").is_some());
        type_of(processor) == "ByteLevel" || type_of(processor) == "TemplateProcessing" && only_text
    };
    match processors.iter().find(|processor| !adds_nothing(processor)) {
        Some(other) => {
            let remedy = "Set post_processor to null in the file and put special tokens in with a template.";
            Err(unsupported("post_processor", type_of(other), remedy))
        }
        None => Ok(()),
    }
}

fn check_model(model: &BpeFile) -> Result<()> {
    let kind = model.kind.as_deref().unwrap_or("BPE");
    let known = match kind {
        "WordPiece" => "WordPiece (BERT's)",
        "Unigram" => "Unigram (SentencePiece: T5, XLNet, ALBERT)",
        other => other,
    };
    refuse_if(kind != "BPE", "model.type", known, "Load a byte-level BPE tokenizer, such as GPT-2's.")?;
    let needs_retraining = "Load a byte-level BPE tokenizer, such as GPT-2's.";
    let fallback = "characters with bytes for the rest (SentencePiece: Llama 2, Mistral, Gemma)";
    refuse_if(model.byte_fallback, "model.byte_fallback", fallback, needs_retraining)?;
    refuse_if(
        model.dropout.is_some_and(|share| share != 0.0),
        "model.dropout",
        "random merges",
        "Set it to null in the file.",
    )?;
    for (part, value) in [
        ("model.continuing_subword_prefix", &model.continuing_subword_prefix),
        ("model.end_of_word_suffix", &model.end_of_word_suffix),
    ] {
        let value = value.as_deref().unwrap_or_default();
        refuse_if(!value.is_empty(), part, value, needs_retraining)?;
    }
    Ok(())
}

fn check_decoder(decoder: &Value, wanted: &str) -> Result<()> {
    let mut decoders = Vec::new();
    steps(decoder, "decoders", &mut decoders);
    match decoders.iter().find(|decoder| type_of(decoder) != wanted) {
        Some(other) => Err(unsupported(
            "decoder",
            type_of(other),
            "Load a file whose decoder is ByteLevel (BPE) or Fuse (characters).",
        )),
        None => Ok(()),
    }
}

/// How the file cuts text; `None` if it does not cut and is not byte-level.
fn read_pre_tokenizer(part: &Value) -> Result<Option<PreSplit>> {
    let mut list = Vec::new();
    steps(part, "pretokenizers", &mut list);
    let Some((byte_level, before)) = list.split_last() else { return Ok(None) };
    let remedy = "Load a file that cuts with ByteLevel, or with Splits and Digits before it.";
    let refuse = |value: &str| Err(unsupported("pre_tokenizer", value, remedy));
    if type_of(byte_level) != "ByteLevel" {
        return refuse(type_of(byte_level));
    }
    if flag(byte_level, "add_prefix_space", true) {
        return refuse("ByteLevel with add_prefix_space");
    }
    let mut cuts = Vec::new();
    for step in before {
        match type_of(step) {
            "Split" => cuts.push(Cut::pattern(read_split(step)?)?),
            "Digits" if flag(step, "individual_digits", false) => cuts.push(Cut::Digits),
            "Digits" => return refuse("Digits without individual_digits"),
            other => return refuse(other),
        }
    }
    match (cuts.is_empty(), flag(byte_level, "use_regex", true)) {
        (_, true) => cuts.push(Cut::Gpt2),
        (true, false) => cuts.push(Cut::pattern(WHOLE_TEXT)?),
        (false, false) => {}
    }
    Ok(PreSplit::in_a_row(cuts))
}

fn read_split(cut: &Value) -> Result<&str> {
    let remedy = "Load a file whose Split has a Regex pattern, is not inverted and behaves as Isolated.";
    let pattern = cut.get("pattern").and_then(|pattern| pattern.get("Regex")).and_then(Value::as_str);
    let behavior = cut.get("behavior").and_then(Value::as_str).unwrap_or_default();
    refuse_if(behavior != "Isolated" || flag(cut, "invert", false), "pre_tokenizer.Split", behavior, remedy)?;
    pattern.ok_or_else(|| unsupported("pre_tokenizer.Split", "a pattern that is no Regex", remedy))
}

fn read_specials(file: &File) -> Result<BTreeMap<&str, u32>> {
    let mut specials = BTreeMap::new();
    for added in &file.added_tokens {
        let remedy = "Mark it special in the file, or train with it in the vocabulary: text is not searched for added tokens.";
        refuse_if(!added.special, "added_tokens", &added.content, remedy)?;
        check_special(&added.content)?;
        if specials.insert(added.content.as_str(), added.id).is_some() {
            return Err(Error::DuplicateToken { token: added.content.clone() });
        }
    }
    Ok(specials)
}

/// The tokens by id, and the ids by the file's notation.
fn read_vocab(file: &File, specials: &BTreeMap<&str, u32>, is_bytes: bool) -> Result<(Vocab, WordMap)> {
    let entries = &file.model.vocab.0;
    let mut ids = WordMap::with_capacity(entries.len());
    let mut tokens = Vec::with_capacity(entries.len() + specials.len());
    for (token, id) in entries {
        let invalid = |reason| Error::InvalidToken { token: token.clone(), reason };
        if token.is_empty() {
            return Err(invalid("it is empty"));
        }
        if ids.get(token.as_bytes()).is_some() {
            return Err(Error::DuplicateToken { token: token.clone() });
        }
        ids.insert(token.as_bytes(), *id, 0);
        match specials.get(token.as_str()) {
            Some(special) if special != id => {
                return Err(invalid("its id in added_tokens is not its id in the vocabulary"));
            }
            Some(_) => tokens.push((u64::from(*id), Token::Special(token))),
            None if is_bytes => {
                let bytes = byte_level::to_bytes(token)
                    .ok_or(invalid("it is neither byte-level text nor an added token"))?;
                tokens.push((u64::from(*id), Token::Bytes(bytes)));
            }
            None => tokens.push((u64::from(*id), Token::Bytes(token.clone().into_bytes()))),
        }
    }
    let beside = specials.iter().filter(|(name, _)| ids.get(name.as_bytes()).is_none());
    tokens.extend(beside.map(|(name, id)| (u64::from(*id), Token::Special(name))));
    Ok((in_order(tokens)?, ids))
}

fn read_merges(merges: &[MergeFile], ids: &WordMap, vocab: &Vocab) -> Result<Vec<Rule>> {
    let mut rules = Vec::with_capacity(merges.len());
    let mut joined = String::new();
    for (index, merge) in merges.iter().enumerate() {
        let refuse =
            |reason| Error::InvalidMerge { index, merge: merge.shown.chars().take(80).collect(), reason };
        let (left, right) = merge.parts.as_ref().ok_or(refuse("it is not a pair of tokens"))?;
        joined.clear();
        joined.push_str(left);
        joined.push_str(right);
        let id =
            |token: &str| ids.get(token.as_bytes()).map(|(id, _)| id).filter(|&id| !vocab.is_special(id));
        rules.push(Rule {
            left: id(left).ok_or(refuse("the left part is not an ordinary token"))?,
            right: id(right).ok_or(refuse("the right part is not an ordinary token"))?,
            id: id(&joined).ok_or(refuse("the result is not an ordinary token"))?,
        });
    }
    Ok(rules)
}
