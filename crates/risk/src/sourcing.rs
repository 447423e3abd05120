//! Where an importer gets what it uses: its own production, imports by origin, exports by destination.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::table::Hs;
use monazite_evidence::{Confidence, Element, PlaceId, ShareStage, SourceId};

use crate::context::{BASE_YEARS, Context};
use crate::question::{Importer, Subject};
use crate::score::Missing;

/// Trade with one partner.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Code of the partner.
    pub who: String,
    /// Name for people.
    pub name: String,
    /// Quantity in the unit of the whole.
    pub quantity: f64,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// An importer's supply at a stage in a year. Trade inside a group does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Sourcing {
    /// Own production, or why it is not known.
    pub production: Result<f64, Missing>,
    /// Imports by origin, largest first.
    pub imports: Vec<Flow>,
    /// Exports by destination, largest first.
    pub exports: Vec<Flow>,
    /// Unit of the quantities.
    pub unit: &'static str,
    /// Least trusted evidence behind it.
    pub confidence: Confidence,
    /// What a reader should know.
    pub remarks: Vec<String>,
}

/// An importer's supply of a material at a stage in a year: from the balanced chain where the year has one, otherwise
/// trade alone, under the customs headings of the stage.
///
/// # Errors
/// [`Missing`] where not even trade is known.
pub fn sourcing(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
    importer: &Importer,
) -> Result<Sourcing, Missing> {
    let Subject::RareEarths { elements, .. } = subject else {
        return Err(Missing(format!(
            "the bundled evidence has no trade of {}; import it and name the folder with `--data`",
            subject.name()
        )));
    };
    match context.base(year) {
        Some(base) => balanced(context, &base, elements, stage, importer),
        None => headings(context, elements, stage, year, importer),
    }
}

/// What one unit of a product is of the elements asked for, at the stage; 0 where it is of another stage.
fn of_stage(base: &BaseYear, stage: ShareStage, elements: &[Element], product: Product) -> f64 {
    let asked = |element: Element| f64::from(u8::from(elements.is_empty() || elements.contains(&element)));
    match (stage, product) {
        (ShareStage::Mine, Product::Concentrate(feed) | Product::Carbonate(feed)) => {
            let composition = base.catalogue.feed(feed).composition;
            if elements.is_empty() {
                1.0
            } else {
                elements
                    .iter()
                    .filter_map(|element| composition.get(element.index()))
                    .sum()
            }
        }
        (ShareStage::Separation, Product::Oxide(element)) | (ShareStage::Metal, Product::Metal(element)) => {
            asked(element)
        }
        (ShareStage::Magnet, Product::Magnet(grade)) => {
            let content = base.catalogue.grade(grade).content;
            if elements.is_empty() {
                1.0
            } else {
                elements.iter().filter_map(|element| content.get(element.index())).sum()
            }
        }
        _ => 0.0,
    }
}

/// What one unit of an activity makes of them.
fn made(base: &BaseYear, stage: ShareStage, elements: &[Element], activity: Activity) -> f64 {
    let product = match activity {
        Activity::Mine(feed) => Product::Concentrate(feed),
        Activity::Finish(element) => Product::Oxide(element),
        Activity::Scandium => Product::Oxide(Element::Sc),
        Activity::MakeMetal(element) => Product::Metal(element),
        Activity::MakeMagnet(grade) => Product::Magnet(grade),
        _ => return 0.0,
    };
    of_stage(base, stage, elements, product)
}

fn balanced(
    context: &Context<'_>,
    base: &BaseYear,
    elements: &[Element],
    stage: ShareStage,
    importer: &Importer,
) -> Result<Sourcing, Missing> {
    let members = importer.members(base.year);
    let inside: Vec<bool> = base
        .places
        .iter()
        .map(|place| members.iter().any(|member| *member == *place.id))
        .collect();
    let followed = |member: &PlaceId| base.places.iter().any(|place| *member == *place.id);
    let lost: Vec<String> = members
        .iter()
        .filter(|member| !followed(member))
        .map(|member| context.place_name(member.as_str()))
        .collect();
    if lost.len() == members.len() {
        return Err(Missing(format!(
            "the balanced year {} does not follow {} on its own",
            base.year, importer.name
        )));
    }
    let mut remarks = vec![format!("balanced year {}", base.year)];
    if !lost.is_empty() {
        remarks.push(format!(
            "members not followed on their own are left out: {}",
            lost.join(", ")
        ));
    }
    let is_inside = |at: usize| inside.get(at).copied().unwrap_or_default();
    let production = base
        .activities
        .iter()
        .filter(|activity| is_inside(activity.place.index()))
        .map(|activity| activity.level * made(base, stage, elements, activity.activity))
        .sum();
    let (mut imports, mut exports) = (BTreeMap::new(), BTreeMap::new());
    for flow in &base.flows {
        let quantity = flow.quantity * of_stage(base, stage, elements, flow.product);
        let (from, to) = (flow.origin.index(), flow.destination.index());
        let (side, partner) = match (is_inside(from), is_inside(to)) {
            (false, true) => (&mut imports, from),
            (true, false) => (&mut exports, to),
            _ => continue,
        };
        if let (Some(place), true) = (base.places.get(partner), quantity > 0.0) {
            *side.entry(place.id.clone()).or_insert(0.0) += quantity;
        }
    }
    let flows_of = |sums: BTreeMap<String, f64>| {
        let flows = sums.into_iter().map(|(who, quantity)| Flow {
            name: context.place_name(&who),
            who,
            quantity,
            sources: Vec::new(),
            // Flows by element are allocated, not observed.
            confidence: Confidence::C,
        });
        largest_first(flows.collect())
    };
    Ok(Sourcing {
        production: Ok(production),
        imports: flows_of(imports),
        exports: flows_of(exports),
        unit: match stage {
            ShareStage::Mine | ShareStage::Separation => "t REO",
            ShareStage::Metal | ShareStage::Magnet => "t",
        },
        confidence: Confidence::C,
        remarks,
    })
}

