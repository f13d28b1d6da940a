//! Parses a pre-split pattern: recursive descent over the subset described in `pattern.rs`. Refuses what is
//! unsupported, and what regular-expression engines interpret differently, with a phrase that says what to
//! write.

use crate::pattern_tree::{Mode, Node, Parsed, Set};
use crate::unicode;

const MAX_SOURCE: usize = 10_000;
const MAX_DEPTH: usize = 32;

/// Code points of the script Han, for `\p{Han}`.
const HAN: &[(u32, u32)] = &[
    (0x2E80, 0x2E99),
    (0x2E9B, 0x2EF3),
    (0x2F00, 0x2FD5),
    (0x3005, 0x3005),
    (0x3007, 0x3007),
    (0x3021, 0x3029),
    (0x3038, 0x303B),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFA6D),
    (0xFA70, 0xFAD9),
    (0x16FE2, 0x16FE3),
    (0x16FF0, 0x16FF1),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B739),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
    (0x2EBF0, 0x2EE5D),
    (0x2F800, 0x2FA1D),
    (0x30000, 0x3134A),
    (0x31350, 0x323AF),
];

/// Reads a pattern from left to right.
pub(crate) struct Parser<'a> {
    source: &'a str,
    /// Byte offset of the next character.
    pub(crate) at: usize,
    /// The sets that the nodes refer to.
    pub(crate) sets: Vec<Set>,
    depth: usize,
    fold: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, at: 0, sets: Vec::new(), depth: 0, fold: false }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.source[self.at..].starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// The whole pattern.
    pub(crate) fn whole(&mut self) -> Parsed<Node> {
        if self.source.is_empty() {
            return Err("an empty pattern cuts nothing");
        }
        if self.source.len() > MAX_SOURCE {
            return Err("the pattern is longer than 10,000 bytes");
        }
        let node = self.either()?;
        if self.at < self.source.len() { Err("a ) without its (") } else { Ok(node) }
    }

    fn either(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("groups are nested more than 32 deep");
        }
        let fold = self.fold;
        let mut nodes = vec![self.concat()?];
        while self.eat("|") {
            nodes.push(self.concat()?);
        }
        self.fold = fold;
        self.depth -= 1;
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Either(nodes) })
    }

    fn concat(&mut self) -> Parsed<Node> {
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            if nodes.is_empty() && self.eat("(?i)") {
                self.fold = true;
                continue;
            }
            let atom = self.atom()?;
            nodes.push(self.quantified(atom)?);
        }
        Ok(Node::Concat(nodes))
    }

    fn atom(&mut self) -> Parsed<Node> {
        match self.peek() {
            Some('(') => self.group(),
            Some('[') => self.class(),
            Some('.') => {
                self.at += 1;
                Ok(self.set(Set { ranges: vec![(10, 10)], negated: true, ..Set::default() }))
            }
            Some('^' | '$') => {
                Err("write \\z for the end of the text; ^ and $ mean different things in different engines")
            }
            Some('*' | '+' | '?' | '{' | '}') => {
                Err("nothing to repeat here; write a backslash before it for the character")
            }
            Some(']') => Err("a ] without its [; write \\] for the character"),
            Some('\\') if self.source[self.at..].starts_with("\\z") => {
                self.at += 2;
                Ok(Node::End)
            }
            Some('\\') => {
                let set = self.escape()?;
                let set = self.folded(set)?;
                Ok(self.set(set))
            }
            Some(c) => {
                self.at += c.len_utf8();
                let set = self.folded(single(c as u32))?;
                Ok(self.set(set))
            }
            None => Err("the pattern ends too early"),
        }
    }

    fn set(&mut self, set: Set) -> Node {
        let known = self.sets.iter().position(|known| *known == set);
        Node::Set(known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        }))
    }

    fn group(&mut self) -> Parsed<Node> {
        let fold = self.fold;
        let look = if self.eat("(?=") {
            Some(false)
        } else if self.eat("(?!") {
            Some(true)
        } else {
            None
        };
        let atomic = look.is_none() && self.eat("(?>");
        if look.is_none() && !atomic && !self.eat("(?:") {
            if self.eat("(?i:") {
                self.fold = true;
            } else if self.source[self.at..].starts_with("(?i)") {
                return Err("engines disagree on (?i) behind something; write (?i:..)");
            } else if self.source[self.at..].starts_with("(?") {
                return Err("only (?:..), (?i:..), (?>..), (?=..), (?!..) and (?i) are supported");
            } else {
                self.at += 1;
            }
        }
        let node = Box::new(self.either()?);
        self.fold = fold;
        if !self.eat(")") {
            return Err("a ( without its )");
        }
        Ok(match look {
            Some(negative) => Node::Look { negative, node },
            None if atomic => Node::Atomic(node),
            None => *node,
        })
    }

    fn quantified(&mut self, node: Node) -> Parsed<Node> {
        let start = self.at;
        let (min, max) = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => self.counts()?,
            _ => return Ok(node),
        };
        let counted = self.at > start;
        if !counted {
            self.at += 1;
        }
        let mode = match self.peek() {
            Some('?' | '+') if counted => {
                return Err("engines disagree on ? or + after {..}; write (?>..) or (?:..)");
            }
            Some('?') => Mode::Lazy,
            Some('+') => Mode::Possessive,
            _ => Mode::Greedy,
        };
        if mode != Mode::Greedy {
            self.at += 1;
        }
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return Err("a quantifier follows a quantifier; put the first in (?:..)");
        }
        if max == u32::MAX && node.nullable() {
            return Err("what is repeated here can match nothing");
        }
        Ok(Node::Repeat { node: Box::new(node), min, max, mode })
    }

    fn counts(&mut self) -> Parsed<(u32, u32)> {
        let bad = "write {n}, {n,} or {n,m} with n <= m <= 1000; write \\{ for the character";
        let rest = &self.source[self.at + 1..];
        let inner = &rest[..rest.find('}').ok_or(bad)?];
        let number = |text: &str| {
            let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|&n: &u32| digits && n <= 1000).ok_or(bad)
        };
        let (min, max) = match inner.split_once(',') {
            None => (number(inner)?, number(inner)?),
            Some((min, "")) => (number(min)?, u32::MAX),
            Some((min, max)) => (number(min)?, number(max)?),
        };
        if min > max {
            return Err(bad);
        }
        self.at += inner.len() + 2;
        Ok((min, max))
    }

    fn class(&mut self) -> Parsed<Node> {
        self.at += 1;
        let negated = self.eat("^");
        let mut set = Set::default();
        let mut first = true;
        while first || !self.eat("]") {
            self.class_item(&mut set)?;
            first = false;
        }
        let mut set = self.folded(set)?;
        set.negated = negated;
        Ok(self.set(set))
    }

    fn class_item(&mut self, set: &mut Set) -> Parsed<()> {
        let low = self.class_atom()?;
        let rest = &self.source[self.at..];
        let range = rest.starts_with('-') && !rest.starts_with("-]");
        let Some(low) = range.then(|| one_of(&low)).flatten() else {
            set.categories |= low.categories;
            set.ranges.extend(low.ranges);
            return if range { Err("a range needs a character on its left") } else { Ok(()) };
        };
        self.at += 1;
        let high = one_of(&self.class_atom()?)
            .filter(|&high| low <= high)
            .ok_or("a range runs from a lower to a higher character")?;
        set.ranges.push((low, high));
        Ok(())
    }

    fn class_atom(&mut self) -> Parsed<Set> {
        let rest = &self.source[self.at..];
        if ["[", "&&", "--", "~~"].iter().any(|operator| rest.starts_with(operator)) {
            return Err(
                "classes inside classes and set operators are not supported; write a backslash for the character",
            );
        }
        match self.peek() {
            None => Err("a [ without its ]"),
            Some(']') => Err("an empty class, or a ] that needs a backslash"),
            Some('\\') => self.escape(),
            Some(c) => {
                self.at += c.len_utf8();
                Ok(single(c as u32))
            }
        }
    }

    /// An escape as a set that is not negated.
    fn escape(&mut self) -> Parsed<Set> {
        self.at += 1;
        let categories = |categories| Set { categories, ..Set::default() };
        let c = self.bump().ok_or("a backslash at the end")?;
        Ok(match c {
            's' => categories(unicode::SPACE),
            'S' => categories(unicode::ANY & !unicode::SPACE),
            'd' => categories(unicode::DIGIT),
            'D' => categories(unicode::ANY & !unicode::DIGIT),
            'p' | 'P' => return self.property(c == 'P'),
            'n' => single(10),
            'r' => single(13),
            't' => single(9),
            'f' => single(12),
            'v' => single(11),
            'x' | 'u' => single(self.hex(c)?),
            c if c.is_ascii_alphanumeric() => {
                return Err(
                    "this escape is not supported (there are \\s \\d \\p{..} \\n \\r \\t \\f \\v \\x \\u \\z)",
                );
            }
            c => single(c as u32),
        })
    }

    fn hex(&mut self, kind: char) -> Parsed<u32> {
        let bad = "write \\xHH, \\uHHHH or \\x{H..} with a valid code point";
        let rest = &self.source[self.at..];
        let (digits, skip) = match rest.strip_prefix('{') {
            Some(inner) => (&inner[..inner.find('}').ok_or(bad)?], 2),
            None => (rest.get(..if kind == 'x' { 2 } else { 4 }).ok_or(bad)?, 0),
        };
        let valid = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let code_point =
            u32::from_str_radix(digits, 16).ok().filter(|_| valid).and_then(char::from_u32).ok_or(bad)?;
        self.at += digits.len() + skip;
        Ok(code_point as u32)
    }

    fn property(&mut self, negated: bool) -> Parsed<Set> {
        let bad = "this \\p{..} is not supported (there are the general categories, such as \\p{L} and \\p{Nd}, and \\p{Han})";
        let rest = &self.source[self.at..];
        let Some(inner) = rest.strip_prefix('{') else {
            return Err("write \\p{L} with its braces; engines disagree on \\pL");
        };
        let name = &inner[..inner.find('}').ok_or(bad)?];
        let (name, negated) = match name.strip_prefix('^') {
            Some(name) => (name, !negated),
            None => (name, negated),
        };
        let set = match name {
            "Han" | "Script=Han" | "sc=Han" if negated => Set { ranges: complement(HAN), ..Set::default() },
            "Han" | "Script=Han" | "sc=Han" => Set { ranges: HAN.to_vec(), ..Set::default() },
            name => {
                let set = unicode::category_set(name).ok_or(bad)?;
                Set { categories: if negated { unicode::ANY & !set } else { set }, ..Set::default() }
            }
        };
        self.at += rest.find('}').map_or(0, |end| end + 1);
        Ok(set)
    }

    /// The set with the other case of its ASCII letters, if `(?i)` is on.
    fn folded(&self, mut set: Set) -> Parsed<Set> {
        if !self.fold {
            return Ok(set);
        }
        let cased = 0b111;
        let uneven = set.categories & cased != 0 && set.categories & cased != cased;
        let table = unicode::categories();
        let foreign = |&(low, high): &(u32, u32)| high >= 128 && (low != high || table.is(high, cased));
        if uneven || set.ranges.iter().any(foreign) {
            return Err("(?i) is supported for ASCII letters alone");
        }
        for (low, high) in set.ranges.clone() {
            for letter in (low..=high.min(127)).filter_map(char::from_u32).filter(char::is_ascii_alphabetic) {
                set.ranges.push((letter as u32 ^ 32, letter as u32 ^ 32));
                // Unicode's simple case folding has two characters that fold to ASCII letters.
                match letter.to_ascii_lowercase() {
                    's' => set.ranges.push((0x17F, 0x17F)),
                    'k' => set.ranges.push((0x212A, 0x212A)),
                    _ => {}
                }
            }
        }
        Ok(set)
    }
}

fn single(c: u32) -> Set {
    Set { ranges: vec![(c, c)], ..Set::default() }
}

fn one_of(set: &Set) -> Option<u32> {
    match set.ranges[..] {
        [(low, high)] if low == high && set.categories == 0 => Some(low),
        _ => None,
    }
}

fn complement(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    let mut next = 0;
    for &(low, high) in ranges {
        out.push((next, low - 1));
        next = high + 1;
    }
    out.push((next, 0x10_FFFF));
    out
}
