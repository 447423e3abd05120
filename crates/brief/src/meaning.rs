//! What an article would mean: a scenario of the library or a drafted one, run on the market.

mod bands;
mod draft;
mod effects;
mod library;
mod news;
mod sites;
mod worth;

use jiff::civil::Date;
use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::{RunResult, tabulate};
use monazite_market::scenario::{Scenario, Vocabulary, library as bundled};
use schemars::JsonSchema;
use serde::Serialize;

use crate::entity::Entity;
use crate::error::{BriefError, Result};
use crate::event::{Event, EventKind, Status};
use crate::text::Spans;

pub use bands::Spread;
pub use effects::{Effect, Effects, Loss, Reliance, leading, money, product};
pub use sites::{Coming, Delay};
pub use worth::{PlanValue, Saved, Worth, Worths};

/// Where a scenario comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The library of the program.
    Library,
    /// Drafted from the article.
    Drafted,
}

/// The scenario that stands for an article.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Why this one, and what had to be assumed.
    pub why: String,
    /// The file, to be edited.
    pub file: String,
    /// The words of the article it rests on.
    pub spans: Spans,
}

/// A scenario of the library that would also fit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Alternative {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How it is related to the article.
    pub relation: Relation,
    /// Why it fits.
    pub why: String,
    /// The words of the article it rests on.
    pub spans: Spans,
}

/// As what a scenario agrees with an article, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is the news.
    News,
    /// The article only recalls it.
    Background,
    /// The same in another time: an analogue.
    Analogue,
    /// The article tells that the measure is loosened.
    Eased,
}

impl Relation {
    /// How a scenario is offered.
    #[must_use]
    pub const fn offer(self) -> &'static str {
        match self {
            Self::News => "Would also fit",
            Self::Background => "About what it recalls",
            Self::Analogue => "Of another time, an analogue and no forecast",
            Self::Eased => "Simulates what the article tells is loosened",
        }
    }
}

/// What the market says when the scenario runs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ran {
    /// View of the world: `bloc14`.
    pub view: String,
    /// First and last quarter.
    pub quarters: (String, String),
    /// Paths of the bands; none where the numbers are central values of one path.
    pub paths: Option<u32>,
    /// Effects by product and year.
    pub effects: Effects,
}

/// What an article would mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Meaning {
    /// In sentences.
    pub says: Vec<String>,
    /// The scenario; none where nothing in the article changes the market.
    pub scenario: Option<Chosen>,
    /// Further scenarios that fit less well, or what the article recalls.
    pub alternatives: Vec<Alternative>,
    /// When the sites concerned start, and that nothing material changes before.
    pub delay: Option<Delay>,
    /// What was run; none where nothing was.
    pub ran: Option<Ran>,
    /// What the measures it is about are worth in a plan; none where the article reports nothing.
    pub plan: Option<PlanValue>,
}

/// The scenarios of the program, read once.
#[derive(Debug)]
pub struct Library {
    vocabulary: Vocabulary,
    scenarios: Vec<(Scenario, &'static str)>,
    worths: Worths,
}

impl Library {
    /// Reads them with the words of a dataset; one that names what the dataset lacks is left out.
    ///
    /// # Errors
    /// When the file of worths that comes with the program is malformed, which the tests rule out.
    pub fn new(dataset: &Dataset) -> Result<Self> {
        let vocabulary = Vocabulary::from_dataset(dataset);
        let read = bundled()
            .iter()
            .filter_map(|bundled| Some((bundled.read(&vocabulary).ok()?.scenario, bundled.text)));
        let scenarios = read.collect();
        Ok(Self {
            vocabulary,
            scenarios,
            worths: Worths::new()?,
        })
    }
}

/// Chooses or drafts the scenario, and says when nothing can change before.
#[must_use]
pub fn choose(
    dataset: &Dataset,
    library: &Library,
    entities: &[Entity],
    events: &[Event],
    published: Option<Date>,
) -> Meaning {
    // What is told of gallium alone is no news of rare earths.
    let (events, elsewhere): (Vec<Event>, Vec<Event>) = events
        .iter()
        .cloned()
        .partition(|event| event.other_minerals().is_empty());
    let events = events.as_slice();
    let delay = sites::delay(dataset, entities, events, published);
    let matched = library::matching(dataset, library, events, published);
    let news: Vec<Event> = events
        .iter()
        .filter(|event| news::is_news(event, published))
        .cloned()
        .collect();
    let draft = || draft::draft(dataset, &library.vocabulary, &news, delay.as_ref(), published);
    let scenario = matched.best.or_else(draft);
    let mut says = Vec::new();
    // Beside a ban that bites at once, when plants may start says little.
    let at_once = scenario.as_ref().is_some_and(|chosen| {
        let own = events.iter().find(|event| event.spans == chosen.spans);
        own.is_some_and(|event| !sites::SLOW.contains(&event.kind))
    });
    let delay = delay.filter(|_| !at_once);
    if let Some(delay) = &delay {
        says.push(delay.says.clone());
    }
    says.extend(eased(events, published));
    if scenario.is_none() && delay.is_none() && (!events.is_empty() || elsewhere.is_empty()) {
        says.push(nothing(events));
    }
    says.extend(not_ours(&elsewhere, published));
    says.extend(recalled(events, &matched.others, published));
    let plan = (!news.is_empty()).then(|| worth::plan_value(dataset, &library.worths, entities, &news));
    Meaning {
        says,
        scenario,
        alternatives: matched.others,
        delay,
        ran: None,
        plan,
    }
}

fn nothing(events: &[Event]) -> String {
    let live = events.iter().filter(|event| event.status != Status::Denied).count();
    if live == 0 {
        "The article reports no event that would change supply or demand.".to_owned()
    } else if events
        .iter()
        .all(|event| matches!(event.kind, EventKind::PriceMove | EventKind::Talks))
    {
        "Talks and price reports change no capacity, route or rule: nothing to simulate.".to_owned()
    } else {
        "None of the events names a plant, product or route that the model knows well enough to simulate.".to_owned()
    }
}

/// What an event is, when, and who comes first: `export control of 2025-04, China`.
fn in_short(event: &Event, when: &str) -> String {
    let who = event.parties.first().map(|party| format!(", {}", party.name));
    format!(
        "{}{when}{}",
        event.kind.as_str().replace('_', " "),
        who.unwrap_or_default()
    )
}

/// That a measure is loosened, which no scenario has.
fn eased(events: &[Event], published: Option<Date>) -> Option<String> {
    let told = events
        .iter()
        .filter(|event| news::eases(event) && news::is_sure(event) && !news::is_background(event, published));
    let told: Vec<String> = told.take(3).map(|event| in_short(event, "")).collect();
    (!told.is_empty()).then(|| {
        format!(
            "The article tells that measures are loosened or put off ({}). Scenarios simulate measures in force; this one takes effects away, and none is \
             simulated for it.",
            told.join("; ")
        )
    })
}

/// What of the article concerns minerals that the model does not have.
fn not_ours(events: &[Event], published: Option<Date>) -> Option<String> {
    let told: Vec<String> = events
        .iter()
        .filter(|event| news::is_news(event, published))
        .take(4)
        .map(|event| {
            let minerals: Vec<&str> = event
                .other_minerals()
                .iter()
                .take(4)
                .map(|mineral| mineral.name.as_str())
                .collect();
            format!("{} ({})", event.kind.as_str().replace('_', " "), minerals.join(", "))
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "The article also tells of minerals that are no rare earths, which the model does not have; none of it is simulated: {}.",
            told.join("; ")
        )
    })
}

