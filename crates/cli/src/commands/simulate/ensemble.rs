//! `monazite simulate --paths`: many paths over uncertain evidence, and their bands.

use std::path::{Path, PathBuf};

use monazite_ensemble::run::workers;
use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::store::{self, Finished, Order, Plan};
use monazite_ensemble::world::{View, World};
use monazite_evidence::Dataset;
use monazite_market::scenario::{Read, Vocabulary};

use super::bands::{self, Shown};
use super::page::page;
use crate::args::ensemble::SamplerArg;
use crate::args::{Global, SimulateArgs, ViewArg};
use crate::commands::dataset;
use crate::commands::model::ScenarioText;
use crate::failure::{Code, Failure, counted};
use crate::output::Printer;
use crate::output::progress::{Bar, Progress};
use crate::output::words::Words;

/// The view of an argument.
pub const fn view(arg: ViewArg) -> View {
    match arg {
        ViewArg::Full => View::Full,
        ViewArg::Bloc14 => View::Bloc14,
    }
}

/// Runs an ensemble, or what is missing of it.
pub fn ensemble(args: &SimulateArgs, paths: u32, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let progress = Progress::start("balancing the base years");
    let text = ScenarioText::find(&args.scenario)?;
    let dataset = dataset(global)?;
    let vocabulary = Vocabulary::from_dataset(&dataset);
    let read = text.read(&vocabulary)?;
    let other = args.ensemble.versus.as_deref().map(ScenarioText::find).transpose()?;
    let other = other
        .map(|text| Ok::<_, Failure>((text.read(&vocabulary)?, text)))
        .transpose()?;
    if let Some((versus, text)) = &other
        && versus.scenario.base_year != read.scenario.base_year
    {
        return Err(Failure::input(format!(
            "`{}` has base year {}, `{}` has {}; paths can only be paired on one base year",
            args.scenario, read.scenario.base_year, text.file, versus.scenario.base_year
        )));
    }
    let pool = workers(args.ensemble.threads).map_err(failed)?;
    let world = world(
        &dataset,
        &read,
        args.view,
        args.ensemble.seed,
        args.ensemble.variants,
        &pool,
    )?;
    let method = match args.ensemble.sampler {
        SamplerArg::Sobol => Method::Sobol,
        SamplerArg::Lhs => Method::Lhs,
    };
    let sampler = Sampler::new(method, args.ensemble.seed, paths as usize, world.dimensions()).map_err(failed)?;
    drop(progress);
    let runner = Runner {
        args,
        world: &world,
        sampler: &sampler,
        pool: &pool,
    };
    let finished = runner.run(&read, &text, args.out.as_deref())?;
    let words = Words::new(&dataset);
    let versus = match &other {
        Some((read, text)) => {
            let out = args
                .out
                .as_ref()
                .map(|out| out.with_file_name(format!("{}-versus", file_name(out))));
            let second = runner.run(read, text, out.as_deref())?;
            Some((finished.stored.less(&second.stored).map_err(|e| stored(&e))?, second))
        }
        None => None,
    };
    let shown = Shown {
        stored: &finished.stored,
        finished: Some(&finished),
        words: &words,
        faults: read.warnings.iter().map(ToString::to_string).collect(),
        versus: versus
            .as_ref()
            .map(|(differences, second)| (differences.as_slice(), &second.stored)),
    };
    printer.print(&bands::answer(&shown))
}

/// The uncertain world of a scenario's base year.
pub fn world(
    dataset: &Dataset,
    read: &Read,
    view_arg: ViewArg,
    seed: u64,
    variants: u32,
    pool: &rayon::ThreadPool,
) -> Result<World, Failure> {
    let year = read.scenario.base_year;
    let year = u16::try_from(year).map_err(|_| Failure::input(format!("there is no base year {year}")))?;
    let made = pool.install(|| World::new(dataset.clone(), year, view(view_arg), seed, variants as usize));
    made.map_err(failed)
}

struct Runner<'a> {
    args: &'a SimulateArgs,
    world: &'a World,
    sampler: &'a Sampler,
    pool: &'a rayon::ThreadPool,
}

