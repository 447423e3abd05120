//! What the chain makes and trades, and the catalogue that gives products their composition.
//!
//! Oxides, concentrates and solutions are counted in tonnes of rare-earth oxide (t REO); metals and
//! magnets in tonnes of metal or finished magnet. [`Catalogue::element_content`] converts any of
//! them to tonnes of one oxide, which is how conservation is checked at every stage.

use crate::element::Element;
use crate::ids::{FeedId, GradeId};

/// Position of a feed in [`Catalogue::feeds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedIx(pub u16);

/// Position of a magnet grade in [`Catalogue::grades`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GradeIx(pub u16);

/// Something the chain makes, consumes or trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Product {
    /// Mineral concentrate of a feed, t REO contained.
    Concentrate(FeedIx),
    /// Mixed rare-earth carbonate or chloride (MREC) of a feed, t REO contained.
    Carbonate(FeedIx),
    /// Samarium-and-heavier concentrate (SEG+) left by light separation, t REO contained.
    HeavyConcentrate(FeedIx),
    /// An element separated in solution but not yet finished; never traded, t REO.
    InSolution(Element),
    /// Separated oxide, t REO.
    Oxide(Element),
    /// Metal or alloying metal, t.
    Metal(Element),
    /// Finished magnet of a grade, t.
    Magnet(GradeIx),
    /// Process scrap of a magnet grade, t REO contained.
    Swarf(GradeIx),
}

impl Product {
    /// The kind as a word, as used in scenario files and result tables.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Concentrate(_) => "concentrate",
            Self::Carbonate(_) => "carbonate",
            Self::HeavyConcentrate(_) => "heavy_concentrate",
            Self::InSolution(_) => "in_solution",
            Self::Oxide(_) => "oxide",
            Self::Metal(_) => "metal",
            Self::Magnet(_) => "magnet",
            Self::Swarf(_) => "swarf",
        }
    }

    /// Unit in which quantities of the product are counted.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Metal(_) | Self::Magnet(_) => "t",
            _ => "t REO",
        }
    }
}

/// A mixed rare-earth stream of fixed composition: a deposit type's distribution.
#[derive(Clone, Debug)]
pub struct FeedStream {
    /// Id in `feeds.csv`.
    pub id: FeedId,
    /// Share of each oxide in TREO by [`Element::index`]; sums to one.
    pub composition: [f64; 16],
    /// Whether it is traded as a mineral concentrate that must be cracked; clays are not.
    pub concentrate: bool,
}

impl FeedStream {
    /// Share of TREO that light separation leaves in the heavy concentrate (samarium and heavier, and yttrium).
    #[must_use]
    pub fn heavy_share(&self) -> f64 {
        Element::ALL
            .iter()
            .filter(|e| !is_light(**e))
            .map(|e| self.composition[e.index()])
            .sum()
    }
}

/// Elements that light separation takes out; the rest leaves as heavy concentrate.
#[must_use]
pub fn is_light(element: Element) -> bool {
    matches!(element, Element::La | Element::Ce | Element::Pr | Element::Nd)
}

/// A magnet grade's recipe.
#[derive(Clone, Debug)]
pub struct Grade {
    /// Id in `magnet_grades.csv`.
    pub id: GradeId,
    /// t of element per t of finished magnet, by [`Element::index`].
    pub content: [f64; 16],
    /// Rare earths in the finished magnet per rare earths in the metal consumed.
    pub material_yield: f64,
}

/// Compositions and conversion factors shared by reconciliation and market.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Feeds in file order.
    pub feeds: Vec<FeedStream>,
    /// Magnet grades in file order.
    pub grades: Vec<Grade>,
    /// t oxide per t element, by [`Element::index`].
    pub oxide_per_element: [f64; 16],
}

impl Catalogue {
    /// The feed at an index.
    #[must_use]
    pub fn feed(&self, ix: FeedIx) -> &FeedStream {
        &self.feeds[usize::from(ix.0)]
    }

    /// The grade at an index.
    #[must_use]
    pub fn grade(&self, ix: GradeIx) -> &Grade {
        &self.grades[usize::from(ix.0)]
    }

