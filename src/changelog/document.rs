//! [`Document`]: a changelog, as sections that know their bytes.

use pulldown_cmark::OffsetIter;

use super::headings::{Heading, events, headings_of};
use super::lead::touches;
use super::release_title::{Naming, Title, TitleReader};
use crate::model::Version;
use crate::text::{Span, without_bom};

/// A changelog. All spans are those of its text, a byte order mark included.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The text.
    pub text: &'a str,
    /// How its lines end.
    pub newline: &'static str,
    /// The sections, in text order.
    pub sections: Vec<Section>,
    /// The link definitions at its end, in text order.
    pub links: Vec<Link>,
    /// Where the part before the link definitions ends.
    pub foot: usize,
    /// Where a new section goes without a section about unreleased changes: above the first section, else at the end.
    pub top: usize,
}

/// The part of a changelog that is about one release, or about unreleased changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What it is about.
    pub title: Title,
    /// The level of its heading.
    pub level: usize,
    /// The start of the anchors, rules and comments that belong to its heading; else that of the heading.
    pub start: usize,
    /// The lines of its heading.
    pub heading: Span,
    /// The text below the heading, up to the start of the next section.
    pub body: Span,
    /// The headings in the body.
    pub groups: Vec<Group>,
}

/// A heading in a section and the text below it, up to the next heading of its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The heading's text, as written.
    pub title: Span,
    /// The heading's text, as a reader sees it.
    pub said: String,
    /// The lines of the heading.
    pub heading: Span,
    /// What stands below it.
    pub body: Span,
}

/// A link definition: `[label]: destination`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The label.
    pub label: String,
    /// Its lines, including the last line end.
    pub span: Span,
    /// The bytes of the destination.
    pub destination: Span,
}

impl<'a> Document<'a> {
    /// Reads a changelog. Every text is one: what does not belong to a section is left alone.
    #[must_use]
    pub fn read(text: &'a str, titles: &TitleReader) -> Self {
        let (body, bom) = without_bom(text);
        let mut parser = events(body);
        let headings: Vec<Heading> =
            headings_of(body, &mut parser).into_iter().map(|heading| heading.shifted(bom)).collect();
        let (links, foot) = links(text, &parser, bom);
        let sections = sections(text, &headings, foot, titles);
        let top = top(text, &headings, &sections, titles).unwrap_or(foot);
        Self { text, newline: newline(text), sections, links, foot, top }
    }

    /// Returns the sections about unreleased changes.
    pub fn unreleased(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.title == Title::Unreleased)
    }

    /// Returns the sections of releases, as version, the version as it is written, and section, in the order of the text. With a
    /// name only those that are this package's or name no package.
    pub fn releases<'s>(&'s self, of: &'s str) -> impl Iterator<Item = (&'s Version, &'s str, &'s Section)> {
        self.sections.iter().filter_map(move |section| match &section.title {
            Title::Release { version, written, name } if name.as_ref().is_none_or(|name| name == of) => {
                Some((version, written.as_str(), section))
            }
            _ => None,
        })
    }

    /// Returns the definition of a label, which is the same in any case.
    #[must_use]
    pub fn link(&self, label: &str) -> Option<&Link> {
        let label = label.to_lowercase();
        self.links.iter().find(|link| link.label.to_lowercase() == label)
    }
}

impl Section {
    /// Returns the whole section, with its heading and everything that belongs to it.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.start, self.body.end)
    }

    /// Returns the text below its heading and above the first heading in it.
    #[must_use]
    pub fn opening(&self) -> Span {
        Span::new(self.body.start, self.groups.first().map_or(self.body.end, |group| group.heading.start))
    }
}

/// The most frequent line end.
fn newline(text: &str) -> &'static str {
    let all = text.bytes().filter(|b| *b == b'\n').count();
    let crlf = text.matches("\r\n").count();
    if crlf * 2 > all { "\r\n" } else { "\n" }
}

/// A heading with its place among the sections.
enum Role {
    /// It starts a section.
    Start(Title),
    /// It ends the section above without being one.
    End,
    /// It is part of the section above.
    Inside,
}

