//! [`Rewriter`]: changes as little of a requirement as makes it admit a version.

use super::comparator::{Alternative, Comparator, Requirement};
use super::facts::Facts;
use super::form::Spelling;
use super::op::Op;
use super::subject::Subject;
use super::{RequirementError, Wanted};
use crate::model::Version;
use crate::text::Span;

/// How far a comparator that admits the version already is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Not at all.
    AsNeeded,
    /// Its lower bound becomes the version.
    LowerBound,
}

/// A requirement, the version that it is to admit, and how far to go for it.
pub(super) struct Rewriter<'t> {
    requirement: &'t Requirement<'t>,
    subject: Subject,
    /// The version without its prerelease, where the notation admits prereleases only by name.
    stable: Option<Subject>,
    spelling: Spelling,
    reach: Reach,
}

impl<'t> Rewriter<'t> {
    /// Prepares the rewriting of a requirement.
    ///
    /// # Errors
    /// Returns an error if the notation has no words for the version.
    pub(super) fn new(
        facts: &Facts,
        requirement: &'t Requirement<'t>,
        wanted: Wanted<'_>,
        reach: Reach,
    ) -> Result<Self, RequirementError> {
        let version = wanted.version;
        let by_name = facts.prereleases_by_name && version.pre.is_some();
        let stable = Version { pre: None, ..version.clone() };
        Ok(Self {
            requirement,
            subject: Subject::new(facts, version)?,
            stable: if by_name { Some(Subject::new(facts, &stable)?) } else { None },
            spelling: Spelling::new(facts, wanted)?,
            reach,
        })
    }

    /// Returns the rewritten requirement, which admits the version.
    ///
    /// Of several alternatives the last one that admits the version is moved. Where none does, a further one is appended, made of
    /// the last one; a single alternative is rewritten in its place, and so is one of several where appending does not help.
    ///
    /// # Errors
    /// Returns an error if no text was found that admits the version.
    pub(super) fn rewritten(&self) -> Result<String, RequirementError> {
        let text = self.requirement.text;
        let alternatives = &self.requirement.alternatives;
        let admitting = alternatives.iter().rev().find(|a| self.admitted(a.span.of(text).unwrap_or("")));
        if admitting.is_some() && self.reach == Reach::AsNeeded {
            return Ok(text.to_owned());
        }
        let chosen = admitting.or(alternatives.last()).ok_or_else(|| self.fixed("it is empty"))?;
        let new = self.alternative(chosen)?;
        if admitting.is_none()
            && let [.., before, last] = alternatives.as_slice()
        {
            let or = Span::new(before.span.end, last.span.start).of(text).unwrap_or(" || ");
            let appended = spliced(text, Span::new(last.span.end, last.span.end), &format!("{or}{new}"));
            return if self.admitted(&appended) { Ok(appended) } else { self.replaced() };
        }
        let result = spliced(text, chosen.span, &new);
        if self.admitted(&result) { Ok(result) } else { self.replaced() }
    }

    /// Rewrites one of several alternatives in its place, the last that helps: to npm a `*` among them makes all others void.
    fn replaced(&self) -> Result<String, RequirementError> {
        let text = self.requirement.text;
        let results = self.requirement.alternatives.iter().rev().filter_map(|alternative| {
            let new = self.alternative(alternative).ok()?;
            Some(spliced(text, alternative.span, &new))
        });
        let found = results.into_iter().find(|result| self.admitted(result));
        found.ok_or_else(|| self.fixed("no change of its numbers was found that does"))
    }

    fn admitted(&self, text: &str) -> bool {
        self.subject.is_admitted(self.requirement.grammar, text).unwrap_or(false)
    }

    /// Returns `true` if a text admits the version, or would if the prerelease were named.
    fn within(&self, text: &str) -> bool {
        let stable = self.stable.as_ref();
        let stable = || stable.is_some_and(|s| s.is_admitted(self.requirement.grammar, text).unwrap_or(false));
        self.admitted(text) || stable()
    }

    /// Rewrites one alternative: first what keeps the version out by its numbers, then what has to name its prerelease.
    fn alternative(&self, alternative: &Alternative) -> Result<String, RequirementError> {
        let comparators = &alternative.comparators;
        if comparators.is_empty() {
            let now = alternative.span.of(self.requirement.text).unwrap_or("");
            return Ok(if self.admitted(now) { now.to_owned() } else { format!(">={}", self.spelling.full()) });
        }
        let mut texts = comparators.iter().map(|c| self.moved(c)).collect::<Result<Vec<_>, _>>()?;
        let joined = self.joined(alternative, &texts);
        if self.admitted(&joined) {
            return Ok(joined);
        }
        let mut order: Vec<(usize, &Comparator)> = comparators.iter().enumerate().collect();
        order.sort_by_key(|(_, comparator)| rank(comparator.op));
        for (index, comparator) in &order {
            let Some(named) = self.naming(comparator) else { continue };
            let mut attempt = texts.clone();
            if let Some(place) = attempt.get_mut(*index) {
                *place = named;
            }
            let joined = self.joined(alternative, &attempt);
            if self.admitted(&joined) {
                return Ok(joined);
            }
        }
        for (text, comparator) in texts.iter_mut().zip(comparators) {
            if let Some(named) = self.naming(comparator) {
                *text = named;
            }
        }
        let joined = self.joined(alternative, &texts);
        if self.admitted(&joined) { Ok(joined) } else { Err(self.fixed(&self.obstacle(comparators))) }
    }

