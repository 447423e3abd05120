//! Groups of places by date: who belonged to the European Union in 2019, and groups that the user makes.

use std::path::Path;

use jiff::civil::Date;

use crate::dataset::Dataset;
use crate::error::{EvidenceError, Result, Unknown, shorten};
use crate::ids::{GroupId, PlaceId};
use crate::period::Period;
use crate::problem::{Problem, Problems};
use crate::resolve::fold;
use crate::table::{Group, GroupMember};

/// How deep one group may be made of others before it must be a circle.
const DEEPEST: usize = 8;

/// A region of one year: a place, or the members of a group in that year.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Region {
    /// Its name: that of the place or group, or the places joined by `+`.
    pub name: String,
    /// The bundled group it is, when it is one.
    pub group: Option<GroupId>,
    /// The year.
    pub year: u16,
    /// The places, sorted, each once; never empty.
    pub members: Vec<PlaceId>,
}

impl Region {
    /// Whether it holds a place.
    #[must_use]
    pub fn contains(&self, place: &PlaceId) -> bool {
        self.members.binary_search(place).is_ok()
    }

    /// Whether it is one place only.
    #[must_use]
    pub fn is_one_place(&self) -> bool {
        self.members.len() == 1 && self.group.is_none()
    }
}

impl GroupMember {
    /// Whether the place is a member on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from.first_day() <= day) && self.until.is_none_or(|until| day <= until.last_day())
    }

    /// The days of a year on which the place is a member.
    #[must_use]
    pub fn days_in(&self, year: u16) -> i32 {
        let Some((first, last)) = days_of(year) else { return 0 };
        let from = self.from.map_or(first, |from| from.first_day().max(first));
        let until = self.until.map_or(last, |until| until.last_day().min(last));
        (days_between(from, until) + 1).max(0)
    }
}

/// The first and the last day of a year; none for a year no calendar has.
fn days_of(year: u16) -> Option<(Date, Date)> {
    let year = Period::Year(i16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?);
    Some((year.first_day(), year.last_day()))
}

fn days_between(from: Date, until: Date) -> i32 {
    from.until(until).map_or(0, |span| span.get_days())
}

impl Dataset {
    /// The group that a person means: by id, name or alias. Case, accents and punctuation do not matter.
    ///
    /// # Errors
    /// When there is none; the message names the nearest.
    pub fn group(&self, text: &str) -> Result<&Group> {
        if let Some(group) = self.find_group(text) {
            return Ok(group);
        }
        let names = self
            .groups
            .iter()
            .flat_map(|group| [group.group.as_str(), group.name.as_str()]);
        let unknown = Unknown::new("group", text, names);
        Err(unknown.hint("`monazite data groups` lists them").into())
    }

    fn find_group(&self, text: &str) -> Option<&Group> {
        let wanted = fold(text);
        // An id wins over a name, and a name over an alias.
        let by = |fits: &dyn Fn(&Group) -> bool| self.groups.iter().find(|group| fits(group));
        by(&|group| fold(group.group.as_str()) == wanted)
            .or_else(|| by(&|group| fold(&group.name) == wanted))
            .or_else(|| by(&|group| group.aliases.iter().any(|alias| fold(alias) == wanted)))
    }

    /// The members of a group in a year, sorted: the places that belonged to it on more than half of the days of the
    /// year. So Croatia, a member of the European Union since 1 July 2013, counts for 2013, and the United Kingdom,
    /// which left on 31 January 2020, does not count for 2020.
    #[must_use]
    pub fn members(&self, group: &GroupId, year: u16) -> Vec<PlaceId> {
        let Some((first, last)) = days_of(year) else {
            return Vec::new();
        };
        let length = days_between(first, last) + 1;
        let mut days: std::collections::BTreeMap<&PlaceId, i32> = std::collections::BTreeMap::new();
        for spell in self.group_members.iter().filter(|row| &row.group == group) {
            *days.entry(&spell.place).or_default() += spell.days_in(year);
        }
        let most = days.into_iter().filter(|(_, days)| 2 * days > length);
        most.map(|(place, _)| place.clone()).collect()
    }

    /// The members of a group on one day, sorted.
    #[must_use]
    pub fn members_on(&self, group: &GroupId, day: Date) -> Vec<PlaceId> {
        let spells = self
            .group_members
            .iter()
            .filter(|row| &row.group == group && row.holds_on(day));
        let mut members: Vec<PlaceId> = spells.map(|row| row.place.clone()).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The places that a person means by the name of a place, of a group, or several joined by `,` or `+`, in a year.
    ///
    /// # Errors
    /// When a name fits nothing (the message names the nearest), or a group has no member in that year.
    pub fn resolve_region(&self, text: &str, year: u16) -> Result<Region> {
        Regions::new(self).resolve(text, year)
    }
}

/// A group that the user made: `NAME=DEU,FRA,…`. Its members may be places or other groups.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Own {
    name: String,
    members: Vec<String>,
}

