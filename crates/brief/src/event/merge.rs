//! One event told in several sentences is one event.

use jiff::civil::Date;

use super::matter::{of_goods, other_matter};
use super::{Event, EventKind, Status};
use crate::amount::Amount;
use crate::entity::EntityKind;

/// What stands in the first bytes of a text is its headline, what stands in some more its lead.
const HEADLINE: usize = 100;
const LEAD: usize = 400;

/// Puts together what is told twice, the headline and the lead for instance.
pub(super) fn merged(events: Vec<Event>, published: Option<Date>) -> Vec<Event> {
    // A text without a date is of the latest day that it speaks of as past, or a little later.
    let settled = |event: &&Event| !matches!(event.status, Status::Planned | Status::Rumoured);
    let days = events
        .iter()
        .filter(settled)
        .filter_map(|event| Some(event.when.as_ref()?.until));
    let today = published.or(days.max());
    let mut kept: Vec<Event> = Vec::new();
    for event in events {
        if let Some(last) = kept.last_mut()
            && tells_more(last, &event)
        {
            last.kind = event.kind;
            last.instrument.clone_from(&event.instrument);
            last.rule.clone_from(&event.rule);
            join(last, event);
            continue;
        }
        if let Some(deal) = kept.iter_mut().rev().find(|known| is_meant(known, &event)) {
            deal.spans.join(&event.spans);
            continue;
        }
        match kept.iter_mut().find(|known| is_same(known, &event, published, today)) {
            Some(known) => join(known, event),
            None => kept.push(event),
        }
    }
    kept
}

/// `… announced a deal. Apple will buy magnets …`: the next sentence says what the deal is.
fn tells_more(deal: &Event, event: &Event) -> bool {
    let two_sums = deal
        .amounts
        .first()
        .zip(event.amounts.first())
        .is_some_and(|(own, other)| own.unit == other.unit && (own.value - other.value).abs() > 0.02 * own.value.abs());
    let what = !two_sums
        && matches!(
            event.kind,
            EventKind::Offtake | EventKind::Investment | EventKind::Acquisition
        );
    let said = deal.kind == EventKind::Agreement && deal.trigger.text().to_lowercase().ends_with("deal");
    let near = event.trigger.start().saturating_sub(deal.trigger.end()) < 200;
    what && said && near && !event.parties.is_empty() && parties_agree(deal, event) && amounts_agree(deal, event)
}

/// `This agreement with the council`, after the contract to buy: the deal told of before, not another.
fn is_meant(deal: &Event, event: &Event) -> bool {
    let words = event.trigger.text().to_lowercase();
    let definite = [
        "the agreement",
        "this agreement",
        "our agreement",
        "the deal",
        "this deal",
        "under the agreement",
    ];
    let told = matches!(
        deal.kind,
        EventKind::Offtake | EventKind::Acquisition | EventKind::Investment
    );
    let shared = event
        .parties
        .iter()
        .filter(|party| party.kind == EntityKind::Company || party.kind == EntityKind::Institution)
        .any(|party| deal.parties.iter().any(|other| other.key == party.key));
    event.kind == EventKind::Agreement
        && told
        && shared
        && event.amounts.is_empty()
        && definite.iter().any(|start| words.starts_with(start))
}

fn is_same(a: &Event, b: &Event, published: Option<Date>, today: Option<Date>) -> bool {
    a.kind == b.kind
        && parties_agree(a, b)
        && amounts_agree(a, b)
        && dates_agree(a, b, published)
        && !is_background(a, b, today)
        && statuses_agree(a, b)
        && !(of_goods(a.kind) && other_matter(a, b))
        && (a.signs.direction.zip(b.signs.direction)).is_none_or(|(own, other)| own == other)
}

