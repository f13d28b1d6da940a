//! The Unicode general category of every code point, as in the regex crate's `\p{..}` and `\s`.
//! `char::is_alphabetic` is not `\p{L}`, so the table is our own: `categories.bin` holds runs of (length,
//! category), written by the test below from the regex-syntax crate, and is expanded into a two-stage table
//! on first use.

use std::sync::OnceLock;

/// Two-letter names in the order of their numbers. `Cw` is ours: the control characters that `\s` matches.
pub(crate) const NAMES: [&str; 31] = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
    "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn", "Cw",
];
/// `\p{L}`, as a set of category numbers.
pub(crate) const LETTER: u32 = 0b1_1111;
/// `\p{N}`.
pub(crate) const NUMBER: u32 = 0b111 << 8;
/// `\d`, that is `\p{Nd}`.
pub(crate) const DIGIT: u32 = 1 << 8;
/// `\s`.
pub(crate) const SPACE: u32 = 0b111 << 22 | 1 << 30;
/// Every category.
pub(crate) const ANY: u32 = (1 << 31) - 1;

static RUNS: &[u8] = include_bytes!("categories.bin");

/// Code point to category: a block number for each 256 code points, then the distinct blocks.
pub(crate) struct Categories {
    blocks: Vec<u16>,
    cells: Vec<u8>,
}

/// The table, unfolded once.
pub(crate) fn categories() -> &'static Categories {
    static TABLE: OnceLock<Categories> = OnceLock::new();
    TABLE.get_or_init(|| Categories::unfold(RUNS))
}

impl Categories {
    fn unfold(runs: &[u8]) -> Self {
        let mut flat = Vec::with_capacity(0x11_0000);
        let mut bytes = runs.iter();
        while let Some(&category) = bytes.next() {
            let mut length = 0usize;
            for &byte in bytes.by_ref() {
                length = length << 7 | usize::from(byte & 127);
                if byte < 128 {
                    break;
                }
            }
            flat.resize(flat.len() + length, category);
        }
        let mut table = Self { blocks: Vec::new(), cells: Vec::new() };
        for block in flat.chunks_exact(256) {
            let known = table.cells.chunks_exact(256).rposition(|cells| cells == block);
            table.blocks.push(known.unwrap_or(table.cells.len() / 256) as u16);
            if known.is_none() {
                table.cells.extend_from_slice(block);
            }
        }
        table
    }

    /// The category number of a code point; unassigned (`Cn`) above U+10FFFF.
    #[inline]
    pub(crate) fn of(&self, code_point: u32) -> u8 {
        match self.blocks.get((code_point >> 8) as usize) {
            Some(&block) => self.cells[usize::from(block) << 8 | (code_point & 255) as usize],
            None => 29,
        }
    }

    /// Whether the code point's category is in the set.
    #[inline]
    pub(crate) fn is(&self, code_point: u32, set: u32) -> bool {
        set >> self.of(code_point) & 1 == 1
    }
}

/// The set of categories for a name such as `L`, `Lu`, `Letter`.
pub(crate) fn category_set(name: &str) -> Option<u32> {
    let name = match name {
        "Letter" => "L",
        "Number" => "N",
        "Punctuation" => "P",
        "Symbol" => "S",
        "Separator" => "Z",
        "Mark" => "M",
        "Other" => "C",
        "Any" => return Some(ANY),
        other => other,
    };
    let one = NAMES.iter().position(|known| *known == name && *known != "Cw").map(|number| 1 << number);
    let group =
        || (0..31).filter(|&n| NAMES[n].starts_with(name) && name.len() == 1).fold(0, |set, n| set | 1 << n);
    let set: u32 = one.unwrap_or_else(group);
    let set = if name == "Cc" { set | 1 << 30 } else { set };
    (set != 0).then_some(set)
}

/// The code point that starts at `at` in valid UTF-8, and its length in bytes. `at` must be inside.
#[inline]
pub(crate) fn code_point(bytes: &[u8], at: usize) -> (u32, usize) {
    let first = u32::from(bytes[at]);
    let rest = |n: usize| u32::from(bytes.get(at + n).copied().unwrap_or(0) & 63);
    match first {
        0..0xC0 => (first, 1),
        0xC0..0xE0 => ((first & 31) << 6 | rest(1), 2),
        0xE0..0xF0 => ((first & 15) << 12 | rest(1) << 6 | rest(2), 3),
        _ => ((first & 7) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::{Class, HirKind};

    fn fill(flat: &mut [u8], pattern: &str, category: u8) {
        let hir = regex_syntax::parse(pattern).expect("a class");
        let ranges: Vec<(char, char)> = match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().map(|range| (range.start(), range.end())).collect()
            }
            HirKind::Literal(literal) => {
                String::from_utf8_lossy(&literal.0).chars().map(|c| (c, c)).collect()
            }
            _ => panic!("{pattern} is no class"),
        };
        for (low, high) in ranges {
            flat[low as usize..=high as usize].fill(category);
        }
    }

    fn oracle() -> Vec<u8> {
        let mut flat = vec![29; 0x11_0000];
        for (number, name) in NAMES.iter().enumerate().filter(|(_, name)| !["Cn", "Cs", "Cw"].contains(name))
        {
            fill(&mut flat, &format!(r"\p{{{name}}}"), number as u8);
        }
        fill(&mut flat, r"[\s&&\p{Cc}]", 30);
        flat[0xD800..0xE000].fill(27);
        flat
    }

    fn pack(flat: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        for run in flat.chunk_by(|a, b| a == b) {
            packed.push(run[0]);
            let groups = (1..4).take_while(|n| run.len() >> (7 * n) > 0).count();
            for group in (0..=groups).rev() {
                packed.push((run.len() >> (7 * group)) as u8 & 127 | if group > 0 { 128 } else { 0 });
            }
        }
        packed
    }

    /// With `WRITE_CATEGORIES` set, rewrites the table: for a new Unicode version in regex-syntax.
    #[test]
    fn table_is_what_the_regex_crate_sees() {
        let packed = pack(&oracle());
        if std::env::var_os("WRITE_CATEGORIES").is_some() {
            std::fs::write("src/categories.bin", &packed).unwrap();
        }
        assert!(packed == RUNS, "categories.bin is stale: run this test with WRITE_CATEGORIES=1");
        let table = categories();
        assert!(oracle().iter().enumerate().all(|(c, &category)| table.of(c as u32) == category));
    }

    #[test]
    fn spaces_are_exactly_the_white_space_property() {
        assert!(('\0'..=char::MAX).all(|c| categories().is(c as u32, SPACE) == c.is_whitespace()));
        assert_eq!(
            (category_set("L"), category_set("N"), category_set("Nd")),
            (Some(LETTER), Some(NUMBER), Some(DIGIT))
        );
        assert_eq!((category_set("X"), category_set(""), category_set("Cw")), (None, None, None));
        assert_eq!(category_set("Cc"), Some(1 << 25 | 1 << 30));
    }
}