impl Runner<'_> {
    fn run(&self, read: &Read, text: &ScenarioText, out: Option<&Path>) -> Result<Finished, Failure> {
        let scenario = &read.scenario;
        let paths = u32::try_from(self.sampler.points()).unwrap_or(u32::MAX);
        let mut plan = Plan {
            format: 0,
            program: String::new(),
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            scenario_sha256: store::sha256(text.text.as_bytes()),
            dataset_sha256: self.world.dataset().fingerprint(),
            view: self.world.view().as_str().to_owned(),
            base_year: scenario.base_year,
            quarters: scenario.timeline().map(|q| q.to_string()).collect(),
            paths,
            seed: self.sampler.seed(),
            sampler: self.sampler.method().as_str().to_owned(),
            variants: self.args.ensemble.variants,
            part_paths: 0,
        }
        .of_this_build();
        plan.part_paths = self.args.ensemble.part_paths;
        let folder = out.map_or_else(|| default_folder(&plan), Path::to_path_buf);
        let order = Order {
            world: self.world,
            scenario,
            scenario_text: &text.text,
            sampler: self.sampler,
            plan,
            pool: self.pool,
            force: self.args.force,
        };
        let bar = Bar::start(u64::from(paths), "paths");
        let finished = store::complete(&folder, &order, &mut |p| bar.at(u64::from(p.done), u64::from(p.found)));
        drop(bar);
        let finished = finished.map_err(|e| stored(&e))?;
        if !self.args.no_report {
            let page = page(&finished.stored, &Words::new(self.world.dataset()))
                .map_err(|e| Failure::failed(e.to_string()))?;
            let path = folder.join("report.html");
            std::fs::write(&path, page).map_err(|e| Failure::io("write", &path, &e))?;
        }
        Ok(finished)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn default_folder(plan: &Plan) -> PathBuf {
    let sampler = if plan.sampler == "sobol" { "" } else { "-lhs" };
    let name = format!(
        "{}-{}-{}-seed{}{sampler}",
        plan.scenario, plan.view, plan.paths, plan.seed
    );
    Path::new("results").join(name)
}

/// A failure of an ensemble.
pub fn failed(error: monazite_ensemble::EnsembleError) -> Failure {
    use monazite_ensemble::EnsembleError;
    match error {
        EnsembleError::Market(error) => error.into(),
        EnsembleError::Reconcile(error) => error.into(),
        EnsembleError::Evidence(error) => error.into(),
        EnsembleError::Parameter { .. } => {
            Failure::input(error.to_string()).hint("`monazite data describe uncertainty` says what each column means")
        }
        EnsembleError::TooMany { .. } => {
            Failure::input(error.to_string()).hint("`--sampler lhs` takes any number of paths")
        }
        _ => Failure::failed(error.to_string()),
    }
}

/// A failure of the run store.
pub fn stored(error: &store::RunStoreError) -> Failure {
    use store::RunStoreError;
    let code = match error {
        RunStoreError::Taken { .. } | RunStoreError::NotARun { .. } | RunStoreError::NotPaired { .. } => Code::Input,
        RunStoreError::Damaged { .. } => Code::Found,
        _ => Code::Failed,
    };
    let failure = Failure::new(code, error.to_string());
    match error {
        RunStoreError::DiskFull { .. } => {
            failure.hint("free some space and run the same command again: it goes on where it stopped")
        }
        RunStoreError::Taken { .. } => {
            failure.hint("name another folder with `--out`, or replace an ensemble with `--force`")
        }
        RunStoreError::NotARun { .. } => failure.hint("`monazite runs list DIR` shows what a folder holds"),
        RunStoreError::NotPaired { .. } => {
            failure.hint("run both with the same --paths, --seed, --sampler, --variants and --view")
        }
        _ => failure,
    }
}

/// How much was found done, in words.
pub fn found(finished: &Finished) -> Option<String> {
    let repaired: Vec<String> = finished.repairs.iter().map(|r| r.why.clone()).collect();
    let mut words = Vec::new();
    if finished.found > 0 {
        words.push(format!(
            "{} were done already.",
            counted(finished.found as usize, "path")
        ));
    }
    if !repaired.is_empty() {
        words.push(format!("Computed again: {}.", repaired.join("; ")));
    }
    (!words.is_empty()).then(|| words.join(" "))
}
