//! [`Picker`]: what is marked, what is typed, where the cursor is.

use super::keys::Key;
use crate::plan::Offer;
use crate::process::Pick;

/// So many rows one page has.
const PAGE: usize = 10;

/// The state of the picker.
#[derive(Clone, Debug)]
pub(super) struct Picker<'a> {
    /// What is offered.
    pub(super) offers: &'a [Offer],
    /// The chosen step of each offer.
    pub(super) steps: Vec<usize>,
    /// Whether each offer is marked.
    pub(super) marks: Vec<bool>,
    /// What was typed: names without it are hidden.
    pub(super) filter: String,
    /// The row of the cursor among those that are shown.
    pub(super) cursor: usize,
}

/// What a key led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// The picker stays.
    Stays,
    /// These were picked.
    Picked(Vec<Pick>),
    /// Nothing is wanted.
    Stopped,
}

impl<'a> Picker<'a> {
    /// Returns the state at the beginning: nothing is marked, and of each offer the step that suits it best is chosen.
    pub(super) fn new(offers: &'a [Offer]) -> Self {
        let count = offers.len();
        Self { offers, steps: vec![0; count], marks: vec![false; count], filter: String::new(), cursor: 0 }
    }

    /// Returns the positions of the offers that are shown.
    pub(super) fn shown(&self) -> Vec<usize> {
        let typed = self.filter.to_lowercase();
        let has = |name: &str| name.to_lowercase().contains(&typed);
        let is_shown = |offer: &Offer| has(&offer.name) || offer.packages.iter().any(|package| has(package.as_str()));
        self.offers.iter().enumerate().filter(|(_, offer)| is_shown(offer)).map(|(at, _)| at).collect()
    }

    /// Returns the position of the offer under the cursor; `None` if none is shown.
    pub(super) fn current(&self) -> Option<usize> {
        self.shown().get(self.cursor).copied()
    }

    /// Returns how many offers are marked.
    pub(super) fn marked(&self) -> usize {
        self.marks.iter().filter(|mark| **mark).count()
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: Key) -> Pressed {
        let last = self.shown().len().saturating_sub(1);
        match key {
            Key::Up => self.cursor = self.cursor.saturating_sub(1),
            Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::PageUp => self.cursor = self.cursor.saturating_sub(PAGE),
            Key::PageDown => self.cursor = (self.cursor + PAGE).min(last),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = last,
            Key::Left => self.turn(false),
            Key::Right => self.turn(true),
            Key::Char(' ') => self.mark(),
            Key::Char(typed) => self.narrow(|filter| filter.push(typed)),
            Key::Backspace => self.narrow(|filter| {
                filter.pop();
            }),
            Key::Clear => self.narrow(String::clear),
            Key::Escape if !self.filter.is_empty() => self.narrow(String::clear),
            Key::Escape | Key::EndOfInput => return Pressed::Stopped,
            Key::Enter => {
                let picks = self.picks();
                return if picks.is_empty() { Pressed::Stays } else { Pressed::Picked(picks) };
            }
        }
        Pressed::Stays
    }

    /// Chooses the next step of the offer under the cursor, or the one before.
    fn turn(&mut self, is_forward: bool) {
        let Some(at) = self.current() else { return };
        let count = self.offers.get(at).map_or(0, |offer| offer.steps.len());
        if let Some(step) = self.steps.get_mut(at).filter(|_| count > 0) {
            *step = if is_forward { *step + 1 } else { *step + count - 1 } % count;
        }
    }

    /// Marks the offer under the cursor, or removes its mark; without a possible step it cannot be marked.
    fn mark(&mut self) {
        let Some(at) = self.current() else { return };
        let can_be = self.offers.get(at).is_some_and(|offer| !offer.steps.is_empty());
        if let Some(mark) = self.marks.get_mut(at).filter(|_| can_be) {
            *mark = !*mark;
        }
    }

    /// Changes what was typed; the cursor stays on its offer where that is still shown.
    fn narrow(&mut self, change: impl FnOnce(&mut String)) {
        let current = self.current();
        change(&mut self.filter);
        let at = self.shown().iter().position(|at| Some(*at) == current);
        self.cursor = at.unwrap_or(0);
    }

