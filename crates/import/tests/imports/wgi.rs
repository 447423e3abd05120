use monazite_import::{GOVERNANCE, Kind, Value};
use rust_xlsxwriter::Workbook;

use crate::{Desk, lenient, message, said, strict};

const LONG: &str = "\
code,countryname,year,indicator,estimate,stddev,nsource,pctrank,pctranklower,pctrankupper
CHN,China,2022,pv,-0.44,0.21,8,28.3,20.8,38.7
TWN,\"Taiwan, China\",2022,pv,0.77,0.22,7,73.1,61,82
KOR,\"Korea, Rep.\",2022,pv,0.65,0.22,8,66,55,80
TUR,TÃ¼rkiye,2022,pv,-1.04,0.21,9,13,9,20
COD,\"Congo, Dem. Rep.\",2022,rl,..,..,..,..,..,..
GUY,Guyana,2022,pv,-0.09,0.24,6,45,33,58
";

#[test]
fn the_long_table() {
    let desk = Desk::new();
    let report = desk
        .import(Kind::Wgi, &[desk.file("wgidataset_2023.csv", LONG)], &strict())
        .unwrap();
    insta::assert_snapshot!(said(&report));
    let rows = desk.rows(GOVERNANCE);
    let places: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(places, ["CHN", "GUY", "KOR", "TUR", "TWN", "COD"]);
    assert_eq!((rows[5][3].as_str(), rows[5][4].clone()), ("rl", Value::Null));
}

#[test]
fn a_second_row_for_a_place_is_named() {
    let desk = Desk::new();
    let text = format!(
        "{LONG}GUY,Guyana,2022,pv,0.41,0.24,6,45,33,58\nCHN,China,2022,pv,-0.44,0.21,8,28.3,20.8,38.7\nXXX,Atlantis,2022,pv,1,1,1,1,1,1\nCHN,China,2021,xx,1,1,1,1,1,1\nCHN,China,2021,pv,28.3,1,1,1,1,1\nCHN,China\n"
    );
    let file = desk.file("wgi.csv", text);
    insta::assert_snapshot!(message(desk.import(Kind::Wgi, std::slice::from_ref(&file), &strict())));
    let report = desk.import(Kind::Wgi, &[file], &lenient()).unwrap();
    assert_eq!(
        (report.rows.kept, report.rows.quarantined, report.rows.left_out),
        (6, 5, 1)
    );
    insta::assert_snapshot!(message(desk.import(
        Kind::Wgi,
        &[desk.file("other.csv", "a,b\n1,2\n")],
        &strict()
    )));
}

#[test]
fn the_older_workbook() {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Introduction")
        .unwrap()
        .write(0, 0, "Worldwide Governance Indicators")
        .unwrap();
    for (sheet, shift) in [("Political StabilityNoViolence", 0.0), ("RuleofLaw", 1.0)] {
        let page = book.add_worksheet().set_name(sheet).unwrap();
        page.write(0, 0, "Notes over the table").unwrap();
        page.write(14, 0, "Country/Territory").unwrap();
        page.write(14, 1, "Code").unwrap();
        for (at, year) in [2019, 2020].into_iter().enumerate() {
            let first = 2 + 6 * u16::try_from(at).unwrap();
            for (offset, heading) in ["Estimate", "StdErr", "NumSrc", "Rank", "Lower", "Upper"]
                .into_iter()
                .enumerate()
            {
                let column = first + u16::try_from(offset).unwrap();
                page.write(13, column, year).unwrap();
                page.write(14, column, heading).unwrap();
            }
            for (line, code, value) in [(15_u32, "AND", 1.5), (16, "MMR", -2.0)] {
                page.write(line, first, value + shift + f64::from(year - 2019) / 10.0)
                    .unwrap();
                page.write(line, first + 1, 0.25).unwrap();
                page.write(line, 1, code).unwrap();
            }
        }
        page.write(15, 0, "Andorra").unwrap();
        page.write(16, 0, "Myanmar").unwrap();
        page.write(17, 0, "Kosovo").unwrap();
        page.write(17, 1, "XKX").unwrap();
        page.write(17, 2, "#N/A").unwrap();
        page.write(17, 8, -0.2).unwrap();
    }
    let desk = Desk::new();
    let report = desk
        .import(
            Kind::Wgi,
            &[desk.file("wgidataset.xlsx", book.save_to_buffer().unwrap())],
            &strict(),
        )
        .unwrap();
    insta::assert_snapshot!(said(&report));
    let rows = desk.rows(GOVERNANCE);
    let found: Vec<(&str, &str, Option<f64>, Option<f64>)> = rows
        .iter()
        .map(|row| (row[0].as_str(), row[3].as_str(), row[4].as_f64(), row[5].as_f64()))
        .collect();
    assert_eq!(found[0], ("AND", "pv", Some(1.5), Some(0.25)));
    assert_eq!(found[1], ("MMR", "pv", Some(-2.0), Some(0.25)));
    assert_eq!(found[2], ("XKX", "pv", None, None));
    assert_eq!(found.len(), 12);
}
