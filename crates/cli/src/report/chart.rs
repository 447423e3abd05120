//! Drawings as plain figures for the templates: lines and stacked columns over the quarters of a run.
//!
//! Coordinates are worked out here, everything to do with looks is in `report.css`, so that one drawing serves light,
//! dark and paper.

use monazite_market::scenario::{Event, Quarter};
use serde::Serialize;

use super::numbers::{coordinate, figure, with_unit};
use super::run::Run;
use super::scale::Axis;

const WIDTH: f64 = 344.0;
const PLOT_HEIGHT: f64 = 150.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 8.0;
/// Room above the plot for the axis title.
const HEAD: f64 = 21.0;
/// Room below the plot for quarters.
const FOOT: f64 = 24.0;
/// Height of the strip of one event.
const STRIP: f64 = 11.0;
/// Most strips drawn; further events are in the table only.
const MOST_STRIPS: usize = 5;
/// Room between the base quarter and the first simulated one, in quarters.
const GAP: f64 = 1.6;
/// Widths of letters of the small type, for labels that must not run into each other.
const LETTER: f64 = 6.2;

/// A drawing.
#[derive(Debug, Serialize)]
pub struct Chart {
    label: String,
    width: String,
    height: String,
    left: String,
    right: String,
    top: String,
    bottom: String,
    unit: String,
    log: bool,
    y_ticks: Vec<Tick>,
    x_ticks: Vec<Tick>,
    shades: Vec<Rect>,
    strips: Vec<Strip>,
    columns: Vec<Rect>,
    lines: Vec<Line>,
}

impl Chart {
    /// Whether its vertical axis is logarithmic.
    pub fn is_log(&self) -> bool {
        self.log
    }
}

#[derive(Debug, Serialize)]
struct Tick {
    at: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct Rect {
    x: String,
    y: String,
    width: String,
    height: String,
    class: &'static str,
    title: String,
}

#[derive(Debug, Serialize)]
struct Strip {
    bar: Rect,
    number: usize,
    text_x: String,
    text_y: String,
}

#[derive(Debug, Serialize)]
struct Line {
    class: &'static str,
    path: String,
    dots: Vec<Dot>,
}

#[derive(Debug, Serialize)]
struct Dot {
    x: String,
    y: String,
    title: String,
}

/// Values of one line, by position in the run; gaps where there are none.
pub struct Series {
    /// Class of the line in the style sheet.
    pub class: &'static str,
    /// What it is, for the text of its points.
    pub name: &'static str,
    /// The values.
    pub values: Vec<Option<f64>>,
    /// Whether each value gets a point.
    pub dots: bool,
}

/// One layer of stacked columns.
pub struct Layer {
    /// Class of its columns in the style sheet.
    pub class: &'static str,
    /// What it is.
    pub name: String,
    /// The values by position in the run.
    pub values: Vec<f64>,
}

/// The horizontal axis: the base quarter, a gap, then the simulated quarters.
struct Time<'a> {
    quarters: &'a [Quarter],
    step: f64,
}

impl<'a> Time<'a> {
    fn new(quarters: &'a [Quarter]) -> Self {
        Self {
            quarters,
            step: (WIDTH - LEFT - RIGHT) / (float(quarters.len()) + 1.0 + GAP),
        }
    }

    /// The middle of a position.
    fn middle(&self, moment: usize) -> f64 {
        let gap = if moment == 0 { 0.0 } else { GAP };
        LEFT + self.step * (float(moment) + gap + 0.5)
    }

    /// The start of the first simulated quarter.
    fn start(&self) -> f64 {
        LEFT + self.step * (1.0 + GAP)
    }

    /// Where the days of an event begin and end, if it touches the run.
    fn days(&self, event: &Event) -> Option<(f64, f64)> {
        let mut covered = self.quarters.iter().enumerate().filter_map(|(n, quarter)| {
            let share = event.covered(*quarter);
            (share > 0.0).then_some((n, *quarter, share))
        });
        let (first, quarter, share) = covered.next()?;
        let (last, last_share) = covered.next_back().map_or((first, share), |(n, _, share)| (n, share));
        // What is not covered of the first quarter lies before the event, unless the event began earlier.
        let before = if event.from > quarter.first_day() {
            1.0 - share
        } else {
            0.0
        };
        let from = self.start() + self.step * (float(first) + before);
        let width_of_last = if first == last { before + share } else { last_share };
        Some((from, self.start() + self.step * (float(last) + width_of_last)))
    }

