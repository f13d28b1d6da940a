//! Shared by several contract tests: r50k from its published ranks, a seeded generator, varied text.
#![allow(dead_code)]

use std::fmt::Write;
use std::sync::OnceLock;
use tadpole_tokenizer::{TiktokenOptions, Tokenizer};

/// SplitMix64 (Steele et al. 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

/// Standard base64, for writing rank files.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, &b| bits << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at)) as usize & 63] as char;
            out.push(if at <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

/// The rank file of an oracle, from its own tokens.
pub fn rank_file(oracle: &tiktoken_rs::CoreBPE, ranks: u32) -> String {
    (0..ranks).fold(String::new(), |mut file, rank| {
        let token = oracle.decode_bytes(&[rank]).expect("a rank");
        writeln!(file, "{} {rank}", base64(&token)).expect("a string takes text");
        file
    })
}

pub fn r50k_file() -> &'static str {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| rank_file(tiktoken_rs::r50k_base_singleton(), 50_256))
}

pub fn r50k() -> &'static Tokenizer {
    static TOKENIZER: OnceLock<Tokenizer> = OnceLock::new();
    TOKENIZER.get_or_init(|| {
        let options =
            TiktokenOptions { special_tokens: vec![("<|endoftext|>".into(), 50_256)], pattern: None };
        Tokenizer::from_tiktoken(r50k_file().as_bytes(), &options).expect("r50k")
    })
}

const ENGLISH: &[&str] = &[
    "the",
    "of",
    "and",
    "tadpole",
    "animal",
    "didn't",
    "cross",
    "street",
    "because",
    "it",
    "was",
    "too",
    "tired",
    "I'll",
    "we've",
    "you're",
    "THE",
    "Language",
    "model",
    "predicts",
    "next",
    "token",
    "unbelievable",
    "antidisestablishmentarianism",
    "naïve",
    "café",
    "Zürich",
    "1984",
    "3.14159",
    "2,024",
    "well-known",
    "(sic)",
    "\"quoted\"",
    "e.g.",
    "U.S.A.",
    "o'clock",
    "'tis",
];
const CHINESE: &[&str] = &[
    "湖南",
    "的",
    "省会",
    "城市",
    "是",
    "长沙",
    "苹果",
    "公司",
    "发布",
    "了",
    "新",
    "手机",
    "，",
    "。",
    "我",
    "喜欢",
    "吃",
    "「",
    "」",
    "语言",
    "模型",
    "预测",
    "下一个",
    "词",
    "？",
    "！",
    "、",
    "２０２４",
    "年",
    "日本語",
    "カタカナ",
    "ひらがな",
    "한국어",
    "русский",
    "ελληνικά",
    "العربية",
    "हिन्दी",
    "ไทย",
];
const EMOJI: &[&str] = &[
    "😀",
    "🐸",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "❤️",
    "🇨🇳",
    "¡",
    "™",
    "№",
    "½",
    "Ⅷ",
    "²",
    "\u{301}",
    "\u{200B}",
    "\u{FEFF}",
    "\u{3000}",
    "\u{A0}",
    "\u{2028}",
    "\u{85}",
];
const CODE: &[&str] = &[
    "fn main() {\n    println!(\"{}\", x);\n}\n",
    "for (let i = 0; i < n; i++) {\r\n\t\tsum += a[i];\r\n\t}\r\n",
    "if __name__ == '__main__':\n        pass\n\n\n",
    "<div class=\"a-b\">&nbsp;</div>",
    "/* --- */",
    "0xDEADBEEF",
    "x_1**2 != y->z",
    "https://example.org/a?b=c#d",
    "\\n\\t",
    "    ",
    "\t\t",
    "  \n  \n",
    "\"\"\"doc\"\"\"",
    "$(echo `ls`)",
    "'s't're've'm'll'd",
    "''ll 'S 'RE",
    "<|endoftext|>",
    "<|im_start|>",
];

fn paragraph(random: &mut Random, words: &[&'static str], gap: &[&'static str], out: &mut String) {
    for _ in 0..20 + random.below(80) {
        out.push_str(random.pick(words));
        out.push_str(random.pick(gap));
    }
    out.push_str(random.pick(&["\n", "\n\n", "\r\n", " \n", "  ", "\n\n\n "]));
}

/// Text of at least this many bytes: English, Chinese and other scripts, emoji, code, random bytes read as UTF-8, random characters.
pub fn varied_text(seed: u64, bytes: usize) -> String {
    let mut random = Random(seed);
    let mut out = String::with_capacity(bytes + 4096);
    while out.len() < bytes {
        match random.below(6) {
            0 | 1 => paragraph(&mut random, ENGLISH, &[" ", " ", " ", ", ", ". ", "  "], &mut out),
            2 => paragraph(&mut random, CHINESE, &["", "", "", "", " "], &mut out),
            3 => paragraph(&mut random, EMOJI, &["", " ", "x"], &mut out),
            4 => paragraph(&mut random, CODE, &["", " ", "\n"], &mut out),
            _ => {
                let noise: Vec<u8> = (0..200).map(|_| random.next() as u8).collect();
                out.push_str(&String::from_utf8_lossy(&noise));
                let any = (0..50).filter_map(|_| char::from_u32(random.below(0x11_0000) as u32));
                out.extend(any);
                let word = 1 + random.below(12);
                out.extend(
                    (0..60 * word)
                        .map(|at| if at % word == 0 { ' ' } else { (b'a' + random.below(26) as u8) as char }),
                );
            }
        }
    }
    out
}
