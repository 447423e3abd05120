//! The sums of an event, and whether a clause holds what its rule needs.

use std::ops::Range;

use super::parts::objects;
use super::rules::Need;
use super::sentence::{Sentence, Set};
use super::{EventKind, Party};
use crate::amount::Amount;
use crate::entity::EntityKind;

/// How far after the words that set a rule off the mass stands that they speak of.
pub(super) const AHEAD: usize = 90;

impl Sentence<'_> {
    /// `its $420 million project`, `a $553mn mine`: what something costs is not what somebody gave.
    fn is_cost(&self, amount: &Amount) -> bool {
        let text = self.context.text.as_str();
        let after = text.get(amount.span.end()..).unwrap_or_default();
        let before = text.get(..amount.span.start()).unwrap_or_default();
        let owned = [" a ", " its ", " the ", " their ", "'s ", "\u{2019}s "]
            .iter()
            .any(|word| before.ends_with(word));
        let words = after.split([' ', '-']).filter(|word| !word.is_empty()).take(6);
        let mut named = words.skip_while(|word| {
            matches!(
                *word,
                "rare"
                    | "earth"
                    | "earths"
                    | "domestic"
                    | "new"
                    | "planned"
                    | "proposed"
                    | "heavy"
                    | "light"
                    | "mining"
            )
        });
        owned
            && named
                .next()
                .is_some_and(|word| matches!(word, "project" | "mine" | "refinery" | "deposit"))
    }

    pub(super) fn satisfied(&self, set: &Set<'_>, actors: &[Party], clause: &Range<usize>) -> bool {
        self.satisfied_with(set, actors, &objects(self.context.found, clause), clause)
    }

    pub(super) fn satisfied_with(
        &self,
        set: &Set<'_>,
        actors: &[Party],
        things: &[Party],
        clause: &Range<usize>,
    ) -> bool {
        let count = |kinds: &[EntityKind]| actors.iter().filter(|party| kinds.contains(&party.kind)).count();
        let orgs = count(&[EntityKind::Company, EntityKind::Institution]);
        let states = count(&[EntityKind::Country]);
        let sites = things
            .iter()
            .filter(|thing| matches!(thing.kind, EntityKind::Deposit | EntityKind::Plant))
            .count();
        let near = |test: &dyn Fn(&Amount) -> bool| {
            let here: Vec<&Amount> = self.amounts.iter().filter(|amount| test(amount)).collect();
            here.iter().any(|amount| amount.span.touches(clause)) || here.len() == 1
        };
        set.rule.needs.iter().all(|need| match need {
            Need::Party | Need::OrgOrSiteOrState => orgs + states + sites > 0,
            Need::TwoParties | Need::TwoSides => orgs + states + sites > 1,
            Need::Org => orgs > 0,
            Need::TwoOrgs => orgs > 1 || orgs + sites > 1,
            Need::TwoOrgsOrSite => orgs > 1 || orgs > 0 && sites > 0,
            Need::OrgOrSite => orgs + sites > 0,
            Need::OrgOrState => orgs + states > 0,
            Need::State => states > 0,
            Need::Money => near(&|amount| amount.is_money() && !self.is_cost(amount)),
            Need::MoneyOrPercent => near(&|amount| amount.is_money() || amount.is_percent()),
            Need::Percent => near(&Amount::is_percent),
            Need::Mass => near(&Amount::is_mass),
            Need::MassAfter => self.amounts.iter().any(|amount| {
                let inside = set.trigger.start <= amount.span.start() && amount.span.end() <= set.trigger.end;
                let ahead = amount.span.start().checked_sub(set.trigger.end);
                amount.is_mass() && (inside || ahead.is_some_and(|gap| gap < AHEAD))
            }),
            Need::PercentOrPriceOrMultiple => {
                near(&|amount| amount.is_percent() || amount.is_price())
                    || ["doubl", "tripl", "trebl", "quadrupl", "-fold", "record"]
                        .iter()
                        .any(|word| self.words.to_lowercase().contains(word))
            }
        })
    }

    /// Amounts of the right kind, the nearest to the trigger first; those of other clauses only where there is one event.
    pub(super) fn suitable(&self, kind: EventKind, trigger: &Range<usize>, clause: &Range<usize>) -> Vec<Amount> {
        let fits = |amount: &&Amount| suits(kind, amount) && !(kind == EventKind::Investment && self.is_cost(amount));
        let distance = |amount: &Amount| {
            let (a, b) = (amount.span.range(), trigger);
            if a.end <= b.start {
                b.start - a.end
            } else {
                a.start.saturating_sub(b.end)
            }
        };
        let mut inside: Vec<Amount> = self
            .amounts
            .iter()
            .filter(fits)
            .filter(|amount| amount.span.touches(clause))
            .cloned()
            .collect();
        if inside.is_empty() {
            inside = self.amounts.iter().filter(fits).cloned().collect();
        }
        // Of a quota, how much it is, before by how much it changed.
        inside.sort_by_key(|amount| (kind == EventKind::Quota && amount.is_percent(), distance(amount)));
        // Of several sums, only the nearest is this event's, unless they are from and to.
        let several = matches!(
            kind,
            EventKind::PriceMove
                | EventKind::Tariff
                | EventKind::Offtake
                | EventKind::Agreement
                | EventKind::Acquisition
                | EventKind::Stockpile
                | EventKind::Opening
                | EventKind::Quota
        );
        inside.truncate(if several { 3 } else { 1 });
        inside
    }
}

/// Whether an event of a kind may have such a sum.
pub(super) fn suits(kind: EventKind, amount: &Amount) -> bool {
    match kind {
        EventKind::Investment | EventKind::Agreement => amount.is_money(),
        EventKind::Acquisition => amount.is_money() || amount.is_percent(),
        EventKind::Stockpile => amount.is_money() || amount.is_mass(),
        EventKind::Offtake => amount.is_money() || amount.is_mass() || amount.is_percent(),
        EventKind::Tariff | EventKind::PriceMove => amount.is_percent() || amount.is_price(),
        EventKind::Quota => amount.is_mass() || amount.is_percent(),
        EventKind::Opening | EventKind::Closure => amount.is_mass(),
        _ => false,
    }
}
