//! Published studies that disclose enough, within ten percent of net present value.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]
#![allow(clippy::print_stderr, reason = "shows how far each study is off")]

use monazite_evidence::Dataset;
use monazite_strategy::project::{Deck, Project, studies, value};

#[test]
fn published_studies_are_reproduced() {
    let dataset = Dataset::bundled().unwrap();
    assert!(studies().len() >= 6);
    for (name, text) in studies() {
        let project = Project::parse(text, name).unwrap();
        let published = project.published.clone().unwrap();
        let worth = value(&project.case(&dataset, &Deck::none()).unwrap());
        let npv = if published.after_tax {
            worth.npv_m
        } else {
            worth.npv_before_tax_m
        };
        let off = npv / published.npv_m - 1.0;
        eprintln!(
            "{name}: {npv:.0} against {:.0} ({:+.1} %), IRR {:.3?} against {:.3?}",
            published.npv_m,
            off * 100.0,
            if published.after_tax {
                worth.irr
            } else {
                worth.irr_before_tax
            },
            published.irr
        );
        assert!(off.abs() <= 0.10, "{name}: {npv:.0} against {:.0}", published.npv_m);
        let irr = if published.after_tax {
            worth.irr
        } else {
            worth.irr_before_tax
        }
        .unwrap();
        assert!((irr - published.irr.unwrap()).abs() <= 0.05, "{name}: {irr}");
    }
}