/// What of the article is background, and that it is not what is simulated.
fn recalled(events: &[Event], others: &[Alternative], published: Option<Date>) -> Option<String> {
    let old: Vec<String> = events
        .iter()
        .filter(|event| news::is_background(event, published) && event.kind != EventKind::PriceMove)
        .take(4)
        .map(|event| {
            let when = event
                .when
                .as_ref()
                .map_or_else(String::new, |when| format!(" of {when}"));
            in_short(event, &when)
        })
        .collect();
    (!old.is_empty()).then(|| {
        let scenarios: Vec<String> = others
            .iter()
            .filter(|other| other.relation == Relation::Background)
            .map(|other| format!("`{}`", other.name))
            .collect();
        let own = if scenarios.is_empty() {
            String::new()
        } else {
            format!(" Of it, the library has {}.", scenarios.join(" and "))
        };
        format!(
            "Background that the article recalls, not its news, and not in the run: {}.{own}",
            old.join("; ")
        )
    })
}

/// Runs the chosen scenario in fourteen blocs, a fraction of a second, and adds what came of it. `paths` of an ensemble
/// add bands, which take seconds.
///
/// # Errors
/// When the scenario has faults, the evidence lacks its base year or a quarter cannot be solved.
pub fn run(dataset: &Dataset, meaning: &mut Meaning, events: &[Event], paths: Option<u32>) -> Result<()> {
    let Some(chosen) = &meaning.scenario else { return Ok(()) };
    let file = format!("{}.toml", chosen.name);
    let scenario = Scenario::parse(&chosen.file, &file, &Vocabulary::from_dataset(dataset))
        .map_err(|faults| BriefError::Scenario { file, faults })?;
    let (result, without) = simulated(dataset, &scenario)?;
    let first = result.quarters.first().cloned().unwrap_or_default();
    let last = result.quarters.last().cloned().unwrap_or_default();
    let focus = effects::Focus::new(dataset, events, &scenario);
    let mut effects = effects::effects(dataset, &result, &without, &focus);
    if let Some(paths) = paths {
        bands::add(dataset, &scenario, paths, &mut effects)?;
    }
    meaning.says.push(effects.says.clone());
    meaning.ran = Some(Ran {
        view: result.view.clone(),
        quarters: (first, last),
        paths,
        effects,
    });
    Ok(())
}

/// A scenario as nothing of it happens: the same quarters, projects and base.
fn uneventful(scenario: &Scenario) -> Scenario {
    Scenario {
        events: Vec::new(),
        ..scenario.clone()
    }
}

/// A scenario and the same without its events: plants that start anyway are no effect of the news.
fn simulated(dataset: &Dataset, scenario: &Scenario) -> Result<(RunResult, RunResult)> {
    let market = BriefError::Market;
    let year = u16::try_from(scenario.base_year).unwrap_or_default();
    let full = reconcile(dataset, year).map_err(|error| market(error.into()))?;
    let base = in_blocs(dataset, &full).map_err(|error| market(error.into()))?;
    let settings = Settings {
        projects: scenario.projects(),
        ..Settings::default()
    };
    let chain = chain(dataset, &base, &recoveries(dataset, &base), settings).map_err(market)?;
    let behaviour = Behaviour::from_dataset(dataset).map_err(market)?;
    let one = |scenario: &Scenario| -> Result<RunResult> {
        let path = simulate(&chain, scenario, behaviour).map_err(market)?;
        Ok(tabulate(&chain, scenario, "bloc14", &path))
    };
    let without = uneventful(scenario);
    let (with, without) = rayon::join(|| one(scenario), || one(&without));
    Ok((with?, without?))
}