/// `Peak takes Shenghe's bid` and `Peak rejects that of GICP`: one of two firms shared, and neither telling is a part of the other.
fn other_partner(a: &Event, b: &Event) -> bool {
    let firms = |event: &Event| -> Vec<String> {
        let firms = event.parties.iter().filter(|party| party.kind == EntityKind::Company);
        firms.map(|party| party.key.clone()).collect()
    };
    let (own, other) = (firms(a), firms(b));
    let shared = own.iter().filter(|firm| other.contains(firm)).count();
    let deal = matches!(
        a.kind,
        EventKind::Acquisition | EventKind::Offtake | EventKind::Investment
    );
    // `Delhi has spoken with the rebels, and Beijing has not`: two talks.
    let alone = |one: &Event, another: &Event| {
        let own = one.parties.iter().filter(|party| !another.parties.contains(party));
        one.parties.len() == 2 && own.filter(|party| party.kind == EntityKind::Country).count() == 1
    };
    let speaks = a.kind == EventKind::Talks && alone(a, b) && alone(b, a);
    // `Money of the ministry and of the bank for the same firm`: two givers.
    let givers = |event: &Event| -> Vec<String> {
        let givers = event
            .parties
            .iter()
            .filter(|party| party.kind == EntityKind::Institution);
        givers.map(|party| party.key.clone()).collect()
    };
    let (one, another) = (givers(a), givers(b));
    let apart = !one.is_empty() && !another.is_empty() && one.iter().all(|giver| !another.contains(giver));
    deal && own.len() == 2 && other.len() == 2 && shared == 1 || speaks || a.kind == EventKind::Investment && apart
}

fn parties_agree(a: &Event, b: &Event) -> bool {
    if other_partner(a, b) {
        return false;
    }
    if a.kind == EventKind::PriceMove {
        // Where both name elements, groups say nothing.
        let elements = |event: &Event| -> Vec<String> {
            let single = |kind: EntityKind| matches!(kind, EntityKind::Element | EntityKind::Mineral);
            let own = event.parties.iter().filter(|party| single(party.kind));
            own.map(|party| party.key.clone()).collect()
        };
        let (own, other) = (elements(a), elements(b));
        if !own.is_empty() && !other.is_empty() {
            return own.iter().any(|element| other.contains(element));
        }
        let shared = a.objects.iter().any(|object| b.objects.contains(object));
        return shared || a.objects.is_empty() || b.objects.is_empty();
    }
    let standing = matches!(
        a.kind,
        EventKind::Closure | EventKind::Accident | EventKind::Opening | EventKind::Licence
    );
    a.parties.is_empty()
        || b.parties.is_empty()
        || standing && (shares_site(a, b) || shares_site(b, a))
        || a.kind == EventKind::Accident && (only_states(a) || only_states(b) || same_days(a, b))
        || a.parties
            .iter()
            .any(|party| b.parties.iter().any(|other| other.key == party.key))
}

/// A deposit or plant that acts in one telling and is what the other is about.
fn shares_site(a: &Event, b: &Event) -> bool {
    let site = |kind: EntityKind| matches!(kind, EntityKind::Deposit | EntityKind::Plant);
    a.parties.iter().filter(|party| site(party.kind)).any(|party| {
        b.parties
            .iter()
            .chain(&b.objects)
            .any(|other| site(other.kind) && other.key == party.key)
    })
}

/// Accidents of the same days are told as one.
fn same_days(a: &Event, b: &Event) -> bool {
    a.when
        .as_ref()
        .zip(b.when.as_ref())
        .is_some_and(|(own, other)| own.from <= other.until && other.from <= own.until)
}

/// `A landslide in Myanmar` and `the landslide at Pangwa`: one telling names no more than the country.
fn only_states(event: &Event) -> bool {
    event
        .parties
        .iter()
        .all(|party| matches!(party.kind, EntityKind::Country | EntityKind::Institution))
}

