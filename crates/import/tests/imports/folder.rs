use monazite_import::{ImportsLock, Kind, LOCK, TRADE, trade_rows};

use crate::{Desk, message, strict};

fn year(year: u16, value: f64) -> String {
    format!("t,i,j,k,v,q\n{year},156,392,280530,{value},1\n")
}

#[test]
fn years_stand_beside_each_other_and_replace_themselves() {
    let desk = Desk::new();
    let import = |name: &str, text: String| desk.import(Kind::Baci, &[desk.file(name, text)], &strict()).unwrap();
    import("BACI_HS92_Y2022_V202401b.csv", year(2022, 1.0));
    import("BACI_HS92_Y2020_V202401b.csv", year(2020, 2.0));
    let report = import("BACI_HS92_Y2022_V202501.csv", year(2022, 3.0));
    assert_eq!(
        (
            report.tables[0].rows,
            report.tables[0].replaced,
            report.tables[0].stayed
        ),
        (2, 1, 1)
    );
    let rows: Vec<(u16, f64)> = trade_rows(&desk.mine())
        .unwrap()
        .iter()
        .map(|row| (row.year, row.value_kusd))
        .collect();
    assert_eq!(rows, [(2020, 2.0), (2022, 3.0)]);
    let lock = ImportsLock::read(&desk.mine()).unwrap();
    let entries: Vec<(Option<&str>, &[u16])> = lock
        .imports
        .iter()
        .map(|e| (e.vintage.as_deref(), e.years.as_slice()))
        .collect();
    assert_eq!(entries, [(Some("202401b"), &[2020][..]), (Some("202501"), &[2022][..])]);
    // Nothing half-written stays behind.
    let names: Vec<String> = std::fs::read_dir(desk.mine())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|name| !name.contains("partial")), "{names:?}");
}

#[test]
fn the_lock_says_where_everything_is_from() {
    let desk = Desk::new();
    desk.import(
        Kind::Baci,
        &[desk.file("BACI_HS92_Y2022_V202401b.csv", year(2022, 1.0))],
        &strict(),
    )
    .unwrap();
    let text = std::fs::read_to_string(desk.mine().join(LOCK)).unwrap();
    let table = text.lines().position(|line| line.starts_with("[table]")).unwrap();
    // The hash of the table depends on the version of the Parquet writer.
    insta::assert_snapshot!(text.lines().take(table).collect::<Vec<_>>().join("\n"));
    assert!(text.contains("\"trade.parquet\" = \""));
}

#[test]
fn the_same_import_writes_the_same_bytes() {
    let bytes = |_| {
        let desk = Desk::new();
        desk.import(
            Kind::Baci,
            &[desk.file("BACI_HS92_Y2022_V202401b.csv", year(2022, 1.0))],
            &strict(),
        )
        .unwrap();
        [TRADE, LOCK].map(|name| std::fs::read(desk.mine().join(name)).unwrap())
    };
    assert_eq!(bytes(0), bytes(1));
}

#[test]
fn a_folder_that_is_not_ours_stays_as_it_is() {
    let desk = Desk::new();
    let file = desk.file("BACI_HS92_Y2022_V202401b.csv", year(2022, 1.0));
    desk.import(Kind::Baci, std::slice::from_ref(&file), &strict()).unwrap();
    std::fs::remove_file(desk.mine().join(LOCK)).unwrap();
    let unnamed = message(desk.import(Kind::Baci, std::slice::from_ref(&file), &strict()));
    std::fs::write(desk.mine().join(LOCK), "format = 7\n").unwrap();
    let newer = message(desk.import(Kind::Baci, std::slice::from_ref(&file), &strict()));
    std::fs::write(desk.mine().join(LOCK), "oops").unwrap();
    let damaged = message(desk.import(Kind::Baci, std::slice::from_ref(&file), &strict()));
    std::fs::remove_file(desk.mine().join(LOCK)).unwrap();
    std::fs::write(desk.mine().join(TRADE), "no table").unwrap();
    assert!(desk.import(Kind::Baci, &[file], &strict()).is_err());
    assert_eq!(std::fs::read(desk.mine().join(TRADE)).unwrap(), b"no table");
    let dir = desk.mine().to_string_lossy().into_owned();
    insta::assert_snapshot!([unnamed, newer, damaged].join("\n").replace(&dir, "DIR"));
}
