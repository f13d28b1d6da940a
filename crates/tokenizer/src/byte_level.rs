//! GPT-2's way to write any byte as a printable character, used by vocabularies in `tokenizer.json`:
//! printable Latin-1 bytes stand for themselves, the other 68 are U+0100 onwards in byte order.

fn is_printable(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF)
}

/// The character for each byte.
pub(crate) fn alphabet() -> [char; 256] {
    let mut next = 0x100u32;
    std::array::from_fn(|byte| {
        if is_printable(byte as u8) {
            return byte as u8 as char;
        }
        next += 1;
        char::from_u32(next - 1).expect("U+0100 to U+0143 are characters")
    })
}

/// Bytes as byte-level text.
pub(crate) fn to_text(alphabet: &[char; 256], bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| alphabet[usize::from(byte)]).collect()
}

/// Byte-level text as bytes; `None` if a character stands for no byte.
pub(crate) fn to_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars().map(byte_of).collect()
}

fn byte_of(character: char) -> Option<u8> {
    match character as u32 {
        c @ 0..=0xFF => Some(c as u8).filter(|&byte| is_printable(byte)),
        c @ 0x100..=0x120 => Some((c - 0x100) as u8),
        c @ 0x121..=0x142 => Some((c - 0x121) as u8 + 0x7F),
        0x143 => Some(0xAD),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_own_character() {
        let alphabet = alphabet();
        for byte in 0..=255 {
            assert_eq!(byte_of(alphabet[usize::from(byte)]), Some(byte), "{byte:#x}");
        }
        assert_eq!((alphabet[32], alphabet[10]), ('Ġ', 'Ċ'));
        assert_eq!((to_bytes(" "), to_bytes("中"), to_bytes("ńĠ")), (None, None, None));
    }
}
