//! Applies the rules sentence by sentence.

use std::ops::Range;

use jiff::civil::Date;

use super::merge::{join, merged};
use super::parts::{clauses, country, is_headline_ahead, is_of_states, objects, parties, place, without_conversions};
use super::reference::{goes_on, is_definite, more_about, names_firm, refers_back};
use super::rules::Need;
use super::{Event, EventKind, Party, Rule, Rules, Status};
use crate::amount::{Amount, amounts};
use crate::date::{Bearing, When, expressions};
use crate::entity::{EntityKind, Found};
use crate::text::{Span, Spans, Text};

/// What events are looked for in.
pub struct Context<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its sentences.
    pub sentences: &'a [Range<usize>],
    /// Its entities.
    pub found: &'a Found,
    /// When it appeared.
    pub published: Option<Date>,
}

/// Most events of a text.
const MOST: usize = 400;

/// A rule set off in a clause.
struct Set<'r> {
    rule: &'r Rule,
    trigger: Range<usize>,
    clause: usize,
}

/// Finds the events of a text.
#[must_use]
pub fn find(context: &Context<'_>, rules: &Rules) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut before: Vec<Party> = Vec::new();
    // The same without countries that only adjectives name: for what firms and plants do.
    let mut acting: Vec<Party> = Vec::new();
    // The firms spoke of last.
    let mut firms: Vec<Party> = Vec::new();
    for sentence in context.sentences {
        let Some(words) = context.text.slice(sentence) else {
            continue;
        };
        let mut actors = parties(context.text.as_str(), context.found, sentence, EventKind::Talks, false);
        if words.len() > 15 {
            let talks = events
                .iter()
                .rev()
                .find(|event| event.kind == EventKind::Talks)
                .map(|event| event.parties.clone());
            let subject = if words.contains(" round") {
                talks.as_ref().unwrap_or(&before)
            } else {
                &before
            };
            let new = Sentence::new(context, sentence.clone(), subject, &acting, &firms).events(rules);
            if new.is_empty() && is_definite(words, EventKind::Agreement) {
                more_about(context, sentence, events.last_mut());
            }
            for event in new {
                match events.last_mut() {
                    Some(last) if is_definite(words, event.kind) && goes_on(last, &event) => join(last, event),
                    _ => events.push(event),
                }
            }
        }
        if events.len() > MOST {
            events.truncate(MOST);
            break;
        }
        if !actors.is_empty() {
            actors.truncate(3);
            before = actors;
            let strict = parties(
                context.text.as_str(),
                context.found,
                sentence,
                EventKind::Closure,
                false,
            );
            let named: Vec<Party> = strict
                .iter()
                .filter(|party| party.kind == EntityKind::Company)
                .take(2)
                .cloned()
                .collect();
            if !named.is_empty() {
                firms = named;
            }
            if !strict.is_empty() {
                acting = strict;
                acting.truncate(3);
            }
        }
    }
    merged(events, context.published)
}

struct Sentence<'a> {
    context: &'a Context<'a>,
    range: Range<usize>,
    words: &'a str,
    clauses: Vec<Range<usize>>,
    amounts: Vec<Amount>,
    dates: Vec<When>,
    before: &'a [Party],
    acting: &'a [Party],
    firms: &'a [Party],
}

impl<'a> Sentence<'a> {
    fn new(
        context: &'a Context<'a>,
        range: Range<usize>,
        before: &'a [Party],
        acting: &'a [Party],
        firms: &'a [Party],
    ) -> Self {
        Self {
            words: context.text.slice(&range).unwrap_or_default(),
            clauses: clauses(context.text.as_str(), &range),
            amounts: Vec::new(),
            dates: Vec::new(),
            context,
            range,
            before,
            acting,
            firms,
        }
    }

