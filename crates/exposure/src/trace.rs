//! Where each stage of what a place uses comes from.
//!
//! Every product in a place is a mix of what is made there and what arrives. Going down the chain stage by stage, each
//! mix inherits the origins of what it is made of, weighted by the element: the tonnes of one element in a magnet bought
//! in a place are traced to the places where they were mined, cracked, separated, made into metal and into magnet. All
//! that leaves a place has the mix of what is in it. Recycled scrap is an origin of its own.

use std::collections::BTreeMap;

use monazite_evidence::Element;
use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{BaseYear, PlaceIx};

/// The stages in order.
pub const STAGES: [&str; 5] = ["mine", "cracking", "separation", "metal", "magnet"];
/// What stands for the mine of recycled material.
pub const SCRAP: &str = "recycled";

/// Shares below this are not worth a name.
const NOTHING: f64 = 1e-9;
/// Rounds of mixing among places that trade one product; loops of trade fade quickly.
const ROUNDS: usize = 200;

/// Shares by place for every stage; each stage's shares sum to one, or are empty where the stage is not passed.
pub type Origins = [BTreeMap<String, f64>; STAGES.len()];

/// Origins of one element in every product and place.
pub struct Trace {
    origins: BTreeMap<(Product, PlaceIx), Dense>,
    names: Vec<String>,
}

/// Shares by stage and place, as positions; the last position is recycled scrap.
type Dense = Vec<f64>;

impl Trace {
    /// Traces an element through a balanced base year.
    #[must_use]
    pub fn of(base: &BaseYear, element: Element) -> Self {
        let mut names: Vec<String> = base.places.iter().map(|place| place.id.clone()).collect();
        names.push(SCRAP.to_owned());
        let mut trace = Self {
            origins: BTreeMap::new(),
            names,
        };
        for products in in_order(base, element) {
            trace.mix(base, element, &products);
        }
        trace
    }

    /// Origins of a product in a place of the base year; none when there is nothing of the element in it.
    #[must_use]
    pub fn origins(&self, product: Product, place: PlaceIx) -> Option<Origins> {
        let dense = self.origins.get(&(product, place))?;
        let n = self.names.len();
        Some(std::array::from_fn(|stage| {
            let shares = dense.get(stage * n..(stage + 1) * n).unwrap_or_default();
            (self.names.iter().zip(shares))
                .filter(|(_, share)| **share > NOTHING)
                .map(|(name, share)| (name.clone(), *share))
                .collect()
        }))
    }

    /// Mixes products that only depend on products already traced, and on trade among places.
    fn mix(&mut self, base: &BaseYear, element: Element, products: &[Product]) {
        let n = self.names.len();
        let width = STAGES.len() * n;
        let (mut made, mut arriving) = (BTreeMap::new(), Vec::new());
        for activity in &base.activities {
            let recipe = base.recipe_of(activity);
            for (product, amount) in &recipe.outputs {
                let content = base.catalogue.element_content(*product, element);
                let tonnes = amount * activity.level * content;
                if !products.contains(product) || tonnes <= 0.0 {
                    continue;
                }
                let inherited = self.inherited(base, activity.activity, activity.place, &recipe.inputs, element);
                let entry: &mut (f64, Dense) = made
                    .entry((*product, activity.place))
                    .or_insert_with(|| (0.0, vec![0.0; width]));
                entry.0 += tonnes;
                for (sum, share) in entry.1.iter_mut().zip(&inherited) {
                    *sum += tonnes * share;
                }
            }
        }
        for flow in &base.flows {
            let tonnes = flow.quantity * base.catalogue.element_content(flow.product, element);
            if products.contains(&flow.product) && tonnes > 0.0 {
                arriving.push((flow.product, flow.origin, flow.destination, tonnes));
            }
        }
        let mut total: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
        for (key, (tonnes, _)) in &made {
            *total.entry(*key).or_default() += tonnes;
        }
        for (product, _, destination, tonnes) in &arriving {
            *total.entry((*product, *destination)).or_default() += tonnes;
        }
        let mut mixes: BTreeMap<(Product, PlaceIx), Dense> = total.keys().map(|key| (*key, vec![0.0; width])).collect();
        for _ in 0..ROUNDS {
            let mut moved: f64 = 0.0;
            let mut next: BTreeMap<(Product, PlaceIx), Dense> = total
                .keys()
                .map(|key| {
                    (
                        *key,
                        made.get(key).map_or_else(|| vec![0.0; width], |(_, sums)| sums.clone()),
                    )
                })
                .collect();
            for (product, origin, destination, tonnes) in &arriving {
                let (Some(from), Some(to)) = (mixes.get(&(*product, *origin)), next.get_mut(&(*product, *destination)))
                else {
                    continue;
                };
                for (sum, share) in to.iter_mut().zip(from) {
                    *sum += tonnes * share;
                }
            }
            for (key, sums) in &mut next {
                let all = total.get(key).copied().unwrap_or(1.0);
                let old = mixes.get(key);
                for (at, sum) in sums.iter_mut().enumerate() {
                    *sum /= all;
                    moved = moved.max((*sum - old.and_then(|o| o.get(at)).copied().unwrap_or(0.0)).abs());
                }
            }
            mixes = next;
            if moved < NOTHING {
                break;
            }
        }
        self.origins.extend(mixes);
    }