    /// Finds a feed by its id.
    #[must_use]
    pub fn feed_by_id(&self, id: &str) -> Option<FeedIx> {
        let at = self.feeds.iter().position(|f| f.id.as_str() == id)?;
        u16::try_from(at).ok().map(FeedIx)
    }

    /// Finds a grade by its id.
    #[must_use]
    pub fn grade_by_id(&self, id: &str) -> Option<GradeIx> {
        let at = self.grades.iter().position(|g| g.id.as_str() == id)?;
        u16::try_from(at).ok().map(GradeIx)
    }

    /// All feed indices in order.
    pub fn feed_indices(&self) -> impl Iterator<Item = FeedIx> + use<> {
        (0..u16::try_from(self.feeds.len()).unwrap_or(u16::MAX)).map(FeedIx)
    }

    /// All grade indices in order.
    pub fn grade_indices(&self) -> impl Iterator<Item = GradeIx> + use<> {
        (0..u16::try_from(self.grades.len()).unwrap_or(u16::MAX)).map(GradeIx)
    }

    /// The item a product is made of: a feed id, an element symbol or a grade id.
    #[must_use]
    pub fn item(&self, product: Product) -> &str {
        match product {
            Product::Concentrate(f) | Product::Carbonate(f) | Product::HeavyConcentrate(f) => self.feed(f).id.as_str(),
            Product::InSolution(e) | Product::Oxide(e) | Product::Metal(e) => e.symbol(),
            Product::Magnet(g) | Product::Swarf(g) => self.grade(g).id.as_str(),
        }
    }

    /// Name for tables, `kind:item`, such as `oxide:Dy` or `magnet:uh`.
    #[must_use]
    pub fn name(&self, product: Product) -> String {
        format!("{}:{}", product.kind(), self.item(product))
    }

    /// Finds a product by its table name.
    #[must_use]
    pub fn product_by_name(&self, name: &str) -> Option<Product> {
        let (kind, item) = name.split_once(':')?;
        let element = || item.parse::<Element>().ok();
        Some(match kind {
            "concentrate" => Product::Concentrate(self.feed_by_id(item)?),
            "carbonate" => Product::Carbonate(self.feed_by_id(item)?),
            "heavy_concentrate" => Product::HeavyConcentrate(self.feed_by_id(item)?),
            "in_solution" => Product::InSolution(element()?),
            "oxide" => Product::Oxide(element()?),
            "metal" => Product::Metal(element()?),
            "magnet" => Product::Magnet(self.grade_by_id(item)?),
            "swarf" => Product::Swarf(self.grade_by_id(item)?),
            _ => return None,
        })
    }

    /// Tonnes of the oxide of `element` in one unit of `product`.
    #[must_use]
    pub fn element_content(&self, product: Product, element: Element) -> f64 {
        let e = element.index();
        match product {
            Product::Concentrate(f) | Product::Carbonate(f) => self.feed(f).composition[e],
            Product::HeavyConcentrate(f) => {
                let feed = self.feed(f);
                if is_light(element) {
                    0.0
                } else {
                    feed.composition[e] / feed.heavy_share()
                }
            }
            Product::InSolution(of) | Product::Oxide(of) => f64::from(u8::from(of == element)),
            Product::Metal(of) => {
                if of == element {
                    self.oxide_per_element[e]
                } else {
                    0.0
                }
            }
            Product::Magnet(g) => self.grade(g).content[e] * self.oxide_per_element[e],
            Product::Swarf(g) => self.swarf_share(g, element),
        }
    }

    /// Share of an oxide in the process scrap of a grade: the grade's own rare-earth composition.
    #[must_use]
    pub fn swarf_share(&self, grade: GradeIx, element: Element) -> f64 {
        let g = self.grade(grade);
        let oxide = |e: Element| g.content[e.index()] * self.oxide_per_element[e.index()];
        let total: f64 = Element::ALL.iter().map(|e| oxide(*e)).sum();
        if total > 0.0 { oxide(element) / total } else { 0.0 }
    }
}
