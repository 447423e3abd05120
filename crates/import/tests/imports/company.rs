use monazite_import::{Kind, purchases};
use rust_xlsxwriter::Workbook;

use crate::{Desk, lenient, message, said, strict};

#[test]
fn the_template_of_geopolrisk() {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name("Template").unwrap();
    for (at, heading) in [
        "Metal",
        "Country of Origin",
        "Quantity (kg)",
        "Value (USD)",
        "Year",
        "Notes",
    ]
    .iter()
    .enumerate()
    {
        page.write(0, u16::try_from(at).unwrap(), *heading).unwrap();
    }
    for (line, (country, quantity, value)) in
        (1_u32..).zip([("Denmark", 0.170, 3.196), ("Egypt, Arab Rep.", 4.0, 113.0)])
    {
        page.write(line, 0, "Nickel").unwrap();
        page.write(line, 1, country).unwrap();
        page.write(line, 2, quantity).unwrap();
        page.write(line, 3, value).unwrap();
        page.write(line, 4, 2022).unwrap();
        page.write(line, 5, "spot").unwrap();
    }
    let desk = Desk::new();
    let report = desk
        .import(
            Kind::Company,
            &[desk.file("purchases.xlsx", book.save_to_buffer().unwrap())],
            &strict(),
        )
        .unwrap();
    insta::assert_snapshot!(said(&report));
    let rows = purchases(&desk.mine()).unwrap();
    assert_eq!(rows.len(), 2);
    let egypt = rows.iter().find(|row| row.origin == "EGY").unwrap();
    assert_eq!(
        (egypt.quantity_t.0, egypt.value_kusd.map(|v| v.0), egypt.year),
        (0.004, Some(0.113), 2022)
    );
    assert_eq!((egypt.material.as_str(), egypt.note.as_str()), ("Nickel", "spot"));
}

#[test]
fn units_in_a_column_and_no_values() {
    let desk = Desk::new();
    let text = "material;origin;quantity;unit;year\nNeodymium oxide;China;1;t;2024\nrare earths;China;1,500;kg;2024\nRare earths;Viet Nam;0.5;kt;2024\nUnobtainium;Viet Nam;0.5;kt;2024\n";
    let file = desk.file("purchases.csv", text);
    insta::assert_snapshot!(message(desk.import(
        Kind::Company,
        std::slice::from_ref(&file),
        &strict()
    )));
    let report = desk.import(Kind::Company, &[file], &lenient()).unwrap();
    assert_eq!((report.rows.kept, report.rows.quarantined), (3, 1));
    let tonnes: Vec<f64> = purchases(&desk.mine())
        .unwrap()
        .iter()
        .map(|row| row.quantity_t.0)
        .collect();
    assert_eq!(tonnes, [1.0, 1.5, 500.0]);
    for said in ["no values", "single rare earths"] {
        assert!(report.warnings.iter().any(|warning| warning.contains(said)), "{said}");
    }
}

#[test]
fn every_fault_has_its_cell() {
    let desk = Desk::new();
    let text = "\
Material,Origin,Quantity,Unit,Value,Currency,Year
Nickel,China,1,t,5,USD,2022
Nickel,China,1,t,5,USD,2022
Nickle,China,1,t,5,USD,2022
Nickel,Chnia,1,t,5,USD,2022
Nickel,World,1,t,5,USD,2022
Nickel,China,-1,t,5,USD,2022
Nickel,China,NaN,t,5,USD,2022
Nickel,China,\"1,5\",t,5,USD,2022
Nickel,China,1,bushel,5,USD,2022
Nickel,China,1,,5,USD,2022
Nickel,China,1,t,5,EUR,2022
Nickel,China,1,t,5,USD,22
,China,1,t,5,USD,2022
Nickel,China,,t,5,USD,2022
";
    insta::assert_snapshot!(message(desk.import(
        Kind::Company,
        &[desk.file("bad.csv", text)],
        &strict()
    )));
    insta::assert_snapshot!(message(desk.import(
        Kind::Company,
        &[desk.file("other.csv", "who,what\nme,nothing\n")],
        &strict()
    )));
    assert!(!desk.mine().exists());
}
