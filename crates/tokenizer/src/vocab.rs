//! The tokens themselves: the bytes of each id, and which ids are special. Refuses duplicates, and gaps among
//! ordinary tokens.

use crate::{Error, Result};

/// Bytes by id, in one allocation, and the special tokens in the order of their ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocab {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    pub(crate) specials: Vec<(String, u32)>,
}

impl Vocab {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives the next id to these bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len() as u32);
    }

    /// Leaves the next id unused.
    pub(crate) fn skip(&mut self) {
        self.push(&[]);
    }

    /// Whether no token has the id; every token has at least one byte.
    pub(crate) fn is_hole(&self, id: u32) -> bool {
        self.get(id).is_some_and(<[u8]>::is_empty)
    }

    /// The ids of tokens that are text.
    pub(crate) fn ordinary(&self) -> impl Iterator<Item = u32> + Clone + '_ {
        (0..self.len() as u32).filter(|&id| !self.is_special(id) && !self.is_hole(id))
    }

    /// Gives the next id to a special token.
    pub(crate) fn push_special(&mut self, name: &str) {
        self.specials.push((name.to_string(), self.ends.len() as u32));
        self.push(name.as_bytes());
    }

    pub(crate) fn get(&self, id: u32) -> Option<&[u8]> {
        let end = *self.ends.get(id as usize)? as usize;
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before as usize] as usize);
        Some(&self.bytes[start..end])
    }

    pub(crate) fn require(&self, id: u32) -> Result<&[u8]> {
        self.get(id).ok_or(Error::UnknownToken { id, vocab_size: self.len() })
    }

    /// The length of an existing token.
    #[inline]
    pub(crate) fn length(&self, id: u32) -> u32 {
        self.ends[id as usize] - id.checked_sub(1).map_or(0, |before| self.ends[before as usize])
    }

    pub(crate) fn is_special(&self, id: u32) -> bool {
        self.specials.binary_search_by_key(&id, |(_, id)| *id).is_ok()
    }

    pub(crate) fn special_id(&self, name: &str) -> Result<u32> {
        self.specials.iter().find(|(known, _)| known == name).map(|(_, id)| *id).ok_or_else(|| {
            let known = self.specials.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            Error::UnknownSpecialToken {
                name: name.to_string(),
                known: if known.is_empty() { "none".into() } else { known },
            }
        })
    }

    pub(crate) fn special_names(&self) -> Vec<String> {
        self.specials.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// The most unused ids: `cl100k_base` leaves 16 between its special tokens.
const MAX_HOLES: usize = 4096;

/// Gives each token its id: ordinary ones by their bytes, special ones by their name. Ids run from 0. Above
/// the ordinary tokens some may be unused, as in vocabularies that reserve ids for special tokens.
pub(crate) fn in_order(tokens: Vec<(u64, Token)>) -> Result<Vocab> {
    let (count, mut is_beyond) = (tokens.len(), false);
    let mut places: Vec<Option<Token>> = Vec::new();
    places.resize_with(count + MAX_HOLES, || None);
    for (id, token) in tokens {
        match usize::try_from(id).ok().and_then(|at| places.get_mut(at)) {
            Some(place) if place.is_some() => return Err(Error::DuplicateId { id }),
            Some(place) => *place = Some(token),
            None => is_beyond = true,
        }
    }
    let end = places.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let ordinary = places.iter().rposition(|place| matches!(place, Some(Token::Bytes(_)))).unwrap_or(0);
    if let Some(hole) = places[..end].iter().position(Option::is_none).or(is_beyond.then_some(end))
        && (hole < ordinary || is_beyond)
    {
        return Err(Error::IdHole { id: hole as u64, count });
    }
    let mut vocab = Vocab::default();
    for place in &places[..end] {
        match place {
            Some(Token::Bytes(bytes)) => vocab.push(bytes),
            Some(Token::Special(name)) => vocab.push_special(name),
            None => vocab.skip(),
        }
    }
    Ok(vocab)
}

/// A token in a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    Bytes(Vec<u8>),
    /// The name of a special one.
    Special(&'a str),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(tokens: &[(u64, &str)]) -> Result<Vec<String>> {
        let token = |&(id, name): &(u64, _)| match name {
            "<s>" => (id, Token::Special("<s>")),
            name => (id, Token::Bytes(name.into())),
        };
        let vocab = in_order(tokens.iter().map(token).collect())?;
        Ok((0..vocab.len() as u32).map(|id| String::from_utf8_lossy(vocab.get(id).unwrap()).into()).collect())
    }

    #[test]
    fn ordinary_ids_have_no_hole() {
        assert_eq!(ids(&[(1, "b"), (0, "a")]), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(ids(&[(u64::MAX, "b"), (0, "a")]), Err(Error::IdHole { id: 1, count: 2 }));
        assert_eq!(ids(&[(2, "b"), (0, "a")]), Err(Error::IdHole { id: 1, count: 2 }));
        assert_eq!(ids(&[(0, "b"), (0, "a")]), Err(Error::DuplicateId { id: 0 }));
    }

    #[test]
    fn ids_above_the_ordinary_ones_may_be_reserved() {
        assert_eq!(ids(&[(0, "a"), (2, "<s>")]), Ok(vec!["a".into(), "".into(), "<s>".into()]));
        assert_eq!(ids(&[(0, "a"), (4097, "<s>")]).map(|all| all.len()), Ok(4098));
        assert_eq!(ids(&[(0, "a"), (4098, "<s>")]), Err(Error::IdHole { id: 1, count: 2 }));
        assert_eq!(ids(&[(0, "a"), (u64::MAX, "<s>")]), Err(Error::IdHole { id: 1, count: 2 }));
        assert_eq!(ids(&[(0, "a"), (2, "<s>"), (3, "b")]), Err(Error::IdHole { id: 1, count: 3 }));
    }
}
