//! [`lines`]: the picker as the lines of a screen.

use super::state::Picker;
use crate::cli::output::{FAINT, GOOD, LABEL};
use crate::cli::render::{Fit, Shrink, Table, plain, styled};
use crate::cli::words::Text;
use crate::plan::Offer;
use crate::text::{cut, visible_line};

/// The rows and columns of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Size {
    /// Returns `true` if the picker can be used on such a screen.
    pub(super) fn is_enough(self) -> bool {
        self.rows >= 10 && self.columns >= 40
    }
}

/// The title, the headings, a blank line, and the keys.
const AROUND: usize = 4;
/// The steps of the row under the cursor have so many lines, its changes at most so many.
const STEP_LINES: usize = 2;
const CHANGE_LINES: usize = 5;
const KEYS: &str = "up/down: move, space: mark, left/right: level, Enter: go on, Esc: stop";

/// Returns the lines of the screen, none of them wider than that.
pub(super) fn lines(picker: &Picker<'_>, size: Size) -> Vec<Text> {
    let details = (STEP_LINES + CHANGE_LINES).min(size.rows.saturating_sub(AROUND + 3));
    let height = size.rows.saturating_sub(AROUND + details).max(1).min(picker.offers.len().max(1));
    let shown = picker.shown();
    // By pages, so that a move of the cursor changes two lines and not all of them.
    let page = picker.cursor / height * height;
    let rows: Vec<usize> = shown.iter().copied().skip(page).take(height).collect();
    let mut lines = vec![title(picker, (page, rows.len(), shown.len()), size.columns)];
    lines.extend(table(picker, &rows, size.columns));
    if rows.is_empty() {
        lines.push(Text::new(cut(&format!("  no name contains `{}`", visible_line(&picker.filter)), size.columns)));
    }
    lines.resize(2 + height, Text::default());
    lines.push(Text::default());
    let current = picker.current().and_then(|at| Some((picker.offers.get(at)?, *picker.steps.get(at)?)));
    let about = current.map(|(offer, step)| about(offer, step, details, size.columns)).unwrap_or_default();
    lines.extend(about);
    lines.resize(2 + height + 1 + details, Text::default());
    lines.push(Text::default().styled(FAINT, cut(KEYS, size.columns)));
    lines
}

fn title(picker: &Picker<'_>, (page, rows, shown): (usize, usize, usize), columns: usize) -> Text {
    let mut words = match picker.filter.as_str() {
        "" => "  type to filter".to_owned(),
        typed => format!("  filter: {}", visible_line(typed)),
    };
    if shown > rows && rows > 0 {
        words += &format!("  {}-{} of {shown}", page + 1, page + rows);
    }
    if picker.marked() > 0 {
        words += &format!("  {} marked", picker.marked());
    }
    let question = "Release which?";
    Text::default().styled(LABEL, question).plain(cut(&words, columns.saturating_sub(question.len())))
}

/// The headings and the rows. Columns of single levels give way first, the last ones before the others; then changes, then
/// versions.
fn table(picker: &Picker<'_>, rows: &[usize], columns: usize) -> Vec<Text> {
    let words = all_words(picker.offers);
    let mut table = Table::default();
    let headings = ["      PACKAGE", "VERSION", "LEVEL", "NEXT", "CHANGES"].map(str::to_owned);
    let headings: Vec<String> = headings.into_iter().chain(words.iter().map(|word| word.to_uppercase())).collect();
    table.headings(&headings.iter().map(String::as_str).collect::<Vec<_>>());
    let current = picker.current();
    for at in rows {
        let (Some(offer), Some(mark), Some(step)) =
            (picker.offers.get(*at), picker.marks.get(*at), picker.steps.get(*at))
        else {
            continue;
        };
        let lead = if Some(*at) == current { "> " } else { "  " };
        let mark = if *mark { "[x] " } else { "[ ] " };
        let name = styled(format!("{lead}{mark}{}", offer.name), if Some(*at) == current { LABEL } else { PLAIN });
        let step = offer.steps.get(*step);
        let mut row = vec![name, plain(offer.version.clone())];
        row.push(plain(step.map_or("-", |step| step.words.as_str())));
        row.push(styled(step.map_or("-", |step| step.version.as_str()), GOOD));
        row.push(plain(count_of(offer)));
        let version_of = |word: &&str| offer.steps.iter().find(|step| step.words == **word);
        row.extend(words.iter().map(|word| plain(version_of(word).map_or("-", |step| step.version.as_str()))));
        table.row(row);
    }
    // Columns are as wide as their widest possible text, so that they do not move.
    table.least_widths(&least_widths(picker.offers, &words));
    let giving: Vec<usize> = (4..headings.len()).rev().chain([1, 3, 2]).collect();
    table.lines(Some(&Fit { width: columns, giving: &giving, shrinks: Shrink::Cut(0) }))
}

