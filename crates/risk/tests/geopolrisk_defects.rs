//! Each defect of geopolrisk-py 2.0.1 that the corrected mode mends, by its number in the methods page, on small tables
//! with answers in closed form.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use monazite_evidence::{Dataset, PlaceId, ShareStage};
use monazite_risk::columns::{Paths, Tables, Wanted};
use monazite_risk::company;
use monazite_risk::geopolrisk::corrected::{Answer, Model, Options};
use monazite_risk::geopolrisk::headings;
use monazite_risk::geopolrisk::makers::Concentration;
use monazite_risk::geopolrisk::target::{Target, targets};
use monazite_risk::{Context, Importer, Subject};

/// Small tables in files.
struct Case {
    folder: tempfile::TempDir,
    trade: String,
    production: String,
    governance: String,
}

impl Case {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            trade: "t,i,j,k,v,q\n".to_owned(),
            production: "material,country,baci_code,iso3,year,production,unit,flag\n".to_owned(),
            governance: "place,wgi_code,year,indicator,estimate,std_error\n".to_owned(),
        }
    }

    /// Year, exporter, importer, heading, kUSD, t (empty when not known).
    fn flow(mut self, flow: (u16, u16, u16, u32, f64, &str)) -> Self {
        let (year, exporter, importer, heading, value, quantity) = flow;
        writeln!(self.trade, "{year},{exporter},{importer},{heading},{value},{quantity}").unwrap();
        self
    }

    fn made(mut self, material: &str, country: &str, code: &str, quantity: &str, unit: &str) -> Self {
        writeln!(
            self.production,
            "\"{material}\",{country},{code},,2022,{quantity},{unit},r"
        )
        .unwrap();
        self
    }

    /// Estimate 0 is an instability of a half; -1.5 is 0.8; 1.5 is 0.2.
    fn stable(mut self, place: &str, estimate: &str) -> Self {
        writeln!(self.governance, "{place},{place},2022,pv,{estimate},").unwrap();
        self
    }

    fn paths(&self) -> Paths {
        let write = |name: &str, text: &str| -> Option<PathBuf> {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            Some(path)
        };
        Paths {
            trade: write("trade.csv", &self.trade),
            production: write("production.csv", &self.production),
            governance: write("governance.csv", &self.governance),
        }
    }

    fn ask(&self, material: &str, importer: &[&str], options: Options) -> Answer {
        self.all(&[Subject::Other(material.to_owned())], &[(importer, 2022)], options)
            .remove(0)
    }

    fn all(&self, subjects: &[Subject], importers: &[(&[&str], u16)], options: Options) -> Vec<Answer> {
        let dataset = Dataset::bundled().unwrap();
        let context = Context::new(&dataset);
        let targets = targets(&dataset, subjects, &[ShareStage::Separation]).unwrap();
        with_model(&context, &targets, &self.paths(), options, |model| {
            let mut out = Vec::new();
            for (members, year) in importers {
                out.extend(model.answers(&targets, &[importer(members, &[*year])], &[*year]));
            }
            out
        })
    }
}