    /// Returns the comparator's text, moved where its numbers ask for it or the reach does.
    fn moved(&self, comparator: &Comparator) -> Result<String, RequirementError> {
        let text = self.requirement.text;
        let now = comparator.span.of(text).unwrap_or("").to_owned();
        let within = self.within(&comparator.alone(text));
        let upper = matches!(comparator.op, Op::Less | Op::LessEqual);
        let stays = within && (upper || self.reach == Reach::AsNeeded);
        if stays || comparator.op == Op::NotEqual {
            return Ok(now);
        }
        let forms = match comparator.op {
            Op::Less => self.spelling.above(text, comparator),
            _ => self.spelling.taking(self.requirement, comparator),
        };
        // An upper bound need not name the prerelease, for a lower one beside it may.
        let fits = |form: &&String| match comparator.op {
            Op::Less => self.within(form),
            _ => self.admitted(&format!("{}{form}", implied(comparator))),
        };
        let found = forms.iter().find(fits).cloned();
        found.ok_or_else(|| self.fixed(&self.obstacle(std::slice::from_ref(comparator))))
    }

    /// Returns the first form of the comparator that admits the version by itself.
    fn naming(&self, comparator: &Comparator) -> Option<String> {
        let text = self.requirement.text;
        let forms = match comparator.op {
            Op::Less => self.spelling.above(text, comparator),
            _ => self.spelling.taking(self.requirement, comparator),
        };
        forms.into_iter().find(|form| self.admitted(&format!("{}{form}", implied(comparator))))
    }

    /// Puts the new texts of the comparators in their places.
    fn joined(&self, alternative: &Alternative, texts: &[String]) -> String {
        let text = self.requirement.text;
        let mut out = String::new();
        let mut at = alternative.span.start;
        for (comparator, new) in alternative.comparators.iter().zip(texts) {
            out.push_str(Span::new(at, comparator.span.start).of(text).unwrap_or(""));
            out.push_str(new);
            at = comparator.span.end;
        }
        out
    }

    fn obstacle(&self, comparators: &[Comparator]) -> String {
        let text = self.requirement.text;
        let excluding = comparators.iter().filter(|c| c.op == Op::NotEqual && !self.admitted(&c.alone(text)));
        let first = excluding.map(|c| c.span.of(text).unwrap_or("")).next();
        first.map_or("no change of its numbers was found that does".to_owned(), |c| format!("`{c}` excludes it"))
    }

    fn fixed(&self, reason: &str) -> RequirementError {
        RequirementError::Fixed {
            requirement: self.requirement.text.to_owned(),
            version: self.spelling.full(),
            reason: reason.to_owned(),
        }
    }
}

/// The operator that the ends of `1.0 - 2.0` have without writing it.
fn implied(comparator: &Comparator) -> &'static str {
    match comparator.op {
        Op::GreaterEqual if comparator.is_unsigned() => ">=",
        Op::LessEqual if comparator.is_unsigned() => "<=",
        _ => "",
    }
}

/// Who names a prerelease first: ranges, then lower bounds, upper bounds last, for they would shut out what follows it.
fn rank(op: Op) -> u8 {
    match op {
        Op::Greater | Op::GreaterEqual => 1,
        Op::LessEqual => 2,
        Op::Less => 3,
        _ => 0,
    }
}

fn spliced(text: &str, span: Span, new: &str) -> String {
    let before = text.get(..span.start).unwrap_or("");
    let behind = text.get(span.end..).unwrap_or("");
    format!("{before}{new}{behind}")
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::table::version;
    use crate::manifest::requirement::{bump_lower_bound, widen_to_admit};

    #[test]
    fn what_would_become_too_long_is_refused() {
        for notation in [RequirementSyntax::Npm, RequirementSyntax::Chart, RequirementSyntax::Poetry] {
            assert!(widen_to_admit(notation, &"^1 ".repeat(333), &version("2.0.0-rc.1")).is_err());
        }
    }

    #[test]
    fn long_requirements_are_rewritten_too() {
        for text in ["1 ".repeat(40), "1||".repeat(300) + "1", ">1 ".repeat(50), "<=1 ".repeat(50)] {
            for notation in [RequirementSyntax::Npm, RequirementSyntax::Chart, RequirementSyntax::Poetry] {
                assert!(widen_to_admit(notation, &text, &version("2.0.0-rc.1")).is_ok(), "{notation:?} {text}");
                assert!(bump_lower_bound(notation, &text, &version("0.0.0-rc.1")).is_ok(), "{notation:?} {text}");
            }
        }
    }
}
