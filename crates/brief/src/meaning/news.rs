//! How new an event is: what stands in the headline and lead and is dated about the day of the article is the news;
//! what is dated long before is background that the article recalls.

use jiff::civil::Date;

use crate::event::{Direction, Event, EventKind, Status};

/// Bytes of headline and lead.
const LEAD: usize = 500;
/// Bytes of the headline alone.
const HEADLINE: usize = 110;
/// Days before the article from which an event is background.
const OLD: i32 = 75;

fn days_before(event: &Event, published: Option<Date>) -> Option<i32> {
    let (when, published) = (event.when.as_ref()?, published?);
    Some((published - when.until).get_days())
}

/// Whether the article only recalls an event.
pub(super) fn is_background(event: &Event, published: Option<Date>) -> bool {
    let old = days_before(event, published).is_some_and(|days| days > OLD);
    old && event.trigger.start() > HEADLINE
}

/// The probability from which an event may choose what is simulated.
const SURE: f32 = 0.5;

/// Whether an event was read surely enough to be simulated.
pub(super) fn is_sure(event: &Event) -> bool {
    event.probability >= SURE
}

/// Whether an event loosens a measure: what is simulated is a measure, so that it would be the opposite.
pub(super) fn eases(event: &Event) -> bool {
    let measure = matches!(
        event.kind,
        EventKind::ExportControl | EventKind::Tariff | EventKind::Sanction | EventKind::Quota
    );
    measure
        && (event.signs.direction == Some(Direction::Down) || matches!(event.status, Status::Suspended | Status::Ended))
}

/// Whether an event is news that could change something.
pub(super) fn is_news(event: &Event, published: Option<Date>) -> bool {
    !is_background(event, published)
        && event.kind != EventKind::PriceMove
        && !matches!(event.status, Status::Denied | Status::Ended)
}

/// Whether an event stands in the headline or the lead.
pub(super) fn leads(event: &Event) -> bool {
    event.trigger.start() < LEAD
}

/// More for the headline and the lead and for what is dated about the day of the article.
pub(super) fn weight(event: &Event, published: Option<Date>) -> f64 {
    let at = event.trigger.start();
    let place = if at < HEADLINE {
        3.0
    } else if at < LEAD {
        2.0
    } else {
        0.0
    };
    let date = match days_before(event, published) {
        Some(days) if days > OLD => -2.0,
        Some(days) if days < -400 => 0.0,
        Some(_) => 1.0,
        None => 0.5,
    };
    place + date
}
