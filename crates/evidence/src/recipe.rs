//! Recipes: what one unit of an activity takes in and gives out.
//!
//! An activity is a facility, or all plants of one stage in one place, running a recipe. Inputs and
//! outputs are per unit of the activity's level, which is the main output for mines, metals and
//! magnets and the feed for cracking, separation and recycling. What a recipe loses is explicit
//! ([`Recipe::loss`]), so that mass balances can be closed element by element.

use crate::element::Element;
use crate::product::{Catalogue, FeedIx, GradeIx, Product, is_light};
use crate::stage::Stage;

/// What a stage of the chain can do in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Activity {
    /// Mining and beneficiation: gives concentrate, or carbonate for clays. Level: t REO out.
    Mine(FeedIx),
    /// Cracking and leaching of concentrate to mixed carbonate. Level: t REO in.
    Crack(FeedIx),
    /// Light separation: carbonate to La, Ce, Pr, Nd in solution and heavy concentrate. Level: t REO in.
    SeparateLight(FeedIx),
    /// Heavy separation: heavy concentrate to its elements in solution. Level: t REO in.
    SeparateHeavy(FeedIx),
    /// Precipitating, calcining and packing an oxide. Level: t REO.
    Finish(Element),
    /// Leaving a product unsold: disposal of an element in solution, stock building of a stream. Level: its unit.
    Discard(Product),
    /// Reduction of oxide to metal. Level: t metal out.
    MakeMetal(Element),
    /// Making a magnet grade; process scrap leaves as swarf. Level: t finished magnet.
    MakeMagnet(GradeIx),
    /// Serving a use of the second grade with more of the first, which needs less Dy and Tb. Level: t of the second.
    FallBack(GradeIx, GradeIx),
    /// Diffusing Dy and Tb into the grain boundaries of the first grade, which then does the work of the second.
    /// Level: t of the second.
    Diffuse(GradeIx, GradeIx),
    /// Swarf back to elements in solution. Level: t REO in.
    Recycle(GradeIx),
    /// Scandium oxide as a by-product of titanium, zirconium, nickel or bauxite streams. Level: t oxide.
    Scandium,
}

impl Activity {
    /// The stage whose plants and capacity the activity uses; `None` for finishing and discarding.
    #[must_use]
    pub fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Mine(_) => Stage::Mine,
            Self::Crack(_) => Stage::Cracking,
            Self::SeparateLight(_) => Stage::SeparationLight,
            Self::SeparateHeavy(_) => Stage::SeparationHeavy,
            Self::MakeMetal(_) => Stage::Metal,
            Self::MakeMagnet(_) => Stage::Magnet,
            Self::Recycle(_) => Stage::Recycling,
            Self::Scandium => Stage::Scandium,
            Self::Finish(_) | Self::Discard(_) | Self::FallBack(..) | Self::Diffuse(..) => return None,
        })
    }

    /// Word for tables and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mine(_) => "mine",
            Self::Crack(_) => "crack",
            Self::SeparateLight(_) => "separate_light",
            Self::SeparateHeavy(_) => "separate_heavy",
            Self::Finish(_) => "finish",
            Self::Discard(_) => "discard",
            Self::MakeMetal(_) => "make_metal",
            Self::MakeMagnet(_) => "make_magnet",
            Self::FallBack(..) => "fall_back",
            Self::Diffuse(..) => "diffuse",
            Self::Recycle(_) => "recycle",
            Self::Scandium => "scandium",
        }
    }

    /// The item it works on, as [`Catalogue::item`] names it.
    #[must_use]
    pub fn item(self, catalogue: &Catalogue) -> String {
        match self {
            Self::Mine(f) | Self::Crack(f) | Self::SeparateLight(f) | Self::SeparateHeavy(f) => {
                catalogue.feed(f).id.as_str().to_owned()
            }
            Self::Finish(e) | Self::MakeMetal(e) => e.symbol().to_owned(),
            Self::Discard(p) => catalogue.name(p),
            Self::MakeMagnet(g) | Self::Recycle(g) => catalogue.grade(g).id.as_str().to_owned(),
            Self::FallBack(from, to) | Self::Diffuse(from, to) => {
                format!("{} for {}", catalogue.grade(from).id, catalogue.grade(to).id)
            }
            Self::Scandium => Element::Sc.symbol().to_owned(),
        }
    }
}

/// Inputs and outputs per unit of level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recipe {
    /// Product and amount taken in.
    pub inputs: Vec<(Product, f64)>,
    /// Product and amount given out.
    pub outputs: Vec<(Product, f64)>,
}

impl Recipe {
    /// Tonnes of the oxide of `element` taken in less given out, per unit of level.
    ///
    /// Positive for losses to tailings and slag; minus the mined content for a mine, whose input is
    /// the ground.
    #[must_use]
    pub fn loss(&self, catalogue: &Catalogue, element: Element) -> f64 {
        let content = |side: &[(Product, f64)]| -> f64 {
            side.iter()
                .map(|(p, amount)| amount * catalogue.element_content(*p, element))
                .sum()
        };
        content(&self.inputs) - content(&self.outputs)
    }
}

