//! [`Screen`]: what a terminal shows after some bytes, as far as the program uses it; and screens that are kept.

use std::path::Path;

/// The cells, and where the cursor was.
type Kept = (Vec<Vec<char>>, (usize, usize));

/// A terminal of the family of xterm, without colours, with a second screen.
pub struct Screen {
    cells: Vec<Vec<char>>,
    at: (usize, usize),
    first: Option<Kept>,
    columns: usize,
    pub has_cursor: bool,
}

impl Screen {
    /// An empty screen that was shown these bytes.
    pub fn of(shown: &str, rows: usize, columns: usize) -> Self {
        let cells = vec![vec![' '; columns]; rows];
        let mut screen = Self { cells, at: (0, 0), first: None, columns, has_cursor: true };
        screen.show(shown);
        screen
    }

    /// Returns `true` while the second screen is shown.
    pub fn is_second(&self) -> bool {
        self.first.is_some()
    }

    /// The lines, without blanks at their ends, and without empty lines at the end.
    pub fn text(&self) -> String {
        let lines = self.cells.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"
    }

    fn show(&mut self, shown: &str) {
        let mut rest = shown.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\u{1b}' => {
                    assert_eq!(rest.next(), Some('['), "an unknown sequence in {shown:?}");
                    let mut parameters = String::new();
                    let last = loop {
                        match rest.next().unwrap() {
                            last @ '\u{40}'..='\u{7e}' => break last,
                            c => parameters.push(c),
                        }
                    };
                    self.obey(&parameters, last);
                }
                '\n' => self.feed(),
                '\r' => self.at.1 = 0,
                c => self.put(c),
            }
        }
    }

    fn feed(&mut self) {
        self.at = (self.at.0 + 1, 0);
        if self.at.0 == self.cells.len() {
            self.cells.remove(0);
            self.cells.push(vec![' '; self.columns]);
            self.at.0 -= 1;
        }
    }

    fn put(&mut self, c: char) {
        if self.at.1 == self.columns {
            assert!(!self.is_second(), "a line of the picker is too wide");
            self.feed();
        }
        self.cells[self.at.0][self.at.1] = c;
        self.at.1 += 1;
    }

    fn obey(&mut self, parameters: &str, last: char) {
        let (rows, columns) = (self.cells.len(), self.columns);
        match (parameters, last) {
            (_, 'm') => {}
            (_, 'H') => {
                let mut numbers = parameters.split(';').map(|number| number.parse::<usize>().unwrap_or(1) - 1);
                self.at = (numbers.next().unwrap_or(0).min(rows - 1), numbers.next().unwrap_or(0).min(columns - 1));
            }
            ("" | "0", 'K') => self.cells[self.at.0][self.at.1..].fill(' '),
            ("2", 'J') => self.cells = vec![vec![' '; columns]; rows],
            ("?25", 'l' | 'h') => self.has_cursor = last == 'h',
            ("?1049", 'h') => {
                self.first = Some((std::mem::replace(&mut self.cells, vec![vec![' '; columns]; rows]), self.at));
            }
            ("?1049", 'l') => (self.cells, self.at) = self.first.take().unwrap(),
            other => panic!("an unknown sequence: {other:?}"),
        }
    }
}

/// Holds a screen to the one in `fixtures/screens`.
#[track_caller]
pub fn is_as_kept(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/screens/{name}.txt"));
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") && known != text {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    assert_eq!(known, text, "{name} is something else; SNAPSHOTS=overwrite renews it\n{text}");
}