const PLAIN: anstyle::Style = anstyle::Style::new();

fn count_of(offer: &Offer) -> String {
    match &offer.changes {
        None => "?".to_owned(),
        Some(changes) if changes.is_empty() => "-".to_owned(),
        Some(changes) => changes.len().to_string(),
    }
}

/// The steps of all offers, in their order.
fn all_words(offers: &[Offer]) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for step in offers.iter().flat_map(|offer| &offer.steps) {
        if !words.contains(&step.words.as_str()) {
            words.push(&step.words);
        }
    }
    if words.len() == 1 { Vec::new() } else { words }
}

fn least_widths(offers: &[Offer], words: &[&str]) -> Vec<usize> {
    let steps = || offers.iter().flat_map(|offer| &offer.steps);
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(crate::text::width).max().unwrap_or(0);
    let mut widths = vec![
        6 + widest(&mut offers.iter().map(|offer| offer.name.as_str())),
        widest(&mut offers.iter().map(|offer| offer.version.as_str())),
        widest(&mut steps().map(|step| step.words.as_str())),
        widest(&mut steps().map(|step| step.version.as_str())),
        0,
    ];
    for word in words {
        widths.push(widest(&mut steps().filter(|step| step.words == *word).map(|step| step.version.as_str())));
    }
    widths
}

/// What there is to know of the row under the cursor: the version of each level, and the changes.
fn about(offer: &Offer, chosen: usize, most: usize, columns: usize) -> Vec<Text> {
    let mut lines = steps(offer, chosen, columns);
    lines.resize(STEP_LINES, Text::default());
    let room = most.saturating_sub(STEP_LINES);
    let changes = offer.changes.as_deref().unwrap_or_default();
    if offer.packages.len() > 1 && room > 1 {
        let names: Vec<&str> = offer.packages.iter().map(|package| package.as_str()).collect();
        lines.push(Text::new(cut(&format!("  released together: {}", visible_line(&names.join(", "))), columns)));
    }
    let room = most.saturating_sub(lines.len());
    let fits = if changes.len() > room { room.saturating_sub(1) } else { room };
    let change = |change: &String| Text::new(cut(&format!("  - {}", visible_line(change)), columns));
    lines.extend(changes.iter().take(fits).map(change));
    match (changes.len().saturating_sub(fits), &offer.changes) {
        (_, None) => {
            lines.push(Text::new(cut("  the history of this clone is too short to tell the changes", columns)))
        }
        (0, Some(changes)) if changes.is_empty() => lines.push(Text::from("  no changes since the last release")),
        (0, _) => {}
        (more, _) => lines.push(Text::default().styled(FAINT, cut(&format!("    and {more} more"), columns))),
    }
    lines.truncate(most);
    lines
}

