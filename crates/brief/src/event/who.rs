//! Who takes part in what a rule found, and the event that results.

use std::ops::Range;

use super::parts::{country, country_of_works, is_of_states, objects, parties, place};
use super::reference::{begins_with_it, names_firm, refers_back, speaks_of_itself};
use super::rules::Need;
use super::sentence::{Sentence, Set};
use super::sums::AHEAD;
use super::{Event, EventKind, Party, Rule, Rules};
use crate::amount::Amount;
use crate::entity::{Entity, EntityKind};
use crate::text::Spans;

impl Sentence<'_> {
    /// The event that a rule found, if its clause holds what the rule needs.
    pub(super) fn event(&self, set: &Set<'_>, rules: &Rules) -> Option<Event> {
        let clause = set.range.clone();
        let text = self.context.text.as_str();
        let found = self.context.found;
        let kind = set.rule.kind;
        let place = place(text, found, &clause, &rules.cities, kind)
            .or_else(|| place(text, found, &self.range, &rules.cities, kind));
        let objects_here = objects(found, &clause);
        let things = if objects_here.is_empty() {
            objects(found, &self.range)
        } else {
            objects_here
        };
        let mut actors = self.actors(set, &clause, &things, place.as_deref());
        if !self.satisfied_with(set, &actors, &things, &clause) {
            self.settle(set, kind, &mut actors, rules);
            if !self.satisfied_with(set, &actors, &things, &clause) {
                return None;
            }
        }
        self.add_the_subject(kind, &mut actors);
        if kind == EventKind::PriceMove {
            // Prices move by themselves, or a firm sets them; countries are where.
            actors.retain(|party| party.kind == EntityKind::Company);
            if actors.is_empty() && speaks_of_shares(self.slice(&clause)) {
                let firm = (self.told.subject.as_ref()).or(self.told.firms.first());
                extend(&mut actors, firm.or(self.told.focus.as_ref()).cloned().as_slice());
            } else {
                extend(&mut actors, &self.moved(&clause, &things));
            }
        }
        let kind = if kind == EventKind::Agreement && self.is_about_tonnes(&set.trigger, &clause) {
            EventKind::Offtake
        } else {
            kind
        };
        if self.firm_acts(kind, &set.trigger) {
            return None;
        }
        self.complete(kind, &mut actors);
        let party = self.settle(set, kind, &mut actors, rules);
        self.actor_first(kind, &set.trigger, &mut actors);
        let status = self.status(set, &clause, rules);
        let span = self.context.text.span(clause.clone())?;
        let (when, until) = self.when(&set.trigger, &clause);
        Some(Event {
            kind,
            instrument: set.rule.instrument.clone(),
            amounts: self.sums(set, kind, &clause, rules),
            place,
            hedges: self.hedges(&clause, rules),
            rule: set.rule.id.clone(),
            trigger: self.context.text.span(set.trigger.clone())?,
            spans: Spans::one(span),
            parties: actors,
            objects: things,
            when,
            until,
            status,
            probability: 0.0,
            signs: self.signs(set, kind, party, rules),
        })
    }

    /// `signed a contract for 200 tonnes a year of material`: a contract for tonnes, not for money, is to buy them.
    fn is_about_tonnes(&self, trigger: &Range<usize>, clause: &Range<usize>) -> bool {
        let inside = |amount: &&Amount| amount.span.touches(clause);
        let money = self.amounts.iter().filter(inside).any(Amount::is_money);
        let tonnes = self.amounts.iter().filter(inside).any(|amount| {
            let gap = self.slice(&(trigger.end..amount.span.start()));
            let ahead = amount.span.start() >= trigger.end && gap.len() < AHEAD;
            // `for a plant of 5,000 tonnes` speaks of the plant.
            let works = [
                "plant",
                "mine",
                "facility",
                "factory",
                "refinery",
                "capacity",
                "line",
                "output of",
            ];
            amount.is_mass()
                && ahead
                && !works.iter().any(|word| gap.contains(word))
                && (gap.contains("for ") || gap.contains("of "))
        });
        tonnes && !money
    }

    /// The elements whose prices move; where none is named, those whose prices were told of last.
    fn moved(&self, clause: &Range<usize>, things: &[Party]) -> Vec<Party> {
        let is_material = |thing: &&Party| thing.kind.is_material();
        let mut moved: Vec<Party> = things.iter().filter(is_material).cloned().collect();
        let together = ["praseodymium and neodymium", "neodymium and praseodymium"];
        let words = self.slice(clause).to_lowercase();
        if together.iter().any(|pair| words.contains(pair)) {
            moved.push(Party {
                key: "NdPr".to_owned(),
                name: "NdPr".to_owned(),
                kind: EntityKind::Group,
            });
        }
        let named = moved
            .iter()
            .any(|thing| matches!(thing.kind, EntityKind::Element | EntityKind::Mineral) || thing.key == "NdPr");
        if !named {
            extend(&mut moved, &self.told.moved);
        }
        if moved.is_empty() {
            // `Prices went up`, in a text about rare earths, unless another mineral was spoken of last.
            let found = self.context.found;
            let before = found
                .within(&(0..clause.end))
                .filter(|(_, entity)| entity.kind.is_material());
            let last = before.last().map(|(_, entity)| entity);
            let mineral = last.filter(|entity| entity.kind == EntityKind::Mineral);
            let group = || found.entities.iter().find(|entity| entity.kind == EntityKind::Group);
            moved.extend(mineral.or_else(group).map(Party::of));
        }
        moved
    }

    /// Those of the clause, else of the sentence, else of what was told before.
    fn actors(&self, set: &Set<'_>, clause: &Range<usize>, things: &[Party], place: Option<&str>) -> Vec<Party> {
        let text = self.context.text.as_str();
        let kind = set.rule.kind;
        let who = |range: &Range<usize>| parties(text, self.context.found, range, kind, set.rule.states);
        let mut actors = who(clause);
        // `…, is preparing to resume mining in one of Myanmar's hubs`: a country named in passing opens no mine.
        let works_of = matches!(kind, EventKind::Opening | EventKind::Closure)
            .then(|| country_of_works(text, self.context.found, clause))
            .flatten()
            .filter(|_| actors.iter().all(|party| party.kind == EntityKind::Country));
        if works_of.is_some() && sites_of(&objects(self.context.found, clause)).next().is_none() {
            return works_of.into_iter().collect();
        }
        let in_passing = kind == EventKind::Opening && actors.iter().all(|party| party.kind == EntityKind::Country);
        let of_firms = is_of_firms(kind);
        if self.keeps_subject(clause) {
            let before = who(&(self.range.start..clause.start));
            let relative = self.slice(clause).starts_with(", which ");
            let subject = if relative { before.last() } else { before.first() }.cloned();
            let wanted = subject.filter(|party| !of_firms || party.kind != EntityKind::Country);
            extend(&mut actors, wanted.as_slice());
        }
        self.add_the_firm(
            of_firms || matches!(kind, EventKind::Closure | EventKind::Talks),
            &mut actors,
        );
        // `Energy Fuels, a producer of …, is pleased to announce an agreement with Astron`: the other side stands elsewhere.
        let two_sided = matches!(kind, EventKind::Agreement | EventKind::Offtake | EventKind::Acquisition);
        let lacks = two_sided || !self.satisfied(set, &actors, clause);
        if actors.len() < 2 && lacks || actors.is_empty() || in_passing {
            extend(&mut actors, &who(&self.range));
        }
        let sites = sites_of(things);
        // `Caremag plans to build`: a site that stands before the verb does it.
        let subject = kind == EventKind::Opening
            && self
                .context
                .found
                .within(&(clause.start..set.trigger.start))
                .any(|(_, entity)| matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant));
        let told = if is_of_states(kind) {
            &self.told.before
        } else {
            &self.told.acting
        };
        // `The agreement includes $225 million so that the Mountain Pass mine can run`: the mine gives no money.
        let wants_org = set
            .rule
            .needs
            .iter()
            .any(|need| matches!(need, Need::Org | Need::OrgOrState | Need::TwoOrgs));
        let back = refers_back(&self.words);
        if actors.is_empty() && wants_org {
            extend(&mut actors, told);
        }
        if actors.is_empty() && kind != EventKind::PriceMove || kind == EventKind::Acquisition || subject {
            // A deposit or plant stands for who owns it.
            actors.extend(sites.cloned());
        }
        let works = matches!(
            kind,
            EventKind::Closure | EventKind::Accident | EventKind::Licence | EventKind::Opening
        );
        // `Five dead in Myanmar landslide`, `The only mine in Canada shut in 1998`: nobody did it, and it happened there.
        let happens = matches!(kind, EventKind::Accident | EventKind::Closure);
        if actors.is_empty() && happens && !back {
            actors.extend(place.map(|place| country(self.context.found, place)));
        }
        if works && actors.iter().all(|party| party.kind == EntityKind::Institution) {
            extend(&mut actors, &self.told.firms);
            // `The court struck down the concession for Norra Kärr`: it is the deposit's.
            if kind == EventKind::Licence {
                actors.extend(sites_of(things).cloned());
            }
        }
        // `It`, `The company`, `The agreement`: whoever the sentence before spoke of.
        if kind != EventKind::PriceMove && (actors.is_empty() || actors.len() < 2 && needs_two(set.rule) && back) {
            extend(&mut actors, told);
        }
        let of_nobody = kind == EventKind::Accident && (actors.iter()).all(|party| !is_firm(party.kind));
        if actors.is_empty() && happens || of_nobody {
            let there = place.map(|place| country(self.context.found, place));
            extend(&mut actors, there.as_slice());
        }
        // `has secured an offtake agreement with Thyssenkrupp`: who, is the firm of the text.
        let two = set
            .rule
            .needs
            .iter()
            .any(|need| matches!(need, Need::TwoOrgs | Need::TwoParties));
        if of_firms && actors.len() == 1 && two {
            extend(&mut actors, self.told.focus.as_slice());
        }
        if actors.is_empty() && kind == EventKind::Investment {
            // `a plan to boost India's production`: where nobody else gives it, the state does.
            extend(
                &mut actors,
                &parties(text, self.context.found, &self.range, EventKind::Talks, false),
            );
        }
        self.add_the_governor(kind, &mut actors);
        // `Recycling company to open UK plant`: the country opens nothing.
        let no_one = kind == EventKind::Opening && actors.iter().all(|party| party.kind == EntityKind::Country);
        if (actors.is_empty() || no_one && sites_of(things).next().is_none()) && of_firms {
            actors.extend(self.told.focus.clone().or_else(|| self.told.first.clone()));
        }
        actors
    }

    /// A plant stands for the firm that runs it, and a ministry for its state, where the text names them.
    fn complete(&self, kind: EventKind, actors: &mut Vec<Party>) {
        let entities = &self.context.found.entities;
        let of = |party: &Party| (entities.iter()).find(|entity| entity.kind == party.kind && entity.key == party.key);
        let firm = |party: &Party| {
            let site = of(party).filter(|entity| entity.kind.is_site())?;
            let runs = |entity: &&Entity| {
                let rows = site.evidence.iter().filter(|row| row.table == "facilities");
                entity.kind == EntityKind::Company && rows.into_iter().any(|row| entity.evidence.contains(row))
            };
            entities.iter().find(runs)
        };
        let state = |party: &Party| {
            let place = of(party).filter(|entity| is_of_state(kind, entity))?.place.as_deref()?;
            let own = |entity: &&Entity| entity.kind == EntityKind::Country && entity.key == place;
            entities.iter().find(own)
        };
        let more: Vec<Party> = (actors.iter().filter_map(firm))
            .chain(actors.iter().filter_map(state))
            .map(Party::of)
            .collect();
        extend(actors, &more);
    }

    /// `The second batch of total control targets`, in a text that names China: no other state governs output so.
    fn add_the_governor(&self, kind: EventKind, actors: &mut Vec<Party>) {
        let nobody = kind == EventKind::Quota && actors.iter().all(|party| party.kind != EntityKind::Country);
        let china = |entity: &&Entity| entity.kind == EntityKind::Country && entity.key == "CHN";
        let named = self.context.found.entities.iter().any(|entity| china(&entity));
        let words = self.words.to_lowercase();
        let own = ["total control", "total amount control"];
        if nobody && named && own.iter().any(|own| words.contains(own)) {
            actors.push(country(self.context.found, "CHN"));
        }
    }

    /// `The firm says it is in discussions`, `We have signed`: the firm told of before, or the one the text is about, is one
    /// of them.
    fn add_the_firm(&self, of_firms: bool, actors: &mut Vec<Party>) {
        if begins_with_it(&self.words) && of_firms {
            extend(actors, self.told.subject.as_slice());
        }
        if names_firm(&self.words) {
            let known = self
                .told
                .subject
                .iter()
                .chain(&self.told.firms)
                .find(|party| !actors.iter().any(|own| own.key == party.key));
            if let Some(firm) = known {
                actors.insert(0, firm.clone());
            }
        }
        if of_firms && speaks_of_itself(&self.words) {
            let firm = (self.told.subject.as_ref())
                .or(self.told.firms.first())
                .or(self.told.focus.as_ref());
            extend(actors, firm.cloned().as_slice());
        }
    }

    /// `Canberra pledged A$840 million`, `a federal grant`: money and deals whose other side goes without saying are about the
    /// firm the text is about.
    fn add_the_subject(&self, kind: EventKind, actors: &mut Vec<Party>) {
        let no_firm = actors.iter().all(|party| party.kind != EntityKind::Company);
        let silent = matches!(kind, EventKind::Investment | EventKind::Opening | EventKind::Licence);
        if no_firm && silent {
            actors.extend(self.told.focus.clone());
        }
    }
}

