//! From bytes to characters.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

use crate::error::{BriefError, Result};

/// Decoded text.
pub struct Decoded {
    /// The characters.
    pub text: String,
    /// The encoding by its usual name.
    pub name: &'static str,
    /// Whether some bytes had to be replaced.
    pub damaged: bool,
}

/// Decodes: a named encoding, a byte-order mark, UTF-8, what a page says of itself, or the likeliest.
pub fn decode(bytes: &[u8], named: Option<&str>) -> Result<Decoded> {
    let encoding = match named {
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or_else(|| BriefError::Encoding(label.to_owned()))?,
        None => likeliest(bytes),
    };
    let (text, used, damaged) = encoding.decode(bytes);
    Ok(Decoded {
        text: text.into_owned(),
        name: used.name(),
        damaged,
    })
}

fn likeliest(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    stated(bytes).unwrap_or_else(|| single_byte(bytes))
}

/// UTF-16 without a mark: Latin text has a zero in every other byte.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..2_000).unwrap_or(bytes);
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let pairs = sample.len() / 2;
    if pairs < 2 {
        None
    } else if zeros(1) * 10 > pairs * 6 && zeros(0) * 10 < pairs {
        Some(UTF_16LE)
    } else if zeros(0) * 10 > pairs * 6 && zeros(1) * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding a web page names in its head.
fn stated(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..2_048).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let label: String = rest
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

/// Text that is mostly damaged nowhere is damaged UTF-8; mostly high letters is Cyrillic; the rest is Western.
fn single_byte(bytes: &[u8]) -> &'static Encoding {
    let (text, _, _) = UTF_8.decode(bytes);
    let broken = text.matches('\u{fffd}').count();
    let sound = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if sound > broken {
        return UTF_8;
    }
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let high = bytes.iter().filter(|byte| **byte >= 0xC0).count();
    if high > letters { WINDOWS_1251 } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let wide: Vec<u8> = "Rare earths".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], &str, &str); 5] = [
            ("Türkiye".as_bytes(), "UTF-8", "Türkiye"),
            (b"\xef\xbb\xbfLynas", "UTF-8", "Lynas"),
            (&wide, "UTF-16LE", "Rare earths"),
            (b"price \x96 80 \x80/kg", "windows-1252", "price – 80 €/kg"),
            (b"\xd0\xee\xf1\xf1\xe8\xff", "windows-1251", "Россия"),
        ];
        for (bytes, name, text) in cases {
            let decoded = decode(bytes, None).unwrap();
            assert_eq!((decoded.name, decoded.text.as_str()), (name, text));
        }
        assert_eq!(decode(b"\xcf", Some("windows-1251")).unwrap().text, "П");
        assert!(decode(b"x", Some("klingon")).is_err());
    }
}