    /// What is marked, hidden or not; without a mark the offer under the cursor.
    fn picks(&self) -> Vec<Pick> {
        let marked = self.marks.iter().enumerate().filter(|(_, mark)| **mark).map(|(at, _)| at);
        let mut chosen: Vec<usize> = marked.collect();
        if chosen.is_empty() {
            chosen.extend(self.current());
        }
        let pick = |offer: usize| {
            let step = *self.steps.get(offer)?;
            self.offers.get(offer)?.steps.get(step).map(|_| Pick { offer, step })
        };
        chosen.into_iter().filter_map(pick).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::PackageId;
    use crate::plan::{BumpSpec, OfferedStep};

    pub(in crate::cli::picker) fn offer(name: &str, changes: &[&str], steps: &[(&str, &str)]) -> Offer {
        let step = |(words, version): &(&str, &str)| OfferedStep {
            words: (*words).to_owned(),
            spec: BumpSpec::parse(words, None).unwrap(),
            version: (*version).to_owned(),
        };
        Offer {
            name: name.to_owned(),
            packages: vec![PackageId::new(name)],
            version: "1.0.0".to_owned(),
            changes: Some(changes.iter().map(|change| (*change).to_owned()).collect()),
            steps: steps.iter().map(step).collect(),
        }
    }

    fn three() -> Vec<Offer> {
        let steps = [("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")];
        vec![offer("api", &["feat: a list"], &steps), offer("web", &[], &steps), offer("webhooks", &[], &[])]
    }

    fn press(picker: &mut Picker<'_>, keys: &[Key]) -> Pressed {
        keys.iter().map(|key| picker.press(*key)).last().unwrap()
    }

    #[test]
    fn enter_takes_what_is_marked_or_the_row_of_the_cursor() {
        let offers = three();
        let mut picker = Picker::new(&offers);
        assert_eq!(press(&mut picker, &[Key::Enter]), Pressed::Picked(vec![Pick { offer: 0, step: 0 }]));
        let keys = [Key::Right, Key::Char(' '), Key::Down, Key::Left, Key::Char(' '), Key::Enter];
        let both = vec![Pick { offer: 0, step: 1 }, Pick { offer: 1, step: 2 }];
        assert_eq!(press(&mut picker, &keys), Pressed::Picked(both));
        // Marked once more means not marked.
        assert_eq!(
            press(&mut picker, &[Key::Char(' '), Key::Enter]),
            Pressed::Picked(vec![Pick { offer: 0, step: 1 }])
        );
    }

    #[test]
    fn what_is_typed_narrows_the_list() {
        let offers = three();
        let mut picker = Picker::new(&offers);
        press(&mut picker, &[Key::Char('W'), Key::Char('e'), Key::Char('b')]);
        assert_eq!((picker.shown(), picker.cursor), (vec![1, 2], 0));
        // The second one has no step, so that there is nothing to mark or take.
        assert_eq!(press(&mut picker, &[Key::Down, Key::Char(' '), Key::Enter]), Pressed::Stays);
        press(&mut picker, &[Key::Char('x')]);
        assert!(picker.shown().is_empty());
        assert_eq!(press(&mut picker, &[Key::Char(' '), Key::Left, Key::Enter]), Pressed::Stays);
        assert_eq!(press(&mut picker, &[Key::Backspace, Key::Escape]), Pressed::Stays);
        assert_eq!(picker.shown().len(), 3);
        assert_eq!(press(&mut picker, &[Key::Escape]), Pressed::Stopped);
    }

    #[test]
    fn the_cursor_stays_in_the_list() {
        let offers = three();
        let mut picker = Picker::new(&offers);
        for (key, at) in
            [(Key::Up, 0), (Key::PageDown, 2), (Key::Down, 2), (Key::Home, 0), (Key::End, 2), (Key::PageUp, 0)]
        {
            press(&mut picker, &[key]);
            assert_eq!(picker.cursor, at, "{key:?}");
        }
        let mut nothing = Picker::new(&[]);
        assert_eq!(press(&mut nothing, &[Key::Down, Key::Right, Key::Char(' '), Key::Enter]), Pressed::Stays);
    }
}