fn amounts_agree(a: &Event, b: &Event) -> bool {
    let (Some(x), Some(y)) = (a.amounts.first(), b.amounts.first()) else {
        return true;
    };
    let shared = a
        .amounts
        .iter()
        .any(|x| b.amounts.iter().any(|y| x.unit == y.unit && !conflict(x, y)));
    shared || !conflict(x, y) && a.kind != EventKind::Tariff
}

/// Whether two amounts cannot be the same one.
pub(super) fn conflict(x: &Amount, y: &Amount) -> bool {
    if x.unit == y.unit {
        (x.value - y.value).abs() > 0.01 * x.value.abs().max(y.value.abs())
    } else {
        x.is_money() && y.is_money() && !may_be_same(x, y)
    }
}

/// Whether two sums in different currencies can be the same one. The bounds are rough, wide on purpose and **without a source**: they
/// only keep two tellings of one sum together, and no figure is ever converted with them.
fn may_be_same(x: &Amount, y: &Amount) -> bool {
    let worth = |unit: &str| match unit {
        "USD" => Some((1.0, 1.0)),
        "AUD" | "CAD" => Some((0.57, 1.1)),
        "NZD" | "SGD" => Some((0.54, 0.9)),
        "EUR" => Some((0.95, 1.6)),
        "GBP" => Some((1.05, 2.1)),
        "CNY" => Some((0.12, 0.17)),
        "JPY" => Some((0.006, 0.0133)),
        "INR" => Some((0.011, 0.0255)),
        "BRL" => Some((0.16, 0.65)),
        "RUB" => Some((0.0085, 0.043)),
        "KRW" => Some((0.00065, 0.0011)),
        "MYR" => Some((0.2, 0.34)),
        "ZAR" => Some((0.05, 0.15)),
        "KZT" => Some((0.0018, 0.0085)),
        _ => None,
    };
    let Some(((low, high), (other_low, other_high))) = worth(&x.unit).zip(worth(&y.unit)) else {
        return true;
    };
    x.value * low <= y.value * other_high && y.value * other_low <= x.value * high
}

/// `Construction begins at once, and the plant is to run by 2028`: two steps of one project, where no two sites are named.
fn one_project(a: &Event, b: &Event) -> bool {
    let firms = |event: &Event| -> Vec<String> {
        let firms = event.parties.iter().filter(|party| party.kind == EntityKind::Company);
        firms.map(|party| party.key.clone()).collect()
    };
    let sites = |event: &Event| -> Vec<String> {
        let all = event.parties.iter().chain(&event.objects);
        let sites = all.filter(|party| matches!(party.kind, EntityKind::Deposit | EntityKind::Plant));
        sites.map(|party| party.key.clone()).collect()
    };
    let (own, other) = (sites(a), sites(b));
    let same_site = own.is_empty() || other.is_empty() || own.iter().any(|site| other.contains(site));
    a.kind == EventKind::Opening
        && a.status == Status::Planned
        && b.status == Status::Planned
        && same_site
        && firms(a).iter().any(|firm| firms(b).contains(firm))
}

/// A deal of the same two, of which one telling gives no amount.
fn same_two(a: &Event, b: &Event) -> bool {
    let deal = matches!(
        a.kind,
        EventKind::Investment | EventKind::Acquisition | EventKind::Offtake | EventKind::Agreement
    );
    let shared = a
        .parties
        .iter()
        .filter(|party| party.kind == EntityKind::Company || party.kind == EntityKind::Institution)
        .filter(|party| b.parties.iter().any(|other| other.key == party.key))
        .count();
    deal && shared >= 2 && (a.amounts.is_empty() || b.amounts.is_empty())
}

