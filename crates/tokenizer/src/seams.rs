//! Seams in a word: between two bytes that are adjacent in no token, no merge ever joins the two sides, so
//! each side can be encoded alone. Holds one bit for each pair of bytes. In writing without spaces, such as
//! Chinese, this splits an unseen phrase into characters that were seen.

/// The pairs of bytes that are adjacent in a token.
#[derive(Debug, Clone)]
pub(crate) struct Seams {
    /// Bit `second & 31` of `joined[first * 8 + second / 32]`.
    joined: Box<[u32]>,
}

impl Seams {
    /// For a vocabulary: must include every token that a merge makes, or that is taken whole.
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut joined = vec![0; 256 * 8].into_boxed_slice();
        for pair in tokens.flat_map(|token| token.windows(2)) {
            joined[cell(pair[0], pair[1])] |= 1 << (pair[1] & 31);
        }
        Self { joined }
    }

    /// The length of the first piece of a word: up to the first seam, or all of it.
    #[inline]
    pub(crate) fn first_piece(&self, word: &[u8]) -> usize {
        let seam =
            word.windows(2).position(|pair| self.joined[cell(pair[0], pair[1])] >> (pair[1] & 31) & 1 == 0);
        seam.map_or(word.len(), |at| at + 1)
    }
}

#[inline]
fn cell(first: u8, second: u8) -> usize {
    usize::from(first) << 3 | usize::from(second >> 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces<'a>(seams: &Seams, mut word: &'a [u8]) -> Vec<&'a [u8]> {
        let mut out = Vec::new();
        while !word.is_empty() {
            let (piece, rest) = word.split_at(seams.first_piece(word));
            out.push(piece);
            word = rest;
        }
        out
    }

    /// The same by the definition.
    fn naive<'a>(tokens: &[Vec<u8>], word: &'a [u8]) -> Vec<&'a [u8]> {
        let joined = |a: u8, b: u8| tokens.iter().any(|token| token.windows(2).any(|pair| pair == [a, b]));
        word.chunk_by(|&a, &b| joined(a, b)).collect()
    }

    proptest! {
        #[test]
        fn words_fall_apart_where_no_token_reaches(
            tokens in prop::collection::vec(prop::collection::vec(prop::sample::select(&b"ab\x00\x1f\x20\x7f\x80\xff"[..]), 0..5), 0..8),
            word in prop::collection::vec(prop::sample::select(&b"ab\x00\x1f\x20\x7f\x80\xff"[..]), 0..20),
        ) {
            let seams = Seams::new(tokens.iter().map(Vec::as_slice));
            prop_assert_eq!(pieces(&seams, &word), naive(&tokens, &word));
        }
    }
}
