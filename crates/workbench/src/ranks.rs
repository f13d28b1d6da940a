//! What a `.tiktoken` file does not say: how text is cut before merging, and which tokens are special.
//! Published vocabularies are recognised by their contents; for any other the person must say.

use crate::{Error, Result};
use tadpole_tokenizer::{BOM, CL100K_PATTERN, GPT2_PATTERN, O200K_PATTERN, TiktokenOptions, Tokenizer};
use xxhash_rust::xxh3::xxh3_64;

/// A published vocabulary, as tiktoken 0.12 describes it.
struct Published {
    /// XXH3 of its lines, each ended by a line feed.
    hash: u64,
    pattern: &'static str,
    special_tokens: &'static [(&'static str, u32)],
}

const PUBLISHED: [Published; 4] = [
    // r50k_base: GPT-2 and the first GPT-3.
    Published {
        hash: 0x3cb2_fbe9_5939_bd2d,
        pattern: GPT2_PATTERN,
        special_tokens: &[("<|endoftext|>", 50_256)],
    },
    // p50k_base: Codex. The special token is among the ranks.
    Published {
        hash: 0xf2d3_fa62_565e_6e17,
        pattern: GPT2_PATTERN,
        special_tokens: &[("<|endoftext|>", 50_256)],
    },
    // cl100k_base: GPT-3.5 and GPT-4.
    Published {
        hash: 0xaa5d_7bf3_8900_641a,
        pattern: CL100K_PATTERN,
        special_tokens: &[
            ("<|endoftext|>", 100_257),
            ("<|fim_prefix|>", 100_258),
            ("<|fim_middle|>", 100_259),
            ("<|fim_suffix|>", 100_260),
            ("<|endofprompt|>", 100_276),
        ],
    },
    // o200k_base: GPT-4o and later.
    Published {
        hash: 0x72a0_95e8_2ca1_09d6,
        pattern: O200K_PATTERN,
        special_tokens: &[("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)],
    },
];

/// Patterns with a name.
const NAMED: [(&str, &str); 3] =
    [("gpt2", GPT2_PATTERN), ("cl100k", CL100K_PATTERN), ("o200k", O200K_PATTERN)];

/// The regular expression that `pattern` names (`gpt2`, `cl100k`, `o200k`), or itself.
pub fn named_pattern(pattern: &str) -> &str {
    NAMED.iter().find(|(name, _)| *name == pattern).map_or(pattern, |(_, known)| known)
}

/// Reads a `.tiktoken` file; without a pattern it must be a published one.
pub(crate) fn from_ranks(file: &[u8], pattern: Option<&str>) -> Result<Tokenizer> {
    let published = PUBLISHED.iter().find(|known| known.hash == hash(file));
    let special_tokens = published.map_or(&[][..], |known| known.special_tokens);
    let special_tokens = special_tokens.iter().map(|&(name, id)| (name.to_string(), id)).collect();
    let told = pattern.map(named_pattern);
    let options = TiktokenOptions {
        pattern: told.or(published.map(|known| known.pattern)).map(str::to_string),
        special_tokens,
    };
    // Parsed first: if it is not a rank file, no pattern is asked for.
    let tokenizer = Tokenizer::from_tiktoken(file, &options)?;
    match options.pattern {
        Some(_) => Ok(tokenizer),
        None => Err(Error::PatternUnknown { tokens: tokenizer.vocab_size() }),
    }
}

/// Over the lines as published, whatever line ends an editor made. In a single call: fed line by line,
/// xxhash-rust 0.8 gives another number.
fn hash(file: &[u8]) -> u64 {
    let file = file.strip_prefix(BOM).unwrap_or(file);
    let lines = file.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let lines = lines.filter(|line| !line.is_empty()).flat_map(|line| [line, b"\n"]);
    xxh3_64(&lines.collect::<Vec<_>>().concat())
}