/// Any heading that reads as a version starts a section, since conventional-changelog writes patches one level lower.
fn sections(text: &str, headings: &[Heading], foot: usize, titles: &TitleReader) -> Vec<Section> {
    let headings: Vec<&Heading> = headings.iter().filter(|heading| heading.span.start < foot).collect();
    let mut sections: Vec<Section> = Vec::new();
    let mut inside: Vec<&Heading> = Vec::new();
    let mut is_open = false;
    for (index, heading) in headings.iter().enumerate() {
        let above = sections.last().filter(|_| is_open);
        let role = role(heading, above, titles);
        if matches!(role, Role::Inside) {
            inside.push(heading);
            continue;
        }
        let start = start_of(text, heading, index.checked_sub(1).and_then(|at| headings.get(at)).copied(), above);
        if let Some(section) = sections.last_mut().filter(|_| is_open) {
            section.close(&std::mem::take(&mut inside), start);
        }
        inside.clear();
        is_open = matches!(role, Role::Start(_));
        if let Role::Start(title) = role {
            let body = Span::new(heading.span.end, foot);
            let (level, heading) = (heading.level, heading.span);
            sections.push(Section { title, level, start, heading, body, groups: Vec::new() });
        }
    }
    if let Some(section) = sections.last_mut().filter(|_| is_open) {
        section.close(&inside, foot);
    }
    sections
}

fn role(heading: &Heading, above: Option<&Section>, titles: &TitleReader) -> Role {
    let read = titles.read(&heading.said, heading.level);
    let starts = |(title, naming): &(Title, Naming)| above.is_none_or(|above| is_apart(heading, title, *naming, above));
    match (read.filter(starts), above) {
        (Some((title, _)), _) => Role::Start(title),
        // Groups are on level three or below, whatever the level of their section.
        (None, Some(above)) if heading.level <= above.level.min(LOWEST_END) && !titles.keeps_headings() => Role::End,
        (None, _) => Role::Inside,
    }
}

/// Returns `true` if a title below a section starts another one. On the levels of groups, a title that names anything before the version
/// may be a group: `Node 18.0.0`, or the part of a package in a release of several.
fn is_apart(heading: &Heading, title: &Title, naming: Naming, above: &Section) -> bool {
    let version = |title: &Title| match title {
        Title::Unreleased => None,
        Title::Release { version, .. } => Some(version.clone()),
    };
    let is_high = heading.level <= above.level.min(LOWEST_END);
    match naming {
        Naming::Nothing => heading.level <= above.level || *title != Title::Unreleased,
        Naming::Package => is_high || version(title) != version(&above.title),
        Naming::Other => is_high,
    }
}

/// Headings on lower levels than this one never end a section, unless they start one.
const LOWEST_END: usize = 2;

/// Returns the start of a heading with everything that belongs to it. In the introduction, and at the top of unreleased changes, comments
/// guide the people who edit the file: there, a comment belongs to the heading only if it touches it, or names the version.
fn start_of(text: &str, heading: &Heading, before: Option<&Heading>, above: Option<&Section>) -> usize {
    let is_intro = above.is_none();
    let is_fresh = heading.follows
        && above.is_some_and(|section| {
            section.title == Title::Unreleased && before.is_some_and(|b| b.span == section.heading)
        });
    let names = |comment: Span| {
        let comment = comment.of(text).unwrap_or("");
        heading.said.split([' ', '[', ']']).any(|word| word.contains('.') && comment.contains(word))
    };
    let mut start = heading.span.start;
    for (index, lead) in heading.leads.iter().enumerate().rev() {
        let opens = heading.leads.iter().take(index).all(|other| other.is_comment);
        let guides = lead.is_comment && (is_intro || (is_fresh && opens));
        let touches_above = is_fresh
            && index == 0
            && before.is_some_and(|b| {
                let end = b.span.start + b.span.of(text).unwrap_or("").trim_end().len();
                touches(text, end, lead.span.start)
            });
        if guides && (touches_above || !(lead.touches(text, start) || names(lead.span))) {
            break;
        }
        start = lead.span.start;
    }
    start
}

/// Returns the place above the first section. A higher heading, such as that of a day, may be directly above it, and a new section would
/// take that over: then that is its place.
fn top(text: &str, headings: &[Heading], sections: &[Section], titles: &TitleReader) -> Option<usize> {
    let newest = sections.first()?;
    let (mut top, mut level) = (newest.start, newest.level);
    let above = headings.iter().enumerate().filter(|(_, heading)| heading.span.start < newest.heading.start).rev();
    for (index, heading) in above {
        let is_title = index == 0 && heading.level == 1;
        if heading.level < level && heading.level >= titles.level() && !is_title {
            let before = index.checked_sub(1).and_then(|at| headings.get(at));
            (top, level) = (start_of(text, heading, before, None), heading.level);
        }
    }
    Some(top)
}

impl Section {
    /// Closes the section, given the headings in it.
    fn close(&mut self, inside: &[&Heading], end: usize) {
        self.body.end = end;
        self.groups = groups(inside, self.level, end);
    }
}