/// `Base Resources, which acquired Toliara in 2017`, in news of its takeover: a deal of more than a year ago is not the news,
/// unless it is told with the same sum or the same two.
fn is_background(a: &Event, b: &Event, today: Option<Date>) -> bool {
    let deal = matches!(
        a.kind,
        EventKind::Investment | EventKind::Acquisition | EventKind::Agreement | EventKind::Offtake
    );
    let same_sum = a
        .amounts
        .first()
        .zip(b.amounts.first())
        .is_some_and(|(x, y)| !conflict(x, y));
    let old = |event: &Event| {
        let until = event.when.as_ref().map(|when| when.until);
        let of_a_year = event
            .when
            .as_ref()
            .is_some_and(|when| (when.until - when.from).get_days() > 300 && event.status != Status::Planned);
        of_a_year && today.is_none_or(|today| until.is_some_and(|until| (today - until).get_days() > 0))
            || until
                .zip(today)
                .is_some_and(|(until, today)| (today - until).get_days() > 400)
    };
    let apart = a.when.is_none() && old(b) || b.when.is_none() && old(a);
    deal && apart && !same_sum && !same_two(a, b)
}

/// Talks without a date are those of the day; talks of a month ago, or in a month, are others.
fn dates_agree(a: &Event, b: &Event, published: Option<Date>) -> bool {
    if same_two(a, b) || one_project(a, b) {
        return true;
    }
    match (&a.when, &b.when) {
        (Some(x), Some(y)) => x.from <= y.until && y.from <= x.until || (x.from - y.from).get_days().abs() <= 3,
        (Some(one), None) | (None, Some(one)) if a.kind == EventKind::Talks => published.is_none_or(|day| {
            let far = (one.from - day).get_days().max((day - one.until).get_days());
            far <= 20
        }),
        _ => true,
    }
}

/// Something planned and something done are two things when they are dated; a denial stays apart from what it denies.
fn statuses_agree(a: &Event, b: &Event) -> bool {
    let apart = |x: Status, y: Status| x == Status::Planned && y == Status::InForce;
    let denied = (a.status == Status::Denied) != (b.status == Status::Denied);
    let stopped = |status: Status| matches!(status, Status::Suspended | Status::Ended);
    let stops = stopped(a.status) != stopped(b.status);
    let dated = a.when.is_some() || b.when.is_some();
    // `The line will produce 2,500 t`: what was told to have started.
    let described = a.rule == "will-produce" || b.rule == "will-produce";
    let planned_twice = described || a.status == Status::Planned && b.status == Status::Planned;
    // `Russia and US begin talks`, then `have started talks`: a headline is in the present whatever its news is.
    let headline =
        a.trigger.start().min(b.trigger.start()) < HEADLINE && a.trigger.start().max(b.trigger.start()) < LEAD;
    let twice = (a.kind == EventKind::Talks || a.kind == EventKind::Opening) && !planned_twice && !headline;
    !(denied || stops || twice && dated && (apart(a.status, b.status) || apart(b.status, a.status)))
}

pub(super) fn join(known: &mut Event, more: Event) {
    for party in more.parties {
        if !known.parties.iter().any(|own| own.key == party.key) {
            known.parties.push(party);
        }
    }
    for object in more.objects {
        if !known.objects.contains(&object) {
            known.objects.push(object);
        }
    }
    for amount in more.amounts {
        if !known.amounts.iter().any(|own| own.unit == amount.unit) {
            known.amounts.push(amount);
        }
    }
    for hedge in more.hedges {
        if !known.hedges.contains(&hedge) {
            known.hedges.push(hedge);
        }
    }
    known.when = known.when.take().or(more.when);
    known.until = known.until.take().or(more.until);
    known.place = known.place.take().or(more.place);
    known.spans.join(&more.spans);
    known.signs.join(&more.signs);
    // The firmer word about it holds.
    if firmness(more.status) > firmness(known.status) {
        known.status = more.status;
    }
}

const fn firmness(status: Status) -> u8 {
    match status {
        Status::Rumoured => 0,
        Status::Planned => 1,
        Status::Announced => 2,
        Status::InForce => 3,
        Status::Signed => 4,
        Status::Denied | Status::Suspended | Status::Ended => 5,
    }
}
