//! Ids turned into words.

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_evidence::table::MagnetKind;

/// Names of places, products and end uses.
pub struct Names<'a> {
    places: BTreeMap<&'a str, &'a str>,
    end_uses: BTreeMap<&'a str, &'a str>,
    elements: BTreeMap<&'a str, &'a str>,
    feeds: BTreeMap<&'a str, &'a str>,
    grades: BTreeMap<&'a str, (MagnetKind, &'a str)>,
}

impl<'a> Names<'a> {
    /// The names of a dataset, with the places of a view.
    pub fn new(dataset: &'a Dataset, view: &str) -> Self {
        let of_countries = dataset.places.iter().map(|row| (row.place.as_str(), row.name.as_str()));
        let of_view = dataset
            .views
            .iter()
            .filter(|row| row.view.as_str() == view)
            .map(|row| (row.id.as_str(), row.name.as_str()));
        Self {
            // The view's own names come last and win.
            places: of_countries.chain(of_view).collect(),
            end_uses: dataset
                .end_uses
                .iter()
                .map(|row| (row.end_use.as_str(), row.name.as_str()))
                .collect(),
            elements: dataset
                .elements
                .iter()
                .map(|row| (row.element.symbol(), row.name.as_str()))
                .collect(),
            feeds: dataset
                .feeds
                .iter()
                .map(|row| (row.feed.as_str(), row.name.as_str()))
                .collect(),
            grades: dataset
                .magnet_grades
                .iter()
                .map(|row| (row.grade.as_str(), (row.kind, row.name.as_str())))
                .collect(),
        }
    }

    /// A place: `United States`.
    pub fn place<'s>(&'s self, id: &'s str) -> &'s str {
        self.places.get(id).copied().unwrap_or(id)
    }

    /// A place inside a sentence: `the United States`.
    pub fn the_place(&self, id: &str) -> String {
        let name = self.place(id);
        if let Some(tail) = name.strip_prefix("Rest of ") {
            return format!("the rest of {tail}");
        }
        if let Some(tail) = name.strip_prefix("Other ") {
            return format!("other {tail}");
        }
        let article = ["United ", "Netherlands", "Philippines"]
            .iter()
            .any(|start| name.starts_with(start));
        if article {
            format!("the {name}")
        } else {
            name.to_owned()
        }
    }

    /// An end use: `Wind turbine generators`.
    pub fn end_use(&self, id: &str) -> String {
        self.end_uses
            .get(id)
            .map_or_else(|| sentence(&id.replace('_', " ")), |name| (*name).to_owned())
    }

    /// An element: `dysprosium`.
    pub fn element<'s>(&'s self, symbol: &'s str) -> &'s str {
        self.elements.get(symbol).copied().unwrap_or(symbol)
    }

    /// A product in words, inside a sentence: `dysprosium oxide`, `NdFeB magnets (N and M grades)`.
    pub fn product(&self, name: &str) -> String {
        let Some((kind, item)) = name.split_once(':') else {
            return name.to_owned();
        };
        match kind {
            "oxide" => format!("{} oxide", self.element(item)),
            "metal" => format!("{} metal", self.element(item)),
            "magnet" => self.magnet(item),
            "concentrate" => format!("concentrate ({})", self.feed(item)),
            "carbonate" => format!("mixed carbonate ({})", self.feed(item)),
            "heavy_concentrate" => format!("heavy concentrate ({})", self.feed(item)),
            _ => name.replace(['_', ':'], " "),
        }
    }

    /// The same with a capital letter.
    pub fn product_title(&self, name: &str) -> String {
        sentence(&self.product(name))
    }

    /// A product for the head of a narrow column: `Dysprosium oxide`, `NdFeB magnets UH`.
    pub fn product_short(&self, name: &str) -> String {
        match name.split_once(':') {
            Some(("magnet", item)) => match self.grades.get(item) {
                Some((MagnetKind::Sintered, _)) => format!("NdFeB magnets {}", item.to_uppercase()),
                Some((MagnetKind::SmCo, _)) => "SmCo magnets".to_owned(),
                _ => sentence(&self.magnet(item)),
            },
            _ => self.product_title(name),
        }
    }

    fn magnet(&self, grade: &str) -> String {
        let Some((_, name)) = self.grades.get(grade) else {
            return format!("magnets ({grade})");
        };
        if let Some(rest) = name.strip_prefix("Sintered NdFeB ") {
            return format!("NdFeB magnets ({rest})");
        }
        let is_word = ["Bonded", "Samarium", "Hot"].iter().any(|word| name.starts_with(word));
        if is_word {
            format!("{} magnets", uncapitalised(name))
        } else {
            format!("{name} magnets")
        }
    }

    fn feed<'s>(&'s self, id: &'s str) -> &'s str {
        let name = self.feeds.get(id).copied().unwrap_or(id);
        [" mixed concentrate", " concentrate", " carbonate"]
            .iter()
            .find_map(|tail| name.strip_suffix(tail))
            .unwrap_or(name)
    }
}

/// The unit in which quantities of a product are counted.
pub fn unit(product: &str) -> &'static str {
    if product.starts_with("metal:") || product.starts_with("magnet:") {
        "t"
    } else {
        "t REO"
    }
}

/// With a capital letter.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 quarter`, `3 quarters`.
pub fn counted(number: usize, one: &str) -> String {
    format!(
        "{}{}{one}{}",
        super::numbers::count(number),
        super::numbers::THIN,
        if number == 1 { "" } else { "s" }
    )
}

#[cfg(test)]
mod tests {
    use monazite_evidence::Dataset;

    use super::{Names, counted, list, sentence, unit};

    #[test]
    fn ids_become_words() {
        let dataset = Dataset::bundled().unwrap();
        let names = Names::new(&dataset, "full");
        let products = [
            ("oxide:Dy", "dysprosium oxide"),
            ("metal:Sm", "samarium metal"),
            ("magnet:n", "NdFeB magnets (N and M grades)"),
            ("magnet:smco", "samarium-cobalt magnets"),
            ("magnet:unheard_of", "magnets (unheard_of)"),
            ("carbonate:kachin_clay", "mixed carbonate (Kachin clay)"),
            ("nonsense", "nonsense"),
        ];
        for (id, words) in products {
            assert_eq!(names.product(id), words);
        }
        assert_eq!(names.product_short("magnet:uh"), "NdFeB magnets UH");
        assert_eq!(names.the_place("USA"), "the United States");
        assert_eq!(names.the_place("ROW_AFR"), "the rest of Africa");
        assert_eq!(names.the_place("JPN"), "Japan");
        assert_eq!(names.end_use("minor_uses"), "Minor uses");
        assert_eq!(
            Names::new(&dataset, "bloc14").place("KOR_TWN"),
            "South Korea and Taiwan"
        );
        assert_eq!((unit("oxide:Dy"), unit("magnet:n")), ("t REO", "t"));
    }

    #[test]
    fn lists_and_counts_read_as_sentences() {
        let words = |n: usize| {
            ["a", "b", "c"]
                .iter()
                .take(n)
                .map(|s| (*s).to_owned())
                .collect::<Vec<String>>()
        };
        assert_eq!(
            [list(&words(0)), list(&words(1)), list(&words(2)), list(&words(3))],
            ["", "a", "a and b", "a, b and c"]
        );
        assert_eq!(counted(1, "quarter").replace('\u{202f}', " "), "1 quarter");
        assert_eq!(counted(2, "quarter").replace('\u{202f}', " "), "2 quarters");
        assert_eq!(sentence("äh"), "Äh");
    }
}
