//! [`Table`]: cells in aligned columns.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::cli::output::FAINT;
use crate::cli::words::Text;
use crate::text::visible_line;

/// A table that is written with two spaces between its columns.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
}

/// A text and how it looks.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

/// Returns a cell without a style.
pub(super) fn plain(text: impl Into<String>) -> Cell {
    styled(text, Style::new())
}

/// Returns a cell with a style.
pub(super) fn styled(text: impl Into<String>, style: Style) -> Cell {
    Cell { text: visible_line(&text.into()).into_owned(), style }
}

impl Table {
    /// Adds the row of headings.
    pub(super) fn headings(&mut self, headings: &[&str]) {
        self.rows.push(headings.iter().map(|heading| styled(*heading, FAINT)).collect());
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Writes the rows, each column as wide as its widest cell, no blanks at the ends of lines.
    pub(super) fn text(&self) -> Text {
        self.lines().into_iter().map(|line| line.plain("\n")).collect()
    }

    /// Writes the rows without line ends.
    pub(super) fn lines(&self) -> Vec<Text> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|c| c.text.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<Cell>| {
            let mut out = Text::default();
            let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or(0);
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate().take(last + 1) {
                out = out.styled(cell.style, &cell.text);
                if column < last {
                    out = out.plain(" ".repeat(width.saturating_sub(cell.text.width()) + 2));
                }
            }
            out
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, plain};

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::default();
        table.row(vec![plain("a"), plain("b")]);
        table.row(vec![plain("długi"), plain("")]);
        table.row(vec![plain("漢字"), plain("c")]);
        assert_eq!(table.text().as_ansi(), "a      b\ndługi\n漢字   c\n");
    }
}
