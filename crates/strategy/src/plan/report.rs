//! What a plan means, in words of the field: when what is built, what it saves, what remains exposed.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::Element;
use monazite_evidence::product::Product;
use monazite_evidence::table::DisruptionKind;
use monazite_market::lp::RowId;

use super::error::PlanError;
use super::oracle::Oracle;
use super::tail::{cvar, mean};
use super::value::Values;
use super::world::World;

/// One measure of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Position among the candidates.
    pub candidate: usize,
    /// Year of the decision.
    pub start: i32,
    /// Year of first output, best estimate.
    pub first: i32,
    /// What it costs, discounted, million USD.
    pub cost: f64,
    /// At the low and high ends of its cost.
    pub cost_range: (f64, f64),
    /// What the plan would lose without it, million USD of the objective.
    pub left_out: Option<f64>,
    /// Shapley value, million USD of the objective.
    pub shapley: Option<f64>,
    /// Share of its capacity that is used, on average over undisturbed and disturbed years in which it stands.
    pub used: (f64, f64),
}

/// Loss over the years looked at, discounted, million USD.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Risk {
    /// Mean over paths.
    pub mean: f64,
    /// Mean over the worst paths.
    pub tail: f64,
    /// Worst path.
    pub worst: f64,
}

/// One year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearOf {
    /// Calendar year.
    pub year: i32,
    /// Probability that something is disturbed.
    pub disturbed: f64,
    /// Mean loss of the market without the plan and with it, million USD, not discounted.
    pub loss: (f64, f64),
    /// Mean loss of the planner's users without the plan and with it, million USD, not discounted.
    pub users: (f64, f64),
}

/// What users of the planner lose, on average a year, by what they are exposed to.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// An element, or a disruption.
    pub of: String,
    /// Without the plan, million USD a year.
    pub before: f64,
    /// With it.
    pub after: f64,
}

/// Everything about a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its measures, in the order in which they begin.
    pub planned: Vec<Planned>,
    /// What it costs, discounted, million USD.
    pub cost: f64,
    /// Loss of the market without the plan and with it.
    pub market: (Risk, Risk),
    /// Loss of the planner's users without the plan and with it, at market prices.
    pub users: (Risk, Risk),
    /// Years in order.
    pub years: Vec<YearOf>,
    /// The planner's users by element.
    pub elements: Vec<Exposure>,
    /// Loss of the market in the last year, calm and with each disruption by itself.
    pub disruptions: Vec<Exposure>,
    /// Mean loss of users by place a year, without the plan and with it: who gains.
    pub places: Vec<Exposure>,
    /// Tonnes a year that the plan adds by the last year, by stage: stage, tonnes.
    pub stages: Vec<(String, f64)>,
}

/// What one cell shows.
struct View {
    welfare: f64,
    /// Loss of users by segment, million USD a year.
    users: Vec<f64>,
    /// Use of each measure's capacity, share.
    used: Vec<f64>,
}