    fn events(mut self, rules: &Rules) -> Vec<Event> {
        let set = self.set_off(rules);
        if set.is_empty() {
            return Vec::new();
        }
        self.amounts = without_conversions(self.context.text.as_str(), amounts(self.context.text, &self.range));
        self.dates = expressions(self.context.text, &self.range, self.context.published);
        let mut kept: Vec<(usize, EventKind, Event)> = Vec::new();
        for set in &set {
            let beaten = kept.iter().any(|(clause, kind, event)| {
                let same = *kind == set.rule.kind && !self.other_money(event, set);
                *clause == set.clause && (same || beats(rules, &event.rule, set.rule.kind))
            });
            if beaten {
                continue;
            }
            if let Some(event) = self.event(set, rules) {
                kept.retain(|(clause, kind, _)| *clause != set.clause || !set.rule.beats.contains(kind));
                kept.push((set.clause, set.rule.kind, event));
            }
        }
        kept.into_iter().map(|(_, _, event)| event).collect()
    }

    /// `a $400 million equity investment and a $150 million loan`: two instruments with an amount each.
    fn other_money(&self, event: &Event, set: &Set<'_>) -> bool {
        let nearest = self.clauses.get(set.clause).and_then(|clause| {
            let mut found = self.suitable(set.rule.kind, &set.trigger, clause).into_iter();
            found.next()
        });
        let other = event.instrument != set.rule.instrument
            && set
                .rule
                .instrument
                .as_deref()
                .is_some_and(|instrument| instrument != "investment")
            && event
                .instrument
                .as_deref()
                .is_some_and(|instrument| instrument != "investment");
        other
            && nearest.is_some_and(|amount| {
                let close = amount.span.end() <= set.trigger.start && set.trigger.start - amount.span.end() < 24;
                close && event.amounts.iter().all(|known| known.span != amount.span)
            })
    }