fn with_model<T>(
    context: &Context<'_>,
    targets: &[Target],
    paths: &Paths,
    options: Options,
    ask: impl FnOnce(&Model<'_>) -> T,
) -> T {
    let years: Vec<u16> = (2007..=2025).collect();
    let wanted = Wanted::new(&years, headings(context, targets));
    let tables = Tables::read(context.dataset, paths, &wanted).unwrap();
    ask(&Model::new(context, &tables, options))
}

fn importer(members: &[&str], years: &[u16]) -> Importer {
    let places: Vec<PlaceId> = members.iter().map(|place| PlaceId::from(*place)).collect();
    Importer {
        id: members.join("+"),
        name: members.join("+"),
        members: years
            .iter()
            .map(|year| (*year, places.clone()))
            .collect::<BTreeMap<_, _>>(),
    }
}

fn value(answer: &Answer) -> f64 {
    answer.score.value.clone().unwrap_or_else(|missing| panic!("{missing}"))
}

fn why(answer: &Answer) -> String {
    answer.score.value.clone().unwrap_err().to_string()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

const COPPER: u32 = 260_300;
const STABLE: &str = "1.5"; // instability 0.2
const UNSTABLE: &str = "-1.5"; // instability 0.8

/// Copper: Chile 60, Peru 40, so concentration 0.52; Germany buys 100 t from Peru and 100 t from Chile.
fn copper() -> Case {
    Case::new()
        .made("Copper", "Chile", "152", "60", "metr. t")
        .made("Copper", "Peru", "604", "40", "metr. t")
        .flow((2022, 604, 276, COPPER, 500.0, "100"))
        .flow((2022, 152, 276, COPPER, 500.0, "100"))
        .stable("PER", UNSTABLE)
        .stable("CHL", STABLE)
}

#[test]
fn the_formula_in_closed_form() {
    let answer = copper().ask("Copper", &["DEU"], Options::default());
    assert!(near(answer.hhi.unwrap(), 0.52));
    assert!(near(value(&answer), 0.52 * (80.0 + 20.0) / 200.0));
    assert!(near(answer.midpoint.unwrap(), 0.52 * 0.5 * 5.0));
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let options = Options {
        explain: true,
        ..Options::default()
    };
    let answer = copper().ask("Copper", &["DEU"], options);
    let sum: f64 = answer.score.terms.iter().filter_map(|term| term.contribution).sum();
    assert!(near(sum, value(&answer)));
    let first = &answer.score.terms[0];
    assert_eq!(first.what, "imports from Peru, instability 0.80");
    assert!(near(first.contribution.unwrap(), 0.52 * 0.8 * 100.0 / 200.0) && !first.sources.is_empty());
}

#[test]
fn a1_a_company_is_scored() {
    let case = copper();
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let file = case.folder.path().join("company.csv");
    std::fs::write(
        &file,
        "material,origin,year,quantity_kg,value_usd\nCopper,Peru,2022,3000,15000\nCopper,Chile,2022,1000,5000\n",
    )
    .unwrap();
    let purchases = company::read(&file, &dataset).unwrap();
    let by_name = company::targets_of(&dataset, &purchases, ShareStage::Separation).unwrap();
    let list: Vec<Target> = by_name.values().cloned().collect();
    with_model(&context, &list, &case.paths(), Options::default(), |model| {
        let scores = company::scores(model, &purchases, &by_name, &importer(&["DEU"], &[2022]));
        assert!(near(
            scores[0].score.value.clone().unwrap(),
            0.52 * (3.0 * 0.8 + 0.2) / 4.0
        ));
        assert!(near(value(&scores[0].benchmark), 0.26));
        assert!(near(scores[0].quantity_t, 4.0) && near(scores[0].price.unwrap(), 5.0));
    });
}

#[test]
fn a2_every_question_is_answered_in_order() {
    let case = copper();
    let subjects = ["Gallium", "Copper"].map(|name| Subject::Other(name.to_owned()));
    let answers = case.all(
        &subjects,
        &[(&["DEU"], 2022), (&["DEU"], 2017), (&["JPN"], 2022)],
        Options::default(),
    );
    let told: Vec<bool> = answers.iter().map(|answer| answer.score.value.is_ok()).collect();
    assert_eq!(told, [false, true, false, false, false, false]);
    for answer in answers.iter().filter(|answer| answer.score.value.is_err()) {
        assert!(!why(answer).is_empty());
    }
}

#[test]
fn a3_a_series_that_has_ended_is_missing_and_not_zero() {
    let case = copper().made("Germanium", "China", "156", "100", "metr. t");
    let answer = case.ask("Germanium", &["DEU"], Options::default());
    insta::assert_snapshot!(why(&answer), @"no trade under 811230 in the year: the series has a gap or has ended");
}

#[test]
fn a4_exports_come_off_domestic_output_and_another_stage_is_no_supply() {
    let with_output = || copper().made("Copper", "Germany", "276", "100", "metr. t");
    // 60, 40 and 100: concentration 0.38. Nothing is exported: supply is 200 + 100.
    let answer = with_output().ask("Copper", &["DEU"], Options::default());
    assert!(near(answer.import_risk.unwrap(), 100.0 / 300.0));
    // 70 t leave: supply is 200 + 30. 150 t leave: what is above domestic output was imported before.
    for (exported, supply) in [("70", 230.0), ("150", 200.0)] {
        let case = with_output().flow((2022, 276, 156, COPPER, 300.0, exported));
        let answer = case.ask("Copper", &["DEU"], Options::default());
        assert!(near(answer.import_risk.unwrap(), 100.0 / supply), "{exported}");
    }
    // Lithium is mined as Li2O and traded as carbonate: mine output is no supply of carbonate.
    let lithium = Case::new()
        .made("Lithium (Li2O)", "Germany", "276", "500", "metr. t")
        .flow((2022, 152, 276, 283_691, 100.0, "10"))
        .stable("CHL", STABLE);
    let options = Options {
        concentration: Concentration::Reported,
        ..Options::default()
    };
    let answer = lithium.ask("Lithium", &["DEU"], options);
    assert!(near(answer.import_risk.unwrap(), 0.2));
}

#[test]
fn a5_a_group_is_scored_on_what_comes_from_outside() {
    let case = copper()
        .flow((2022, 251, 276, COPPER, 4_000.0, "800"))
        .stable("FRA", STABLE);
    let answer = case.ask("Copper", &["DEU", "FRA"], Options::default());
    assert!(near(answer.imports.unwrap(), 200.0));
    assert!(near(answer.import_risk.unwrap(), 0.5));
}

#[test]
fn a6_concentration_is_of_the_stage_that_is_traded() {
    let case = Case::new()
        .made("Lithium (Li2O)", "Australia", "36", "500", "metr. t")
        .flow((2022, 152, 276, 283_691, 100.0, "10"))
        .stable("CHL", STABLE);
    let answer = case.ask("Lithium", &["DEU"], Options::default());
    insta::assert_snapshot!(why(&answer), @"traded Lithium is made at the stage processing, and the production table counts the stage mine: who makes it is not known");
    // Bundled rare earths have their stages: separation and magnets are not mines.
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let subject = Subject::rare_earths(&dataset, "Dy").unwrap();
    let targets = targets(&dataset, &[subject], ShareStage::ALL).unwrap();
    with_model(&context, &targets, &Paths::default(), Options::default(), |model| {
        let answers = model.answers(&targets, &[importer(&["USA"], &[2024])], &[2024]);
        let hhi: Vec<Option<f64>> = answers.iter().map(|answer| answer.hhi).collect();
        let [Some(mine), Some(separation), _, Some(magnet)] = hhi.as_slice() else {
            panic!("{hhi:?}");
        };
        assert!(separation > mine && (separation - magnet).abs() > 1e-3, "{hhi:?}");
        assert!(answers[0].score.value.is_err(), "concentrates have no heading");
        assert!(answers[1].score.value.is_ok() && answers[3].score.value.is_ok());
    });
}

#[test]
fn a7_outliers_are_left_out_counted_and_kept_on_demand() {
    // 900 t for 0.5 kUSD beside a world price of 5 kUSD/t.
    let case = copper()
        .flow((2022, 792, 276, COPPER, 0.5, "900"))
        .stable("TUR", UNSTABLE);
    let answer = case.ask("Copper", &["DEU"], Options::default());
    assert!(near(answer.imports.unwrap(), 200.0) && answer.outliers == 1);
    assert!(
        answer.score.remarks.contains(&"1 flow left out as outliers".to_owned()),
        "{:?}",
        answer.score.remarks
    );
    let kept = Options {
        keep_outliers: true,
        ..Options::default()
    };
    assert!(near(case.ask("Copper", &["DEU"], kept).imports.unwrap(), 1_100.0));
}

#[test]
fn a8_the_price_is_the_world_s_and_flows_without_quantity_are_not_in_it() {
    let case = copper()
        .flow((2022, 152, 392, COPPER, 3_000.0, "400"))
        .flow((2022, 152, 276, COPPER, 7_777.0, ""));
    let germany = case.ask("Copper", &["DEU"], Options::default());
    let japan = case.ask("Copper", &["JPN"], Options::default());
    assert!(near(germany.price.unwrap(), 4_000.0 / 600.0) && germany.price == japan.price);
    assert!(near(germany.own_price.unwrap(), 5.0) && germany.without_quantity == 1);
}

#[test]
fn a9_the_reference_is_copper_of_the_year_from_the_same_tables() {
    let case = copper().flow((2022, 152, 392, COPPER, 3_000.0, "400"));
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    with_model(&context, &[], &case.paths(), Options::default(), |model| {
        let reference = model.reference(&[2022, 2023]);
        let price = 4_000.0 / 600.0;
        // Germany 0.26 over 200 t, Japan 0.52 × 0.2 over 400 t.
        let mean = (0.26 * 200.0 + 0.104 * 400.0) / 600.0;
        assert!(near(reference[&2022].clone().unwrap(), price * mean));
        assert!(reference[&2023].is_err());
    });
}

#[test]
fn a10_taiwan_is_found() {
    let case = copper()
        .flow((2022, 490, 392, COPPER, 500.0, "100"))
        .stable("TWN", STABLE);
    assert!(near(
        case.ask("Copper", &["JPN"], Options::default()).import_risk.unwrap(),
        0.2
    ));
}

#[test]
fn a11_and_a20_a_missing_estimate_is_neither_zero_nor_nan() {
    // 5 % of imports from a partner without an estimate: left out. Half of them: no score, with the partner's name.
    for (tonnes, value, scored) in [("10", 50.0, true), ("200", 1_000.0, false)] {
        for estimate in ["", "nan"] {
            let case = copper()
                .flow((2022, 258, 276, COPPER, value, tonnes))
                .stable("PYF", estimate);
            let answer = case.ask("Copper", &["DEU"], Options::default());
            if scored {
                assert!(near(answer.import_risk.unwrap(), 0.5));
            } else {
                insta::allow_duplicates! {
                    insta::assert_snapshot!(why(&answer), @"50 % of imports come from partners without an estimate of political stability: French Polynesia");
                }
            }
        }
    }
}

#[test]
fn a12_two_countries_under_one_code_are_two_and_a_copied_figure_counts_once() {
    let gold = |guyana: &str| {
        Case::new()
            .made("Gold", "French Guiana", "328", "1000", "kg")
            .made("Gold", "Guyana", "328", guyana, "kg")
            .made("Gold", "Total", "DELETE", "9999", "kg")
            .flow((2022, 328, 276, 710_812, 100.0, "1"))
            .stable("GUY", STABLE)
    };
    let options = Options {
        concentration: Concentration::Reported,
        ..Options::default()
    };
    assert!(near(gold("3000").ask("Gold", &["DEU"], options).hhi.unwrap(), 0.625));
    let copied = gold("1000").ask("Gold", &["DEU"], options);
    assert!(near(copied.hhi.unwrap(), 1.0));
    assert!(
        copied
            .score
            .remarks
            .iter()
            .any(|remark| remark.contains("is not counted twice"))
    );
    // A place with two estimates for a year is not taken by the first that comes.
    let doubtful = copper()
        .stable("PER", STABLE)
        .ask("Copper", &["DEU"], Options::default());
    assert!(why(&doubtful).contains("Peru"), "{}", why(&doubtful));
}

#[test]
fn a13_gas_is_weighed() {
    let case = Case::new()
        .made("Natural Gas", "Germany", "276", "5", "Mio m3")
        .made("Natural Gas", "Norway", "578", "95", "Mio m3")
        .flow((2022, 579, 276, 271_121, 100.0, "4000"))
        .stable("NOR", STABLE);
    let answer = case.ask("Natural gas", &["DEU"], Options::default());
    assert!(near(answer.production.unwrap(), 4_000.0));
    assert!(near(answer.import_risk.unwrap(), 0.1));
}

#[test]
fn a16_a_group_has_the_members_of_the_year() {
    let dataset = Dataset::bundled().unwrap();
    let eu = |year: u16| dataset.resolve_region("EU", year).unwrap().members;
    let britain = PlaceId::from("GBR");
    assert!(eu(2018).contains(&britain) && !eu(2022).contains(&britain));
    // A14, A15: spellings resolve, and a misspelt member is an error, never dropped.
    assert!(dataset.resolve_region("Türkiye+Côte d'Ivoire", 2022).is_ok());
    assert!(dataset.resolve_region("DEU+Frnace", 2022).is_err());
}

#[test]
fn a17_a_heading_counts_for_one_material() {
    let dataset = Dataset::bundled().unwrap();
    let mut seen: BTreeMap<u32, &str> = BTreeMap::new();
    for code in dataset.material_codes.iter().filter(|code| code.use_by_default) {
        let before = seen.insert(code.hs, code.material.as_str());
        assert_eq!(before, None, "{}", code.hs);
    }
}

#[test]
fn a18_nothing_is_a_zero_that_is_not_one() {
    let answer = copper().ask("Copper", &["JPN"], Options::default());
    insta::assert_snapshot!(why(&answer), @"it neither imports nor makes it, as far as is known");
    // France makes all it uses: this zero is one.
    let own = copper().made("Copper", "France", "251", "10", "metr. t");
    assert!(near(value(&own.ask("Copper", &["FRA"], Options::default())), 0.0));
    let unknown = copper().flow((2022, 152, 392, COPPER, 10.0, ""));
    insta::assert_snapshot!(why(&unknown.ask("Copper", &["JPN"], Options::default())), @"1 import without a quantity, and no other supply");
}

#[test]
fn a19_a_stale_total_is_told() {
    let case = copper().made("Copper", "Total", "DELETE", "90", "metr. t");
    let answer = case.ask("Copper", &["DEU"], Options::default());
    let told = answer
        .score
        .remarks
        .iter()
        .any(|remark| remark.contains("+11.1 % of the stated world total"));
    assert!(told, "{:?}", answer.score.remarks);
}
