use monazite_import::{COMTRADE, Kind, Options, trade_rows};

use crate::{Desk, lenient, message, said, strict};

/// Some of the columns of the present layout; the importer finds them by name.
const NEW: &str = "\
typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,cmdDesc,aggrLevel,customsCode,motCode,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,netWgt,isNetWgtEstimated,cifvalue,fobvalue,primaryValue,isReported,isAggregate
C,A,20220101,2022,52,2022,842,USA,USA,M,Import,156,CHN,China,0,H6,280530,\"Earth-metals, rare\",6,C00,0,8,kg,120000,False,120000,False,5000000,,5000000,False,True
C,A,20220101,2022,52,2022,842,USA,USA,M,Import,0,W00,World,0,H6,280530,\"Earth-metals, rare\",6,C00,0,8,kg,150000,False,150000,False,6000000,,6000000,False,True
C,A,20220101,2022,52,2022,842,USA,USA,M,Import,490,S19,\"Other Asia, nes\",0,H6,284690,x,6,C00,0,8,kg,1000,True,0,False,7000,,7000,True,False
C,A,20220101,2022,52,2022,156,CHN,China,X,Export,842,USA,USA,0,H6,280530,x,6,C00,0,8,kg,119000,False,119000,False,,4900000,4900000,True,False
C,A,20220101,2022,52,2022,156,CHN,China,X,Export,392,JPN,Japan,0,H6,280530,x,6,C00,0,8,kg,50000,False,50000,False,,900000,900000,True,False
C,A,20220101,2022,52,2022,156,CHN,China,X,Export,899,_X,\"Areas, nes\",0,H6,280530,x,6,C00,0,8,kg,5,False,5,False,,9,9,True,False
C,A,20220101,2022,52,2022,842,USA,USA,M,Import,156,CHN,China,0,H6,2805,x,4,C00,0,8,kg,5,False,5,False,9,,9,True,True
C,A,20220101,2022,52,2022,842,USA,USA,RX,Re-export,124,CAN,Canada,0,H6,280530,x,6,C00,0,8,kg,5,False,5,False,,9,9,True,False
C,A,20220101,2022,52,2022,842,USA,USA,M,Import,156,CHN,China,0,H6,280530,x,6,C00,1000,8,kg,5,False,5,False,9,,9,True,False
C,M,20220101,2022,1,202201,842,USA,USA,M,Import,156,CHN,China,0,H6,280530,x,6,C00,0,8,kg,5,False,5,False,9,,9,True,False
";

#[test]
fn the_present_layout() {
    let desk = Desk::new();
    let file = desk.file("TradeData.csv", NEW);
    let report = desk.import(Kind::Comtrade, &[file], &strict()).unwrap();
    insta::assert_snapshot!(said(&report));
    let rows = trade_rows(&desk.mine()).unwrap();
    // China's report of what the United States report themselves is not counted again.
    assert_eq!(rows.len(), 3);
    let taiwan = rows.iter().find(|row| row.exporter == 490).unwrap();
    assert_eq!((taiwan.importer, taiwan.value_kusd, taiwan.quantity_t), (842, 7.0, 1.0));
    assert_eq!(desk.rows(COMTRADE).len(), 4);
}

