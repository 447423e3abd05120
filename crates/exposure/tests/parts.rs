//! Bills of materials: what is read, what is refused, and what they hold.

#![allow(clippy::panic, clippy::expect_used)] // helpers of tests

use monazite_evidence::reconcile::{reconcile, recoveries};
use monazite_evidence::{Dataset, Element};
use monazite_exposure::ExposureError;
use monazite_exposure::bom::{Sheet, TEMPLATE, Vocabulary, read_parts};
use monazite_exposure::fleet::{Basis, fleet};
use monazite_exposure::product::{Assessment, Book, assess};
use monazite_exposure::technology::Technologies;
use monazite_exposure::trace::STAGES;
use monazite_market::chain::{Settings, chain};
use proptest::prelude::*;

fn faults(text: &str) -> String {
    let dataset = Dataset::bundled().expect("bundled");
    let technologies = Technologies::of(&dataset);
    let sheet = match Sheet::read(text.as_bytes(), "bom.csv") {
        Ok(sheet) => sheet,
        Err(error) => return error.to_string(),
    };
    match read_parts(&sheet, &Vocabulary::new(&dataset, &technologies), None) {
        Err(ExposureError::Parts(faults)) => faults.lines().join("\n"),
        Err(other) => other.to_string(),
        Ok((parts, _)) => format!("{} parts", parts.len()),
    }
}

fn assessed(text: &str) -> Assessment {
    let dataset = Dataset::bundled().expect("bundled");
    let technologies = Technologies::of(&dataset);
    let sheet = Sheet::read(text.as_bytes(), "bom.csv").expect("a sheet");
    let vocabulary = Vocabulary::new(&dataset, &technologies);
    let (parts, _) = read_parts(&sheet, &vocabulary, Some("USA")).unwrap_or_else(|error| panic!("{error}"));
    let base = reconcile(&dataset, 2024).expect("balanced");
    let chain = chain(&dataset, &base, &recoveries(&dataset, &base), Settings::default()).expect("calibrated");
    let book = Book::new(&base, &chain, None);
    assess(&dataset, &technologies, &book, parts)
}

/// Every line must be among the faults, letter for letter.
fn says(text: &str, lines: &[&str]) {
    let found = faults(text);
    for line in lines {
        assert!(found.lines().any(|l| l == *line), "not said: {line}\n--- but:\n{found}");
    }
}

#[test]
fn every_wrong_word_is_named_with_row_column_and_the_nearest() {
    says(
        "part,quantity,technology,grade,element,form,mass,mass_unit,place,supplier_place,end_use\n\
         motor,1000,ev_moter,,,,,,USA,,\n\
         magnet,2000,,n42xx,,,80,g,USA,,\n\
         magnet,2000,,uh,,,80,gr,Germny,,\n\
         optics,2000,,,Erb,oxide,1,g,USA,,\n\
         coil,-5,,,Er,oxide,1,g,USA,,\n\
         core,5 pcs,,,Er,oxid,1,g,USA,,\n\
         case,1,,h,Er,,1,g,USA,,\n\
         empty,5,,,,,,,USA,,\n\
         nowhere,5,,h,,,3,g,,,\n\
         ,5,,h,,,3,,USA,,\n",
        &[
            "bom.csv:2:3: error: column `technology`: unknown technology `ev_moter`; did you mean `ev_motor`?",
            "  hint: `monazite exposure technologies` lists those known",
            "bom.csv:3:4: error: column `grade`: unknown magnet grade `n42xx`",
            "  hint: g, kg, mg, t, lb or oz",
            "bom.csv:4:9: error: column `place`: unknown place `Germny`; did you mean `Germany`?",
            "  hint: rare earths only: La to Lu, Y, Sc",
            "bom.csv:6:2: error: column `quantity`: -5 is not between 0 and 1000000000000000",
            "bom.csv:7:2: error: column `quantity`: `5 pcs` is not a number",
            "  hint: write the number alone; units have a column of their own",
            "bom.csv:7:6: error: column `form`: unknown form `oxid`; did you mean `oxide`?",
            "bom.csv:8:5: error: column `element`: both grade and element are given",
            "bom.csv:9:3: error: column `technology`: what is in the part is not said",
            "bom.csv:10:9: error: column `place`: where the part is bought is not said",
            "bom.csv:11:1: error: column `part`: the cell is empty",
            "bom.csv:11:8: error: column `mass_unit`: the mass has no unit",
        ],
    );
}

