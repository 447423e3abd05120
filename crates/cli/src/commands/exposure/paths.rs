//! `--paths`: what is exposed over an ensemble, as bands.

use monazite_ensemble::bands::Band;
use monazite_ensemble::run::workers;
use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::world::{VARIANTS, View, World};
use monazite_evidence::Dataset;
use monazite_exposure::industry::{Case, Economy, Loss, Mapping, Propagation};
use monazite_exposure::paths::{CountryBands, CountryPath, Ensemble, PartBands, PartsPath, country_paths, part_paths};
use monazite_exposure::product::Assessment;
use monazite_exposure::technology::Technologies;
use monazite_exposure::{ExposureError, Range};

use super::Market;
use super::ranges::{range, share as part_of, short};
use crate::args::exposure::PathArgs;
use crate::failure::Failure;
use crate::output::number::{money, multiple, percent};
use crate::output::progress::{Bar, Progress};
use crate::output::{Cell, Column, Table};

/// Paths that are drawn between two steps of the bar.
const AT_ONCE: u32 = 8;
/// Parts that people are shown.
const SHOWN: usize = 12;

/// An ensemble of the scenario of a market.
pub struct Paths {
    world: World,
    sampler: Sampler,
    pool: rayon::ThreadPool,
}

impl Paths {
    /// Balances the base years that paths stand on. None when no paths were asked for.
    pub fn of(
        dataset: &Dataset,
        market: &Market,
        args: &PathArgs,
        progress: &Progress,
    ) -> Result<Option<Self>, Failure> {
        let (Some(paths), Some(_)) = (args.paths, &market.run) else {
            return Ok(None);
        };
        progress.now("balancing the base years");
        let pool = workers(args.threads)?;
        // More base years than paths would not be stood on.
        let variants = VARIANTS.min(paths as usize);
        let world = pool.install(|| World::new(dataset.clone(), market.base.year, View::Full, args.seed, variants))?;
        let sampler = Sampler::new(Method::Sobol, args.seed, paths as usize, world.dimensions())?;
        Ok(Some(Self { world, sampler, pool }))
    }

