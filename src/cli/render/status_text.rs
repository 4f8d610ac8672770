//! Status: a row per package.

use super::table::{Cell, Fit, Shrink, Table, none, plain, styled};
use crate::cli::error::{CliError, Exit};
use crate::cli::output::{GOOD, LABEL, WARNING};
use crate::cli::words::Text;
use crate::plan::{PackageStatus, PinStatus, StatusReport};
use crate::text::markdown;

/// Writes the table of packages, and a line of the pins, for a terminal of this width.
pub(in crate::cli) fn status_table(report: &StatusReport, width: Option<usize>) -> Text {
    let (table, headings) = table_of(report);
    let giving = places(&headings, &GIVING);
    let why = places(&headings, &["WHY"]).first().copied().unwrap_or(headings.len());
    let fit = width.map(|width| Fit { width, giving: &giving, shrinks: Shrink::Flow(why) });
    table.text(fit.as_ref()).then(&pins_text(&report.pins).folded(width))
}

/// Writes the same as Markdown, for summaries of CI and comments on requests.
pub(in crate::cli) fn status_markdown(report: &StatusReport) -> String {
    let (table, headings) = table_of(report);
    let pins = match report.pins.as_slice() {
        [] => String::new(),
        pins => format!("\nPins: {}\n", pins.iter().map(|pin| markdown(&pin_text(pin))).collect::<Vec<_>>().join("; ")),
    };
    table.markdown(&places(&headings, &COPIED)) + &pins
}

/// The columns whose texts are typed in commands.
const COPIED: [&str; 4] = ["PACKAGE", "VERSION", "LAST TAG", "NEXT"];

/// Returns a row for each package below the headings, and the headings.
fn table_of(report: &StatusReport) -> (Table, Vec<&'static str>) {
    let columns: Vec<Column> = COLUMNS.into_iter().filter(|column| (column.is_shown)(report)).collect();
    let mut table = Table::default();
    let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
    table.headings(&headings);
    for package in &report.packages {
        table.row(columns.iter().map(|column| (column.cell)(package)).collect());
    }
    (table, headings)
}

/// Returns the positions of these headings, as far as they are shown.
fn places(shown: &[&str], wanted: &[&str]) -> Vec<usize> {
    wanted.iter().filter_map(|heading| shown.iter().position(|shown| shown == heading)).collect()
}

/// The columns that give way on a narrow terminal, in this order.
const GIVING: [&str; 5] = ["GROUP", "FRAGMENTS", "COMMITS", "LAST TAG", "VERSION"];

fn pins_text(pins: &[PinStatus]) -> Text {
    if pins.is_empty() {
        return Text::default();
    }
    let shown: Vec<String> = pins.iter().map(pin_text).collect();
    let notes = pins.iter().filter_map(|pin| pin.note.as_ref().map(|note| (&pin.name, note)));
    let note = |(name, note)| {
        Text::default().styled(WARNING, "note").plain(format_args!(": the upstream of {name}: {note}\n"))
    };
    let line = Text::default().styled(LABEL, "pins").plain(format_args!("  {}\n", shown.join("; ")));
    Text::from("\n").then(&line).then(&notes.map(note).collect())
}

fn pin_text(pin: &PinStatus) -> String {
    let tag = pin.tag.as_deref().unwrap_or("-");
    let differs = if pin.in_sync { "" } else { " (its places differ)" };
    let newest = pin.newest.as_ref().filter(|_| pin.is_outdated);
    let newest = newest.map(|newest| format!(", upstream has {newest}")).unwrap_or_default();
    format!("{} {tag}{differs}{newest}", pin.name)
}

/// A column of the table.
struct Column {
    heading: &'static str,
    /// A column in which every row would be empty is left out.
    is_shown: fn(&StatusReport) -> bool,
    cell: fn(&PackageStatus) -> Cell,
}

