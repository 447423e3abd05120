//! Explanations in plain English.

use super::binding::{Binding, Limit};
use super::numbers::{against_base, amount, counted, list, money, percent};
use super::price::PriceExplanation;
use super::supply::{Arrival, Made, Supply};
use super::tables::{NOTHING, unit};
use super::use_side::{Cut, Demand, SinkKind};
use super::walk::{Down, Relation, Up};

/// Sources, constraints and users named in one sentence each; the rest is counted.
const NAMED: usize = 3;
/// A part below this share of the whole is summed up with the others.
const SMALL: f64 = 0.02;

/// The lines of a price explanation.
pub(super) fn price(e: &PriceExplanation) -> Vec<String> {
    let mut lines = vec![headline(e)];
    lines.extend(supply(e));
    lines.extend(arithmetic(e));
    lines.extend(bindings(&e.bindings, e));
    lines.extend(super::state::lines(e));
    lines.extend(stock(e));
    lines.extend(behind(e));
    lines.extend(users(&e.demand, &e.product, &e.place));
    lines.extend(towards_users(e));
    lines.push(worth(e));
    lines
}

fn headline(e: &PriceExplanation) -> String {
    let average = if (e.average_usd_per_kg / e.spot_usd_per_kg - 1.0).abs() > 0.01 {
        format!("; with contracts the average is {}", amount(e.average_usd_per_kg))
    } else {
        String::new()
    };
    format!(
        "{} in {}, {}: {} USD/kg, {}{average} (money of {}; evidence of the base price: {}).",
        e.product,
        e.place,
        e.quarter,
        amount(e.spot_usd_per_kg),
        against_base(e.spot_usd_per_kg, e.base_usd_per_kg),
        e.base_year,
        e.confidence,
    )
}

