//! Runs a compiled pattern by backtracking, within a budget of steps, and notes whether it reached the end of
//! the text: a match that did not stays the same whatever text follows, which cutting a stream relies on.

use crate::pattern::{Op, Pattern};
use crate::pattern_tree::{Mode, Set};
use crate::unicode::{Categories, categories, code_point};
use crate::{Error, Result};

const MAX_FRAMES: usize = 2_000_000;

/// What to try next when the current path fails.
enum Frame {
    Branch { op: usize, at: usize },
    Shrink { op: usize, least: usize, at: usize },
    Grow { op: usize, at: usize, more: u32 },
}

/// The memory of a match, kept between matches.
pub(crate) struct Matcher {
    frames: Vec<Frame>,
    steps_left: u64,
    /// Whether the last match reached the end of the text.
    pub(crate) saw_end: bool,
    table: &'static Categories,
}

impl Matcher {
    /// For a text of this many bytes: the budget is generous for a sane pattern, and stops a runaway one in
    /// about a second.
    pub(crate) fn new(bytes: usize) -> Self {
        Self {
            frames: Vec::new(),
            steps_left: 20_000_000 + 200 * bytes as u64,
            saw_end: false,
            table: categories(),
        }
    }

    fn spend(&mut self, steps: usize, pattern: &Pattern) -> Result<()> {
        self.steps_left = self.steps_left.saturating_sub(steps as u64);
        if self.steps_left == 0 || self.frames.len() > MAX_FRAMES {
            return Err(Error::PatternTooSlow { pattern: pattern.source.clone() });
        }
        Ok(())
    }

    #[inline]
    fn one(&mut self, set: &Set, text: &[u8], at: usize) -> Option<usize> {
        if at >= text.len() {
            self.saw_end = true;
            return None;
        }
        let (c, length) = code_point(text, at);
        set.has(c, self.table).then_some(at + length)
    }
}

impl Pattern {
    /// The end of the match that starts at `start`, if there is one.
    pub(crate) fn match_at(&self, text: &[u8], start: usize, matcher: &mut Matcher) -> Result<Option<usize>> {
        matcher.saw_end = false;
        matcher.frames.clear();
        self.run(matcher, text, 0, start)
    }

    fn run(&self, m: &mut Matcher, text: &[u8], mut op: usize, mut at: usize) -> Result<Option<usize>> {
        let base = m.frames.len();
        loop {
            m.spend(1, self)?;
            let next = match self.ops[op] {
                Op::Set(set) => m.one(&self.sets[set], text, at).map(|to| (op + 1, to)),
                Op::Repeat { set, min, max, mode } => self.repeat(m, text, op, at, (set, min, max, mode))?,
                Op::Split { first, second } => {
                    m.frames.push(Frame::Branch { op: second, at });
                    Some((first, at))
                }
                Op::Jump(to) => Some((to, at)),
                Op::Look { negative, end } => {
                    let found = self.run(m, text, op + 1, at)?.is_some();
                    (found != negative).then_some((end, at))
                }
                Op::Atomic { end } => self.run(m, text, op + 1, at)?.map(|to| (end, to)),
                Op::End => {
                    m.saw_end |= at >= text.len();
                    (at >= text.len()).then_some((op + 1, at))
                }
                Op::Done => {
                    m.frames.truncate(base);
                    return Ok(Some(at));
                }
            };
            match next.or_else(|| self.resume(m, text, base)) {
                Some(place) => (op, at) = place,
                None => return Ok(None),
            }
        }
    }

    fn repeat(
        &self,
        m: &mut Matcher,
        text: &[u8],
        op: usize,
        at: usize,
        (set, min, max, mode): (usize, u32, u32, Mode),
    ) -> Result<Option<(usize, usize)>> {
        let set = &self.sets[set];
        let (mut to, mut least, mut count) = (at, at, 0u32);
        let wanted = if mode == Mode::Lazy { min } else { max };
        while count < wanted {
            let Some(next) = m.one(set, text, to) else { break };
            to = next;
            count += 1;
            if count <= min {
                least = to;
            }
        }
        m.spend((to - at) / 8, self)?;
        if count < min {
            return Ok(None);
        }
        match mode {
            Mode::Greedy if to > least => m.frames.push(Frame::Shrink { op: op + 1, least, at: to }),
            Mode::Lazy if max > min => m.frames.push(Frame::Grow { op, at: to, more: max - min }),
            _ => {}
        }
        Ok(Some((op + 1, to)))
    }

    fn resume(&self, m: &mut Matcher, text: &[u8], base: usize) -> Option<(usize, usize)> {
        while m.frames.len() > base {
            match m.frames.pop()? {
                Frame::Branch { op, at } => return Some((op, at)),
                Frame::Shrink { op, least, at } => {
                    let at = (least..at).rev().find(|&at| text[at] & 0xC0 != 0x80)?;
                    if at > least {
                        m.frames.push(Frame::Shrink { op, least, at });
                    }
                    return Some((op, at));
                }
                Frame::Grow { op, at, more } => {
                    let Op::Repeat { set, .. } = self.ops[op] else { continue };
                    if let Some(to) = m.one(&self.sets[set], text, at) {
                        if more > 1 {
                            m.frames.push(Frame::Grow { op, at: to, more: more - 1 });
                        }
                        return Some((op + 1, to));
                    }
                }
            }
        }
        None
    }
}