/// The places and groups of a dataset together with groups that the user made.
#[derive(Debug, Clone)]
pub struct Regions<'d> {
    dataset: &'d Dataset,
    own: Vec<Own>,
}

impl<'d> Regions<'d> {
    /// Those of the dataset alone.
    #[must_use]
    pub const fn new(dataset: &'d Dataset) -> Self {
        Self {
            dataset,
            own: Vec::new(),
        }
    }

    /// Adds a group written as `NAME=DEU,FRA,…`, as a command line gives it. One of that name is replaced; a bundled
    /// one of that name is hidden.
    ///
    /// # Errors
    /// When the text has no name or no members, or a member is neither a place nor a group; nothing is dropped.
    pub fn with(self, text: &str) -> Result<Self> {
        let fault = |what: &str| EvidenceError::Unusable {
            message: format!("the group `{}` {what}", shorten(text)),
            hint: "write NAME=DEU,FRA,JPN".to_owned(),
        };
        let Some((name, members)) = text.split_once('=') else {
            return Err(fault("has no `=`"));
        };
        if members.split([',', '+', ';']).all(|member| member.trim().is_empty()) {
            return Err(fault("has no members"));
        }
        self.with_members(name.trim(), members.split([',', '+', ';']))
    }

    /// Adds a group by name and members.
    ///
    /// # Errors
    /// When the name is empty, a member is neither a place nor a group, or the group is made of itself.
    pub fn with_members<'t>(self, name: &str, members: impl IntoIterator<Item = &'t str>) -> Result<Self> {
        let members = members.into_iter().map(str::trim).filter(|member| !member.is_empty());
        self.with_all(vec![(name.to_owned(), members.map(str::to_owned).collect())])
    }

    /// Adds several groups, which may name each other.
    fn with_all(mut self, groups: Vec<(String, Vec<String>)>) -> Result<Self> {
        let added: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
        for (name, members) in groups {
            if fold(&name).is_empty() || members.is_empty() {
                return Err(EvidenceError::Unusable {
                    message: format!("the group `{}` has no name or no members", shorten(&name)),
                    hint: "write NAME=DEU,FRA,JPN".to_owned(),
                });
            }
            self.own.retain(|own| fold(&own.name) != fold(&name));
            self.own.push(Own { name, members });
        }
        for name in &added {
            for member in self
                .find_own(name)
                .map(|own| own.members.as_slice())
                .unwrap_or_default()
            {
                self.names(member)?;
            }
            // The year does not matter: this only looks for a circle.
            self.collect(name, 2000, 0, &mut Vec::new())?;
        }
        Ok(self)
    }

    /// Adds the groups of a file: TOML (`NAME = ["DEU", "FRA"]`), or CSV with the columns `group` and `place`.
    ///
    /// # Errors
    /// When the file cannot be read, is neither, or names an unknown member; the message has the line.
    pub fn with_file(self, path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| EvidenceError::Io {
            path: path.to_owned(),
            source,
        })?;
        let file = path.to_string_lossy().into_owned();
        if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
        {
            self.with_toml(&file, &text)
        } else {
            self.with_csv(&file, &text)
        }
    }

    fn with_toml(self, file: &str, text: &str) -> Result<Self> {
        let one = |problem: Problem| {
            EvidenceError::from(Problems {
                problems: vec![problem],
                more: 0,
            })
        };
        let groups: std::collections::BTreeMap<String, Vec<String>> = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(1, |span| {
                text.get(..span.start).map_or(1, |before| before.lines().count())
            });
            let problem = Problem::error(file, error.message().to_owned()).line(at.max(1) as u64);
            one(problem.hint("one line per group: NAME = [\"DEU\", \"FRA\"]"))
        })?;
        self.with_all(groups.into_iter().collect())
            .map_err(|error| one(Problem::error(file, error.to_string())))
    }

    fn with_csv(self, file: &str, text: &str) -> Result<Self> {
        let mut problems = Problems::default();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = reader.headers().cloned().unwrap_or_default();
        let at = |name: &str| {
            headers
                .iter()
                .position(|header| header.trim_start_matches('\u{feff}') == name)
        };
        let (Some(group), Some(place)) = (at("group"), at("place")) else {
            problems.push(Problem::error(file, "the columns `group` and `place` are needed").line(1));
            return Err(problems.into());
        };
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        let mut lines: Vec<(String, u64)> = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    problems.push(Problem::error(file, "the line has another number of columns").line(line));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let (name, member) = (
                record.get(group).unwrap_or_default(),
                record.get(place).unwrap_or_default(),
            );
            lines.push((member.to_owned(), line));
            match groups.iter_mut().find(|(known, _)| known == name) {
                Some((_, members)) => members.push(member.to_owned()),
                None => groups.push((name.to_owned(), vec![member.to_owned()])),
            }
        }
        problems.clone().into_result()?;
        let all = self.clone().with_all(groups);
        let Err(EvidenceError::Unknown(unknown)) = &all else {
            return all;
        };
        let line = lines
            .iter()
            .find(|(member, _)| shorten(member) == unknown.value)
            .map_or(1, |(_, line)| *line);
        problems.push(
            Problem::error(file, unknown.to_string())
                .line(line)
                .column("place", place + 1),
        );
        Err(problems.into())
    }

    /// Names of the groups that the user made.
    pub fn own(&self) -> impl Iterator<Item = &str> {
        self.own.iter().map(|own| own.name.as_str())
    }

    /// The places that a person means by the name of a place, of a group, or several joined by `,` or `+`, in a year.
    /// Groups come first: `EU` is the union, not a place with that code.
    ///
    /// # Errors
    /// When a name fits nothing (the message names the nearest), or a group has no member in that year.
    pub fn resolve(&self, text: &str, year: u16) -> Result<Region> {
        let mut region = Region {
            name: String::new(),
            group: None,
            year,
            members: Vec::new(),
        };
        // A name may hold a comma of its own: `Korea, Rep.`.
        let whole = self.names(text);
        let parts: Vec<&str> = match &whole {
            Err(_) if text.contains([',', '+']) => text
                .split([',', '+'])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect(),
            _ => vec![text],
        };
        for part in &parts {
            let (name, group) = self.names(part)?;
            if !region.name.is_empty() {
                region.name.push('+');
            }
            region.name.push_str(&name);
            if parts.len() == 1 {
                region.group = group;
            }
            self.collect(part, year, 0, &mut region.members)?;
        }
        region.members.sort_unstable();
        region.members.dedup();
        if region.members.is_empty() {
            return Err(EvidenceError::Unusable {
                message: format!("`{}` has no member in {year}", shorten(text)),
                hint: "`monazite data groups NAME` shows who joined when".to_owned(),
            });
        }
        Ok(region)
    }

    /// What a name stands for: the name to show, and the bundled group.
    fn names(&self, text: &str) -> Result<(String, Option<GroupId>)> {
        if let Some(own) = self.find_own(text) {
            return Ok((own.name.clone(), None));
        }
        if let Some(group) = self.dataset.find_group(text) {
            return Ok((group.group.as_str().to_owned(), Some(group.group.clone())));
        }
        match self.dataset.resolve_place(text) {
            Ok(place) => Ok((place.place.as_str().to_owned(), None)),
            Err(error) => Err(self.nearest(text, error)),
        }
    }

    fn find_own(&self, text: &str) -> Option<&Own> {
        self.own.iter().find(|own| fold(&own.name) == fold(text))
    }

    /// The error for a word that is neither: with the nearest place or group.
    fn nearest(&self, text: &str, error: EvidenceError) -> EvidenceError {
        let EvidenceError::Unknown(mut unknown) = error else {
            return error;
        };
        unknown.what = "place or group";
        let bundled = self.dataset.groups.iter();
        let groups = bundled.flat_map(|group| [group.group.as_str(), group.name.as_str()]);
        let groups: Vec<(String, &str)> = self.own().chain(groups).map(|name| (fold(name), name)).collect();
        let words = groups.iter().map(|(folded, _)| folded.as_str());
        let near = crate::nearest::nearest(&fold(text), self.dataset.spellings().words().chain(words));
        // Of a place, the error has the name already.
        if let Some((_, name)) = near.and_then(|near| groups.iter().find(|(folded, _)| *folded == near)) {
            unknown.nearest = Some((*name).to_owned());
            unknown.hint = None;
        }
        unknown.into()
    }

    fn collect(&self, text: &str, year: u16, depth: usize, out: &mut Vec<PlaceId>) -> Result<()> {
        if depth > DEEPEST {
            return Err(EvidenceError::Unusable {
                message: format!("the group `{}` is made of itself", shorten(text)),
                hint: "name places, or groups that do not name each other".to_owned(),
            });
        }
        if let Some(own) = self.find_own(text) {
            for member in &own.members {
                self.collect(member, year, depth + 1, out)?;
            }
        } else if let Some(group) = self.dataset.find_group(text) {
            out.extend(self.dataset.members(&group.group, year));
        } else {
            out.push(self.dataset.resolve_place(text)?.place.clone());
        }
        Ok(())
    }
}
