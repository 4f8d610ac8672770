//! [`Table`]: columns for people.

use anstyle::Style;

use crate::cli::output::FAINT;
use crate::cli::words::Text;
use crate::text::{cut, cut_start, markdown, markdown_code, visible_line, width};

/// A table whose columns are as wide as their widest cell.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Table {
    rows: Vec<Vec<Cell>>,
    least: Vec<usize>,
}

/// A text and how it looks.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Cell {
    text: String,
    style: Style,
}

/// How a table comes to fit a terminal.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Fit<'a> {
    /// The columns of the terminal.
    pub(in crate::cli) width: usize,
    /// The columns of the table that are left out, in this order, until the others have room.
    pub(in crate::cli) giving: &'a [usize],
    /// What happens to the one column that is still too wide.
    pub(in crate::cli) shrinks: Shrink,
}

/// How a column becomes narrower.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Shrink {
    /// The texts of this column lose their ends.
    Cut(usize),
    /// The texts of this column, paths, lose their beginnings.
    CutStart(usize),
    /// The texts of this column go on in further lines.
    Flow(usize),
}

/// A column is not made narrower than this for the sake of others.
const READABLE: usize = 24;

/// What a cell without a value shows.
const NONE: &str = "-";

/// Returns a cell without a style.
pub(in crate::cli) fn plain(text: impl Into<String>) -> Cell {
    styled(text, Style::new())
}

/// Returns a cell with a style.
pub(in crate::cli) fn styled(text: impl Into<String>, style: Style) -> Cell {
    Cell { text: visible_line(&text.into()).into_owned(), style }
}

/// Returns a cell without a value.
pub(super) fn none() -> Cell {
    styled(NONE, FAINT)
}

impl Table {
    /// Adds the row of headings.
    pub(in crate::cli) fn headings(&mut self, headings: &[&str]) {
        self.rows.push(headings.iter().map(|heading| styled(*heading, FAINT)).collect());
    }

    /// Adds a row.
    pub(in crate::cli) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Makes columns at least so wide.
    pub(in crate::cli) fn least_widths(&mut self, widths: &[usize]) {
        self.least = widths.to_vec();
    }

    /// Writes the rows, each column as wide as its widest cell, no blanks at the ends of lines.
    pub(super) fn text(&self, fit: Option<&Fit<'_>>) -> Text {
        self.lines(fit).into_iter().map(|line| line.plain("\n")).collect()
    }

    /// Writes the rows without line ends, as they fit; the first column is cut where nothing else helps.
    pub(in crate::cli) fn lines(&self, fit: Option<&Fit<'_>>) -> Vec<Text> {
        let mut columns: Vec<(usize, usize)> = self.widths().into_iter().enumerate().collect();
        // Without a terminal every column has room.
        let Some(fit) = fit else { return self.rows.iter().flat_map(|row| lines_of(row, &columns, None)).collect() };
        let (Shrink::Cut(shrinking) | Shrink::CutStart(shrinking) | Shrink::Flow(shrinking)) = fit.shrinks;
        let readable = if matches!(fit.shrinks, Shrink::Flow(_)) { READABLE } else { READABLE / 2 };
        let needed = |columns: &[(usize, usize)], most: usize| {
            let widths = columns.iter().map(|(at, width)| if *at == shrinking { (*width).min(most) } else { *width });
            widths.sum::<usize>() + 2 * columns.len().saturating_sub(1)
        };
        // The first column has the names, which tell the rows apart.
        let kept = if matches!(fit.shrinks, Shrink::Cut(0)) { READABLE } else { readable };
        for giving in fit.giving {
            if needed(&columns, kept) <= fit.width {
                break;
            }
            columns.retain(|(at, _)| at != giving);
        }
        let others = needed(&columns, 0);
        for (at, width) in &mut columns {
            if *at == shrinking {
                *width = (*width).min(fit.width.saturating_sub(others)).max(readable.min(*width));
            }
        }
        let excess = needed(&columns, usize::MAX).saturating_sub(fit.width);
        if let Some((_, width)) = columns.first_mut().filter(|(at, _)| excess > 0 && *at != shrinking) {
            *width = width.saturating_sub(excess).max(readable.min(*width) / 2);
        }
        self.rows.iter().flat_map(|row| lines_of(row, &columns, Some(fit.shrinks))).collect()
    }