    fn set_off<'r>(&self, rules: &'r Rules) -> Vec<Set<'r>> {
        let mut found = Vec::new();
        for rule in &rules.events {
            if rule.unless.as_ref().is_some_and(|unless| unless.is_match(self.words)) {
                continue;
            }
            let mut last = usize::MAX;
            for trigger in rule.trigger.find_iter(self.words).take(4) {
                let trigger = self.range.start + trigger.start()..self.range.start + trigger.end();
                let clause = self
                    .clauses
                    .partition_point(|clause| clause.end <= trigger.start)
                    .min(self.clauses.len().saturating_sub(1));
                let with = rule
                    .with
                    .as_ref()
                    .is_none_or(|with| with.is_match(self.clause_words(clause)) || with.is_match(self.words));
                if clause != last && with {
                    last = clause;
                    found.push(Set { rule, trigger, clause });
                }
            }
        }
        found
    }

    fn clause_words(&self, clause: usize) -> &'a str {
        self.clauses
            .get(clause)
            .and_then(|range| self.context.text.slice(range))
            .unwrap_or_default()
    }

    fn event(&self, set: &Set<'_>, rules: &Rules) -> Option<Event> {
        let clause = self.clauses.get(set.clause)?.clone();
        let text = self.context.text.as_str();
        let who = |range: &Range<usize>| parties(text, self.context.found, range, set.rule.kind, set.rule.states);
        let mut actors = who(&clause);
        // `…, is preparing to resume mining in one of Myanmar's hubs`: a country named in passing opens no mine.
        let in_passing =
            set.rule.kind == EventKind::Opening && actors.iter().all(|party| party.kind == EntityKind::Country);
        self.add_the_firm(&mut actors);
        // `Energy Fuels, a producer of …, is pleased to announce an agreement with Astron`: the other side stands elsewhere.
        let two_sided = matches!(
            set.rule.kind,
            EventKind::Agreement | EventKind::Offtake | EventKind::Acquisition
        );
        let lacks = two_sided || !self.satisfied(set, &actors, &clause);
        if actors.len() < 2 && lacks || actors.is_empty() || in_passing {
            for more in who(&self.range) {
                if !actors.iter().any(|known| known.key == more.key) {
                    actors.push(more);
                }
            }
        }
        let objects_here = objects(self.context.found, &clause);
        let things = if objects_here.is_empty() {
            objects(self.context.found, &self.range)
        } else {
            objects_here
        };
        // `It`, `The company`, `The agreement`: whoever the sentence before spoke of.
        let sites = things
            .iter()
            .filter(|thing| matches!(thing.kind, EntityKind::Deposit | EntityKind::Plant));
        // `Caremag plans to build`: a site that stands before the verb does it.
        let subject = set.rule.kind == EventKind::Opening
            && self
                .context
                .found
                .within(&(clause.start..set.trigger.start))
                .any(|(_, entity)| matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant));
        let told = if is_of_states(set.rule.kind) {
            self.before
        } else {
            self.acting
        };
        // `The agreement includes $225 million so that the Mountain Pass mine can run`: the mine gives no money.
        let wants_org = set
            .rule
            .needs
            .iter()
            .any(|need| matches!(need, Need::Org | Need::OrgOrState | Need::TwoOrgs));
        if actors.is_empty() && wants_org {
            actors.extend(told.iter().cloned());
        }
        if actors.is_empty() && set.rule.kind != EventKind::PriceMove
            || set.rule.kind == EventKind::Acquisition
            || subject
        {
            // A deposit or plant stands for who owns it.
            actors.extend(sites.cloned());
        }
        let works = matches!(
            set.rule.kind,
            EventKind::Closure | EventKind::Accident | EventKind::Licence | EventKind::Opening
        );
        let nobody_works = works && actors.iter().all(|party| party.kind == EntityKind::Institution);
        if nobody_works {
            actors.extend(self.firms.iter().cloned());
        }
        if set.rule.kind != EventKind::PriceMove
            && (actors.is_empty() || (actors.len() < 2 && needs_two(set.rule) && refers_back(self.words)))
        {
            actors.extend(
                told.iter()
                    .filter(|party| !actors.iter().any(|known| known.key == party.key))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        let place = place(text, self.context.found, &clause, &rules.cities, set.rule.kind)
            .or_else(|| place(text, self.context.found, &self.range, &rules.cities, set.rule.kind));
        // `Five dead in Myanmar landslide`: nobody did it, and it happened there.
        if actors.is_empty() && matches!(set.rule.kind, EventKind::Accident | EventKind::Closure) {
            actors.extend(place.as_deref().and_then(|place| country(self.context.found, place)));
        }
        if !self.satisfied_with(set, &actors, &things, &clause) {
            return None;
        }
        let status = self.status(set, &clause, rules);
        let span = self.context.text.span(clause.clone())?;
        let (when, until) = self.when(&set.trigger, &clause);
        Some(Event {
            kind: set.rule.kind,
            instrument: set.rule.instrument.clone(),
            amounts: self.suitable(set.rule.kind, &set.trigger, &clause),
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
        })
    }

    /// `The firm says it is in discussions`: the firm told of before is one of them.
    fn add_the_firm(&self, actors: &mut Vec<Party>) {
        let known = self
            .firms
            .iter()
            .find(|party| !actors.iter().any(|own| own.key == party.key));
        if let Some(firm) = known.filter(|_| names_firm(self.words)) {
            actors.insert(0, firm.clone());
        }
    }

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

    fn satisfied(&self, set: &Set<'_>, actors: &[Party], clause: &Range<usize>) -> bool {
        self.satisfied_with(set, actors, &objects(self.context.found, clause), clause)
    }

    fn satisfied_with(&self, set: &Set<'_>, actors: &[Party], things: &[Party], clause: &Range<usize>) -> bool {
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
            Need::PercentOrPriceOrMultiple => {
                near(&|amount| amount.is_percent() || amount.is_price())
                    || ["doubl", "tripl", "trebl", "quadrupl", "-fold", "record"]
                        .iter()
                        .any(|word| self.words.to_lowercase().contains(word))
            }
        })
    }

    /// Amounts of the right kind, the nearest to the trigger first; those of other clauses only where there is one event.
    fn suitable(&self, kind: EventKind, trigger: &Range<usize>, clause: &Range<usize>) -> Vec<Amount> {
        let fits = |amount: &&Amount| match kind {
            EventKind::Investment => amount.is_money() && !self.is_cost(amount),
            EventKind::Agreement => amount.is_money(),
            EventKind::Acquisition => amount.is_money() || amount.is_percent(),
            EventKind::Stockpile | EventKind::Offtake => amount.is_money() || amount.is_mass(),
            EventKind::Tariff => amount.is_percent(),
            EventKind::PriceMove => amount.is_percent() || amount.is_price(),
            EventKind::Quota | EventKind::Opening | EventKind::Closure => amount.is_mass(),
            _ => false,
        };
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
        inside.sort_by_key(distance);
        // Of several sums, only the nearest is this event's, unless they are from and to.
        let several = matches!(
            kind,
            EventKind::PriceMove
                | EventKind::Tariff
                | EventKind::Offtake
                | EventKind::Agreement
                | EventKind::Acquisition
                | EventKind::Stockpile
        );
        inside.truncate(if several { 3 } else { 1 });
        inside
    }

    fn when(&self, trigger: &Range<usize>, clause: &Range<usize>) -> (Option<When>, Option<When>) {
        let mut dates: Vec<&When> = self.dates.iter().filter(|when| when.span.touches(clause)).collect();
        if dates.is_empty() {
            dates = self.dates.iter().collect();
        }
        let until = dates
            .iter()
            .find(|when| when.bearing == Bearing::Until)
            .copied()
            .cloned();
        let nearest = dates
            .iter()
            .filter(|when| when.bearing != Bearing::Until)
            .min_by_key(|when| {
                let at = when.span.start();
                // A date after the trigger is likelier to be its own.
                if at >= trigger.start {
                    at - trigger.start
                } else {
                    (trigger.start - at) * 3 / 2
                }
            })
            .copied()
            .cloned();
        (nearest, until)
    }

    fn status(&self, set: &Set<'_>, clause: &Range<usize>, rules: &Rules) -> Status {
        let words = self.context.text.slice(clause).unwrap_or_default();
        let kind = set.rule.kind;
        let own = rules
            .statuses
            .iter()
            .find(|rule| rule.fits(kind, words))
            .map(|rule| rule.status);
        // What is denied or said by unnamed sources is so for the whole sentence.
        let whole = rules
            .statuses
            .iter()
            .filter(|rule| {
                matches!(rule.status, Status::Denied | Status::Rumoured)
                    || rule.status == Status::Suspended && self.clauses.len() == 1
            })
            .find(|rule| {
                rule.fits(kind, self.words)
                    && (rule.id == "denied" || rule.id == "rumoured-sources" || rule.status == Status::Suspended)
            });
        let headline = || is_headline_ahead(self.words).then_some(Status::Planned);
        whole
            .map(|rule| rule.status)
            .or(own)
            .or_else(headline)
            .unwrap_or(set.rule.status)
    }

    fn hedges(&self, clause: &Range<usize>, rules: &Rules) -> Vec<Span> {
        let words = self.context.text.slice(clause).unwrap_or_default();
        let found = rules.hedges.iter().flat_map(|pattern| pattern.find_iter(words));
        let spans = found.filter_map(|hedge| {
            self.context
                .text
                .span(clause.start + hedge.start()..clause.start + hedge.end())
        });
        spans.take(6).collect()
    }
}

fn beats(rules: &Rules, rule: &str, kind: EventKind) -> bool {
    rules
        .events
        .iter()
        .any(|known| known.id == rule && known.beats.contains(&kind))
}

fn needs_two(rule: &Rule) -> bool {
    rule.needs.iter().any(|need| {
        matches!(
            need,
            Need::TwoParties | Need::TwoSides | Need::TwoOrgs | Need::TwoOrgsOrSite
        )
    })
}