#[test]
fn mistyped_and_missing_columns_are_named() {
    says(
        "part,quantty,grade\na,1,h\n",
        &["bom.csv:1:2: error: column `quantty`: unknown column; did you mean `quantity`?"],
    );
    says(
        "pieces,list\nmotor,1\n",
        &[
            "bom.csv:1: error: column `part`: the column is missing",
            "bom.csv:1: error: column `quantity`: the column is missing",
        ],
    );
}

#[test]
fn a_file_without_parts_is_refused() {
    says(
        "part,quantity\n",
        &["bom.csv:1:1: error: column `part`: there are no parts under the header"],
    );
    assert_eq!(faults(""), "bom.csv: it is empty");
}

#[test]
fn columns_of_the_users_own_are_left_alone() {
    assert_eq!(
        faults("part,quantity,grade,mass,mass_unit,place,colour\na,1,h,2,g,USA,red\n"),
        "1 parts"
    );
}

#[test]
fn semicolons_and_spreadsheets_are_read() {
    assert_eq!(
        faults("part;quantity;grade;mass;mass_unit;place\na;1;N42SH;2.5;g;Japan\n"),
        "1 parts"
    );
    let book = include_bytes!("bom.xlsx");
    let sheet = Sheet::read(book, "bom.xlsx").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sheet.header[..2], ["part", "quantity"]);
    assert_eq!(sheet.rows[0].0, 2);
    assert_eq!(sheet.rows[0].1[..2], ["steering motor magnet", "50000"]);
}

#[test]
fn a_magnet_holds_what_its_grade_says() {
    let found = assessed("part,quantity,grade,mass,mass_low,mass_unit\nmagnet,1000,uh,0.1,0.08,kg\n");
    let dysprosium = found.parts[0].grams[&Element::Dy];
    // 1,000 pieces of 100 g with 3.1 % dysprosium.
    assert!((dysprosium.central - 3_100.0).abs() < 1e-6, "{dysprosium:?}");
    assert!((dysprosium.low - 2_480.0).abs() < 1e-6 && (dysprosium.high - 3_100.0).abs() < 1e-6);
    assert!(found.parts[0].value_usd.central > 0.0);
}

#[test]
fn an_oxide_is_counted_as_element() {
    let found = assessed("part,quantity,element,form,mass,mass_unit\noptics,10,erbium,oxide,1.1435,g\n");
    assert!(
        (found.elements[0].grams.central - 10.0).abs() < 1e-3,
        "{:?}",
        found.elements[0].grams
    );
}

#[test]
fn a_part_without_mass_leaves_the_total_open() {
    let found = assessed("part,quantity,grade,mass,mass_unit\nknown,1,n,10,g\nunknown,1,n,,\n");
    assert_eq!(found.unknown(), 1);
    let neodymium = found
        .elements
        .iter()
        .find(|row| row.element == Element::Nd)
        .expect("in both");
    assert_eq!(neodymium.parts, 2);
    assert!((neodymium.grams.central - 2.14).abs() < 1e-9);
}

#[test]
fn origins_of_every_stage_make_a_whole() {
    let found = assessed(TEMPLATE);
    assert_eq!(found.unknown(), 0);
    for row in &found.elements {
        for (stage, shares) in STAGES.iter().zip(&row.origins) {
            let sum: f64 = shares.values().sum();
            assert!(
                shares.is_empty() || (sum - 1.0).abs() < 1e-4,
                "{} {stage}: {sum}",
                row.element.symbol()
            );
        }
    }
    let sensor = found
        .parts
        .iter()
        .find(|row| row.part.name == "brake sensor")
        .expect("in the template");
    assert_eq!(sensor.part.supplier_place.as_deref(), Some("DEU"));
}

