//! A brief as Markdown.

use std::fmt::Write as _;

use super::{amounts, grouped, parties, plain, share, trimmed};
use crate::brief::Brief;
use crate::meaning::{leading, product};

/// Writing to a `String` cannot fail.
struct Page(String);

impl Page {
    fn line(&mut self, words: impl AsRef<str>) {
        self.0.push_str(words.as_ref());
        self.0.push('\n');
    }

    fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| cell.replace('|', "\\|").replace('\n', " "))
            .collect();
        let _ = writeln!(self.0, "| {} |", cells.join(" | "));
    }

    fn head(&mut self, cells: &[&str]) {
        self.row(cells);
        let _ = writeln!(self.0, "|{}", "---|".repeat(cells.len()));
    }
}

fn quote(words: &str) -> String {
    let words = super::said(words);
    let short: String = words.chars().take(160).collect();
    format!(
        "\u{201c}{}{}\u{201d}",
        short.trim(),
        if short.len() < words.len() { "…" } else { "" }
    )
}

/// The brief as Markdown.
#[must_use]
pub fn markdown(brief: &Brief) -> String {
    let mut page = Page(String::new());
    page.line(format!(
        "# Brief: {}\n",
        brief.article.title.as_deref().unwrap_or("article")
    ));
    let published = brief
        .article
        .published
        .as_ref()
        .map_or_else(|| "date not found".to_owned(), |published| published.date.to_string());
    page.line(format!(
        "{published} · {} characters · {}\n",
        brief.article.characters, brief.article.language.name
    ));
    for note in &brief.article.notes {
        page.line(format!("> {note}\n"));
    }
    if brief.is_empty() {
        return page.0;
    }
    says(brief, &mut page);
    holds(brief, &mut page);
    means(brief, &mut page);
    around(brief, &mut page);
    page.0
}

fn says(brief: &Brief, page: &mut Page) {
    page.line("## What it says\n");
    if brief.events.is_empty() {
        page.line("No event was found.\n");
    } else {
        page.head(&["event", "parties", "amount", "when", "where", "status", "sure", "words"]);
        for event in &brief.events {
            let when = super::when(event);
            let words = event.spans.first().map_or_else(String::new, |span| {
                format!("{} [{}–{}]", quote(span.text()), span.chars().0, span.chars().1)
            });
            let hedged = if event.hedges.is_empty() { "" } else { ", hedged" };
            page.row(&[
                &super::what(event),
                &parties(event),
                &amounts(event),
                &when,
                super::place(event, brief),
                &format!("{}{hedged}", plain(event.status.as_str())),
                &super::sure(event),
                &words,
            ]);
        }
        page.line("");
        page.line(super::SURE);
        page.line("");
    }
    if !brief.entities.is_empty() {
        page.head(&["kind", "name", "evidence", "first mention"]);
        for entity in &brief.entities {
            let name = entity
                .role
                .as_ref()
                .map_or_else(|| entity.name.clone(), |role| format!("{} ({role})", entity.name));
            let evidence: Vec<String> = entity
                .evidence
                .iter()
                .take(4)
                .map(|row| format!("{}/{}", row.table, row.id))
                .collect();
            let first = entity.mentions.first().map_or_else(String::new, |span| {
                format!("{} [{}–{}]", quote(span.text()), span.chars().0, span.chars().1)
            });
            page.row(&[entity.kind.as_str(), &name, &evidence.join(", "), &first]);
        }
        page.line("");
    }
}

fn holds(brief: &Brief, page: &mut Page) {
    page.line("## What holds\n");
    if brief.claims.is_empty() {
        page.line("No claim that the evidence can check was found.\n");
    }
    for claim in &brief.claims {
        page.line(format!(
            "* **{}**: {} [{}–{}]  \n  {}",
            claim.verdict,
            quote(claim.span.text()),
            claim.span.chars().0,
            claim.span.chars().1,
            claim.why
        ));
        for figure in claim.figures.iter().take(8) {
            page.line(format!(
                "  * {}: {} {} ({})",
                figure.what,
                trimmed(figure.value),
                figure.unit,
                super::origin_of(figure)
            ));
        }
    }
    page.line("");
}

fn means(brief: &Brief, page: &mut Page) {
    page.line("## What it would mean\n");
    for words in &brief.meaning.says {
        page.line(format!("{words}\n"));
    }
    if let Some(chosen) = &brief.meaning.scenario {
        page.line(format!(
            "Scenario `{}` ({}): {}. {}\n",
            chosen.name,
            origin(chosen.origin),
            chosen.title,
            chosen.why
        ));
    }
    for other in &brief.meaning.alternatives {
        let head = other.relation.offer();
        page.line(format!("{head}: `{}`, {}.\n", other.name, other.title));
    }
    if let Some(plan) = &brief.meaning.plan {
        page.line(format!("**Plan value.** {}\n", plan.says));
        for row in &plan.worths {
            page.line(format!("* {}", super::worth(row)));
        }
        page.line(format!("\n`{}`\n", plan.command));
    }
    let Some(ran) = &brief.meaning.ran else { return };
    page.line(format!("{}\n", super::how_it_ran(ran)));
    let losses: Vec<String> = ran.effects.losses.iter().take(6).map(super::loss).collect();
    if !losses.is_empty() {
        page.line(format!("Losses of users: {}.\n", losses.join("; ")));
    }
    let lead = leading(&ran.effects.prices_and_shortages, 10);
    if !lead.is_empty() {
        let bands = ran.paths.is_some();
        let mut head = vec!["product", "where", "year", "USD/kg", "× without it"];
        if bands {
            head.push("5 to 95 %");
        }
        head.extend(["dearer, M USD", "short"]);
        page.head(&head);
        for row in lead {
            let mut cells = vec![
                product(&row.product),
                row.place.clone(),
                row.year.clone(),
                trimmed(row.spot_usd_per_kg),
                format!("{:.2}", row.multiple),
            ];
            if bands {
                cells.push(super::band(row));
            }
            cells.push(grouped(row.dearer_musd));
            cells.push(share(row.short_share));
            page.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        page.line("");
    }
    if !ran.effects.import_reliance.is_empty() {
        page.head(&["product", "place", "year", "import reliance", "without it"]);
        for row in ran.effects.import_reliance.iter().take(8) {
            page.row(&[
                &product(&row.product),
                &row.place,
                &row.year,
                &format!("{:.0} %", 100.0 * row.reliance),
                &format!("{:.0} %", 100.0 * row.without_reliance),
            ]);
        }
        page.line("");
    }
}

fn origin(origin: crate::meaning::Origin) -> &'static str {
    match origin {
        crate::meaning::Origin::Library => "from the library",
        crate::meaning::Origin::Drafted => "drafted from the article",
    }
}

fn around(brief: &Brief, page: &mut Page) {
    page.line("## Context\n");
    for row in &brief.context.earlier {
        let amount = row
            .amount_musd
            .map_or_else(String::new, |amount| format!(", {} million USD", trimmed(amount)));
        page.line(format!(
            "* {} {}{amount} ({}{}, shares {})",
            row.date,
            row.title,
            row.id,
            if row.confidence == "C" { ", unverified" } else { "" },
            row.shared.join(", ")
        ));
    }
    if !brief.context.watch.is_empty() {
        page.line("\n**Watch**\n");
        for row in &brief.context.watch {
            page.line(format!("* {}: {}", row.date, row.what));
        }
    }
    if !brief.context.questions.is_empty() {
        page.line("\n**Open**\n");
        for row in &brief.context.questions {
            page.line(format!("* {} ({})", row.question, quote(row.span.text())));
        }
    }
}
