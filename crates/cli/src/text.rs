//! Text from outside: files in any encoding, and arguments of the command line.

use crate::args::EncodingArgs;
use crate::files::read;
use anyhow::{Result, bail};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::path::Path;
use tadpole_session::{TokenizerConfig, TokenizerKind, foreign};

/// Bytes that a guess is based on.
const SAMPLE: usize = 1 << 20;
/// Characters of a guess that are shown.
const SHOWN: usize = 40;

/// The bytes of a text file in UTF-8. A byte order mark identifies UTF-16; any other encoding must be named,
/// and the refusal states the likely one.
pub fn read_text(path: &Path, args: &EncodingArgs) -> Result<Vec<u8>> {
    let bytes = read(path)?;
    let Some(encoding) = args.encoding.or_else(|| marked(&bytes)) else {
        return match (foreign(&bytes), guess(&bytes)) {
            // Its kind is reported where it is used.
            (Some(_), _) | (None, None) => Ok(bytes),
            (None, Some(guess)) => bail!("{}", not_utf8(path, &bytes, guess)),
        };
    };
    let (text, _, broken) = encoding.decode(&bytes);
    if broken {
        bail!(
            "{} is not text in {}\nName the encoding it has (--encoding), or save it as UTF-8 in a text editor.",
            path.display(),
            encoding.name()
        );
    }
    if encoding != UTF_8 {
        eprintln!("{}: read as {}", path.display(), encoding.name());
    }
    Ok(text.into_owned().into_bytes())
}

/// UTF-16, if the file begins with its mark.
fn marked(bytes: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(bytes).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8)
}

/// The likely encoding of a text that is not UTF-8.
fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(encoding) = half_zeros(sample) {
        return Some(encoding);
    }
    if std::str::from_utf8(bytes).is_ok() || sample.contains(&0) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    Some(detector.guess(None, Utf8Detection::Deny))
}

/// UTF-16 without a mark: in Latin text most of every other byte is zero, and any text has line ends and
/// spaces.
fn half_zeros(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (most, least) = (even.max(odd), even.min(odd));
    let is_one_sided = most > 0 && most >= sample.len() / 100 && most > 8 * least;
    is_one_sided.then_some(if odd > even { UTF_16LE } else { UTF_16BE })
}

fn not_utf8(path: &Path, bytes: &[u8], guess: &'static Encoding) -> String {
    let sample = &bytes[..bytes.len().min(4 * SHOWN)];
    let (text, _, _) = guess.decode(sample);
    let shown: String = text.chars().take(SHOWN).collect();
    let name = guess.name().to_lowercase();
    format!(
        "{} is not text in UTF-8; it looks like {name}, in which it begins {shown:?}\nIf that reads right, add --encoding {name}; else name \
         the encoding it has, or save it as UTF-8 in a text editor.",
        path.display()
    )
}

/// A command-line text with its escapes resolved: `\n`, `\t`, `\r`, `\\`, `\u{1F438}`.
pub fn unescaped(text: &str) -> Result<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (character, length) = escape(&rest[at..]).ok_or_else(|| {
            anyhow::anyhow!("{:?} is no escape (there are \\n, \\t, \\r, \\\\ and \\u{{...}})", &rest[at..])
        })?;
        out.push(character);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The character of the escape at a text's beginning, and the escape's length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'\\' => '\\',
        b'u' => {
            let digits = text.strip_prefix("\\u{")?.split_once('}')?.0;
            let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            return Some((character, digits.len() + 4));
        }
        _ => return None,
    };
    Some((simple, 2))
}

/// Warns, beside the output, about what a person may not have meant.
pub fn remark(name: &str, text: &str, tokenizer: &TokenizerConfig) {
    let is_escape = |at: usize| escape(&text[at..]).is_some_and(|(c, _)| c != '\\');
    if text.match_indices('\\').any(|(at, _)| is_escape(at)) {
        eprintln!(
            "note: --{name} '{text}' holds a backslash and a letter; with --escapes they are read as one character"
        );
    }
    if let Some(special) = tokenizer.special_tokens.iter().find(|special| text.contains(special.as_str())) {
        eprintln!("note: {special} in --{name} is read as text, and not as the special token");
    }
    if name == "prompt" && tokenizer.kind == TokenizerKind::Bpe && text.ends_with(' ') {
        eprintln!(
            "note: --prompt ends in a space, which most tokens of words begin with; without it the model is likely to write better"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_others_are_refused() {
        assert_eq!(unescaped(r"a\n\t\\n\u{1F438}").expect("escapes"), "a\n\t\\n🐸");
        for bad in [r"\q", r"a\", r"\u{110000}", r"\u12"] {
            assert!(unescaped(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_encoding_is_guessed_from_what_it_looks_like() {
        let name = |bytes: &[u8]| guess(bytes).map(|encoding| encoding.name());
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(name("plain, 呱".as_bytes()), None);
        assert_eq!(name(&utf16("the frog\n")), Some("UTF-16LE"));
        assert_eq!(name(&utf16(&"青蛙在池塘里唱歌，天黑了。\n".repeat(20))), Some("UTF-16LE"));
        assert_eq!(name(&encoding_rs::GBK.encode(&"青蛙在池塘里唱歌。".repeat(20)).0), Some("GBK"));
        assert_eq!(name(&encoding_rs::SHIFT_JIS.encode(&"蛙が池で歌う。".repeat(20)).0), Some("Shift_JIS"));
        assert_eq!(name(b"caf\xe9 na\xefve fa\xe7ade"), Some("windows-1252"));
    }
}