#[test]
fn published_conflicts_on_platforms_are_kept() {
    let dataset = Dataset::bundled().expect("bundled");
    let technologies = Technologies::of(&dataset);
    let f35 = technologies.all.iter().find(|t| t.id == "f35").expect("bundled");
    let total = f35.total();
    // The official 417 kg are shown, not counted; an audit has 11 to 20 kg.
    assert!(
        f35.published
            .iter()
            .any(|p| !p.used && (p.value.central - 417.0).abs() < 1e-9)
    );
    assert!(total.high < 21.0 && total.central > 8.0, "{total:?}");
    for technology in &technologies.all {
        assert!(!technology.content.is_empty(), "`{}` contains nothing", technology.id);
        for (element, range) in &technology.content {
            assert!(
                range.low <= range.central && range.central <= range.high && range.high > 0.0,
                "{} of {}: {range:?}",
                element.symbol(),
                technology.id
            );
        }
    }
}

#[test]
fn a_fleet_needs_units_times_content() {
    let dataset = Dataset::bundled().expect("bundled");
    let technologies = Technologies::of(&dataset);
    let found = fleet(&dataset, &technologies, "ev", "USA", (2024, 2030), None).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(found.outlook, "STEPS-2025", "the latest edition");
    let row = found
        .rows
        .iter()
        .find(|r| r.technology == "bev_car" && r.year == 2024)
        .expect("counted");
    assert_eq!(row.basis, Basis::Counted);
    let car = technologies.all.iter().find(|t| t.id == "bev_car").expect("bundled");
    let tonnes = row.tonnes[&Element::Nd].central;
    assert!((tonnes - row.units * car.content[&Element::Nd].central / 1e3).abs() < 1e-9);
    // A straight line between the outlook's years.
    let at = |year: u16| {
        let of = |r: &&monazite_exposure::fleet::FleetRow| r.technology == "bev_car" && r.year == year;
        found.rows.iter().find(of).expect("a row").units
    };
    assert!((at(2027) - f64::midpoint(at(2026), at(2028))).abs() < 1e-6);
    assert!(
        found.others.iter().any(|row| row.scenario == "STEPS"),
        "an older edition disagrees"
    );
}

#[test]
fn a_fleet_without_outlook_says_what_there_is() {
    let dataset = Dataset::bundled().expect("bundled");
    let technologies = Technologies::of(&dataset);
    let ask = |name: &str, region: &str, outlook: Option<&str>| match fleet(
        &dataset,
        &technologies,
        name,
        region,
        (2040, 2041),
        outlook,
    ) {
        Err(error) => error.to_string(),
        Ok(_) => "answered".to_owned(),
    };
    assert!(
        ask("wind", "ABW", None)
            .starts_with("nothing is known about the fleet `wind` in `ABW`; regions with figures: ")
    );
    assert!(ask("EV", "USA", None).ends_with("in 2040 to 2041; years with figures: 2020 to 2035"));
    assert!(
        ask("wnd", "USA", None).contains("unknown fleet `wnd`"),
        "{}",
        ask("wnd", "USA", None)
    );
    assert!(
        ask("EV", "USA", Some("STEP")).contains("unknown outlook `STEP`"),
        "{}",
        ask("EV", "USA", Some("STEP"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the bytes, reading a sheet and its parts gives parts or faults.
    #[test]
    fn any_text_is_read_or_refused(text in "(?s)(part|quantity|grade|mass|,|;|\"|\n|h|USA|[0-9.]|é|\u{0})*") {
        let _ = faults(&format!("part,quantity,grade\n{text}"));
        let _ = faults(&text);
    }
}