fn supply(e: &PriceExplanation) -> Vec<String> {
    let Supply {
        arrivals,
        made,
        drawn,
        released,
    } = &e.supply;
    let all = e.supply.fresh() + drawn.max(0.0) + released;
    if all <= NOTHING {
        return vec!["Nothing comes to market here.".to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    let big_made: Vec<&Made> = made.iter().filter(|m| m.quantity >= SMALL * all).take(NAMED).collect();
    for m in &big_made {
        parts.push(format!(
            "{} {}{}",
            amount(m.quantity),
            verb(m),
            was(m.quantity, m.base_quantity)
        ));
    }
    let big: Vec<&Arrival> = arrivals
        .iter()
        .filter(|a| a.quantity >= SMALL * all)
        .take(NAMED + 1)
        .collect();
    for a in &big {
        parts.push(format!(
            "{} from {}{}",
            amount(a.quantity),
            a.origin,
            was(a.quantity, a.base_quantity)
        ));
    }
    if *drawn > 0.002 * all {
        parts.push(format!("{} drawn from stock", amount(*drawn)));
    }
    if *released > NOTHING {
        parts.push(format!("{} released from strategic stocks", amount(*released)));
    }
    let named = big_made.iter().map(|m| m.quantity).sum::<f64>() + big.iter().map(|a| a.quantity).sum::<f64>();
    let rest = e.supply.fresh() - named;
    if rest > 0.001 * all {
        parts.push(format!("{} from others", amount(rest)));
    }
    vec![format!("{} {} come to market: {}.", amount(all), e.unit, list(&parts))]
}

/// What it was in the base quarter, where that was another.
fn was(now: f64, base: f64) -> String {
    if (now - base).abs() <= 0.02 * base.max(now) {
        String::new()
    } else {
        format!(" (base {})", amount(base))
    }
}

fn verb(made: &Made) -> String {
    match made.activity.as_str() {
        "finish" => "separated here".to_owned(),
        "mine" => format!("mined here from {}", made.item),
        "fall_back" => match made.inputs.first() {
            Some(input) => format!("served with {} instead", input.product),
            None => "served with another grade".to_owned(),
        },
        _ => "made here".to_owned(),
    }
}

fn arithmetic(e: &PriceExplanation) -> Vec<String> {
    let mut lines = Vec::new();
    let fresh = e.supply.fresh();
    let worth_it = |quantity: f64| quantity > NOTHING && quantity >= SMALL * fresh;
    for a in e.supply.arrivals.iter().filter(|a| worth_it(a.quantity)).take(NAMED) {
        let mut terms = vec![format!("{} there", amount(a.origin_usd_per_kg))];
        let mut term = |value: f64, what: &str| {
            if value.abs() >= 0.0005 * e.spot_usd_per_kg {
                terms.push(format!("{} {what}", amount(value)));
            }
        };
        term(a.margin_usd_per_kg, "freight and margin");
        term(a.duty_usd_per_kg, "duty or mark-up");
        term(a.licence_rent_usd_per_kg, "licence rent");
        term(a.quota_rent_usd_per_kg, "quota rent");
        let sum = sum(&terms);
        lines.push(format!(
            "- From {}: {sum} = {} USD/kg.",
            a.origin,
            amount(a.landed_usd_per_kg())
        ));
    }
    for m in e
        .supply
        .made
        .iter()
        .filter(|m| worth_it(m.quantity) && m.is_priced())
        .take(2)
    {
        lines.extend(made_sum(m, e.spot_usd_per_kg).map(|sum| format!("- {}: {sum}.", capital(&verb(m)))));
    }
    lines
}

/// `39 metal:Dy + 25 metal:Nd + 20 processing = 111 USD/kg`.
fn made_sum(made: &Made, spot: f64) -> Option<String> {
    let mut inputs: Vec<(f64, &str)> = made
        .inputs
        .iter()
        .map(|i| (i.cost_usd_per_kg.unwrap_or_default(), i.product.as_str()))
        .collect();
    inputs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let split = inputs
        .iter()
        .take(NAMED)
        .filter(|(cost, _)| *cost >= SMALL * spot)
        .count();
    let (big, small) = inputs.split_at(split);
    let mut terms: Vec<String> = big
        .iter()
        .map(|(cost, product)| format!("{} {product}", amount(*cost)))
        .collect();
    let mut term = |value: f64, what: &str| {
        if value.abs() >= 0.0005 * spot {
            terms.push(format!("{} {what}", amount(value)));
        }
    };
    term(small.iter().map(|(cost, _)| cost).sum(), "other inputs");
    term(made.plant_rent_usd_per_kg, "rent of full plants");
    let rest = if made.activity == "fall_back" {
        "for the change"
    } else {
        "processing"
    };
    term(made.processing_usd_per_kg?, rest);
    term(-made.by_products_usd_per_kg, "scrap and by-products");
    Some(format!("{} = {} USD/kg", sum(&terms), amount(made.cost_usd_per_kg()?)))
}

/// Terms joined by their signs.
fn sum(terms: &[String]) -> String {
    let mut text = String::new();
    for (at, term) in terms.iter().enumerate() {
        let (sign, size) = term
            .strip_prefix('−')
            .map_or((" + ", term.as_str()), |size| (" − ", size));
        if at > 0 {
            text.push_str(sign);
            text.push_str(size);
        } else {
            text.push_str(term);
        }
    }
    text
}

/// What binds, or that nothing does.
pub(super) fn bindings(all: &[Binding], e: &PriceExplanation) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(NAMED).map(|b| binding(b, &e.kinds)).collect();
    if all.len() > NAMED {
        lines.push(format!(
            "{} bind here.",
            counted(all.len() - NAMED, "more limit", "more limits")
        ));
    }
    if all.is_empty() && e.upstream.is_empty() {
        lines.push("No licence, quota or full plant holds it back here.".to_owned());
    }
    lines
}

pub(super) fn binding(b: &Binding, kinds: &std::collections::BTreeMap<String, String>) -> String {
    let rent = amount(b.rent_usd_per_kg);
    let events = || match b.events.as_slice() {
        [] => "A limit".to_owned(),
        [one] => format!("The {} `{one}`", kinds.get(one).map_or("event", String::as_str)),
        many => format!(
            "Each of {}",
            list(&many.iter().map(|e| format!("`{e}`")).collect::<Vec<_>>())
        ),
    };
    match &b.limit {
        Limit::Route { origin } if b.allowed.is_some_and(|a| a <= NOTHING) => {
            format!("{} closes {origin} to {} for {}.", events(), b.place, b.product)
        }
        Limit::Route { origin } => {
            let of_base = match (b.allowed, b.base) {
                (Some(allowed), Some(base)) if base > NOTHING => {
                    format!(
                        "{} {}, {} of the base quarter",
                        amount(allowed),
                        unit(&b.product),
                        percent(allowed / base)
                    )
                }
                (Some(allowed), _) => format!("{} {}", amount(allowed), unit(&b.product)),
                _ => "what it allows".to_owned(),
            };
            format!(
                "{} holds {origin} to {} at {of_base}, and all of it is used: one more licensed kilogram is worth {rent} USD.",
                events(),
                b.place,
            )
        }
        Limit::Quota { origin } => {
            format!(
                "{} limits {origin} to {} along with other routes: one more kilogram of quota is worth {rent} USD.",
                events(),
                b.place
            )
        }
        Limit::Plant { stage, facility } => {
            let what = facility.as_deref().map_or_else(|| stage_words(stage), str::to_owned);
            match b.allowed {
                Some(limit) if limit <= NOTHING => {
                    format!(
                        "{} has no {what}: a first kilogram through a plant there would be worth {rent} USD.",
                        b.place
                    )
                }
                _ => format!(
                    "{} in {} is full ({} of {} t): one more kilogram through it is worth {rent} USD.",
                    capital(&what),
                    b.place,
                    amount(b.used),
                    amount(b.allowed.unwrap_or_default()),
                ),
            }
        }
    }
}

fn stage_words(stage: &str) -> String {
    match stage {
        "separation_heavy" => "heavy separation".to_owned(),
        "separation_light" => "light separation".to_owned(),
        "metal" => "metal making".to_owned(),
        "magnet" => "magnet making".to_owned(),
        "magnet_smco" => "samarium-cobalt magnet making".to_owned(),
        other => other.replace('_', " "),
    }
}

fn stock(e: &PriceExplanation) -> Option<String> {
    let s = e.demand.stock.as_ref()?;
    let moved = s.closing - s.opening;
    let target = format!("{} {}", amount(s.target), e.unit);
    let share = if s.target > NOTHING { s.closing / s.target } else { 0.0 };
    let level = format!("{} of its target of {target}", percent(share));
    let did = if moved.abs() <= 0.01 * s.target {
        if s.closing <= NOTHING {
            format!("Stock stays empty; its target is {target}")
        } else {
            format!("Stock stays at {level}")
        }
    } else if moved > 0.0 {
        format!("Stock grows by {} {}, to {level}", amount(moved), e.unit)
    } else {
        format!("Stock falls by {} {}, to {level}", amount(-moved), e.unit)
    };
    let against = match s.expected_usd_per_kg / e.spot_usd_per_kg {
        ratio if ratio > 1.02 => ", more than it costs now",
        ratio if ratio < 0.98 => ", less than it costs now",
        _ => "",
    };
    Some(format!(
        "{did}; holders expect {} USD/kg{against}.",
        amount(s.expected_usd_per_kg)
    ))
}

fn behind(e: &PriceExplanation) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut before = (e.product.as_str(), e.place.as_str());
    for step in &e.upstream {
        lines.push(up(step, before));
        before = (&step.product, &step.place);
    }
    if !e.upstream.is_empty() {
        lines.extend(
            e.bindings_upstream
                .iter()
                .filter(|b| !e.bindings.contains(b))
                .take(2)
                .map(|b| binding(b, &e.kinds)),
        );
    }
    lines
}

