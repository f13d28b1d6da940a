//! A parsed pre-split pattern: sets of characters, and a tree of nodes.

use crate::unicode::Categories;

/// A result whose error says what is wrong at the parser's offset.
pub(crate) type Parsed<T> = std::result::Result<T, &'static str>;

/// A set of characters: categories and ranges, possibly negated.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Set {
    pub(crate) categories: u32,
    pub(crate) ranges: Vec<(u32, u32)>,
    pub(crate) negated: bool,
    /// The answer for the first 128 code points, filled in when the pattern is complete.
    pub(crate) ascii: u128,
}

impl Set {
    pub(crate) fn holds(&self, c: u32, table: &Categories) -> bool {
        let inside =
            table.is(c, self.categories) || self.ranges.iter().any(|&(low, high)| low <= c && c <= high);
        inside != self.negated
    }

    /// Whether the code point is in the set.
    #[inline]
    pub(crate) fn has(&self, c: u32, table: &Categories) -> bool {
        if c < 128 { self.ascii >> c & 1 == 1 } else { self.holds(c, table) }
    }
}

/// How a quantifier matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Greedy,
    Lazy,
    Possessive,
}

/// A parsed pattern.
pub(crate) enum Node {
    Set(usize),
    End,
    Concat(Vec<Node>),
    Either(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: u32, mode: Mode },
    Look { negative: bool, node: Box<Node> },
    Atomic(Box<Node>),
}

impl Node {
    /// Whether it can match the empty string.
    pub(crate) fn nullable(&self) -> bool {
        match self {
            Node::Set(_) => false,
            Node::End | Node::Look { .. } => true,
            Node::Concat(nodes) => nodes.iter().all(Node::nullable),
            Node::Either(nodes) => nodes.iter().any(Node::nullable),
            Node::Repeat { node, min, .. } => *min == 0 || node.nullable(),
            Node::Atomic(node) => node.nullable(),
        }
    }
}
