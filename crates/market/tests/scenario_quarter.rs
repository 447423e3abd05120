//! Quarters, schedules and what an event amounts to in a quarter.

use std::error::Error;

use jiff::civil::{Date, date};
use monazite_market::scenario::{Event, Quarter, Scenario, Schedule, Vocabulary};
use proptest::prelude::*;

type Outcome = Result<(), Box<dyn Error>>;

fn close(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "got {got}, expected {want}");
}

#[test]
fn both_spellings_are_read_and_one_is_written() -> Outcome {
    for text in ["2025Q2", "2025-Q2"] {
        let quarter: Quarter = text.parse()?;
        assert_eq!((quarter.year(), quarter.q()), (2025, 2));
        assert_eq!(quarter.to_string(), "2025Q2");
    }
    for text in [
        "",
        "2025",
        "2025Q0",
        "2025Q5",
        "25Q1",
        "2025-q1",
        "2025--Q1",
        "Q1-2025",
        "２０２５Q1",
        "0000Q1",
    ] {
        assert!(text.parse::<Quarter>().is_err(), "{text}");
    }
    assert_eq!(serde_json::to_string(&"2025-Q2".parse::<Quarter>()?)?, "\"2025Q2\"");
    assert_eq!(serde_json::from_str::<Quarter>("\"2025-Q2\"")?.to_string(), "2025Q2");
    Ok(())
}

#[test]
fn days_of_a_quarter() -> Outcome {
    let spring: Quarter = "2025Q2".parse()?;
    assert_eq!(spring.first_day(), date(2025, 4, 1));
    assert_eq!(spring.last_day(), date(2025, 6, 30));
    assert_eq!(spring.days(), 91);
    assert_eq!("2024Q1".parse::<Quarter>()?.days(), 91); // a leap year
    assert_eq!("2025Q1".parse::<Quarter>()?.days(), 90);
    assert_eq!(Quarter::of(date(2025, 6, 30)), spring);
    assert_eq!(Quarter::of(date(2025, 7, 1)), spring.next());

    close(spring.share_covered(date(2025, 4, 4), None), 88.0 / 91.0);
    close(
        spring.share_covered(date(2025, 4, 4), Some(date(2025, 4, 4))),
        1.0 / 91.0,
    );
    close(spring.share_covered(date(2020, 1, 1), None), 1.0);
    close(spring.share_covered(date(2025, 7, 1), None), 0.0);
    close(spring.share_covered(date(2020, 1, 1), Some(date(2025, 3, 31))), 0.0);
    Ok(())
}

#[test]
fn the_ends_of_the_calendar_hold() {
    let first = Quarter::of(Date::MIN);
    let last = Quarter::of(Date::MAX);
    for quarter in [first, last, first - 5, last + 5, first + i32::MIN, last + i32::MAX] {
        assert!((90..=92).contains(&quarter.days()), "{quarter}");
        assert!(quarter.share_covered(Date::MIN, Some(Date::MAX)) <= 1.0);
    }
}

proptest! {
    #[test]
    fn arithmetic_and_text_agree(year in 1i16..9998, q in 1u8..5, n in -400i32..400) {
        let Some(quarter) = Quarter::new(year, q) else { return Ok(()) };
        prop_assert_eq!(quarter.to_string().parse::<Quarter>().ok(), Some(quarter));
        let moved = quarter + n;
        if (2..9900).contains(&year) && moved.year() > 1 {
            prop_assert_eq!(moved.since(quarter), n);
            prop_assert_eq!(moved - n, quarter);
        }
        prop_assert_eq!(Quarter::of(quarter.first_day()), quarter);
        prop_assert_eq!(Quarter::of(quarter.last_day()), quarter);
        prop_assert!(quarter.next().previous() == quarter || year >= 9998);
    }

    #[test]
    fn the_days_of_an_event_are_all_in_some_quarter(day in 0i32..20_000, length in 0i32..2_000) {
        use jiff::ToSpan;
        let from = date(1990, 1, 1) + i64::from(day).days();
        let until = from + i64::from(length).days();
        let first = Quarter::of(from);
        let covered: u32 = (0..40).map(|n| (first + n).days_covered(from, Some(until))).sum();
        prop_assert_eq!(i64::from(covered), i64::from(length) + 1);
    }
}

#[test]
fn a_schedule_holds_each_value_until_the_next() -> Outcome {
    let quarter = |text: &str| text.parse::<Quarter>();
    let steps = vec![(quarter("2025Q2")?, 0.1), (quarter("2025Q4")?, 0.5)];
    let schedule = Schedule::steps(steps).ok_or("no steps")?;
    close(schedule.at(quarter("2025Q1")?), 0.1);
    close(schedule.at(quarter("2025Q3")?), 0.1);
    close(schedule.at(quarter("2025Q4")?), 0.5);
    close(schedule.at(quarter("2040Q1")?), 0.5);
    close(Schedule::constant(0.3).at(quarter("2025Q1")?), 0.3);
    assert!(Schedule::steps(vec![]).is_none());
    assert!(Schedule::steps(vec![(quarter("2025Q2")?, 1.0), (quarter("2025Q2")?, 2.0)]).is_none());
    Ok(())
}

