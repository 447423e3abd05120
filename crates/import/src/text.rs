//! Files as text, whatever their encoding.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use sha2::{Digest as _, Sha256};

use crate::error::{ImportError, Result};

/// Files that are read whole are refused beyond this size.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// A file that was read whole.
pub struct Whole {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// Reads a file whole.
pub fn read(path: &Path) -> Result<Whole> {
    let size = path.metadata().map_err(ImportError::io(path))?.len();
    if size > LARGEST {
        return Err(ImportError::layout(
            &name(path),
            "the file is larger than 1 GiB",
            "split it, by year for example",
        ));
    }
    let bytes = std::fs::read(path).map_err(ImportError::io(path))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(Whole { bytes, sha256 })
}

/// SHA-256 of a file that is too large to be read whole.
pub fn hash(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(ImportError::io(path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(ImportError::io(path))?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The name of a file for messages.
pub fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy())
        .into_owned()
}

/// Bytes as text, and the encoding they were in: a byte-order mark decides, then whether the bytes are UTF-8, then
/// whether every other byte is zero as in UTF-16; the rest is Windows-1252, which holds Latin-1.
pub fn decode(bytes: &[u8]) -> (String, &'static str) {
    let encoding = Encoding::for_bom(bytes).map_or_else(|| guess(bytes), |(encoding, _)| encoding);
    let (text, _, _) = encoding.decode(bytes);
    (text.into_owned(), encoding.name())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        return UTF_8;
    }
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let enough = head.len() / 4;
    if enough > 0 && zeros(1) > enough && zeros(0) <= enough {
        return UTF_16LE;
    }
    if enough > 0 && zeros(0) > enough && zeros(1) <= enough {
        return UTF_16BE;
    }
    WINDOWS_1252
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn each_encoding_is_recognised() {
        let text = "country;t\nCôte d’Ivoire;1\nTürkiye;2\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = [vec![0xff, 0xfe], utf16.clone()].concat();
        let latin: Vec<u8> = text
            .chars()
            .map(|c| {
                if c == '’' {
                    0x92
                } else {
                    u8::try_from(u32::from(c)).unwrap()
                }
            })
            .collect();
        let with_mark = format!("\u{feff}{text}");
        for (bytes, name) in [
            (text.as_bytes(), "UTF-8"),
            (with_mark.as_bytes(), "UTF-8"),
            (&utf16, "UTF-16LE"),
            (&marked, "UTF-16LE"),
            (&utf16_be, "UTF-16BE"),
            (&latin, "windows-1252"),
        ] {
            assert_eq!(decode(bytes), (text.to_owned(), name));
        }
        assert_eq!(decode(b"").0, "");
        assert_eq!(decode(&[0]).1, "windows-1252");
    }
}