fn sites_of(things: &[Party]) -> impl Iterator<Item = &Party> {
    things
        .iter()
        .filter(|thing| matches!(thing.kind, EntityKind::Deposit | EntityKind::Plant))
}

const fn is_firm(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Company | EntityKind::Institution)
}

fn extend(actors: &mut Vec<Party>, more: &[Party]) {
    for party in more {
        if !actors.iter().any(|known| known.key == party.key) {
            actors.push(party.clone());
        }
    }
}

/// What firms do: its subject may go unnamed in a text about one.
const fn is_of_firms(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Investment
            | EventKind::Opening
            | EventKind::Licence
            | EventKind::Offtake
            | EventKind::Acquisition
            | EventKind::Agreement
    )
}

fn needs_two(rule: &Rule) -> bool {
    rule.needs.iter().any(|need| {
        matches!(
            need,
            Need::TwoParties | Need::TwoSides | Need::TwoOrgs | Need::TwoOrgsOrSite
        )
    })
}

/// Whether what an institution does its state does. Money is the institution's own, and firms deal for themselves.
fn is_of_state(kind: EventKind, entity: &Entity) -> bool {
    let own = matches!(
        kind,
        EventKind::Investment | EventKind::Offtake | EventKind::Acquisition | EventKind::PriceMove
    );
    let name = entity.name.to_lowercase();
    let governs = [
        "ministry",
        "department",
        "cabinet",
        "government",
        "parliament",
        "congress",
        "senate",
        "council",
        "customs",
        "white house",
        "administration",
    ];
    entity.kind == EntityKind::Institution && !own && governs.iter().any(|word| name.contains(word))
}

/// `The stock was up 17 percent`: a firm's, whether named here or before.
fn speaks_of_shares(clause: &str) -> bool {
    let clause = clause.to_lowercase();
    [
        "the stock ",
        "the shares ",
        "its shares ",
        "its stock ",
        "share price",
        "shares in the company",
        "shares of the company",
    ]
    .iter()
    .any(|words| clause.contains(words))
}
