//! A brief as one HTML page, with the article's words marked.

use std::fmt::Write as _;

use super::{amounts, parties, plain};
use crate::brief::Brief;
use crate::meaning::{leading, product};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2330}\
table{border-collapse:collapse;width:100%;font-size:14px;margin:1rem 0}td,th{border-bottom:1px solid #d8dde5;padding:.3rem .5rem;text-align:left;vertical-align:top}\
td.d{white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}h2{margin-top:2.5rem;border-bottom:2px solid #1c2330}ul{padding-left:1.2rem}pre{white-space:pre-wrap;background:#f6f7f9;padding:1rem;border-radius:6px;font:15px/1.6 Georgia,serif}\
mark{background:#fff1b8}mark.event{background:#ffd9cc}mark.claim{background:#d5e8ff}.supported{color:#17663a}.contradicted{color:#a3201c}.exaggerated{color:#8a5a00}.unverifiable{color:#5a6372}small{color:#5a6372}code{overflow-wrap:anywhere}";

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Escaped, with words between backticks as code.
fn coded(words: &str) -> String {
    let parts: Vec<String> = escaped(words).split('`').map(str::to_owned).collect();
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        match at % 2 {
            1 if at + 1 < parts.len() => {
                let _ = write!(text, "<code>{part}</code>");
            }
            1 => {
                let _ = write!(text, "`{part}");
            }
            _ => text.push_str(part),
        }
    }
    text
}

/// The brief as a page.
#[must_use]
pub fn html(brief: &Brief) -> String {
    let title = escaped(brief.article.title.as_deref().unwrap_or("article"));
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Brief: {title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>"
    );
    let published = brief
        .article
        .published
        .as_ref()
        .map_or_else(|| "date not found".to_owned(), |published| published.date.to_string());
    let _ = write!(
        page,
        "<p><small>{published} · {} characters · {}</small></p>",
        super::grouped(u32::try_from(brief.article.characters).map_or(f64::INFINITY, f64::from)),
        escaped(&brief.article.language.name)
    );
    for note in &brief.article.notes {
        let _ = write!(page, "<p><em>{}</em></p>", coded(note));
    }
    if brief.is_empty() {
        page.push_str("</body></html>\n");
        return page;
    }
    page.push_str("<h2>What it says</h2>");
    page.push_str(&events(brief));
    let _ = write!(
        page,
        "<h3>The text</h3><p><small>Marked: <mark>names</mark>, <mark class=\"event\">events</mark>, <mark class=\"claim\">claims</mark></small></p><pre>{}</pre>",
        marked(brief)
    );
    page.push_str("<h2>What holds</h2>");
    if brief.claims.is_empty() {
        page.push_str("<p>No claim that the evidence can check was found.</p>");
    }
    for claim in &brief.claims {
        let _ = write!(
            page,
            "<p><b class=\"{0}\">{0}</b>: <q>{1}</q><br>{2}</p>",
            claim.verdict,
            escaped(claim.span.text()),
            escaped(&claim.why)
        );
        page.push_str("<ul>");
        for figure in claim.figures.iter().take(8) {
            let _ = write!(
                page,
                "<li>{}: {} {} ({})</li>",
                escaped(&figure.what),
                super::trimmed(figure.value),
                escaped(&figure.unit),
                escaped(&super::origin_of(figure))
            );
        }
        page.push_str("</ul>");
    }
    page.push_str("<h2>What it would mean</h2>");
    page.push_str(&meaning(brief));
    page.push_str("<h2>Context</h2><ul>");
    for row in &brief.context.earlier {
        let _ = write!(
            page,
            "<li>{} {} <small>({})</small></li>",
            escaped(&row.date),
            escaped(&row.title),
            escaped(&row.id)
        );
    }
    page.push_str("</ul><h3>Watch</h3><ul>");
    for row in &brief.context.watch {
        let _ = write!(page, "<li>{}: {}</li>", escaped(&row.date), escaped(&row.what));
    }
    page.push_str("</ul><h3>Open</h3><ul>");
    for row in &brief.context.questions {
        let _ = write!(
            page,
            "<li>{} <small>({})</small></li>",
            escaped(&row.question),
            escaped(row.span.text())
        );
    }
    page.push_str("</ul></body></html>\n");
    page
}

fn events(brief: &Brief) -> String {
    let mut table =
        "<table><tr><th>event<th>parties<th>amount<th>when<th>where<th>status<th class=\"n\">sure</tr>".to_owned();
    for event in &brief.events {
        let when = super::when(event);
        let hedged = if event.hedges.is_empty() { "" } else { ", hedged" };
        let _ = write!(
            table,
            "<tr><td>{}<td>{}<td>{}<td class=\"d\">{}<td>{}<td>{}{hedged}<td class=\"n\">{}</tr>",
            super::what(event),
            escaped(&parties(event)),
            escaped(&amounts(event)),
            escaped(&when),
            escaped(super::place(event, brief)),
            plain(event.status.as_str()),
            super::sure(event)
        );
    }
    let _ = write!(table, "</table><p><small>{}</small></p>", super::SURE);
    table
}

fn meaning(brief: &Brief) -> String {
    let mut text = String::new();
    for words in &brief.meaning.says {
        let _ = write!(text, "<p>{}</p>", coded(words));
    }
    if let Some(chosen) = &brief.meaning.scenario {
        let _ = write!(
            text,
            "<p>Scenario <code>{}</code>: {}. {}</p><details><summary>The file</summary><pre>{}</pre></details>",
            escaped(&chosen.name),
            escaped(&chosen.title),
            escaped(&chosen.why),
            escaped(&chosen.file)
        );
    }
    for other in &brief.meaning.alternatives {
        let head = other.relation.offer();
        let _ = write!(
            text,
            "<p>{head}: <code>{}</code>, {}.</p>",
            escaped(&other.name),
            escaped(&other.title)
        );
    }
    if let Some(plan) = &brief.meaning.plan {
        let _ = write!(text, "<p><b>Plan value.</b> {}</p><ul>", coded(&plan.says));
        for row in &plan.worths {
            let _ = write!(text, "<li>{}</li>", escaped(&super::worth(row)));
        }
        let _ = write!(text, "</ul><p><code>{}</code></p>", escaped(&plan.command));
    }
    let Some(ran) = &brief.meaning.ran else { return text };
    let losses: Vec<String> = ran.effects.losses.iter().take(6).map(super::loss).collect();
    if !losses.is_empty() {
        let _ = write!(text, "<p>Losses of users: {}.</p>", escaped(&losses.join("; ")));
    }
    let bands = if ran.paths.is_some() {
        "<th class=\"n\">5 to 95 %"
    } else {
        ""
    };
    let _ = write!(
        text,
        "<p><small>{}</small></p><table><tr><th>product<th>where<th>year<th class=\"n\">USD/kg<th class=\"n\">× without it{bands}<th class=\"n\">dearer, M USD<th class=\"n\">short</tr>",
        coded(&super::how_it_ran(ran))
    );
    for row in leading(&ran.effects.prices_and_shortages, 10) {
        let band = if ran.paths.is_some() {
            format!("<td class=\"n\">{}", super::band(row))
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "<tr><td>{}<td>{}<td>{}<td class=\"n\">{}<td class=\"n\">{:.2}{band}<td class=\"n\">{}<td class=\"n\">{}</tr>",
            product(&row.product),
            row.place,
            row.year,
            super::trimmed(row.spot_usd_per_kg),
            row.multiple,
            super::grouped(row.dearer_musd),
            super::share(row.short_share)
        );
    }
    text.push_str("</table>");
    if !ran.effects.import_reliance.is_empty() {
        text.push_str(
            "<table><tr><th>product<th>place<th>year<th class=\"n\">import reliance<th class=\"n\">without it</tr>",
        );
        for row in ran.effects.import_reliance.iter().take(8) {
            let _ = write!(
                text,
                "<tr><td>{}<td>{}<td>{}<td class=\"n\">{:.0} %<td class=\"n\">{:.0} %</tr>",
                product(&row.product),
                escaped(&row.place),
                row.year,
                100.0 * row.reliance,
                100.0 * row.without_reliance
            );
        }
        text.push_str("</table>");
    }
    text
}

/// The article with marks; where marks would overlap, a name wins over a claim and a claim over an event's clause.
fn marked(brief: &Brief) -> String {
    let mut marks: Vec<(usize, usize, &str, String)> = Vec::new();
    let mut add = |start: usize, end: usize, class: &'static str, title: String| {
        if !marks.iter().any(|(from, until, _, _)| start < *until && *from < end) {
            marks.push((start, end, class, title));
        }
    };
    for event in &brief.events {
        add(event.trigger.start(), event.trigger.end(), "event", super::what(event));
    }
    for entity in &brief.entities {
        for span in entity.mentions.all().iter().take(50) {
            add(
                span.start(),
                span.end(),
                "name",
                format!("{}: {}", entity.kind, entity.name),
            );
        }
    }
    marks.sort_by_key(|(start, _, _, _)| *start);
    let mut out = String::new();
    let mut at = 0;
    for (start, end, class, title) in marks {
        let (Some(before), Some(words)) = (brief.text.get(at..start), brief.text.get(start..end)) else {
            continue;
        };
        let _ = write!(
            out,
            "{}<mark class=\"{class}\" title=\"{}\">{}</mark>",
            escaped(before),
            escaped(&title),
            escaped(words)
        );
        at = end;
    }
    out.push_str(&escaped(brief.text.get(at..).unwrap_or_default()));
    out
}
