//! [`Table`]: cells in aligned columns.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::cli::output::FAINT;

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

/// Returns a cell that looks like its surroundings.
pub(super) fn plain(text: impl Into<String>) -> Cell {
    styled(text, Style::new())
}

/// Returns a cell with a look of its own.
pub(super) fn styled(text: impl Into<String>, style: Style) -> Cell {
    Cell { text: text.into(), style }
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
    pub(super) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|c| c.text.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in &self.rows {
            let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or(0);
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate().take(last + 1) {
                let style = cell.style;
                out.push_str(&format!("{style}{}{style:#}", cell.text));
                if column < last {
                    out.push_str(&" ".repeat(width.saturating_sub(cell.text.width()) + 2));
                }
            }
            out.push('\n');
        }
        out
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
        assert_eq!(table.text(), "a      b\ndługi\n漢字   c\n");
    }
}
