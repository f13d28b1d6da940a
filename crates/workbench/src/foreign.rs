//! Files that people mistake for a tokenizer, a model or a text: each is recognised by its beginning, and
//! refused with its name and a remedy.

use tadpole_tokenizer::BOM;

/// A recognised file of a kind that is not read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// Its kind, as a phrase that follows "this is".
    pub what: &'static str,
    /// What to do, as a sentence.
    pub remedy: &'static str,
}

/// How many bytes are examined.
const HEAD: usize = 4096;

const SAVE_AGAIN: &str = "In Python, from_pretrained(FOLDER).save_pretrained(FOLDER) writes model.safetensors and tokenizer.json: take those.";
const AS_TEXT: &str = "Save its text as a plain text file in UTF-8 and take that.";
const DOWNLOAD: &str =
    "Download the file itself; on a model's page there is a button for that beside its name.";
const TOGETHER: &str = "Take config.json, model.safetensors and tokenizer.json together.";

/// Signatures: the offset, the bytes, and their meaning.
const MAGIC: &[(usize, &[u8], Foreign)] = &[
    (0, b"GGUF", GGUF),
    (0, b"\x80\x02", PICKLE),
    (0, b"\x80\x04", PICKLE),
    (0, b"\x1F\x8B", PACKED),
    (0, b"BZh", PACKED),
    (0, b"\xFD7zXZ", PACKED),
    (0, b"\x28\xB5\x2F\xFD", PACKED),
    (0, b"7z\xBC\xAF", PACKED),
    (0, b"Rar!", PACKED),
    (257, b"ustar", PACKED),
    (0, b"%PDF-", DOCUMENT),
    (0, b"{\\rtf", DOCUMENT),
    (0, b"\xD0\xCF\x11\xE0", DOCUMENT),
    (0, b"\x89PNG", PICTURE),
    (0, b"\xFF\xD8\xFF", PICTURE),
    (0, b"version https://git-lfs", POINTER),
    (0, b"#version:", MERGES),
    (2, b"\x0A\x05<unk>", SENTENCEPIECE),
    (2, b"\x0A\x05<pad>", SENTENCEPIECE),
    (2, b"\x0A\x03<s>", SENTENCEPIECE),
];

const GGUF: Foreign = Foreign { what: "a GGUF file, the format of llama.cpp", remedy: TOGETHER };
const PACKED: Foreign =
    Foreign { what: "a packed file or an archive", remedy: "Unpack it and take the file inside." };
const DOCUMENT: Foreign = Foreign { what: "a PDF, RTF or Office document", remedy: AS_TEXT };
const PICTURE: Foreign = Foreign { what: "a picture", remedy: "Take a text." };
const POINTER: Foreign =
    Foreign { what: "a Git LFS pointer, which stands for a file and does not hold it", remedy: DOWNLOAD };
const MERGES: Foreign = Foreign { what: "a merges.txt, merges without their vocabulary", remedy: SAVE_AGAIN };
const PICKLE: Foreign =
    Foreign { what: "a Python pickle, such as pytorch_model.bin or ckpt.pt", remedy: SAVE_AGAIN };
const SENTENCEPIECE: Foreign = Foreign {
    what: "a SentencePiece model",
    remedy: "Take a byte-level BPE tokenizer instead, such as GPT-2's tokenizer.json.",
};
const ZIP: Foreign = Foreign {
    what: "a ZIP archive or an Office document",
    remedy: "Unpack it, or save its text or table as plain text or CSV.",
};
const WEB_PAGE: Foreign = Foreign { what: "a web page", remedy: DOWNLOAD };
const LEGACY_TOKENIZER: Foreign =
    Foreign { what: "a vocab.json, a vocabulary without its merges", remedy: SAVE_AGAIN };

/// Keys near the start of a JSON file that identify it.
const KEYS: &[(&str, Foreign)] = &[
    (
        "\"weight_map\"",
        Foreign {
            what: "the index of a model that lies in several files",
            remedy: "Save the model in one file: in Python, model.save_pretrained(FOLDER, max_shard_size=\"100GB\").",
        },
    ),
    (
        "\"tokenizer_class\"",
        Foreign {
            what: "a tokenizer_config.json, which holds settings and no tokens",
            remedy: "Take the tokenizer.json that lies beside it.",
        },
    ),
    ("\"model_type\"", Foreign { what: "a model's config.json", remedy: TOGETHER }),
];

