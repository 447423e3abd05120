//! A made-up year of BACI in its original layout: form, padding and spread of codes are those of a release, the figures
//! mean nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use monazite_evidence::Dataset;

/// A small generator of numbers (xorshift), so that every run writes the same file.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Writes so many rows.
pub fn write(path: &Path, rows: u64) -> Result<u64, Box<dyn std::error::Error>> {
    let dataset = Dataset::bundled()?;
    let countries: Vec<u16> = dataset.baci_codes().into_keys().collect();
    let ours: Vec<u32> = dataset.material_codes.iter().map(|row| row.hs).collect();
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "t,i,j,k,v,q")?;
    let mut line = String::new();
    // Flows are walked in the order of a release: by exporter, importer and product, each pair once.
    let pairs = countries.len() as u64 * (countries.len() as u64 - 1);
    let each = rows.div_ceil(pairs);
    let mut written = 0;
    'all: for exporter in &countries {
        for importer in countries.iter().filter(|importer| *importer != exporter) {
            for at in 0..each {
                // About one product in seventy is a material, as in a release.
                let product = if at % 70 == 0 {
                    ours.get(usize::try_from(at / 70)?)
                        .copied()
                        .unwrap_or(10_121 + u32::try_from(at)? * 4_003 % 960_000)
                } else {
                    10_121 + u32::try_from(at)? * 4_003 % 960_000
                };
                let value = numbers.below(90_000_000);
                line.clear();
                write!(
                    line,
                    "2022,{exporter},{importer},{product:06},{:>14}.{:03},",
                    value / 1000,
                    value % 1000
                )?;
                if numbers.below(12) == 0 {
                    writeln!(line, "{:>18}", "NA")?;
                } else {
                    let quantity = numbers.below(40_000_000) + 1;
                    writeln!(line, "{:>14}.{:03}", quantity / 1000, quantity % 1000)?;
                }
                out.write_all(line.as_bytes())?;
                written += 1;
                if written == rows {
                    break 'all;
                }
            }
        }
    }
    out.flush()?;
    Ok(written)
}
