use monazite_import::{Kind, Options, PRODUCTION, Value};
use rust_xlsxwriter::Workbook;

use crate::{Desk, lenient, message, said, shared, strict};

/// A workbook of the form of the publisher's: a sheet per mineral, a title, headings, countries, a total.
fn workbook(bad: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    for (sheet, unit, countries) in [
        (
            "Rare Earths (REO)",
            "metr. t",
            [("China", [168_000.0, 210_000.0]), ("Myanmar", [31_000.0, 12_000.0])],
        ),
        (
            "Gold",
            "kg",
            [
                ("China", [328_980.0, 329_000.0]),
                ("Cote d'Ivoire", [38_500.0, 48_200.0]),
            ],
        ),
    ] {
        let page = book.add_worksheet().set_name(sheet).unwrap();
        page.write(0, 0, sheet).unwrap();
        for (at, heading) in ["Country", "unit", "2021", "2022", "data source"].iter().enumerate() {
            page.write(1, u16::try_from(at).unwrap(), *heading).unwrap();
        }
        // Years are numbers in some editions.
        page.write(1, 3, 2022).unwrap();
        for (line, (country, figures)) in (2_u32..).zip(countries) {
            page.write(line, 0, country).unwrap();
            page.write(line, 1, unit).unwrap();
            page.write(line, 2, figures[0]).unwrap();
            page.write(line, 3, figures[1]).unwrap();
            page.write(line, 4, "r").unwrap();
        }
        page.write(4, 0, if bad { "Chiina" } else { "Thailand" }).unwrap();
        page.write(4, 1, unit).unwrap();
        page.write(4, 3, if bad { -5.0 } else { 7_100.0 }).unwrap();
        page.write(5, 0, "Total").unwrap();
        page.write(5, 1, if bad { "barrels" } else { unit }).unwrap();
        page.write(5, 2, 199_000.0).unwrap();
        page.write(5, 3, 229_100.0).unwrap();
        page.write(7, 0, "Source: World Mining Data").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_per_mineral() {
    let desk = Desk::new();
    let report = desk
        .import(Kind::Wmd, &[desk.file("WMD2024_6.4.xlsx", workbook(false))], &strict())
        .unwrap();
    insta::assert_snapshot!(said(&report));
    let rows = desk.rows(PRODUCTION);
    assert_eq!(rows.len(), 16);
    let ivory = rows
        .iter()
        .find(|row| row[3].as_str() == "CIV" && row[4] == Value::Int(2022))
        .unwrap();
    assert_eq!(
        (
            ivory[0].as_str(),
            ivory[2].as_str(),
            ivory[5].as_f64(),
            ivory[6].as_str()
        ),
        ("Gold", "384", Some(48_200.0), "kg")
    );
    let total = rows.iter().find(|row| row[3].as_str() == "WLD").unwrap();
    assert_eq!(total[1].as_str(), "Total");
    // Thailand's blank cell of 2021 is missing, not zero.
    let blank = rows
        .iter()
        .find(|row| row[3].as_str() == "THA" && row[4] == Value::Int(2021))
        .unwrap();
    assert_eq!(blank[5], Value::Null);
}

#[test]
fn bad_cells_are_named_with_their_sheet() {
    let desk = Desk::new();
    let file = desk.file("wmd.xlsx", workbook(true));
    insta::assert_snapshot!(message(desk.import(Kind::Wmd, std::slice::from_ref(&file), &strict())));
    assert_eq!(desk.import(Kind::Wmd, &[file], &lenient()).unwrap().rows.kept, 8);
    let damaged = desk.file("damaged.xlsx", b"PK\x03\x04 this is no workbook");
    assert!(message(desk.import(Kind::Wmd, &[damaged], &strict())).contains("is no workbook that can be read"));
    let other = desk.file("other.csv", "a,b\n1,2\n");
    insta::assert_snapshot!(message(desk.import(Kind::Wmd, &[other], &strict())));
}

#[test]
fn a_tidy_table_and_usgs_beside_it() {
    let desk = Desk::new();
    let tidy = "material,country,year,production,unit,flag\nRare Earths (REO),China,2023,240000,metr. t,e\nRare Earths (REO),Türkiye,2023,,metr. t,\n";
    let latin: Vec<u8> = tidy.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let report = desk
        .import(Kind::Wmd, &[desk.file("tidy.csv", latin)], &strict())
        .unwrap();
    assert_eq!(report.rows.kept, 2);
    assert!(
        report.warnings.iter().any(|w| w.contains("windows-1252")),
        "{:?}",
        report.warnings
    );
    let usgs = "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024\nMCS2025,Rare earths,China,\"Mine production, REO\",metric tons,255000,270000\n";
    let report = desk
        .import(Kind::Mcs, &[desk.file("MCS2025_World_Data.csv", usgs)], &strict())
        .unwrap();
    insta::assert_snapshot!(report.warnings.join("\n"));
    let china: Vec<(Option<i32>, Option<f64>)> = desk
        .rows(PRODUCTION)
        .iter()
        .filter(|row| row[3].as_str() == "CHN")
        .map(|row| {
            (
                if let Value::Int(year) = row[4] {
                    Some(year)
                } else {
                    None
                },
                row[5].as_f64(),
            )
        })
        .collect();
    assert_eq!(china, [(Some(2023), Some(240_000.0)), (Some(2024), Some(270_000.0))]);
}

/// Every country and figure of all 65 minerals.
#[test]
fn all_minerals() {
    let Some(path) = shared("oracles/world_mining_data_2018_2024_all_materials.parquet") else {
        return;
    };
    let (_, original) = monazite_import::read_columns(&path).unwrap();
    let desk = Desk::new();
    let report = desk.import(Kind::Wmd, std::slice::from_ref(&path), &strict()).unwrap();
    insta::assert_snapshot!(said(&report));
    assert_eq!(report.rows.read, original.len() as u64);
    assert_eq!(report.products, 65);
    let sum = |rows: &[Vec<Value>], at: usize| -> f64 {
        rows.iter()
            .filter_map(|row| row[at].as_f64())
            .filter(|v| !v.is_nan())
            .sum()
    };
    // Sums in another order.
    assert!((sum(&desk.rows(PRODUCTION), 5) / sum(&original, 5) - 1.0).abs() < 1e-12);
    let some = Options {
        years: Some((2020, 2021)),
        ..lenient()
    };
    assert_eq!(desk.import(Kind::Wmd, &[path], &some).unwrap().years.len(), 2);
}