/// The headings of the highest level in a section that is a level of groups; lower headings are part of the text below them.
fn groups(inside: &[&Heading], level: usize, end: usize) -> Vec<Group> {
    let is_group = |heading: &&&Heading| heading.level > level.min(LOWEST_END);
    let Some(top) = inside.iter().filter(is_group).map(|heading| heading.level).min() else { return Vec::new() };
    let tops: Vec<&&Heading> = inside.iter().filter(|heading| heading.level == top).collect();
    let starts = tops.iter().skip(1).map(|heading| heading.span.start).chain([end]);
    let group = |(heading, end): (&&&Heading, usize)| Group {
        title: heading.title,
        said: heading.said.clone(),
        heading: heading.span,
        body: Span::new(heading.span.end, end),
    };
    tops.iter().zip(starts).map(group).collect()
}

/// Finds the link definitions at the very end.
fn links(text: &str, parser: &OffsetIter<'_>, bom: usize) -> (Vec<Link>, usize) {
    let mut found: Vec<(String, Span, String)> = parser
        .reference_definitions()
        .iter()
        .map(|(label, link)| (label.to_owned(), Span::from(link.span.clone()).shifted(bom), link.dest.to_string()))
        .collect();
    found.sort_by_key(|(_, span, _)| *span);
    let mut foot = text.len();
    let mut links = Vec::new();
    while let Some((label, span, destination)) = found.pop() {
        let span = lines_around(text, span);
        let between = text.get(span.end..foot).is_none_or(|between| !between.trim().is_empty());
        // A line that starts with anything else belongs to a quotation.
        let own = span.of(text).is_some_and(|lines| lines.trim_start_matches(' ').starts_with('['));
        if between || !own {
            break;
        }
        foot = span.start;
        let at = span.of(text).and_then(|lines| {
            let behind = lines.find("]:")? + 2;
            Some(behind + lines.get(behind..)?.find(&destination)?)
        });
        let Some(at) = at.map(|at| at + span.start) else { continue };
        links.push(Link { label, span, destination: Span::new(at, at + destination.len()) });
    }
    links.reverse();
    (links, foot)
}

