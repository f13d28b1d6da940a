//! The compiled form of the regular expressions that tokenizers cut text with. Parsed in `pattern_parser.rs`,
//! run in `matcher.rs`. A subset on which Oniguruma (Hugging Face), fancy-regex (tiktoken) and this engine
//! agree: literals, classes, `\s \d \p{..}`, groups, `(?i:..)`, lookahead, atomic groups, quantifiers greedy,
//! lazy and possessive, `\z`. Refuses the rest by name. Written here because fancy-regex alone would add 276
//! kB (gzip) to the module.

use crate::pattern_parser::Parser;
use crate::pattern_tree::{Mode, Node, Parsed, Set};
use crate::unicode;
use crate::{Error, Result};

const MAX_OPS: usize = 20_000;

/// One instruction; numbers are indices of instructions or sets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Op {
    Set(usize),
    Repeat { set: usize, min: u32, max: u32, mode: Mode },
    Split { first: usize, second: usize },
    Jump(usize),
    Look { negative: bool, end: usize },
    Atomic { end: usize },
    End,
    Done,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    pub(crate) ops: Vec<Op>,
    pub(crate) sets: Vec<Set>,
}

impl Pattern {
    /// Parses and compiles; the error gives the offset and the fault there.
    pub(crate) fn new(source: &str) -> Result<Self> {
        let mut parser = Parser::new(source);
        let mut ops = Vec::new();
        let compiled = parser.whole().and_then(|node| emit(&node, &mut ops));
        let Parser { at, mut sets, .. } = parser;
        if let Err(reason) = compiled {
            let shown = source.chars().take(200).collect();
            return Err(Error::InvalidPattern { pattern: shown, offset: at.min(source.len()), reason });
        }
        ops.push(Op::Done);
        let table = unicode::categories();
        for set in &mut sets {
            set.ascii = (0..128).filter(|&c| set.holds(c, table)).fold(0, |bits, c| bits | 1 << c);
        }
        Ok(Self { source: source.to_string(), ops, sets })
    }
}

fn emit(node: &Node, ops: &mut Vec<Op>) -> Parsed<()> {
    if ops.len() > MAX_OPS {
        return Err("the pattern is too large once its counted repetitions are written out");
    }
    match node {
        Node::Set(set) => ops.push(Op::Set(*set)),
        Node::End => ops.push(Op::End),
        Node::Concat(nodes) => nodes.iter().try_for_each(|node| emit(node, ops))?,
        Node::Either(nodes) => emit_either(nodes, ops)?,
        Node::Repeat { node, min, max, mode } => emit_repeat(node, *min, *max, *mode, ops)?,
        Node::Look { negative, node } => {
            let negative = *negative;
            emit_nested(node, ops, |end| Op::Look { negative, end })?;
        }
        Node::Atomic(node) => emit_nested(node, ops, |end| Op::Atomic { end })?,
    }
    Ok(())
}

fn emit_nested(node: &Node, ops: &mut Vec<Op>, op: impl Fn(usize) -> Op) -> Parsed<()> {
    let at = ops.len();
    ops.push(Op::Done);
    emit(node, ops)?;
    ops.push(Op::Done);
    ops[at] = op(ops.len());
    Ok(())
}

fn emit_either(nodes: &[Node], ops: &mut Vec<Op>) -> Parsed<()> {
    let mut jumps = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let split = ops.len();
        if index + 1 < nodes.len() {
            ops.push(Op::Done);
        }
        emit(node, ops)?;
        if index + 1 < nodes.len() {
            jumps.push(ops.len());
            ops.push(Op::Done);
            ops[split] = Op::Split { first: split + 1, second: ops.len() };
        }
    }
    for jump in jumps {
        ops[jump] = Op::Jump(ops.len());
    }
    Ok(())
}

fn emit_repeat(node: &Node, min: u32, max: u32, mode: Mode, ops: &mut Vec<Op>) -> Parsed<()> {
    if let Node::Set(set) = node {
        ops.push(Op::Repeat { set: *set, min, max, mode });
        return Ok(());
    }
    if mode == Mode::Possessive {
        return emit_nested_repeat(node, min, max, ops);
    }
    for _ in 0..min {
        emit(node, ops)?;
    }
    if max == u32::MAX {
        let split = ops.len();
        ops.push(Op::Done);
        emit(node, ops)?;
        ops.push(Op::Jump(split));
        ops[split] = split_op(split + 1, ops.len(), mode);
        return Ok(());
    }
    let mut splits = Vec::new();
    for _ in min..max {
        splits.push(ops.len());
        ops.push(Op::Done);
        emit(node, ops)?;
    }
    for split in splits {
        ops[split] = split_op(split + 1, ops.len(), mode);
    }
    Ok(())
}

fn emit_nested_repeat(node: &Node, min: u32, max: u32, ops: &mut Vec<Op>) -> Parsed<()> {
    let at = ops.len();
    ops.push(Op::Done);
    emit_repeat(node, min, max, Mode::Greedy, ops)?;
    ops.push(Op::Done);
    ops[at] = Op::Atomic { end: ops.len() };
    Ok(())
}

fn split_op(body: usize, after: usize, mode: Mode) -> Op {
    if mode == Mode::Lazy {
        Op::Split { first: after, second: body }
    } else {
        Op::Split { first: body, second: after }
    }
}