/// A file's kind, if it is one that is recognised and not read.
pub fn foreign(file: &[u8]) -> Option<Foreign> {
    if is_safetensors(file) {
        return None;
    }
    let magic =
        MAGIC.iter().find(|(at, bytes, _)| file.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
    if let Some((_, _, known)) = magic {
        return Some(*known);
    }
    if file.starts_with(b"PK\x03\x04") {
        let head = &file[..file.len().min(HEAD)];
        return Some(if head.windows(8).any(|bytes| bytes == b"data.pkl") { PICKLE } else { ZIP });
    }
    let text = file.strip_prefix(BOM).unwrap_or(file).trim_ascii_start();
    if text.starts_with(b"<") {
        let start = text[..text.len().min(16)].to_ascii_lowercase();
        return (start.starts_with(b"<!doctype html") || start.starts_with(b"<html")).then_some(WEB_PAGE);
    }
    if text.starts_with(b"{") { foreign_json(text) } else { None }
}

/// It begins with its header's length, whose bytes may equal another format's signature: 640 is a pickle's.
fn is_safetensors(file: &[u8]) -> bool {
    let header = file.first_chunk().map(|length| u64::from_le_bytes(*length));
    header.is_some_and(|length| length < 1 << 30) && file.get(8) == Some(&b'{')
}

/// A tokenizer.json has its `model` near its start or its end; none of these has one.
fn foreign_json(text: &[u8]) -> Option<Foreign> {
    let head = String::from_utf8_lossy(&text[..text.len().min(HEAD)]);
    let has = |key: &str| head.contains(key);
    let tokenizer = ["\"model\"", "\"added_tokens\"", "\"truncation\"", "\"pre_tokenizer\""];
    if tokenizer.into_iter().any(has) {
        return None;
    }
    let known = KEYS.iter().find(|(key, _)| has(key)).map(|(_, known)| *known);
    known.or_else(|| is_vocabulary(&head).then_some(LEGACY_TOKENIZER))
}

/// `{"token": 0, "token": 1`.
fn is_vocabulary(head: &str) -> bool {
    let mut strings = head.split('"');
    let (open, name, number) = (strings.next(), strings.next(), strings.next());
    let is_id = |text: &str| {
        let id = text.trim().strip_prefix(':').and_then(|text| text.trim().strip_suffix(',')).map(str::trim);
        id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
    };
    open.is_some_and(|text| text.trim() == "{") && name.is_some() && number.is_some_and(is_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(file: &[u8]) -> &'static str {
        foreign(file).map_or("", |known| known.what)
    }

    #[test]
    fn files_are_named_for_what_they_are() {
        let torch = [&b"PK\x03\x04\0\0\x08\x08archive/data.pkl"[..], &[0; 40]].concat();
        for (file, part) in [
            (&b"GGUF\x03\0\0\0"[..], "GGUF"),
            (&torch, "pickle"),
            (b"\x80\x02\x8a\x0al\xfc", "pickle"),
            (b"PK\x03\x04xl/worksheets", "Office"),
            (b"%PDF-1.7", "PDF"),
            (b"version https://git-lfs.example/spec/v1\noid sha256:1", "LFS"),
            (b"#version: 0.2\nh e\n", "merges.txt"),
            (b"{\"!\": 0, \"\\u0120\": 1}", "vocab.json"),
            (b"\xEF\xBB\xBF { \"tokenizer_class\": \"GPT2Tokenizer\" }", "tokenizer_config.json"),
            (b"{\"architectures\": [], \"model_type\": \"gpt2\"}", "config.json"),
            (b"{\"metadata\": {}, \"weight_map\": {}}", "several files"),
            (b"\n<!DOCTYPE HTML><title>", "web page"),
            (b"\x0a\x0e\x0a\x05<unk>\x15\0", "SentencePiece"),
        ] {
            assert!(what(file).contains(part), "{part}: {:?}", what(file));
        }
    }

    #[test]
    fn what_is_read_here_is_not_foreign() {
        for file in [
            &b""[..],
            b"{",
            b"PK",
            b"<a> tag in a text",
            b"IQ== 0\nIg== 1\n",
            b"\x80\x02\0\0\0\0\0\0{\"wte.weight\":",
            b"\x80\x04\0\0\0\0\0\0{\"__metadata__\":",
            b"{\"version\": \"1.0\", \"truncation\": null, \"model\": {\"vocab\": {\"weight_map\": 0}}}",
            b"{\"model\": {\"type\": \"BPE\", \"vocab\": {\"model_type\": 0}}}",
            "你好".as_bytes(),
        ] {
            assert_eq!(foreign(file), None, "{:?}", String::from_utf8_lossy(file));
        }
    }
}