fn up(step: &Up, before: (&str, &str)) -> String {
    let price = format!(
        "{} USD/kg there, {}",
        amount(step.spot_usd_per_kg),
        against_base(step.spot_usd_per_kg, step.base_usd_per_kg)
    );
    match step.relation {
        Relation::Ships => format!(
            "{} in {} follows {}, its largest source that nothing caps: {price}.",
            before.0, before.1, step.place
        ),
        Relation::Makes => {
            let rise = match step.share_of_rise {
                Some(share) if share >= 0.05 => format!(" and {} of its rise", percent(share.min(1.0))),
                _ => String::new(),
            };
            format!(
                "{} is {} of the price of {} in {}{rise}: {price}.",
                step.product,
                percent(step.share_of_price),
                before.0,
                before.1
            )
        }
    }
}

/// Who does without, of those who use a product in a place.
pub(super) fn users(demand: &Demand, product: &str, place: &str) -> Option<String> {
    if demand.wanted <= NOTHING {
        return None;
    }
    let cut: Vec<&Cut> = demand.end_uses.iter().filter(|c| c.share() >= 0.005).collect();
    let taken = format!(
        "End users of {product} in {place} take {} of {} {} wanted",
        amount(demand.used),
        amount(demand.wanted),
        unit(product)
    );
    if cut.is_empty() {
        return Some(format!("{taken}: none is cut back."));
    }
    let mut named: Vec<String> = cut
        .iter()
        .take(NAMED)
        .map(|c| format!("{} −{}", c.end_use, percent(c.share())))
        .collect();
    if cut.len() > NAMED {
        named.push(counted(cut.len() - NAMED, "other", "others"));
    }
    Some(format!("{taken}: {}.", list(&named)))
}