    /// What an activity's output inherits: the mix of its inputs, and its own place at its own stage.
    fn inherited(
        &self,
        base: &BaseYear,
        activity: Activity,
        place: PlaceIx,
        inputs: &[(Product, f64)],
        element: Element,
    ) -> Dense {
        let n = self.names.len();
        let mut shares = vec![0.0; STAGES.len() * n];
        let mut all = 0.0;
        for (product, amount) in inputs {
            let tonnes = amount * base.catalogue.element_content(*product, element);
            if let Some(mix) = self.origins.get(&(*product, place)) {
                all += tonnes;
                for (sum, share) in shares.iter_mut().zip(mix) {
                    *sum += tonnes * share;
                }
            }
        }
        if all > 0.0 {
            for share in &mut shares {
                *share /= all;
            }
        }
        let mut set = |stage: usize, at: usize| {
            shares[stage * n..(stage + 1) * n].fill(0.0);
            shares[stage * n + at] = 1.0;
        };
        match activity {
            Activity::Mine(_) | Activity::Scandium => set(0, place.index()),
            Activity::Crack(_) => set(1, place.index()),
            Activity::SeparateLight(_) | Activity::SeparateHeavy(_) => set(2, place.index()),
            Activity::Recycle(_) => {
                set(0, n - 1);
                set(2, place.index());
            }
            Activity::MakeMetal(_) => set(3, place.index()),
            Activity::MakeMagnet(_) => set(4, place.index()),
            // What changes the grade of a magnet leaves its origin where it was.
            Activity::Diffuse(..) | Activity::Finish(_) | Activity::Discard(_) | Activity::FallBack(..) => {}
        }
        shares
    }
}

/// Products that hold the element, in an order in which each is made of those before it.
fn in_order(base: &BaseYear, element: Element) -> Vec<Vec<Product>> {
    let feeds = || base.catalogue.feed_indices();
    let holds = |product: &Product| base.catalogue.element_content(*product, element) > 0.0;
    let stages: [Vec<Product>; 7] = [
        feeds().map(Product::Concentrate).collect(),
        feeds().map(Product::Carbonate).collect(),
        feeds().map(Product::HeavyConcentrate).collect(),
        vec![Product::InSolution(element)],
        vec![Product::Oxide(element)],
        vec![Product::Metal(element)],
        base.catalogue.grade_indices().map(Product::Magnet).collect(),
    ];
    stages
        .into_iter()
        .map(|products| products.into_iter().filter(|p| holds(p)).collect())
        .collect()
}