    /// Labels at first quarters of years, as many as fit.
    fn ticks(&self) -> Vec<Tick> {
        let mut ticks = vec![Tick {
            at: coordinate(self.middle(0)),
            label: "base".to_owned(),
        }];
        let mut free_from = self.middle(0) + 2.5 * LETTER;
        let every_quarter = !self.quarters.iter().any(|quarter| quarter.q() == 1);
        for (n, quarter) in self.quarters.iter().enumerate() {
            if quarter.q() != 1 && !every_quarter {
                continue;
            }
            let label = format!("{} Q{}", quarter.year(), quarter.q());
            let half = LETTER * float(label.len()) / 2.0;
            let at = self.middle(n + 1);
            if at - half >= free_from && at + half <= WIDTH {
                free_from = at + half + LETTER;
                ticks.push(Tick {
                    at: coordinate(at),
                    label,
                });
            }
        }
        ticks
    }
}

/// The vertical measures of a drawing.
struct Frame {
    top: f64,
    axis: Axis,
}

impl Frame {
    fn y(&self, value: f64) -> f64 {
        self.top + PLOT_HEIGHT * (1.0 - self.axis.position(value))
    }

    fn bottom(&self) -> f64 {
        self.top + PLOT_HEIGHT
    }

    fn chart(&self, run: &Run<'_>, label: String, unit: &str) -> Chart {
        Chart {
            label,
            width: coordinate(WIDTH),
            height: coordinate(self.bottom() + FOOT),
            left: coordinate(LEFT),
            right: coordinate(WIDTH - RIGHT),
            top: coordinate(self.top),
            bottom: coordinate(self.bottom()),
            unit: unit.to_owned(),
            log: self.axis.is_log(),
            y_ticks: self
                .axis
                .ticks()
                .into_iter()
                .map(|tick| Tick {
                    at: coordinate(self.y(tick)),
                    label: tick_label(tick),
                })
                .collect(),
            x_ticks: Time::new(&run.quarters).ticks(),
            shades: Vec::new(),
            strips: Vec::new(),
            columns: Vec::new(),
            lines: Vec::new(),
        }
    }
}

/// Lines over time, with the numbers of the events in force above them.
pub fn lines(
    run: &Run<'_>,
    label: String,
    unit: &str,
    axis: Axis,
    series: &[Series],
    events: &[(usize, &Event)],
) -> Chart {
    let time = Time::new(&run.quarters);
    let spans: Vec<(usize, &Event, (f64, f64))> = events
        .iter()
        .filter_map(|(n, event)| Some((*n, *event, time.days(event)?)))
        .collect();
    let strips = spans.len().min(MOST_STRIPS);
    let frame = Frame {
        top: HEAD + STRIP * float(strips) + if strips > 0 { 4.0 } else { 0.0 },
        axis,
    };
    let mut chart = frame.chart(run, label, unit);
    chart.shades = merged(spans.iter().map(|(_, _, span)| *span))
        .into_iter()
        .map(|(from, until)| Rect {
            x: coordinate(from),
            y: coordinate(frame.top),
            width: coordinate(until - from),
            height: coordinate(PLOT_HEIGHT),
            class: "shade",
            title: String::new(),
        })
        .collect();
    for (row, (number, event, (from, until))) in spans.iter().take(MOST_STRIPS).enumerate() {
        let y = HEAD + STRIP * float(row);
        chart.strips.push(Strip {
            bar: Rect {
                x: coordinate(*from),
                y: coordinate(y),
                width: coordinate((until - from).max(2.0)),
                height: coordinate(STRIP - 4.0),
                class: "strip",
                title: event.title.clone().unwrap_or_else(|| event.id.clone()),
            },
            number: *number,
            text_x: coordinate(from - 3.0),
            text_y: coordinate(y + STRIP - 3.6),
        });
    }
    chart.lines = series.iter().map(|one| line(run, &time, &frame, unit, one)).collect();
    chart
}

