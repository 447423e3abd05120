//! Releases of CEPII BACI: a CSV file per year, ten million rows each.

mod block;
mod line;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs_io::DecodeReaderBytesBuilder;

use self::block::{Wanted, read_rows};
use self::line::Layout;
use crate::error::{ImportError, Result};
use crate::kind::Kind;
use crate::log::Log;
use crate::text;
use crate::trade::TradeRow;

pub use self::block::Wanted as BaciWanted;

/// Reads one file of a release: a CSV, or a zip of several.
pub fn read(path: &Path, at: u16, wanted: &Wanted, log: &mut Log) -> Result<Vec<TradeRow>> {
    let mut file = File::open(path).map_err(ImportError::io(path))?;
    let mut head = [0; 4];
    let length = file.read(&mut head).map_err(ImportError::io(path))?;
    if head.get(..length) == Some(b"PK\x03\x04") {
        return zip(path, at, wanted, log);
    }
    let file = File::open(path).map_err(ImportError::io(path))?;
    stream(path, file, at, wanted, log)
}

/// Every file of a release that holds trade; its lists of countries and products are passed over.
fn zip(path: &Path, at: u16, wanted: &Wanted, log: &mut Log) -> Result<Vec<TradeRow>> {
    let damaged = |error: zip::result::ZipError| {
        ImportError::layout(
            &text::name(path),
            format!("is no zip that can be read: {error}"),
            "download it again, or unpack it",
        )
    };
    let file = File::open(path).map_err(ImportError::io(path))?;
    let mut archive = zip::ZipArchive::new(file).map_err(damaged)?;
    let mut rows = Vec::new();
    let mut found = false;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let name = entry
            .name()
            .map_err(damaged)?
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        if !is_a_year(&name) {
            continue;
        }
        found = true;
        if let Some(year) = year_of(&name)
            && !wanted.year(year)
        {
            log.warn(format!("{name} is not read: {year} is outside --years"));
            continue;
        }
        rows.extend(stream(path, entry, at, wanted, log)?);
    }
    if found {
        return Ok(rows);
    }
    Err(ImportError::layout(
        &log.file,
        "the zip has no file BACI_HS…_Y….csv",
        Kind::Baci.layout(),
    ))
}

fn stream(path: &Path, source: impl Read + Send, at: u16, wanted: &Wanted, log: &mut Log) -> Result<Vec<TradeRow>> {
    // UTF-16 and byte-order marks are taken off; everything that matters is ASCII, so bytes pass as they are.
    let mut source = DecodeReaderBytesBuilder::new()
        .utf8_passthru(true)
        .strip_bom(true)
        .build(source);
    read_rows(path, &mut source, at, wanted, log)
}

/// `BACI_HS92_Y2022_V202401b.csv`, and nothing that merely lies beside it.
pub fn is_a_year(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("baci")
        && name.contains("_y")
        && Path::new(&name)
            .extension()
            .is_some_and(|e| e == "csv" || e == "parquet")
}

fn year_of(name: &str) -> Option<u16> {
    let (_, rest) = name.split_once("_Y")?;
    rest.get(..4)?.parse().ok()
}

/// The release in a file's name: `V202401b`.
pub fn vintage(name: &str) -> Option<String> {
    let (_, rest) = name.rsplit_once("_V")?;
    let vintage: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    (vintage.len() >= 6).then_some(vintage)
}

/// The revision of the Harmonised System in a file's name: `HS92`.
pub fn revision(name: &str) -> Option<String> {
    let (_, rest) = name.split_once("HS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 2).then(|| format!("HS{digits}"))
}

/// Checks the heading of a file.
fn layout(file: &str, heading: &[u8]) -> Result<Layout> {
    Layout::of(heading).map_err(|names| {
        let message = format!("the first line is not the heading of BACI, t, i, j, k, v, q; it has {names}");
        ImportError::layout(file, message, Kind::Baci.layout())
    })
}