fn largest_first(mut flows: Vec<Flow>) -> Vec<Flow> {
    flows.sort_by(|a, b| b.quantity.total_cmp(&a.quantity).then_with(|| a.who.cmp(&b.who)));
    flows
}

/// The customs headings of a stage that may hold the elements.
fn headings_of(stage: ShareStage, elements: &[Element]) -> &'static [Hs] {
    match stage {
        ShareStage::Mine => &[],
        ShareStage::Separation if elements == [Element::Ce] => &[Hs::CeriumCompounds],
        ShareStage::Separation if elements.is_empty() => &[Hs::CeriumCompounds, Hs::RareEarthCompounds],
        ShareStage::Separation => &[Hs::RareEarthCompounds],
        ShareStage::Metal => &[Hs::RareEarthMetals],
        ShareStage::Magnet => &[Hs::MetalMagnets],
    }
}

fn headings(
    context: &Context<'_>,
    elements: &[Element],
    stage: ShareStage,
    year: u16,
    importer: &Importer,
) -> Result<Sourcing, Missing> {
    let headings = headings_of(stage, elements);
    if headings.is_empty() {
        return Err(Missing("no customs heading shows concentrates".to_owned()));
    }
    let told_apart = elements.is_empty() || elements == [Element::Ce];
    if !told_apart {
        return Err(Missing(
            "customs headings do not tell elements apart; only balanced years do".to_owned(),
        ));
    }
    let rows = context
        .dataset
        .trade_in(&[year])
        .map_err(|error| Missing(format!("the trade table cannot be read: {error}")))?;
    let (mut imports, mut exports) = (BTreeMap::new(), BTreeMap::new());
    let mut unweighed = 0;
    for row in rows.iter().filter(|row| headings.contains(&row.hs)) {
        let inward = importer.contains(year, &row.importer);
        let outward = importer.contains(year, &row.exporter);
        let (side, partner) = match (outward, inward) {
            (false, true) => (&mut imports, &row.exporter),
            (true, false) => (&mut exports, &row.importer),
            _ => continue,
        };
        let Some(quantity) = row.quantity_t else {
            unweighed += 1;
            continue;
        };
        let entry: &mut (f64, Vec<SourceId>, Confidence) = side
            .entry(partner.to_string())
            .or_insert_with(|| (0.0, row.provenance.sources.clone(), row.provenance.confidence));
        entry.0 += quantity.0;
    }
    if imports.is_empty() && exports.is_empty() {
        return Err(Missing("no trade is in the evidence for the year".to_owned()));
    }
    let list = |sums: BTreeMap<String, (f64, Vec<SourceId>, Confidence)>| {
        let flows = sums.into_iter().map(|(who, (quantity, sources, confidence))| Flow {
            name: context.place_name(&who),
            who,
            quantity,
            sources,
            confidence,
        });
        largest_first(flows.collect())
    };
    let codes: Vec<&str> = headings.iter().map(|hs| hs.as_str()).collect();
    let mut remarks = vec![format!("trade under HS {}, gross weight", codes.join(" and "))];
    if stage == ShareStage::Magnet {
        remarks.push("the heading holds all metal magnets, not rare-earth ones alone".to_owned());
    }
    if unweighed > 0 {
        remarks.push(format!("{unweighed} flows without a weight are left out"));
    }
    let years: Vec<String> = BASE_YEARS.iter().map(u16::to_string).collect();
    Ok(Sourcing {
        production: Err(Missing(format!(
            "production at the stage {stage} is known for {} only",
            years.join(" and ")
        ))),
        imports: list(imports),
        exports: list(exports),
        unit: "t gross",
        confidence: Confidence::B,
        remarks,
    })
}