/// The whole lines around a span, including their line ends.
fn lines_around(text: &str, span: Span) -> Span {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let start = start.max(if text.starts_with(crate::text::BOM) { crate::text::BOM.len() } else { 0 });
    let inside = text.get(start..span.end).unwrap_or("");
    if inside.ends_with('\n') {
        return Span::new(start, span.end);
    }
    let end = text.get(span.end..).and_then(|behind| behind.find('\n')).map_or(text.len(), |at| span.end + at + 1);
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme;

    fn titles() -> TitleReader {
        TitleReader::new("## [{version}] - {date}", VersionScheme::Semver).of_packages(["own".to_owned()])
    }

    /// The sections as `what@level(opening|group=body,…)`, lines joined.
    fn describe_sections(text: &str) -> String {
        let document = Document::read(text, &titles());
        let of = |span: Span| span.of(text).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let section = |section: &Section| {
            let what = match &section.title {
                Title::Unreleased => "U".to_owned(),
                Title::Release { written, .. } => written.clone(),
            };
            let groups: Vec<String> =
                section.groups.iter().map(|group| format!("|{}={}", of(group.title), of(group.body))).collect();
            format!("{what}@{}({}{})", section.level, of(section.opening()), groups.concat())
        };
        document.sections.iter().map(section).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sections_and_their_groups() {
        let table = [
            ("", ""),
            ("# Changelog\n\nWords.\n", ""),
            (
                "# Changelog\n\n## [Unreleased]\n\nw\n\n### Added\n\n- a\n#### deep\n- b\n### Own\n- c\n\n## [1.0.0] - 2026-01-02\n- d\n",
                "U@2(w|Added=- a #### deep - b|Own=- c) 1.0.0@2(- d)",
            ),
            (
                "## 1.1.0\na\n```\n## 1.0.9\n```\n<!--\n## 1.0.8\n-->\n## 1.0.0\n",
                "1.1.0@2(a ``` ## 1.0.9 ```) 1.0.0@2()",
            ),
            ("Unreleased\n----------\na\n\n1.0.0 / 2020-01-01\n------------------\nb\n", "U@2(a) 1.0.0@2(b)"),
            ("# 2.0.0\na\n## 1.9.0\nb\n### Fixed\nc\n", "2.0.0@1(a) 1.9.0@2(b|Fixed=c)"),
            ("## 1.0.0\na\n## Older\nb\n", "1.0.0@2(a)"),
            ("## 1.0.0\n#### a\nb\n##### c\n", "1.0.0@2(|a=b ##### c)"),
            ("### 1.0.0\na\n### 0.9.0\nb", "1.0.0@3(a) 0.9.0@3(b)"),
            ("## 1.0.0\n### 1.0.1\n", "1.0.0@2() 1.0.1@3()"),
            (
                "### [1.2.1](x) (d)\n\n### Fixed\n\n* b\n\n## [1.2.0](x)\n\n### Added\n\n* a\n",
                "1.2.1@3(|Fixed=* b) 1.2.0@2(|Added=* a)",
            ),
            ("# [2.0.0](x)\n## [1.9.1](x)\n### Fixed\n#### sub\nb\n", "2.0.0@1() 1.9.1@2(|Fixed=#### sub b)"),
            (
                "## 1.2.0\n### Node 18.0.0\na\n### a@3.0.0\nb\n### own 1.2.0\nc\n### Migrating from 1.x to 2.0.0\n",
                "1.2.0@2(|Node 18.0.0=a|a@3.0.0=b|own 1.2.0=c|Migrating from 1.x to 2.0.0=)",
            ),
            ("## 1.2.0\na\n\n---\n\n<a id=\"1.1.0\"></a>\n\n## 1.1.0\nb\n\n***\n", "1.2.0@2(a) 1.1.0@2(b ***)"),
            (
                "## Unreleased\n<!-- add\n\nhere -->\n\n<!-- 1.0.0 -->\n<a name=\"1.0.0\"></a>\n## 1.0.0\n",
                "U@2(<!-- add here -->) 1.0.0@2()",
            ),
            ("# 1.2.0\n## own 1.1.0\n### own 1.0.0\na\n", "1.2.0@1() 1.1.0@2() 1.0.0@3(a)"),
            ("## Unreleased\n<!-- guide -->\n## 1.0.0\n", "U@2(<!-- guide -->) 1.0.0@2()"),
            ("## Unreleased\n- a\n\n<!-- apart -->\n\n## 1.0.0\n<!-- end -->\n", "U@2(- a) 1.0.0@2(<!-- end -->)"),
            ("\u{feff}## [Unreleased]\r\n\r\n### Added\r\n- a\r\n\r\n## [1.0.0]\r\n", "U@2(|Added=- a) 1.0.0@2()"),
            ("## [Unreleased]\n## [Unreleased]\n", "U@2() U@2()"),
        ];
        for (text, expected) in table {
            assert_eq!(describe_sections(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_foot_is_found() {
        let table = [
            ("## [1.0.0]\n- a\n\n[1.0.0]: https://x/y\n", "1.0.0=https://x/y", 16),
            ("## [1.0.0]\r\n\r\n[Unreleased]: <a b>\r\n[1.0.0]: b 'title'\r\n\r\n", "Unreleased=a b 1.0.0=b", 14),
            ("[a]: b\n\ntext [a]\n", "", 17),
            ("text\n[a]: b\n", "", 12),
            ("- a\n\n  [x]: y\n", "x=y", 5),
            ("[a]: b", "a=b", 0),
            ("\u{feff}[a]: b\n[A]: c\n", "", 17),
            ("```\n[a]: b\n```\n", "", 15),
            ("", "", 0),
        ];
        for (text, expected, foot) in table {
            let document = Document::read(text, &titles());
            let shown: Vec<String> =
                document.links.iter().map(|l| format!("{}={}", l.label, l.destination.of(text).unwrap())).collect();
            assert_eq!((shown.join(" ").as_str(), document.foot), (expected, foot), "{text:?}");
        }
    }

    #[test]
    fn line_ends_are_those_of_most_lines() {
        for (text, expected) in
            [("", "\n"), ("a", "\n"), ("a\r\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\r\nb\r\nc\n", "\r\n")]
        {
            assert_eq!(Document::read(text, &titles()).newline, expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn spans_are_in_order_whatever_the_text_is(text in "(\\PC|\n|\r\n|## \\[1\\.0\\.0\\]|## Unreleased|### Added|# |\\[a\\]: b|```|---){0,30}") {
            let document = Document::read(&text, &titles());
            let mut at = 0;
            for section in &document.sections {
                assert!(section.heading.start >= at && section.body.start <= section.body.end);
                assert!(section.span().of(&text).is_some() && section.body.end <= document.foot);
                at = section.body.end;
                for group in &section.groups {
                    assert!(group.body.of(&text).is_some() && group.body.end <= section.body.end);
                }
            }
            for link in &document.links {
                assert!(link.span.of(&text).is_some() && link.destination.of(&text).is_some());
            }
        }
    }
}
