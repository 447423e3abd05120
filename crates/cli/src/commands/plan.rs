//! `monazite plan`: which measures to take, and when.

mod show;
mod study;

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use monazite_evidence::{Dataset, PlaceId};
use monazite_strategy::measure::Menu;
use monazite_strategy::plan::world::{Question, World, world};
use monazite_strategy::plan::{Aversion, Best, Draws, Effort, Oracle, Point, Report, Round, Stressed, Values};
use monazite_strategy::plan::{decompose, frontier, report, stress, values};

use super::dataset;
use crate::args::Global;
use crate::args::plan::PlanArgs;
use crate::failure::Failure;
use crate::output::number::thousands;
use crate::output::progress::{Bar, Progress, tell_program};
use crate::output::{Document, Printer};

/// Gap that is good enough for plans with inputs moved: which measures stay, not what they are worth to the last million.
const STRESS_GAP: f64 = 5e-3;

/// Everything that was worked out.
pub(super) struct Answer {
    pub world: World,
    pub best: Best,
    pub report: Report,
    pub values: Option<Values>,
    pub points: Vec<Point>,
    pub kept_out: Option<KeptOut>,
    /// The plan with unverified inputs moved; empty when that was not asked for.
    pub stressed: Vec<Stressed>,
    /// Partners of which the evidence has no measure at all.
    pub unknown: Vec<String>,
    pub seconds: f64,
    pub solves: usize,
}

/// How a plan does on paths that it was not made for.
pub(super) struct KeptOut {
    pub paths: usize,
    /// Objective of the plan there, and of the best plan there, million USD.
    pub plan: f64,
    pub best: f64,
    /// Objective without any plan.
    pub none: f64,
}

/// Finds a plan.
pub fn plan(args: &PlanArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let menu = menu(args, &dataset)?;
    if let Some(name) = &args.study {
        let found = monazite_strategy::study::find(name)?;
        return printer.print(&study::study(&dataset, &menu, &found, args.more.gap, args.more.time)?);
    }
    if args.list {
        return printer.print(&show::list(&menu));
    }
    let question = question(args, &dataset)?;
    let answer = answer(args, &dataset, &menu, &question)?;
    let mut document = Document::new();
    show::answer(&answer, &dataset, &mut document);
    printer.print(&document)
}

fn menu(args: &PlanArgs, dataset: &Dataset) -> Result<Menu, Failure> {
    let Some(path) = &args.measures else {
        return Ok(Menu::of(dataset)?);
    };
    let text = std::fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    Menu::with_file(dataset, &text, &path.display().to_string()).map_err(|problems| Failure::of_file(&problems))
}

fn question(args: &PlanArgs, dataset: &Dataset) -> Result<Question, Failure> {
    let country = |name: &str| -> Result<PlaceId, Failure> { Ok(dataset.resolve_place(name)?.place.clone()) };
    let partners = if args.alone {
        Some(Vec::new())
    } else if args.partners.is_empty() {
        None
    } else {
        Some(
            args.partners
                .iter()
                .map(|name| country(name))
                .collect::<Result<_, _>>()?,
        )
    };
    Ok(Question {
        planner: country(&args.planner)?,
        partners,
        without: args.without.clone(),
        only: args.only.clone(),
        from: args.risk.from,
        years: args.risk.years,
        by: args.by,
        budget: args.budget / 1e6,
        rate: args.risk.rate,
        aversion: Aversion {
            weight: args.risk.aversion,
            level: args.risk.level,
        },
        draws: Draws {
            paths: args.risk.paths,
            seed: args.risk.seed,
        },
        thrift: args.must_save,
    })
}