/// Reports on a plan.
///
/// # Errors
/// When a market cannot be cleared.
pub fn report(world: &World, oracle: &mut Oracle, x: &[f64], values: Option<&Values>) -> Result<Report, PlanError> {
    let none = vec![0.0; x.len()];
    let before = views(world, oracle, &none)?;
    let after = views(world, oracle, x)?;
    let p = world.instance.probabilities();
    let risk = |cells: &dyn Fn(usize) -> f64| {
        let cells: Vec<f64> = (0..world.instance.cells.len()).map(cells).collect();
        let losses = world.instance.path_losses(&cells);
        Risk {
            mean: mean(&losses, &p),
            tail: cvar(&losses, &p, world.question.aversion.level),
            worst: losses.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    };
    let market = |views: &[View], c: usize| {
        let cell = &world.instance.cells[c];
        cell.scale * (cell.undisturbed - views[c].welfare)
    };
    let at_home: Vec<bool> = (world.chain.segments.iter())
        .map(|s| world.chain.nodes[s.node.index()].place == world.home)
        .collect();
    let users = |views: &[View], c: usize| -> f64 {
        views[c]
            .users
            .iter()
            .zip(&at_home)
            .filter(|(_, home)| **home)
            .map(|(l, _)| l)
            .sum()
    };
    // Probability of each cell in a year, over all paths.
    let mut chance = vec![0.0; world.instance.cells.len()];
    for path in &world.instance.paths {
        for (cell, _) in &path.cells {
            chance[*cell] += path.probability;
        }
    }
    let count = f64::from(u32::try_from(world.question.years).unwrap_or(1));
    let yearly = |value: &dyn Fn(usize) -> f64| -> f64 {
        chance.iter().enumerate().map(|(c, p)| p * value(c)).sum::<f64>() / count
    };
    let years = years(world, &chance, &|c| (market(&before, c), market(&after, c)), &|c| {
        (users(&before, c), users(&after, c))
    });
    let shares = element_shares(world);
    let by_segment = |views: &[View], s: usize| yearly(&|c| views[c].users[s]);
    let mut elements: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut places: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (s, segment) in world.chain.segments.iter().enumerate() {
        let (b, a) = (by_segment(&before, s), by_segment(&after, s));
        let place = world.chain.nodes[segment.node.index()].place;
        let place = places.entry(world.chain.place_id(place).to_owned()).or_default();
        place.0 += b;
        place.1 += a;
        if at_home[s] {
            for (element, share) in &shares[s] {
                let of = elements.entry(element.symbol()).or_default();
                of.0 += share * b;
                of.1 += share * a;
            }
        }
    }
    let exposures = |sums: Vec<(String, (f64, f64))>| {
        let mut list: Vec<Exposure> = (sums.into_iter())
            .map(|(of, (before, after))| Exposure { of, before, after })
            .collect();
        list.sort_by(|a, b| b.before.total_cmp(&a.before));
        list
    };
    let elements = exposures(elements.into_iter().map(|(e, v)| (e.to_owned(), v)).collect());
    let places = exposures(places.into_iter().collect());
    Ok(Report {
        planned: planned(world, x, values, &chance, &after),
        cost: world.instance.cost(x),
        market: (risk(&|c| market(&before, c)), risk(&|c| market(&after, c))),
        users: (risk(&|c| users(&before, c)), risk(&|c| users(&after, c))),
        years,
        elements,
        disruptions: by_disruption(world, &|c| (market(&before, c), market(&after, c))),
        places,
        stages: stages(world, x),
    })
}

fn views(world: &World, oracle: &mut Oracle, x: &[f64]) -> Result<Vec<View>, PlanError> {
    // So that every patch has its start, the same whatever was asked before.
    oracle.solve(&world.instance, x)?;
    let costs = world.instance.recourse.costs();
    oracle.look(&world.instance, x, |c, solution| {
        let year = world.cells[c].year;
        let nearest = |(y, ..): &&(i32, f64, Vec<f64>)| *y == year.min(2030);
        let undisturbed = world.undisturbed.iter().find(nearest);
        let users = (world.segments.iter().zip(&world.chain.segments).enumerate())
            .map(|(s, (columns, segment))| {
                let price = solution.price(RowId(segment.node.0));
                let surplus: f64 = columns
                    .clone()
                    .map(|j| solution.col_values[j] * (costs[j] - price))
                    .sum();
                let usual = undisturbed.and_then(|(.., all)| all.get(s)).copied().unwrap_or(surplus);
                world.instance.cells[c].scale * (usual - surplus)
            })
            .collect();
        let capacity = world.instance.capacity_in(&world.instance.cells[c], x);
        let used = (capacity.iter().zip(&world.candidates))
            .map(|(k, candidate)| {
                let (first, last) = candidate.columns;
                let level: f64 = solution.col_values[first..last].iter().sum();
                if *k > 0.0 { level / k } else { 0.0 }
            })
            .collect();
        View {
            welfare: solution.objective,
            users,
            used,
        }
    })
}

fn years(
    world: &World,
    chance: &[f64],
    market: &dyn Fn(usize) -> (f64, f64),
    users: &dyn Fn(usize) -> (f64, f64),
) -> Vec<YearOf> {
    let last = world.question.from + i32::try_from(world.question.years).unwrap_or(0);
    (world.question.from..last)
        .map(|year| {
            let mut of = YearOf {
                year,
                disturbed: 0.0,
                loss: (0.0, 0.0),
                users: (0.0, 0.0),
            };
            for (c, cell) in world.cells.iter().enumerate().filter(|(_, cell)| cell.year == year) {
                let (m, u) = (market(c), users(c));
                of.loss.0 += chance[c] * m.0;
                of.loss.1 += chance[c] * m.1;
                of.users.0 += chance[c] * u.0;
                of.users.1 += chance[c] * u.1;
                if disturbs_market(world, &cell.disturbed) {
                    of.disturbed += chance[c];
                }
            }
            of
        })
        .collect()
}

fn disturbs_market(world: &World, state: &BTreeSet<usize>) -> bool {
    let market = |d: &usize| {
        world
            .disruptions
            .get(*d)
            .is_some_and(|d| d.kind != DisruptionKind::Partner)
    };
    state.iter().any(market)
}

/// Elements in what each segment uses, by share of value at base prices.
fn element_shares(world: &World) -> Vec<Vec<(Element, f64)>> {
    let chain = &world.chain;
    let price = |element: Element, place| {
        let here = chain.node(Product::Oxide(element), place);
        let node = here.or_else(|| chain.node(Product::Oxide(element), chain.place("CHN")?));
        node.map_or(0.0, |n| chain.nodes[n.index()].base_price.max(0.0))
    };
    (chain.segments.iter())
        .map(|segment| {
            let node = &chain.nodes[segment.node.index()];
            match node.product {
                Product::Magnet(_) => {
                    let worth: Vec<(Element, f64)> = (Element::ALL.iter())
                        .map(|e| {
                            (
                                *e,
                                chain.catalogue.element_content(node.product, *e) * price(*e, node.place),
                            )
                        })
                        .filter(|(_, worth)| *worth > 0.0)
                        .collect();
                    let all: f64 = worth.iter().map(|(_, w)| w).sum();
                    worth.into_iter().map(|(e, w)| (e, w / all)).collect()
                }
                Product::Oxide(e) | Product::Metal(e) | Product::InSolution(e) => vec![(e, 1.0)],
                _ => Vec::new(),
            }
        })
        .collect()
}

/// Loss of the market in the last year, calm and with each disruption by itself, the dearest first.
fn by_disruption(world: &World, market: &dyn Fn(usize) -> (f64, f64)) -> Vec<Exposure> {
    let name = |d: Option<usize>| match d.and_then(|d| world.disruptions.get(d)) {
        Some(disruption) => disruption.disruption.clone(),
        None => "calm_year".to_owned(),
    };
    let mut list: Vec<Exposure> = (world.alone.iter())
        .map(|(d, cell)| {
            let (before, after) = market(*cell);
            Exposure {
                of: name(*d),
                before,
                after,
            }
        })
        .collect();
    list.sort_by(|a, b| b.before.total_cmp(&a.before));
    list
}

fn planned(world: &World, x: &[f64], values: Option<&Values>, chance: &[f64], after: &[View]) -> Vec<Planned> {
    let mut list: Vec<Planned> = Vec::new();
    for (c, choice) in world.instance.choices.iter().enumerate().filter(|(c, _)| x[*c] > 0.5) {
        let m = &world.candidates[choice.measure].measure;
        let at = values.and_then(|v| v.choices.iter().position(|chosen| *chosen == c));
        let factor = world.discount(choice.start);
        let rest = choice.cost - factor * m.cost_musd.0;
        let used = |disturbed: bool| {
            let (mut all, mut sum) = (0.0, 0.0);
            for (cell, of) in world.cells.iter().enumerate() {
                let here = world.instance.cells[cell].reach.iter().any(|(r, _)| *r == c);
                if here && disturbs_market(world, &of.disturbed) == disturbed {
                    all += chance[cell];
                    sum += chance[cell] * after[cell].used[choice.measure];
                }
            }
            if all > 0.0 { sum / all } else { f64::NAN }
        };
        list.push(Planned {
            candidate: choice.measure,
            start: choice.start,
            first: choice.start + super::world::whole(m.lead_years),
            cost: choice.cost,
            cost_range: (rest + factor * m.cost_musd_low.0, rest + factor * m.cost_musd_high.0),
            left_out: values.zip(at).and_then(|(v, at)| v.left_out.get(at).copied()),
            shapley: values.zip(at).and_then(|(v, at)| v.shapley.get(at).copied()),
            used: (used(false), used(true)),
        });
    }
    list.sort_by(|a, b| a.start.cmp(&b.start).then(b.cost.total_cmp(&a.cost)));
    list
}

fn stages(world: &World, x: &[f64]) -> Vec<(String, f64)> {
    let mut sums: BTreeMap<(usize, String), f64> = BTreeMap::new();
    for choice in world
        .instance
        .choices
        .iter()
        .zip(x)
        .filter(|(_, x)| **x > 0.5)
        .map(|(c, _)| c)
    {
        let candidate = &world.candidates[choice.measure];
        let m = &candidate.measure;
        if let (Some(stage), Some(size)) = (m.stage, m.size) {
            let order = monazite_evidence::Stage::ALL
                .iter()
                .position(|s| *s == stage)
                .unwrap_or(0);
            *sums.entry((order, stage.as_str().to_owned())).or_default() += size;
        }
    }
    sums.into_iter().map(|((_, stage), tonnes)| (stage, tonnes)).collect()
}
