//! Charts of the truth page: bands of predictions with observed prices, one panel per zone, as SVG of its own.

use std::fmt::Write as _;

use monazite_ensemble::backtest::{Score, Zone};
use monazite_market::scenario::Quarter;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 54.0;
const GAP: f64 = 62.0;
const STYLE: &str = "text{font:12px system-ui,'Helvetica Neue',Arial,sans-serif;fill:#2b2f36}.t{font-size:15px;font-weight:600}.s{font-size:13px;font-weight:600}.m{fill:#6a717c}.o{fill:#c8501e;stroke:#fff;stroke-width:1.5}.w{fill:#9dbfe6;fill-opacity:.55}.n{fill:#4f8ccb;fill-opacity:.6}.d{fill:none;stroke:#1b4f8a;stroke-width:2}.g{stroke:#e3e6ea}.b{stroke:#6a717c;stroke-dasharray:4 3}.f{fill:#fff}";

/// One item, both zones: `title` says what it is.
pub fn svg(title: &str, outside: Option<&Score>, inside: Option<&Score>) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}: predicted bands and observed prices\">\
         <style>{STYLE}</style><rect class=\"f\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\
         <text class=\"t\" x=\"{LEFT}\" y=\"20\">{title}, USD/kg, logarithmic scale</text>"
    );
    let width = (WIDTH - LEFT - RIGHT - GAP) / 2.0;
    let axis = Axis::of([outside, inside].into_iter().flatten());
    for (score, zone, left) in [
        (outside, Zone::Outside, LEFT),
        (inside, Zone::Inside, LEFT + width + GAP),
    ] {
        panel(&mut out, score, zone, left, width, axis);
    }
    legend(&mut out);
    out.push_str("</svg>\n");
    out
}

/// A logarithmic axis shared by both zones, so that heights compare.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn of<'a>(scores: impl Iterator<Item = &'a Score>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for score in scores {
            for band in &score.bands {
                low = low.min(band.quantiles[0]);
                high = high.max(band.quantiles[4]);
            }
            for point in &score.points {
                low = low.min(point.observed);
                high = high.max(point.observed);
            }
        }
        Self {
            low: low.max(1e-3) / 1.15,
            high: high * 1.15,
        }
    }

    fn y(self, value: f64) -> f64 {
        let share = (value.max(self.low) / self.low).ln() / (self.high / self.low).ln();
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    fn ticks(self) -> Vec<f64> {
        let mut found: Vec<f64> = Vec::new();
        for power in -3..7 {
            for lead in [1.0, 2.0, 5.0] {
                let value = lead * 10_f64.powi(power);
                if value >= self.low && value <= self.high {
                    found.push(value);
                }
            }
        }
        // A wide range gets its powers of ten only.
        if found.len() > 7 {
            found.retain(|v| (v.log10() - v.log10().round()).abs() < 1e-9);
        }
        found
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few quarters")]
fn panel(out: &mut String, score: Option<&Score>, zone: Zone, left: f64, width: f64, axis: Axis) {
    let words = match zone {
        Zone::Outside => "Outside China (FOB, spot)",
        Zone::Inside => "Inside China (ex works, without VAT)",
    };
    let _ = write!(out, "<text class=\"s\" x=\"{left}\" y=\"42\">{words}</text>");
    for tick in axis.ticks() {
        let y = axis.y(tick);
        let _ = write!(
            out,
            "<line class=\"g\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"m\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left + width,
            left - 6.0,
            y + 4.0,
            number(tick)
        );
    }
    let Some(score) = score else {
        let _ = write!(
            out,
            "<text class=\"m\" x=\"{}\" y=\"150\">not used there</text>",
            left + 10.0
        );
        return;
    };
    let step = width / score.bands.len().max(1) as f64;
    let x = |t: usize| left + (t as f64 + 0.5) * step;
    for (low, high, class) in [(0, 4, "w"), (1, 3, "n")] {
        let up = score
            .bands
            .iter()
            .enumerate()
            .map(|(t, b)| (x(t), axis.y(b.quantiles[high])));
        let down = score
            .bands
            .iter()
            .enumerate()
            .rev()
            .map(|(t, b)| (x(t), axis.y(b.quantiles[low])));
        let points: Vec<String> = up.chain(down).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(out, "<polygon class=\"{class}\" points=\"{}\"/>", points.join(" "));
    }
    let middle: Vec<String> = (score.bands.iter().enumerate())
        .map(|(t, b)| format!("{:.1},{:.1}", x(t), axis.y(b.quantiles[2])))
        .collect();
    let _ = write!(out, "<polyline class=\"d\" points=\"{}\"/>", middle.join(" "));
    let base = axis.y(score.base);
    let _ = write!(
        out,
        "<line class=\"b\" x1=\"{left}\" x2=\"{}\" y1=\"{base:.1}\" y2=\"{base:.1}\"/>",
        left + width
    );
    for (t, band) in score.bands.iter().enumerate() {
        years(out, band.quarter, x(t), step);
        for point in score.points.iter().filter(|p| p.quarter == band.quarter) {
            let _ = write!(
                out,
                "<circle class=\"o\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4.5\"><title>{}: {} USD/kg</title></circle>",
                x(t),
                axis.y(point.observed),
                point.quarter,
                number(point.observed)
            );
        }
    }
}

/// A tick at the start of each year, its number in the middle.
fn years(out: &mut String, quarter: Quarter, x: f64, step: f64) {
    let y = HEIGHT - BOTTOM;
    if quarter.q() == 1 {
        let start = x - step / 2.0;
        let _ = write!(
            out,
            "<line class=\"m\" stroke=\"#6a717c\" x1=\"{start:.1}\" x2=\"{start:.1}\" y1=\"{y}\" y2=\"{}\"/><text class=\"m\" x=\"{:.1}\" y=\"{}\">{}</text>",
            y + 6.0,
            start + 4.0,
            y + 16.0,
            quarter.year()
        );
    }
}

fn legend(out: &mut String) {
    let y = HEIGHT - 14.0;
    let _ = write!(
        out,
        "<rect class=\"w\" x=\"58\" y=\"{0}\" width=\"18\" height=\"10\"/><text x=\"81\" y=\"{y}\">80 % of predictions</text>\
         <rect class=\"n\" x=\"214\" y=\"{0}\" width=\"18\" height=\"10\"/><text x=\"237\" y=\"{y}\">middle 50 %</text>\
         <line class=\"d\" x1=\"326\" x2=\"346\" y1=\"{1}\" y2=\"{1}\"/><text x=\"351\" y=\"{y}\">median</text>\
         <line class=\"b\" x1=\"412\" x2=\"432\" y1=\"{1}\" y2=\"{1}\"/><text x=\"437\" y=\"{y}\">base year</text>\
         <circle class=\"o\" cx=\"520\" cy=\"{1}\" r=\"4.5\"/><text x=\"530\" y=\"{y}\">observed, mean of quotes</text>",
        y - 9.0,
        y - 4.0
    );
}

fn number(value: f64) -> String {
    if value >= 1000.0 {
        let whole = format!("{value:.0}");
        let (head, tail) = whole.split_at(whole.len() - 3);
        format!("{head},{tail}")
    } else if value >= 10.0 {
        format!("{value:.0}")
    } else if value >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