fn answer(args: &PlanArgs, dataset: &Dataset, menu: &Menu, question: &Question) -> Result<Answer, Failure> {
    let began = Instant::now();
    let stopped = stop_on_interrupt();
    let progress = Progress::start("building the market with every measure");
    let world = world(dataset, menu, question)?;
    drop(progress);
    let effort = Effort {
        gap: args.more.gap.max(1e-7),
        time: Duration::from_secs(args.more.time),
        ..Effort::default()
    };
    let mut watch = |round: &Round| {
        tell(round, began, "round");
        !stopped.load(Ordering::Relaxed)
    };
    let mut oracle = Oracle::new();
    oracle.stop_on(Some(Arc::clone(&stopped)));
    let best = decompose(&world.instance, &mut oracle, &effort, &mut watch)?;
    // The answer is written up even when the search was stopped; a second ctrl-C ends that too.
    oracle.stop_on(None);
    let goes_on = || !stopped.load(Ordering::Relaxed);
    let worth = valued(args, &world, &mut oracle, &best, &goes_on)?;
    let progress = Progress::start("valuing the plan");
    let report = report(&world, &mut oracle, &best.x, worth.as_ref())?;
    drop(progress);
    let points = if args.more.frontier && goes_on() {
        let budgets: Vec<f64> = [0.0, 0.25, 0.5, 1.0, 2.0].iter().map(|f| f * question.budget).collect();
        let weights = if question.aversion.weight > 0.0 {
            vec![0.0, question.aversion.weight]
        } else {
            vec![0.0, 1.0]
        };
        frontier(&world.instance, &mut oracle, &budgets, &weights, &effort, &mut watch)?
    } else {
        Vec::new()
    };
    let kept_out = match args.more.kept_out.filter(|_| goes_on()) {
        Some(paths) => Some(kept_out(
            &world,
            dataset,
            &mut oracle,
            &best,
            &effort,
            paths,
            &mut watch,
        )?),
        None => None,
    };
    let stressed = if args.more.stress && goes_on() {
        let mut watch = |by: monazite_strategy::plan::Move, round: &Round| {
            tell(round, began, by.meaning());
            !stopped.load(Ordering::Relaxed)
        };
        let effort = Effort {
            gap: effort.gap.max(STRESS_GAP),
            ..effort
        };
        stress(&world, dataset, &mut oracle, &best, &effort, &mut watch)?
    } else {
        Vec::new()
    };
    let known =
        |place: &str| (menu.entries.iter()).any(|e| e.measure.place.as_ref().is_some_and(|p| p.as_str() == place));
    let unknown = (question.partners.iter().flatten())
        .map(ToString::to_string)
        .filter(|place| !known(place))
        .collect();
    Ok(Answer {
        stressed,
        unknown,
        solves: oracle.solves,
        world,
        best,
        report,
        values: worth,
        points,
        kept_out,
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// What each measure is worth, over as many orders as asked for: in parts, so that one can see how far it is, and stop.
/// What an order has cleared is remembered, and more orders begin with the same ones.
fn valued(
    args: &PlanArgs,
    world: &World,
    oracle: &mut Oracle,
    best: &Best,
    goes_on: &impl Fn() -> bool,
) -> Result<Option<Values>, Failure> {
    let Some(orders) = args.more.values else {
        return Ok(None);
    };
    let all = orders.max(1);
    let bar = Bar::start(u64::try_from(all).unwrap_or(u64::MAX), "orders valued");
    // Ten looks at most: each goes through all orders so far again, from memory.
    let step = all.div_ceil(10);
    let mut found = None;
    for upto in (step..all).step_by(step).chain([all]) {
        if !goes_on() {
            break;
        }
        let seed = world.question.draws.seed;
        let values = values(&world.instance, oracle, &best.x, upto, seed)?;
        // All orders there are, where a plan has few measures.
        let finished = values.orders < upto;
        found = Some(values);
        bar.at(u64::try_from(upto).unwrap_or(u64::MAX), 0);
        if finished {
            break;
        }
    }
    Ok(found)
}

fn kept_out(
    world: &World,
    dataset: &Dataset,
    oracle: &mut Oracle,
    best: &Best,
    effort: &Effort,
    paths: usize,
    watch: &mut dyn FnMut(&Round) -> bool,
) -> Result<KeptOut, Failure> {
    let draws = Draws {
        paths,
        // Another seed, the same every time.
        seed: world.question.draws.seed.wrapping_add(0x9e37_79b9),
    };
    let other = world.over(dataset, draws)?;
    let cells = oracle.losses(&other.instance, &best.x)?;
    let none = vec![0.0; best.x.len()];
    let without = oracle.losses(&other.instance, &none)?;
    let there = decompose(&other.instance, oracle, effort, watch)?;
    Ok(KeptOut {
        paths,
        plan: other.instance.objective(&cells, &best.x),
        best: there.objective,
        none: other.instance.objective(&without, &none),
    })
}

/// Bound and best plan, as they come.
fn tell(round: &Round, began: Instant, what: &str) {
    let gap = if round.gap().is_finite() {
        format!("{:.2} %", 100.0 * round.gap())
    } else {
        "open".to_owned()
    };
    tell_program(&format!("searching: the best plan is within {gap} of the bound"));
    // Nobody may be listening; the answer counts.
    let _ = writeln!(
        std::io::stderr(),
        "{what} {}{}: best {}, bound {} million USD, gap {gap}; {} markets cleared, {:.0} s",
        round.number,
        if round.relaxed { " (fractions allowed)" } else { "" },
        thousands(round.best),
        thousands(round.bound),
        thousands(f64::from(u32::try_from(round.solves).unwrap_or(u32::MAX))),
        began.elapsed().as_secs_f64(),
    );
}

/// The first ctrl-C asks for the best plan so far, the second ends the program.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    // Where a handler cannot be set, ctrl-C ends the program, as it does everywhere else.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "the user asked twice, and a handler has no other way to end")]
            std::process::exit(130);
        }
        let _ = writeln!(
            std::io::stderr(),
            "stopping with the best plan so far, which takes some seconds to write up; once more to end at once"
        );
    });
    stopped
}