const COLUMNS: [Column; 9] = [
    Column { heading: "PACKAGE", is_shown: |_| true, cell: |package| styled(package.name.to_string(), LABEL) },
    Column { heading: "VERSION", is_shown: |_| true, cell: |package| plain(package.version.clone()) },
    Column { heading: "LAST TAG", is_shown: |_| true, cell: |package| or_none(package.tag.clone()) },
    Column { heading: "COMMITS", is_shown: has_history, cell: |package| number(package.commits) },
    Column {
        heading: "FRAGMENTS",
        is_shown: |report| report.packages.iter().any(|package| package.fragments.is_some_and(|count| count > 0)),
        cell: |package| number(package.fragments),
    },
    Column { heading: "NEXT", is_shown: has_history, cell: next },
    Column { heading: "WHY", is_shown: has_history, cell: reason },
    Column {
        heading: "GROUP",
        is_shown: |report| !report.groups.is_empty(),
        cell: |package| or_none(package.group.as_ref().map(|group| group.to_string())),
    },
    Column { heading: "IN SYNC", is_shown: |_| true, cell: in_sync },
];

fn has_history(report: &StatusReport) -> bool {
    report.packages.iter().any(|package| package.commits.is_some())
}

fn or_none(text: Option<String>) -> Cell {
    text.map_or_else(none, plain)
}

fn number(count: Option<usize>) -> Cell {
    match count {
        Some(count) if count > 0 => plain(count.to_string()),
        _ => none(),
    }
}

fn next(package: &PackageStatus) -> Cell {
    package.next.as_ref().map_or_else(none, |next| styled(next.clone(), GOOD))
}

fn reason(package: &PackageStatus) -> Cell {
    let Some(reason) = &package.reason else {
        return package.note.as_ref().map_or_else(none, |note| styled(note.clone(), WARNING));
    };
    plain(reason.words(package.suggested))
}

fn in_sync(package: &PackageStatus) -> Cell {
    let differing: Vec<&str> = package.manifests.iter().filter(|m| !m.in_sync).map(|m| m.path.as_str()).collect();
    match differing.as_slice() {
        [] if package.in_sync => styled("yes", GOOD),
        // Its own places agree, and another member of its fixed group is ahead.
        [] => styled(package.group.as_ref().map_or("no".to_owned(), |group| format!("no: group {group}")), WARNING),
        [one] => styled(format!("no: {one}"), WARNING),
        many => styled(format!("no: {} places", many.len()), WARNING),
    }
}

/// Fills a template such as `{name} {version}` for one package; a missing value is empty.
///
/// # Errors
/// Returns an error if the template has an unknown placeholder.
pub(in crate::cli) fn status_line(template: &str, package: &PackageStatus) -> Result<String, CliError> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(head);
        let Some((key, behind)) = tail.split_once('}') else {
            return Err(unknown(&format!("{{{tail}")));
        };
        out.push_str(&value(key, package).ok_or_else(|| unknown(&format!("{{{key}}}")))?);
        rest = behind;
    }
    out.push_str(rest);
    out.push('\n');
    Ok(out)
}

fn value(key: &str, package: &PackageStatus) -> Option<String> {
    Some(match key {
        "name" => package.name.to_string(),
        "version" => package.version.clone(),
        "scheme" => package.scheme.name().to_owned(),
        "tag" => package.tag.clone().unwrap_or_default(),
        "group" => package.group.as_ref().map(|group| group.to_string()).unwrap_or_default(),
        "next" => package.next.clone().unwrap_or_default(),
        "next-tag" => package.next_tag.clone().unwrap_or_default(),
        "suggested" => package.suggested.map(|level| level.to_string()).unwrap_or_default(),
        "commits" => package.commits.map(|count| count.to_string()).unwrap_or_default(),
        "fragments" => package.fragments.map(|count| count.to_string()).unwrap_or_default(),
        "in-sync" => package.in_sync.to_string(),
        _ => return None,
    })
}

fn unknown(placeholder: &str) -> CliError {
    let message = format!("unknown placeholder `{placeholder}` in --format");
    CliError::failed(
        Exit::Usage,
        message,
        "the placeholders are {name} {version} {scheme} {tag} {group} {commits} {fragments} {suggested} {next} {next-tag} {in-sync}",
    )
}