/// Builds the recipe of an activity.
///
/// `recovery` is the share of rare earths that the step keeps, in (0, 1]: cracking, separation,
/// oxide-to-metal and swarf-to-oxide recovery, and for a fallback kilograms of the higher grade per kilogram
/// of the lower, for diffusion the heavy metal taken against what alloying the higher grade would add. It is ignored by mines (their level is the output),
/// finishing, discarding and magnet making, whose material yield belongs to the grade.
#[must_use]
pub fn recipe(catalogue: &Catalogue, activity: Activity, recovery: f64) -> Recipe {
    match activity {
        Activity::Mine(f) => Recipe {
            inputs: vec![],
            outputs: vec![(mined_product(catalogue, f), 1.0)],
        },
        Activity::Crack(f) => Recipe {
            inputs: vec![(Product::Concentrate(f), 1.0)],
            outputs: vec![(Product::Carbonate(f), recovery)],
        },
        Activity::SeparateLight(f) => {
            let feed = catalogue.feed(f);
            let mut outputs: Vec<_> = Element::ALL
                .iter()
                .filter(|e| is_light(**e) && feed.composition[e.index()] > 0.0)
                .map(|e| (Product::InSolution(*e), recovery * feed.composition[e.index()]))
                .collect();
            if feed.heavy_share() > 0.0 {
                outputs.push((Product::HeavyConcentrate(f), recovery * feed.heavy_share()));
            }
            Recipe {
                inputs: vec![(Product::Carbonate(f), 1.0)],
                outputs,
            }
        }
        Activity::SeparateHeavy(f) => {
            let feed = catalogue.feed(f);
            let outputs = Element::ALL
                .iter()
                .filter(|e| !is_light(**e) && feed.composition[e.index()] > 0.0)
                .map(|e| {
                    (
                        Product::InSolution(*e),
                        recovery * feed.composition[e.index()] / feed.heavy_share(),
                    )
                })
                .collect();
            Recipe {
                inputs: vec![(Product::HeavyConcentrate(f), 1.0)],
                outputs,
            }
        }
        Activity::Finish(e) => Recipe {
            inputs: vec![(Product::InSolution(e), 1.0)],
            outputs: vec![(Product::Oxide(e), 1.0)],
        },
        Activity::Discard(p) => Recipe {
            inputs: vec![(p, 1.0)],
            outputs: vec![],
        },
        Activity::MakeMetal(e) => Recipe {
            inputs: vec![(Product::Oxide(e), catalogue.oxide_per_element[e.index()] / recovery)],
            outputs: vec![(Product::Metal(e), 1.0)],
        },
        Activity::MakeMagnet(g) => magnet_recipe(catalogue, g),
        Activity::FallBack(from, to) => Recipe {
            inputs: vec![(Product::Magnet(from), 1.0 / recovery)],
            outputs: vec![(Product::Magnet(to), 1.0)],
        },
        Activity::Diffuse(from, to) => diffusion_recipe(catalogue, from, to, recovery),
        Activity::Recycle(g) => Recipe {
            inputs: vec![(Product::Swarf(g), 1.0)],
            outputs: Element::ALL
                .iter()
                .map(|e| (Product::InSolution(*e), recovery * catalogue.swarf_share(g, *e)))
                .filter(|(_, amount)| *amount > 0.0)
                .collect(),
        },
        Activity::Scandium => Recipe {
            inputs: vec![],
            outputs: vec![(Product::Oxide(Element::Sc), 1.0)],
        },
    }
}

/// What a mine of this feed sells: concentrate, or carbonate where the ore is leached in place.
#[must_use]
pub fn mined_product(catalogue: &Catalogue, feed: FeedIx) -> Product {
    if catalogue.feed(feed).concentrate {
        Product::Concentrate(feed)
    } else {
        Product::Carbonate(feed)
    }
}

fn magnet_recipe(catalogue: &Catalogue, g: GradeIx) -> Recipe {
    let grade = catalogue.grade(g);
    let metal_per_content = 1.0 / grade.material_yield;
    let mut inputs = Vec::new();
    let mut swarf_t_reo = 0.0;
    for e in Element::ALL.iter().copied() {
        let content = grade.content[e.index()];
        if content > 0.0 {
            inputs.push((Product::Metal(e), content * metal_per_content));
            swarf_t_reo += content * (metal_per_content - 1.0) * catalogue.oxide_per_element[e.index()];
        }
    }
    let mut outputs = vec![(Product::Magnet(g), 1.0)];
    if swarf_t_reo > 0.0 {
        outputs.push((Product::Swarf(g), swarf_t_reo));
    }
    Recipe { inputs, outputs }
}

/// The lower grade as it is, and the heavy metal that the higher grade holds beyond it, times what diffusion still needs.
fn diffusion_recipe(catalogue: &Catalogue, from: GradeIx, to: GradeIx, needed: f64) -> Recipe {
    let mut inputs = vec![(Product::Magnet(from), 1.0)];
    for e in Element::ALL.iter().copied().filter(|e| !is_light(*e)) {
        let beyond = catalogue.grade(to).content[e.index()] - catalogue.grade(from).content[e.index()];
        if beyond > 0.0 {
            inputs.push((Product::Metal(e), needed * beyond));
        }
    }
    Recipe {
        inputs,
        outputs: vec![(Product::Magnet(to), 1.0)],
    }
}
