use std::collections::BTreeSet;

use monazite_import::{Codes, Kind, Options, TRADE, trade_rows};

use crate::{Desk, lenient, message, said, shared, strict};

const NAME: &str = "BACI_HS92_Y2022_V202401b.csv";
const GOOD: &str = "\
t,i,j,k,v,q
2022,156,392,280530,     12345.678,       123.400
2022,156,842,284690,      1000.000,                NA
2022,4,842,010190,     1.5,1
2022,490,276,284690,      20.25,
2022,58,251,\"280530\",3.000,0.5
";

#[test]
fn a_year_as_it_is_released() {
    let desk = Desk::new();
    let file = desk.file(NAME, GOOD);
    let report = desk.import(Kind::Baci, &[file], &strict()).unwrap();
    insta::assert_snapshot!(said(&report));
    assert_eq!(report.vintage.as_deref(), Some("202401b"));
    let rows = trade_rows(&desk.mine()).unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        (rows[0].product, rows[0].exporter, rows[0].importer),
        (280_530, 58, 251)
    );
    assert_eq!((rows[1].value_kusd, rows[1].quantity_t), (12345.678, 123.4));
    assert!(rows[2].quantity_t.is_nan());
}

#[test]
fn bad_rows_are_named_and_nothing_is_written() {
    let desk = Desk::new();
    let text = "\
t,i,j,k,v,q
2022,156,392,280530,100,10
2022,156,392,280530,100,10
2022,156,392,284690,100,-10
2022,156,392,284610,nan,10
2022,999,392,284610,1,10
2022,156,392,28469x,1,10
2022,156,392,284610
20222,156,276,284610,1,10
2022,156,276,284610,,10
2022,156,842,284610,1,\"1,5\"
";
    let file = desk.file(NAME, text);
    insta::assert_snapshot!(message(desk.import(Kind::Baci, std::slice::from_ref(&file), &strict())));
    assert!(!desk.mine().exists());

    let report = desk.import(Kind::Baci, &[file], &lenient()).unwrap();
    assert_eq!((report.rows.kept, report.rows.quarantined), (1, 9));
    insta::assert_snapshot!(std::fs::read_to_string(desk.mine().join("quarantine/baci.csv")).unwrap());
    assert_eq!(trade_rows(&desk.mine()).unwrap().len(), 1);
}

#[test]
fn products_and_years_can_be_chosen() {
    let desk = Desk::new();
    let file = desk.file(NAME, GOOD);
    let all = Options {
        codes: Codes::All,
        dry_run: true,
        ..strict()
    };
    assert_eq!(
        desk.import(Kind::Baci, std::slice::from_ref(&file), &all)
            .unwrap()
            .rows
            .kept,
        5
    );
    assert!(!desk.mine().exists());
    let one = Options {
        codes: Codes::Only(BTreeSet::from([10_190])),
        ..strict()
    };
    assert_eq!(
        desk.import(Kind::Baci, std::slice::from_ref(&file), &one)
            .unwrap()
            .rows
            .kept,
        1
    );
    let other = Options {
        years: Some((2019, 2021)),
        ..strict()
    };
    insta::assert_snapshot!(message(desk.import(Kind::Baci, &[file], &other)));
}

#[test]
fn folders_zips_and_encodings() {
    let desk = Desk::new();
    let other = GOOD.replace("2022", "2021");
    desk.file(
        "release/BACI_HS92_Y2022_V202401b.csv",
        format!("\u{feff}{}", GOOD.replace('\n', "\r\n")),
    );
    let utf16: Vec<u8> = [0xfffe_u16]
        .into_iter()
        .map(u16::swap_bytes)
        .chain(other.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    desk.file("release/BACI_HS92_Y2021_V202401b.csv", utf16);
    desk.file(
        "release/country_codes_V202401b.csv",
        "country_code,country_name\n4,Afghanistan\n",
    );
    let report = desk
        .import(
            Kind::Baci,
            &[desk.file("release/x", "").parent().unwrap().to_owned()],
            &strict(),
        )
        .unwrap();
    assert_eq!((report.files.len(), report.rows.kept, report.years.len()), (2, 8, 2));

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [(NAME, GOOD), ("product_codes_HS92_V202401b.csv", "code,description\n")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    let zip = desk.file("BACI_HS92_V202401b.zip", zip.finish().unwrap().into_inner());
    let report = desk.import(Kind::Baci, &[zip], &strict()).unwrap();
    assert_eq!(
        (report.rows.kept, report.tables[0].replaced, report.tables[0].stayed),
        (4, 4, 4)
    );
}

#[test]
fn other_files_are_recognised() {
    let desk = Desk::new();
    let wrong = [
        desk.file("a.csv", "Country,2018\nChina,5\n"),
        desk.file("b.csv", ""),
        desk.file("c.zip", b"PK\x03\x04 not a zip"),
        desk.file("empty/readme.txt", "").parent().unwrap().to_owned(),
    ];
    let messages: Vec<String> = wrong
        .iter()
        .map(|file| message(desk.import(Kind::Baci, std::slice::from_ref(file), &strict())))
        .collect();
    let dir = desk.mine().parent().unwrap().to_string_lossy().into_owned();
    insta::assert_snapshot!(messages.join("\n").replace(&dir, "DIR"));
}

/// The rows of the whole table of materials pass through unchanged.
#[test]
fn a_million_rows_round_trip() {
    let Some(path) = shared("evidence/trade/baci_hs92_74_codes_1995_2024.parquet") else {
        return;
    };
    let desk = Desk::new();
    let all = Options {
        codes: Codes::All,
        ..strict()
    };
    let report = desk.import(Kind::Baci, std::slice::from_ref(&path), &all).unwrap();
    assert_eq!((report.rows.read, report.rows.kept), (1_264_888, 1_264_888));
    let rows = trade_rows(&desk.mine()).unwrap();
    assert!(rows.is_sorted_by_key(|row| (row.year, row.product, row.exporter, row.importer)));
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(&path, dir.path().join(TRADE)).unwrap();
    let original = trade_rows(dir.path()).unwrap();
    let sums = |rows: &[monazite_import::TradeRow]| {
        let quantity: f64 = rows.iter().map(|row| row.quantity_t).filter(|q| !q.is_nan()).sum();
        let value: f64 = rows.iter().map(|row| row.value_kusd).sum();
        (
            rows.iter().filter(|row| row.quantity_t.is_nan()).count(),
            quantity,
            value,
        )
    };
    let (missing, quantity, value) = sums(&rows);
    let (expected_missing, expected_quantity, expected_value) = sums(&original);
    assert_eq!(missing, expected_missing);
    // Sums in another order.
    assert!((quantity / expected_quantity - 1.0).abs() < 1e-12 && (value / expected_value - 1.0).abs() < 1e-12);
}
