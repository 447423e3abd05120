//! Whatever bytes a file has, an import answers or refuses; it never panics.

use monazite_import::{Kind, Options};
use proptest::prelude::*;

use crate::{Desk, lenient};

fn tries(kind: Kind, name: &str, bytes: &[u8]) {
    let desk = Desk::new();
    let file = desk.file(name, bytes);
    let options = Options {
        dry_run: true,
        ..lenient()
    };
    // Either is fine; a panic is not.
    let _ = desk.import(kind, &[file], &options);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), which in 0_usize..6) {
        tries(Kind::ALL[which], "any.csv", &bytes);
    }

    #[test]
    fn lines_under_the_right_heading(text in "[0-9a-zA-Z,;\"\n\r.é—-]{0,300}", which in 0_usize..6) {
        let heading = [
            "t,i,j,k,v,q",
            "refYear,flowCode,reporterCode,partnerCode,cmdCode,primaryValue,netWgt,qty",
            "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_NOTES,RESERVES_2024",
            "Country,unit,2021,2022,data source",
            "code,countryname,year,indicator,estimate,stddev",
            "Metal,Country of Origin,Quantity (kg),Value (USD),Year,Notes",
        ][which];
        tries(Kind::ALL[which], "any.csv", format!("{heading}\n{text}").as_bytes());
    }

    #[test]
    fn workbooks_and_zips_cut_short(cut in 0_usize..2000, which in 0_usize..6) {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "Country").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        tries(Kind::ALL[which], "any.xlsx", &bytes[..cut.min(bytes.len())]);
    }
}