    fn on_all<T>(
        &self,
        market: &Market,
        draw: impl Fn(Ensemble<'_>, std::ops::Range<u32>) -> Result<Vec<T>, ExposureError> + Sync,
    ) -> Result<Vec<T>, Failure>
    where
        T: Send,
    {
        let Some((scenario, _)) = &market.run else {
            return Ok(Vec::new());
        };
        let all = u32::try_from(self.sampler.points()).unwrap_or(u32::MAX);
        let bar = Bar::start(u64::from(all), "paths");
        let mut found = Vec::new();
        let mut at = 0;
        while at < all {
            let end = all.min(at + AT_ONCE);
            let ensemble = Ensemble {
                world: &self.world,
                scenario,
                sampler: &self.sampler,
                base: &market.base,
            };
            found.extend(self.pool.install(|| draw(ensemble, at..end))?);
            at = end;
            bar.at(u64::from(at), 0);
        }
        Ok(found)
    }

    /// Losses of a country.
    pub fn country(
        &self,
        market: &Market,
        place: &str,
        economy: &Economy,
        propagation: &Propagation,
        mapping: &Mapping,
    ) -> Result<CountryBands, Failure> {
        let paths: Vec<CountryPath> = self.on_all(market, |ensemble, range| {
            country_paths(ensemble, place, economy, propagation, &mapping.needs, range)
        })?;
        Ok(CountryBands::of(&paths))
    }

    /// Risks of the parts of a bill.
    pub fn parts(
        &self,
        market: &Market,
        technologies: &Technologies,
        found: &Assessment,
    ) -> Result<Vec<Option<PartBands>>, Failure> {
        let parts: Vec<_> = found.parts.iter().map(|row| row.part.clone()).collect();
        let paths: Vec<PartsPath> = self.on_all(market, |ensemble, range| {
            part_paths(ensemble, technologies, &parts, range)
        })?;
        Ok(PartBands::of(&paths))
    }

    /// How the draws can be made again, for the remarks.
    pub fn remark(&self) -> String {
        format!(
            "Bands: {} paths over the uncertain evidence of the market (Sobol draws, seed {}); contents, needs of \
             industries and tables stay at the cases shown.",
            self.sampler.points(),
            self.sampler.seed()
        )
    }
}

/// The keys of a band in tables for programs.
const KEYS: [&str; 6] = ["p5", "p25", "median", "p75", "p95", "mean"];

fn numbers(band: &Band) -> Vec<Cell> {
    [band.p5, band.p25, band.median, band.p75, band.p95, band.mean]
        .into_iter()
        .map(Cell::number)
        .collect()
}

/// A band as people read a range: median (5 % to 95 % of paths).
fn middle(band: &Band) -> Range {
    Range::new(band.p5, band.median, band.p95)
}

/// What the bands of a country say, in a sentence.
pub fn country_text(bands: &CountryBands) -> String {
    let Some(central) = bands.cases_musd.get(Case::CENTRAL) else {
        return String::new();
    };
    if bands.loses <= 0.0 {
        return format!("On none of {} paths does the central case lose anything.", bands.paths);
    }
    let usd = |musd: f64| money(1e3 * musd);
    format!(
        "Over {} paths of the uncertain market the central case loses {} in the median; on one path in twenty less than \
         {}, on one in twenty more than {}. It loses anything at all on {} of the paths.",
        bands.paths,
        usd(central.median),
        usd(central.p5),
        usd(central.p95),
        percent(bands.loses)
    )
}

/// Lost value added by case over the paths.
pub fn case_bands(bands: &CountryBands) -> Table {
    let mut heads = vec![
        Column::text("case", "case"),
        Column::number("band", "median (5–95 % of paths), M USD").for_people(),
    ];
    heads.extend(KEYS.map(|key| Column::number(key, key).for_programs()));
    let mut table = Table::new(
        "bands",
        "The cases over the paths, lost value added in million USD",
        heads,
    );
    for (case, band) in Case::ALL.iter().zip(&bands.cases_musd) {
        let mut row = vec![
            Cell::named(case.name, case.name.replace('_', " ")),
            Cell::text(range(middle(band))),
        ];
        row.extend(numbers(band));
        table.push(row);
    }
    table
}

/// The central case by industry over the paths, worst median first.
pub fn industry_bands(bands: &CountryBands, found: &Loss, economy: &Economy) -> Table {
    let mut heads = vec![Column::text("industry", "code"), Column::text("name", "industry")];
    heads.extend(KEYS.map(|key| Column::number(key, key)));
    let mut table = Table::new(
        "industry_bands",
        "Central case by industry over the paths, lost value added in million USD",
        heads,
    );
    let mut rows: Vec<(usize, &Band)> = (found.industries.iter())
        .filter_map(|row| Some((row.industry, bands.by_industry_musd.get(row.industry)?)))
        .collect();
    rows.sort_by(|a, b| b.1.median.total_cmp(&a.1.median));
    for (at, band) in rows {
        let Some(industry) = economy.industries.get(at) else {
            continue;
        };
        let mut row = vec![Cell::text(&industry.code), Cell::text(&industry.name)];
        row.extend(numbers(band));
        table.push(row);
    }
    table
}

/// The central case by quarter over the paths.
pub fn quarter_bands(bands: &CountryBands, quarters: &[String]) -> Table {
    let mut heads = vec![Column::text("quarter", "quarter")];
    heads.extend(KEYS.map(|key| Column::number(key, key)));
    let mut table = Table::new(
        "quarter_bands",
        "Central case by quarter over the paths, lost value added in million USD",
        heads,
    );
    for (quarter, band) in quarters.iter().zip(&bands.by_quarter_musd) {
        let mut row = vec![Cell::text(quarter)];
        row.extend(numbers(band));
        table.push(row);
    }
    table
}

/// What happens to parts over the paths, worst median first.
pub fn part_bands(bands: &[Option<PartBands>], found: &Assessment) -> Table {
    let stocks = bands.iter().flatten().any(|band| band.stop.is_some());
    let mut heads = vec![
        Column::text("row", "row").for_programs(),
        Column::text("part", "part"),
        Column::number("lost", "not built").for_people(),
        Column::number("fixed", "if nothing can be replaced")
            .for_people()
            .minor(),
        Column::number("late", "months late").for_people(),
        Column::number("peak", "price, at most").for_people(),
    ];
    let stock = Column::text("gone", "stock gone");
    heads.push(if stocks {
        stock.for_people()
    } else {
        stock.for_programs()
    });
    heads.push(Column::number("loses_share", "").for_programs());
    heads.extend(
        [
            "not_built_p5",
            "not_built_median",
            "not_built_p95",
            "not_built_fixed_p5",
            "not_built_fixed_median",
            "not_built_fixed_p95",
            "months_late_p5",
            "months_late_median",
            "months_late_p95",
            "peak_price_p5",
            "peak_price_median",
            "peak_price_p95",
            "stop_share",
            "stop_day_p5",
            "stop_day_median",
            "stop_day_p95",
        ]
        .map(|key| Column::number(key, "").for_programs()),
    );
    let title = "Parts over the paths: median (5–95 % of paths)";
    let mut table = Table::new("part_bands", title, heads)
        .show_at_most(SHOWN)
        .if_empty("nothing can be said about any part");
    let mut rows: Vec<_> = (found.parts.iter().zip(bands))
        .filter_map(|(row, band)| Some((&row.part, band.as_ref()?)))
        .collect();
    rows.sort_by(|a, b| {
        let key = |band: &PartBands| (band.not_built_share.median, band.not_built_share.p95);
        let (x, y) = (key(a.1), key(b.1));
        y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1))
    });
    for (part, band) in rows {
        let day = band.stop.as_ref().and_then(|(_, day)| *day);
        let mut line = vec![
            Cell::ordinal(part.row),
            Cell::text(&part.name),
            Cell::text(part_of(middle(&band.not_built_share))),
            Cell::text(part_of(middle(&band.not_built_share_fixed))),
            Cell::text(range(middle(&band.months_late))),
            Cell::text(multiples(&band.peak_price)),
            Cell::text(match &band.stop {
                Some((gone, Some(day))) => format!("{} of paths, day {}", percent(*gone), short(day.median)),
                Some(_) => "on no path".to_owned(),
                None => String::new(),
            }),
            Cell::number(band.loses),
        ];
        for band in [
            band.not_built_share,
            band.not_built_share_fixed,
            band.months_late,
            band.peak_price,
        ] {
            line.extend([band.p5, band.median, band.p95].map(Cell::number));
        }
        line.push(
            band.stop
                .as_ref()
                .map_or_else(Cell::empty, |(gone, _)| Cell::number(*gone)),
        );
        line.extend(match day {
            Some(day) => [day.p5, day.median, day.p95].map(Cell::number),
            None => [Cell::empty(), Cell::empty(), Cell::empty()],
        });
        table.push(line);
    }
    table
}

fn multiples(band: &Band) -> String {
    format!(
        "{} ({}–{})",
        multiple(band.median),
        multiple(band.p5),
        multiple(band.p95)
    )
}