/// One event out of a file with the head filled in.
fn event(body: &str) -> Result<Event, Box<dyn Error>> {
    let vocabulary = Vocabulary {
        places: [("CHN", "China"), ("JPN", "Japan")]
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .into(),
        end_uses: ["wind".to_owned()].into(),
        ..Vocabulary::default()
    };
    let text = format!(
        "name = \"t\"\ntitle = \"t\"\nbase_year = 2024\nstart = \"2025-Q1\"\nquarters = 8\n[[event]]\nid = \"e\"\nevidence = [\"assumption\"]\n{body}"
    );
    let scenario = Scenario::parse(&text, "t.toml", &vocabulary)?;
    Ok(scenario.event("e").ok_or("no event")?.clone())
}

#[test]
fn strengths_by_quarter() -> Outcome {
    let quarter = |text: &str| text.parse::<Quarter>();
    let (before, spring, summer) = (quarter("2025Q1")?, quarter("2025Q2")?, quarter("2025Q3")?);

    let ban = event("kind = \"ban\"\nfrom = 2025-04-04\nproducts = \"oxide\"\norigin = \"CHN\"")?;
    close(ban.open_share(before), 1.0);
    close(ban.open_share(spring), 3.0 / 91.0);
    close(ban.open_share(summer), 0.0);
    close(ban.available_share(summer), 1.0);
    assert!(ban.is_assumed());

    let licence = event(
        "kind = \"licence\"\nfrom = \"2025-04-04\"\nuntil = \"2025-09-30\"\nproducts = \"oxide\"\norigin = \"CHN\"\nprocessing_delay_days = 63\napproved_share = 0.25",
    )?;
    // Open for 3 days, shut for 63, a quarter of the flow for the other 25.
    close(licence.open_share(spring), (3.0 + 0.25 * 25.0) / 91.0);
    close(licence.open_share(summer), 0.25);
    close(licence.open_share(quarter("2025Q4")?), 1.0);

    let quota = event(
        "kind = \"quota\"\nfrom = \"2025-07-01\"\nproducts = \"oxide\"\norigin = \"CHN\"\ntonnes_per_year = 400",
    )?;
    assert_eq!(quota.quota_tonnes(spring), None);
    assert_eq!(quota.quota_tonnes(summer), Some(100.0));

    let tariff = event(
        "kind = \"tariff\"\nfrom = \"2025-07-01\"\nuntil = \"2025-08-15\"\nproducts = \"magnet\"\norigin = \"CHN\"\nrate = 0.5",
    )?;
    close(tariff.rate(summer), 0.25);

    let outage =
        event("kind = \"outage\"\nfrom = \"2025-07-01\"\nplaces = \"CHN\"\nstages = \"metal\"\navailable_share = 0.4")?;
    close(outage.available_share(spring), 1.0);
    close(outage.available_share(summer), 0.4);

    let demand = event("kind = \"demand\"\nfrom = \"2025-07-01\"\nend_uses = \"wind\"\nfactor = 1.2")?;
    close(demand.demand_factor(summer), 1.2);

    let capacity = event(
        "kind = \"capacity\"\nfrom = \"2025-07-01\"\nplaces = \"JPN\"\nstages = \"metal\"\nextra_tonnes_per_year = 400\nramp_quarters = 4",
    )?;
    close(capacity.extra_tonnes(spring), 0.0);
    close(capacity.extra_tonnes(summer), 25.0);
    close(capacity.extra_tonnes(summer + 3), 100.0);
    close(capacity.extra_tonnes(summer + 9), 100.0);

    let release = event(
        "kind = \"stock_release\"\nfrom = \"2025-06-01\"\nuntil = \"2025-07-30\"\nplace = \"JPN\"\nproduct = \"oxide\"\nelement = \"Dy\"\ntonnes = 60",
    )?;
    close(release.released_tonnes(spring), 30.0);
    close(release.released_tonnes(summer), 30.0);
    let at_once = event(
        "kind = \"stock_release\"\nfrom = \"2025-06-01\"\nplace = \"JPN\"\nproduct = \"oxide\"\nelement = \"Dy\"\ntonnes = 60",
    )?;
    close(at_once.released_tonnes(spring), 60.0);
    close(at_once.released_tonnes(summer), 0.0);
    Ok(())
}