fn towards_users(e: &PriceExplanation) -> Vec<String> {
    let mut lines = Vec::new();
    let mut before = (e.product.as_str(), e.place.as_str());
    for step in &e.downstream {
        lines.push(down(step, before));
        before = (&step.product, &step.place);
    }
    if let Some(demand) = &e.demand_downstream {
        lines.extend(users(demand, before.0, before.1));
        let shipped: f64 = demand
            .sinks
            .iter()
            .filter(|s| s.kind == SinkKind::Shipped)
            .map(|s| s.quantity)
            .sum();
        if shipped > 0.2 * demand.taken() {
            let to: Vec<String> = demand
                .sinks
                .iter()
                .filter(|s| s.kind == SinkKind::Shipped)
                .take(NAMED)
                .map(|s| s.to.clone())
                .collect();
            lines.push(format!(
                "{} of {} there goes on to others, most to {}.",
                percent(shipped / demand.taken()),
                before.0,
                list(&to)
            ));
        }
    }
    lines
}

fn down(step: &Down, before: (&str, &str)) -> String {
    let share = if step.share_of_use > 0.995 {
        "All".to_owned()
    } else {
        percent(step.share_of_use)
    };
    match step.relation {
        Relation::Ships => format!("{share} of {} in {} goes on to {}.", before.0, before.1, step.place),
        Relation::Makes => format!(
            "{share} of {} in {} goes into {} ({} USD/kg there, {} of it {}).",
            before.0,
            before.1,
            step.product,
            amount(step.spot_usd_per_kg),
            percent(step.share_of_price),
            before.0
        ),
    }
}

fn worth(e: &PriceExplanation) -> String {
    let tonne = format!(
        "One more tonne here would be worth {}",
        money(e.worth_of_a_tonne_kusd())
    );
    let licensed = e.bindings.iter().find_map(|b| match &b.limit {
        Limit::Route { origin } if b.rent_usd_per_kg > 0.0 => Some(format!(
            "; one more licensed tonne from {origin} {}",
            money(b.rent_usd_per_kg)
        )),
        Limit::Quota { origin } => Some(format!(
            "; one more tonne of quota from {origin} {}",
            money(b.rent_usd_per_kg)
        )),
        _ => None,
    });
    format!("{tonne}{}.", licensed.unwrap_or_default())
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Why a shortage is what it is: sources, limits and what stands behind them, without the users.
pub(super) fn cause(e: &PriceExplanation) -> Vec<String> {
    let mut lines: Vec<String> = supply(e)
        .into_iter()
        .map(|line| format!("In {}: {line}", e.quarter))
        .collect();
    lines.extend(bindings(&e.bindings, e));
    lines.extend(stock(e));
    lines.extend(behind(e));
    lines.push(worth(e));
    lines
}
