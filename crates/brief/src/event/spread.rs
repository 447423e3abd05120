//! `Dysprosium rose 5% and terbium 7%`: one verb for several, each with an amount of its own, tells several events.

use std::ops::Range;

use super::sentence::Sentence;
use super::{Event, EventKind, Party};
use crate::amount::Amount;
use crate::entity::{Entity, EntityKind};

/// Who stands beside an amount of its own.
struct Share {
    whose: Vec<Party>,
    amount: Amount,
}

/// A name or an amount, in the order of the text.
enum Item {
    Name(Party, Range<usize>),
    Sum(Amount),
}

impl Sentence<'_> {
    /// The events that one telling stands for: itself, where its amounts are not shared out.
    pub(super) fn spread(&self, event: Event, clause: &Range<usize>) -> Vec<Event> {
        let within = |amount: &&Amount| amount.span.touches(clause);
        let percents = self.amounts.iter().filter(within).filter(|amount| amount.is_percent());
        // `Dysprosium rose to $400 and terbium to $900`: where no two percentages are told, prices are.
        let by_price = event.kind == EventKind::PriceMove && percents.count() < 2;
        let counts = |amount: &Amount| match event.kind {
            EventKind::PriceMove if by_price => amount.is_price(),
            EventKind::PriceMove => amount.is_percent(),
            EventKind::Investment => amount.is_money(),
            EventKind::Offtake => amount.is_mass(),
            _ => false,
        };
        let of_prices = event.kind == EventKind::PriceMove;
        let material =
            |entity: &Entity| matches!(entity.kind, EntityKind::Element | EntityKind::Mineral) || entity.key == "NdPr";
        let of_shares = of_prices && !self.context.found.within(clause).any(|(_, entity)| material(entity));
        let named = |entity: &Entity| match entity.kind {
            EntityKind::Element | EntityKind::Group | EntityKind::Mineral => of_prices && material(entity),
            EntityKind::Company => !of_prices || of_shares,
            _ => false,
        };
        let sums = self.amounts.iter().filter(within).filter(|amount| counts(amount));
        let mut items: Vec<(usize, Item)> = sums.map(|sum| (sum.span.start(), Item::Sum(sum.clone()))).collect();
        if items.len() < 2 {
            return vec![event];
        }
        for (mention, entity) in self.context.found.within(clause) {
            if named(entity) {
                let party = Party::of(entity);
                items.push((mention.range.start, Item::Name(party, mention.range.clone())));
            }
        }
        items.sort_by_key(|(at, _)| *at);
        let items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        let respectively = self.slice(clause).contains("respectively");
        let items = if by_price { with_one_price(items) } else { items };
        let Some((common, shares)) = self.shares(&items, respectively, of_prices) else {
            return vec![event];
        };
        let others: Vec<Party> = event
            .parties
            .iter()
            .filter(|party| {
                !shares
                    .iter()
                    .any(|share| share.whose.iter().any(|own| own.key == party.key))
            })
            .filter(|party| !of_prices || party.kind == EntityKind::Company && !of_shares)
            .filter(|party| common.as_ref().is_none_or(|common| common.key != party.key))
            .cloned()
            .collect();
        let told = shares.into_iter().map(|share| {
            let mut one = event.clone();
            one.parties = common.iter().chain(&others).chain(&share.whose).cloned().collect();
            if of_prices {
                one.objects.clone_from(&share.whose);
            }
            one.amounts = vec![share.amount];
            one
        });
        told.collect()
    }

    /// Names and amounts in pairs: `A 5%, B 7%`, `5% for A, 7% for B`, `A and B, 5% and 7% respectively`; who stands before
    /// all of them takes part in each.
    fn shares(&self, items: &[Item], respectively: bool, of_prices: bool) -> Option<(Option<Party>, Vec<Share>)> {
        let is_name = |item: Option<&Item>| matches!(item, Some(Item::Name(..)));
        let (mut common, mut rest) = (None, items);
        if !of_prices && self.stands_before_all(items) {
            let (first, more) = items.split_first()?;
            if let Item::Name(party, _) = first {
                common = Some(party.clone());
            }
            rest = more;
        }
        let names = rest.iter().take_while(|item| is_name(Some(item))).count();
        if respectively
            && names >= 2
            && names * 2 == rest.len()
            && !rest.iter().skip(names).any(|item| is_name(Some(item)))
        {
            let pairs = rest.iter().take(names).zip(rest.iter().skip(names));
            let shares = pairs.filter_map(|(name, sum)| share(vec![name], sum)).collect();
            return Some((common, shares));
        }
        // Every amount has names, all on the same side of it.
        let before = is_name(rest.first());
        if before == is_name(rest.last()) {
            return None;
        }
        let forward: Vec<&Item> = if before {
            rest.iter().collect()
        } else {
            rest.iter().rev().collect()
        };
        let mut shares = Vec::new();
        let mut whose: Vec<&Item> = Vec::new();
        for item in forward {
            if is_name(Some(item)) {
                whose.push(item);
            } else if whose.is_empty() {
                return None;
            } else {
                shares.extend(share(std::mem::take(&mut whose), item));
            }
        }
        if !before {
            shares.reverse();
        }
        (shares.len() >= 2).then_some((common, shares))
    }

    /// `The fund lends $5 million to A and $7 million to B`, `The fund has contracts with A for …`: the first name is of both.
    fn stands_before_all(&self, items: &[Item]) -> bool {
        match items {
            [Item::Name(..), Item::Sum(_), .., Item::Name(..)] => true,
            [Item::Name(_, first), Item::Name(_, second), ..] => {
                let gap = self.slice(&(first.end..second.start));
                !matches!(gap.trim(), "," | "and" | "&" | ", and" | "or")
            }
            _ => false,
        }
    }
}

/// `from $380 to $400` is one price, the first: what comes after it was or will be.
fn with_one_price(items: Vec<Item>) -> Vec<Item> {
    let mut list: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let again = matches!(item, Item::Sum(_)) && matches!(list.last(), Some(Item::Sum(_)));
        if !again {
            list.push(item);
        }
    }
    list
}

fn share(whose: Vec<&Item>, sum: &Item) -> Option<Share> {
    let Item::Sum(amount) = sum else { return None };
    let names = whose.into_iter().filter_map(|item| match item {
        Item::Name(party, _) => Some(party.clone()),
        Item::Sum(_) => None,
    });
    Some(Share {
        whose: names.collect(),
        amount: amount.clone(),
    })
}