    /// Writes the rows as a table in GitHub Flavored Markdown, the first one as its headings. In the columns `copied`, each text can be
    /// copied as it is.
    pub(super) fn markdown(&self, copied: &[usize]) -> String {
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let heading = |cell: &Cell| {
            let mut letters = cell.text.chars();
            letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
        };
        let cell = |(column, cell): (usize, &Cell)| match cell.text.as_str() {
            NONE => NONE.to_owned(),
            text if copied.contains(&column) => markdown_code(text),
            text => markdown(text),
        };
        let Some((headings, rows)) = self.rows.split_first() else { return String::new() };
        let first = row(headings.iter().map(heading).collect()) + &row(vec!["---".to_owned(); headings.len()]);
        rows.iter().fold(first, |all, cells| all + &row(cells.iter().enumerate().map(cell).collect()))
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text)).max();
        let least = |column: usize| self.least.get(column).copied().unwrap_or(0);
        (0..columns).map(|column| widest(column).unwrap_or(0).max(least(column))).collect()
    }
}

/// Writes a row in these columns, given by their positions and widths; a column that flows may need several lines.
fn lines_of(row: &[Cell], columns: &[(usize, usize)], shrinks: Option<Shrink>) -> Vec<Text> {
    let pieces = |(at, room): &(usize, usize)| {
        // A short row has nothing in its last columns.
        let Some(cell) = row.get(*at) else { return vec![String::new()] };
        match shrinks {
            Some(Shrink::Cut(column)) if column == *at => vec![cut(&cell.text, *room)],
            Some(Shrink::CutStart(column)) if column == *at => vec![cut_start(&cell.text, *room)],
            Some(Shrink::Flow(column)) if column == *at => flow(&cell.text, *room),
            _ => vec![cut(&cell.text, *room)],
        }
    };
    let cells: Vec<Vec<String>> = columns.iter().map(pieces).collect();
    let count = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let texts: Vec<&str> = cells.iter().map(|pieces| pieces.get(number).map_or("", String::as_str)).collect();
        let last = texts.iter().rposition(|text| !text.is_empty()).unwrap_or(0);
        let mut out = Text::default();
        for (place, (text, (at, room))) in texts.iter().zip(columns).enumerate().take(last + 1) {
            let style = row.get(*at).map(|cell| cell.style).unwrap_or_default();
            out = out.styled(style, text);
            if place < last {
                out = out.plain(" ".repeat(room.saturating_sub(width(text)) + 2));
            }
        }
        out
    };
    (0..count).map(line).collect()
}

/// Breaks a text between words; a word that is too long stays whole.
pub(in crate::cli) fn flow(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Fit, Shrink, Table, plain};

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::default();
        table.row(vec![plain("a"), plain("b")]);
        table.row(vec![plain("długi"), plain("")]);
        table.row(vec![plain("漢字"), plain("c")]);
        assert_eq!(table.text(None).as_ansi(), "a      b\ndługi\n漢字   c\n");
    }

    #[test]
    fn columns_give_way_in_their_order_before_a_text_flows() {
        let mut table = Table::default();
        table.row(vec![
            plain("api"),
            plain("0.1.0"),
            plain("api-v0.1.0"),
            plain("not tagged, and so it is not known what is new"),
        ]);
        let shown = |width: usize, shrinks: Shrink| {
            table.text(Some(&Fit { width, giving: &[2, 1], shrinks })).as_ansi().to_owned()
        };
        assert_eq!(shown(80, Shrink::Flow(3)), table.text(None).as_ansi());
        let flowing =
            "api  0.1.0  api-v0.1.0  not tagged, and so it is not\n                        known what is new\n";
        assert_eq!(shown(53, Shrink::Flow(3)), flowing);
        assert_eq!(
            shown(40, Shrink::Flow(3)),
            "api  0.1.0  not tagged, and so it is not\n            known what is new\n"
        );
        assert_eq!(shown(30, Shrink::Cut(3)), "api  0.1.0  not tagged, and s…\n");
    }
}
