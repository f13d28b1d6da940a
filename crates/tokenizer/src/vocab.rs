//! The tokens themselves: the bytes of each id, and which ids are special. Refuses holes and doubles.

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

    /// The length of a token that is known to be there.
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

/// Puts entries in the order of their ids, which must run from 0 without a gap. Memory follows the entries, not the ids.
pub(crate) fn in_order<T>(entries: Vec<(u64, T)>) -> Result<Vec<T>> {
    let count = entries.len();
    let mut places: Vec<Option<T>> = entries.iter().map(|_| None).collect();
    for (id, entry) in entries {
        // An id beyond the end leaves a place below it empty, which is found afterwards.
        if let Some(place) = usize::try_from(id).ok().and_then(|at| places.get_mut(at))
            && place.replace(entry).is_some()
        {
            return Err(Error::DuplicateId { id });
        }
    }
    let hole = places.iter().position(Option::is_none);
    match hole {
        Some(id) => Err(Error::IdHole { id: id as u64, count }),
        None => Ok(places.into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_must_be_dense() {
        assert_eq!(in_order(vec![(1, 'b'), (0, 'a')]), Ok(vec!['a', 'b']));
        assert_eq!(in_order(vec![(u64::MAX, 'b'), (0, 'a')]), Err(Error::IdHole { id: 1, count: 2 }));
        assert_eq!(in_order(vec![(0, 'b'), (0, 'a')]), Err(Error::DuplicateId { id: 0 }));
    }
}
