//! [`pick_typed`]: the same choice where the screen cannot be drawn.

use crate::cli::confirm::line;
use crate::cli::output::{LABEL, Output};
use crate::cli::render::{Fit, Shrink, Table, plain, styled};
use crate::plan::Offer;
use crate::process::Pick;

const QUESTION: &str = "Release which? [numbers or names, `3=minor` for another level] ";

/// Prints what is offered, and asks until the answer can be understood; `None` if nothing is wanted.
pub(super) fn pick_typed(offers: &[Offer], output: &mut Output) -> Option<Vec<Pick>> {
    let width = output.width();
    let fit = width.map(|width| Fit { width, giving: &[3], shrinks: Shrink::Flow(4) });
    for line in list(offers).lines(fit.as_ref()) {
        output.write_err(line.plain("\n"));
    }
    loop {
        let typed = line(QUESTION, output)?;
        match picks(&typed, offers) {
            Ok(picks) if picks.is_empty() => return None,
            Ok(picks) => return Some(picks),
            Err(why) => output.write_err(format!("{why}\n")),
        }
    }
}

fn list(offers: &[Offer]) -> Table {
    let mut table = Table::default();
    table.headings(&["", "PACKAGE", "VERSION", "CHANGES", "LEVELS"]);
    for (at, offer) in offers.iter().enumerate() {
        let steps: Vec<String> = offer.steps.iter().map(|step| format!("{} {}", step.words, step.version)).collect();
        let changes = offer.changes.as_ref().map_or("?".to_owned(), |changes| changes.len().to_string());
        table.row(vec![
            plain((at + 1).to_string()),
            styled(offer.name.clone(), LABEL),
            plain(offer.version.clone()),
            plain(changes),
            plain(if steps.is_empty() { "-".to_owned() } else { steps.join(", ") }),
        ]);
    }
    table
}

/// Reads an answer: numbers or names, each perhaps with a level, separated by spaces or commas.
fn picks(typed: &str, offers: &[Offer]) -> Result<Vec<Pick>, String> {
    if matches!(typed.trim(), "q" | "quit" | "n" | "no") {
        return Ok(Vec::new());
    }
    let words = typed.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let mut picks: Vec<Pick> = words.map(|word| pick(word, offers)).collect::<Result<_, _>>()?;
    picks.sort_by_key(|pick| pick.offer);
    match picks.windows(2).find(|pair| matches!(pair, [one, other] if one.offer == other.offer)) {
        Some(_) => Err("one of them is there twice".to_owned()),
        None => Ok(picks),
    }
}

fn pick(word: &str, offers: &[Offer]) -> Result<Pick, String> {
    let (name, level) = word.split_once('=').map_or((word, None), |(name, level)| (name, Some(level)));
    let by_number = |number: usize| number.checked_sub(1).filter(|at| *at < offers.len());
    let by_name = || offers.iter().position(|offer| offer.name == name);
    let found = by_name().or_else(|| name.parse().ok().and_then(by_number));
    let Some((at, offer)) = found.and_then(|at| Some((at, offers.get(at)?))) else {
        return Err(format!("`{name}` is not in the list: expected a number from 1 to {}, or a name", offers.len()));
    };
    let step = match level {
        None => Some(0).filter(|_| !offer.steps.is_empty()),
        Some(level) => offer.steps.iter().position(|step| step.words == level),
    };
    step.map(|step| Pick { offer: at, step }).ok_or_else(|| {
        let words: Vec<&str> = offer.steps.iter().map(|step| step.words.as_str()).collect();
        format!("`{word}` is not possible: expected one of {}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::offer;
    use super::*;

    #[test]
    fn numbers_and_names_with_levels_are_understood() {
        let steps = [("patch", "1.0.1"), ("minor", "1.1.0")];
        let offers = [offer("api", &[], &steps), offer("web", &[], &steps), offer("none", &[], &[])];
        let of = |typed: &str| {
            picks(typed, &offers).map(|picks| picks.iter().map(|p| (p.offer, p.step)).collect::<Vec<_>>())
        };
        assert_eq!(of("2 api=minor"), Ok(vec![(0, 1), (1, 0)]));
        assert_eq!(of("web,1"), Ok(vec![(0, 0), (1, 0)]));
        assert_eq!(of(" q "), Ok(Vec::new()));
        assert_eq!(of(""), Ok(Vec::new()));
        assert_eq!(of("4"), Err("`4` is not in the list: expected a number from 1 to 3, or a name".to_owned()));
        assert_eq!(of("0"), Err("`0` is not in the list: expected a number from 1 to 3, or a name".to_owned()));
        assert_eq!(of("1=huge"), Err("`1=huge` is not possible: expected one of patch, minor".to_owned()));
        assert_eq!(of("1 api"), Err("one of them is there twice".to_owned()));
    }
}