#[test]
fn the_older_layout_and_json_say_the_same() {
    let old = "\
Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,2nd Partner Code,Customs Proc. Code,Mode of Transport Code,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),CIF Trade Value (US$),FOB Trade Value (US$),Flag
H0,2016,2016,2016,6,1,1,Import,251,France,FRA,699,India,IND,,,,280530,Rare,8,Weight in kilograms,2000,2000,30000,,,0
H0,2016,2016,2016,6,1,1,Import,251,France,FRA,0,World,WLD,,,,280530,Rare,8,Weight in kilograms,2000,2000,30000,,,0
";
    let json = r#"{"elapsedTime":"0.1","count":2,"data":[
      {"freqCode":"A","refYear":2016,"period":"2016","reporterCode":251,"flowCode":"M","partnerCode":699,"classificationCode":"H0","cmdCode":"280530","qtyUnitCode":8,"qty":2000,"netWgt":2000.0,"cifvalue":30000.0,"fobvalue":null,"primaryValue":30000.0,"isAggregate":false},
      {"freqCode":"A","refYear":2016,"period":"2016","reporterCode":251,"flowCode":"M","partnerCode":0,"classificationCode":"H0","cmdCode":"280530","qtyUnitCode":8,"qty":2000,"netWgt":2000.0,"cifvalue":30000.0,"fobvalue":null,"primaryValue":30000.0,"isAggregate":false}
    ],"error":""}"#;
    let legacy = r#"{"validation":{"status":{"name":"Ok"}},"dataset":[
      {"pfCode":"H0","yr":2016,"period":2016,"rgCode":1,"rgDesc":"Import","rtCode":251,"rtTitle":"France","ptCode":699,"ptTitle":"India","cmdCode":"280530","qtCode":8,"qtDesc":"Weight in kilograms","TradeQuantity":2000,"NetWeight":2000,"TradeValue":30000,"estCode":0}
    ]}"#;
    for (name, text) in [("old.csv", old), ("new.json", json), ("old.json", legacy)] {
        let desk = Desk::new();
        let file = desk.file(name, text);
        let report = desk.import(Kind::Comtrade, &[file], &strict()).unwrap();
        let rows = trade_rows(&desk.mine()).unwrap();
        assert_eq!((report.rows.kept, rows.len()), (1, 1), "{name}");
        let row = rows[0];
        assert_eq!(
            (row.year, row.exporter, row.importer, row.value_kusd, row.quantity_t),
            (2016, 699, 251, 30.0, 2.0),
            "{name}"
        );
    }
}

#[test]
fn bad_rows_and_other_files() {
    let desk = Desk::new();
    let text = NEW.lines().take(2).collect::<Vec<_>>().join("\n");
    let row = text.lines().nth(1).unwrap();
    let more = [
        row.replace(",156,CHN,China,", ",9999,QQQ,Atlantis,"),
        row.replace("120000,False,120000", "120000,False,-120000"),
        row.replace(",280530,", ",28053A,"),
        row.replace(",5000000,False", ",,False"),
        row.split(',').take(12).collect::<Vec<_>>().join(","),
        row.to_owned(),
    ];
    let file = desk.file("bad.csv", format!("{text}\n{}\n", more.join("\n")));
    insta::assert_snapshot!(message(desk.import(
        Kind::Comtrade,
        std::slice::from_ref(&file),
        &strict()
    )));
    assert_eq!(
        desk.import(Kind::Comtrade, &[file], &lenient())
            .unwrap()
            .rows
            .quarantined,
        6
    );
    let others = [
        desk.file("a.json", "{\"data\": 3}"),
        desk.file("b.json", "{oops"),
        desk.file("c.csv", "a,b\n1,2\n"),
        desk.file("d.csv", ""),
    ];
    let messages: Vec<String> = others
        .iter()
        .map(|file| message(desk.import(Kind::Comtrade, std::slice::from_ref(file), &strict())))
        .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn baci_comes_first_and_comtrade_stays_beside_it() {
    let desk = Desk::new();
    let comtrade = desk.file("TradeData.csv", NEW);
    let baci = desk.file("BACI_HS92_Y2022_V202401b.csv", "t,i,j,k,v,q\n2022,156,392,280530,1,1\n");
    desk.import(Kind::Comtrade, std::slice::from_ref(&comtrade), &strict())
        .unwrap();
    let report = desk.import(Kind::Baci, &[baci], &strict()).unwrap();
    assert_eq!(report.tables[0].replaced, 3);
    let again = desk.import(Kind::Comtrade, &[comtrade], &strict()).unwrap();
    assert_eq!(trade_rows(&desk.mine()).unwrap().len(), 1);
    assert_eq!(desk.rows(COMTRADE).len(), 4);
    insta::assert_snapshot!([report.warnings, again.warnings].concat().join("\n"));
    let other = Options {
        years: Some((2000, 2001)),
        ..strict()
    };
    assert!(desk.import(Kind::Comtrade, &[desk.file("x.csv", NEW)], &other).is_err());
}