/// Stacked columns over the simulated quarters.
pub fn columns(run: &Run<'_>, label: String, unit: &str, layers: &[Layer]) -> Chart {
    let time = Time::new(&run.quarters);
    let total = |moment: usize| layers.iter().filter_map(|layer| layer.values.get(moment)).sum::<f64>();
    let frame = Frame {
        top: HEAD,
        axis: Axis::of_quantities((0..run.moments()).map(total)),
    };
    let mut chart = frame.chart(run, label, unit);
    let width = (time.step * 0.82).max(1.0);
    for moment in 0..run.moments() {
        let mut below = 0.0;
        for layer in layers {
            let value = layer.values.get(moment).copied().unwrap_or(0.0);
            let (low, high) = (frame.y(below), frame.y(below + value));
            below += value;
            if low - high < 0.05 {
                continue;
            }
            chart.columns.push(Rect {
                x: coordinate(time.middle(moment) - width / 2.0),
                y: coordinate(high),
                width: coordinate(width),
                height: coordinate(low - high),
                class: layer.class,
                title: format!(
                    "{}, {}: {}",
                    layer.name,
                    run.moment_name(moment),
                    with_unit(value, unit)
                ),
            });
        }
    }
    chart
}

fn line(run: &Run<'_>, time: &Time<'_>, frame: &Frame, unit: &str, series: &Series) -> Line {
    let mut path = String::new();
    let mut dots = Vec::new();
    let mut pen_down = false;
    for (moment, value) in series.values.iter().enumerate() {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            pen_down = false;
            continue;
        };
        let (x, y) = (coordinate(time.middle(moment)), coordinate(frame.y(value)));
        path.push_str(if pen_down { "L" } else { "M" });
        path.push_str(&x);
        path.push(' ');
        path.push_str(&y);
        pen_down = true;
        if series.dots {
            let title = format!(
                "{}, {}: {}",
                series.name,
                run.moment_name(moment),
                with_unit(value, unit)
            );
            dots.push(Dot { x, y, title });
        }
    }
    Line {
        class: series.class,
        path,
        dots,
    }
}

/// Spans joined where they overlap.
fn merged(spans: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f64, f64)> = spans.collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (from, until) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined
}

/// Ticks are round, so that no digits need to be kept.
fn tick_label(value: f64) -> String {
    if value.abs() >= 1000.0 || value == 0.0 {
        return figure(value);
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0')
        .trim_end_matches('.')
        .replace('-', "\u{2212}")
}

#[allow(clippy::cast_precision_loss)] // counts of quarters and events
fn float(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use monazite_market::scenario::{Event, EventKind, Plants, Quarter, Schedule};

    use super::{LEFT, Time, merged, tick_label};

    fn event(from: &str, until: Option<&str>) -> Event {
        Event {
            id: "e".to_owned(),
            title: None,
            evidence: Vec::new(),
            from: from.parse().unwrap(),
            until: until.map(|day| day.parse().unwrap()),
            note: None,
            kind: EventKind::Outage {
                plants: Plants::Facilities(Vec::new()),
                available_share: Schedule::constant(0.0),
            },
        }
    }

    #[test]
    fn events_lie_where_their_days_are() {
        let quarters: Vec<Quarter> = ["2025-Q1", "2025-Q2", "2025-Q3"]
            .iter()
            .map(|q| q.parse().unwrap())
            .collect();
        let time = Time::new(&quarters);
        let within = |from, until| {
            let (a, b) = time.days(&event(from, until)).unwrap();
            ((a - time.start()) / time.step, (b - time.start()) / time.step)
        };
        let close = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 0.01 && (b - d).abs() < 0.01;
        assert!(close(within("2025-01-01", None), (0.0, 3.0)));
        assert!(close(within("2024-05-01", Some("2025-02-14")), (0.0, 0.5)));
        assert!(close(within("2025-05-16", Some("2025-06-30")), (1.495, 2.0)));
        assert!(close(within("2025-05-16", Some("2025-08-15")), (1.495, 2.5)));
        assert!(time.days(&event("2027-01-01", None)).is_none());
        assert!(time.start() > LEFT);
    }

    #[test]
    fn labels_never_run_into_each_other() {
        for number in [1, 2, 5, 12, 40, 120] {
            let first: Quarter = "2024-Q4".parse().unwrap();
            let quarters: Vec<Quarter> = (0..number).map(|n| first + n).collect();
            let at: Vec<f64> = Time::new(&quarters)
                .ticks()
                .iter()
                .map(|tick| tick.at.parse().unwrap())
                .collect();
            assert!(at.windows(2).all(|pair| pair[1] - pair[0] > 30.0), "{number}: {at:?}");
        }
    }

    #[test]
    fn spans_join_where_they_overlap() {
        let joined = merged([(3.0, 4.0), (1.0, 2.0), (1.5, 3.0), (6.0, 7.0)].into_iter());
        assert_eq!(joined, [(1.0, 4.0), (6.0, 7.0)]);
        assert_eq!(tick_label(0.25), "0.25");
        assert_eq!(tick_label(-2.0), "\u{2212}2");
    }
}