/// The steps with their versions; the chosen one has brackets around it.
fn steps(offer: &Offer, chosen: usize, columns: usize) -> Vec<Text> {
    let mut lines: Vec<(usize, Text)> = Vec::new();
    for (at, step) in offer.steps.iter().enumerate() {
        let words = format!("{} {}", step.words, step.version);
        let words = if at == chosen { format!("[{words}]") } else { format!(" {words} ") };
        let words = cut(&words, columns.saturating_sub(1));
        let width = crate::text::width(&words);
        let style = if at == chosen { GOOD } else { PLAIN };
        match lines.last_mut() {
            Some((used, line)) if *used + 1 + width <= columns => {
                *used += 1 + width;
                *line = std::mem::take(line).plain(" ").styled(style, &words);
            }
            _ => lines.push((1 + width, Text::from(" ").styled(style, &words))),
        }
    }
    lines.into_iter().map(|(_, line)| line).take(STEP_LINES).collect()
}

#[cfg(test)]
mod tests {
    use super::super::keys::Key;
    use super::super::state::tests::offer;
    use super::*;
    use crate::text::width;

    const STEPS: [(&str, &str); 8] = [
        ("auto", "1.1.0"),
        ("patch", "1.0.1"),
        ("minor", "1.1.0"),
        ("major", "2.0.0"),
        ("release", "1.0.0"),
        ("alpha", "1.1.0-alpha.1"),
        ("beta", "1.1.0-beta.1"),
        ("rc", "1.1.0-rc.1"),
    ];

    fn plain_lines(picker: &Picker<'_>, rows: usize, columns: usize) -> Vec<String> {
        let lines = lines(picker, Size { rows, columns });
        lines.iter().map(|line| anstream::adapter::strip_str(line.as_ansi()).to_string()).collect()
    }

    #[test]
    fn every_screen_fits_its_terminal() {
        let long = "x".repeat(300);
        let wide = "漢字".repeat(40);
        let mut offers: Vec<Offer> =
            (0..60).map(|at| offer(&format!("package-{at}"), &["feat: one"], &STEPS)).collect();
        offers.push(offer(&long, &[&long, &wide, "a\u{1b}[2J\tb"], &STEPS));
        offers.push(offer(&wide, &[], &[("patch", &long)]));
        for (rows, columns) in [(10, 40), (24, 80), (24, 200), (60, 132), (200, 300)] {
            let mut picker = Picker::new(&offers);
            for key in [Key::Char(' '), Key::Right, Key::End, Key::Up, Key::Char('x'), Key::Char('漢'), Key::Clear] {
                picker.press(key);
                let shown = plain_lines(&picker, rows, columns);
                assert!(shown.len() <= rows, "{rows}x{columns} {key:?}: {} lines", shown.len());
                for line in shown {
                    assert!(width(&line) <= columns && !line.contains('\u{1b}'), "{rows}x{columns} {key:?}: {line}");
                }
            }
        }
    }

    #[test]
    fn columns_of_levels_give_way_before_names_are_cut() {
        let offers: Vec<Offer> =
            (0..3).map(|at| offer(&format!("package-number-{at}"), &["feat: one"], &STEPS)).collect();
        let shown = plain_lines(&Picker::new(&offers), 24, 80);
        assert!(shown.iter().any(|line| line.starts_with("  [ ] package-number-1 ")), "{shown:?}");
        assert!(shown[1].ends_with("PATCH"), "{shown:?}");
    }

    #[test]
    fn a_move_changes_the_two_rows_and_what_is_said_of_them() {
        let offers: Vec<Offer> = (0..60).map(|at| offer(&format!("package-{at}"), &["feat: one"], &STEPS)).collect();
        let mut picker = Picker::new(&offers);
        let before = plain_lines(&picker, 24, 80);
        picker.press(Key::Down);
        let after = plain_lines(&picker, 24, 80);
        assert_eq!(before.iter().zip(&after).filter(|(one, other)| one != other).count(), 2);
        assert!(after[3].starts_with("> [ ] package-1 "), "{after:?}");
    }
}
