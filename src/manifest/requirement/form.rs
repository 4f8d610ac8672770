//! [`Spelling`]: the texts that a comparator could become, so that it admits a version, the one nearest to what stands there first.
//!
//! Nothing here decides: the forms are proposals, and the tools of the notation say which of them admits the version.

use super::comparator::{Comparator, Requirement};
use super::facts::Facts;
use super::op::Op;
use super::subject::public;
use super::written::Written;
use super::{RequirementError, Wanted};
use crate::model::VersionScheme;
use crate::text::Span;

/// A version, taken apart as a requirement would write it.
#[derive(Clone, Debug)]
pub(super) struct Spelling {
    scheme: VersionScheme,
    /// Whether `1.2` alone means all of 1.2.
    partial_is_wild: bool,
    /// `1!`, or nothing.
    epoch: String,
    release: Vec<u64>,
    /// Prerelease, post and development release in the scheme's canonical spelling: `-alpha.1`, `a1.dev2`.
    canonical: String,
    /// The same as it is to be written: `.dev` for `.dev0`.
    suffix: String,
    /// The same as SemVer would spell it, where PEP 440 reads that too.
    semver_suffix: Option<String>,
    /// Build metadata with its `+`, or nothing. It is written only where nothing else admits the version.
    build: String,
}

impl Spelling {
    /// Takes a version apart.
    ///
    /// # Errors
    /// Returns an error if the notation's scheme has no words for it.
    pub(super) fn new(facts: &Facts, Wanted { version, typed }: Wanted<'_>) -> Result<Self, RequirementError> {
        let scheme = facts.scheme;
        let public = public(version);
        let canonical = suffix_of(&scheme.render(&public)?);
        let typed = typed.filter(|(_, of)| *of == scheme).and_then(|(text, _)| text.split('+').next());
        let suffix = typed.map_or_else(|| canonical.clone(), suffix_of);
        let semver = VersionScheme::Semver
            .render(&public)
            .ok()
            .filter(|text| facts.takes_semver && VersionScheme::Pep440.parse(text).is_ok_and(|read| read == public));
        let epoch = if version.epoch > 0 { format!("{}!", version.epoch) } else { String::new() };
        let mut release = version.release.clone();
        if scheme == VersionScheme::Semver {
            release.resize(3, 0);
        }
        let semver_suffix = semver.map(|text| suffix_of(&text));
        let build = version.build.as_ref().filter(|_| facts.compares_builds);
        let build = build.map_or_else(String::new, |build| format!("+{build}"));
        let partial_is_wild = facts.partial_is_wild;
        Ok(Self { scheme, partial_is_wild, epoch, release, canonical, suffix, semver_suffix, build })
    }

    /// Returns the version in full, as it is to be written.
    pub(super) fn full(&self) -> String {
        format!("{}{}", self.numbers(self.release.len()), self.suffix)
    }

    fn part(&self, index: usize) -> u64 {
        self.release.get(index).copied().unwrap_or(0)
    }

    /// The epoch and the first `count` numbers, zeros where the version has fewer.
    fn numbers(&self, count: usize) -> String {
        let numbers: Vec<String> = (0..count).map(|i| self.part(i).to_string()).collect();
        format!("{}{}", self.epoch, numbers.join("."))
    }

    /// The suffix, in SemVer's spelling where the comparator that it goes to has a prerelease in that spelling.
    fn suffix_like(&self, written: &Written) -> &str {
        let semver = written.suffix.starts_with('-') && written.suffix.contains('.');
        self.semver_suffix.as_deref().filter(|_| semver).unwrap_or(&self.suffix)
    }

    /// Returns the forms in which a comparator takes the version itself; an upper bound with `<` has none.
    ///
    /// As many numbers as are written come first, then with the prerelease, then more numbers. A wildcard stays; where it cannot
    /// (npm's, Cargo's and Helm's take no prerelease), the operator of the same range takes its place: `~` for `1.2.x`, `^` for `1.x`
    /// and `>=` for `*`. `>` becomes `>=`, for the version itself has to be in.
    pub(super) fn taking(&self, requirement: &Requirement<'_>, comparator: &Comparator) -> Vec<String> {
        let text = requirement.text;
        let written = &comparator.version;
        let count = written.numbers.len();
        let mut forms = Vec::new();
        match comparator.op {
            Op::Less | Op::NotEqual => return forms,
            // It compares texts, and that of a release is canonical: no `v` stays, and no number is filled in.
            Op::Arbitrary => {
                let head_text = head(text, comparator, None);
                let numbers = self.numbers(self.release.len());
                return vec![format!("{}{numbers}{}", head_text.trim_end_matches(['v', 'V']), self.canonical)];
            }
            _ => {}
        }
        let op = (comparator.op == Op::Greater).then_some(">=");
        let head_text = head(text, comparator, op);
        if count == 0 {
            forms.push(comparator.span.of(text).unwrap_or("").to_owned());
        } else if written.is_wild() {
            forms.push(format!("{head_text}{}{}{}", self.numbers(count), written.wildcards, written.suffix));
        }
        let range = self.range_operator(comparator);
        if written.is_wild() || count == 0 {
            let head_text = range.map_or(head_text, |op| head(text, comparator, Some(op)));
            forms.push(head_text + &self.full());
            return forms;
        }
        if self.is_floor(&written.suffix) && self.scheme == VersionScheme::Semver {
            forms.push(format!("{head_text}{}{}", self.numbers(count), written.suffix));
        }
        for length in count..=self.release.len().max(count) {
            forms.push(format!("{head_text}{}", self.numbers(length)));
            let exact = self.release.iter().skip(length).all(|n| *n == 0);
            let room = self.scheme == VersionScheme::Pep440 || length == 3;
            if exact && room && !self.suffix.is_empty() {
                let head_text = range.map_or(head_text.clone(), |op| head(text, comparator, Some(op)));
                forms.push(format!("{head_text}{}{}", self.numbers(length), self.suffix_like(written)));
            }
        }
        if !self.build.is_empty() {
            forms.push(format!("{head_text}{}{}", self.full(), self.build));
        }
        forms
    }

    /// The operator that says what a partial version without operator means in the notations of SemVer.
    fn range_operator(&self, comparator: &Comparator) -> Option<&'static str> {
        let written = &comparator.version;
        let partial = written.is_wild() || (self.partial_is_wild && written.numbers.len() < 3);
        if comparator.op != Op::Bare || self.scheme == VersionScheme::Pep440 || !partial {
            return None;
        }
        Some(match written.numbers.len() {
            0 => ">=",
            1 => "^",
            _ => "~",
        })
    }

    /// Returns the forms of an upper bound with `<` that is above the version: the next value of the number that it names.
    ///
    /// A bound names its last number; zeros at its end only fill up, so that `<0.2.0` names the 2 and `<2.0.0` the first 2. A
    /// prerelease that means "none of its prereleases" (`-0`, `a0`, `.dev0`) stays. Any other one is itself what is named, and so
    /// is the version's where a notation admits a prerelease only by name: `<0.3.0-alpha.2`.
    pub(super) fn above(&self, text: &str, comparator: &Comparator) -> Vec<String> {
        let written = &comparator.version;
        let Some(last) = written.numbers.len().checked_sub(1) else { return Vec::new() };
        let named = if written.is_wild() { last } else { written.numbers.iter().rposition(|n| *n != 0).unwrap_or(0) };
        let head_text = head(text, comparator, None);
        let mut forms = Vec::new();
        if let Some(next) = self.part(named).checked_add(1) {
            let value = |i: usize| match i.cmp(&named) {
                std::cmp::Ordering::Less => self.part(i),
                std::cmp::Ordering::Equal => next,
                std::cmp::Ordering::Greater => 0,
            };
            let numbers: Vec<String> = (0..=last).map(|i| value(i).to_string()).collect();
            let kept = if written.is_wild() || self.is_floor(&written.suffix) { written.suffix.as_str() } else { "" };
            forms.push(format!("{head_text}{}{}{}{kept}", self.epoch, numbers.join("."), written.wildcards));
        }
        let full = self.numbers(self.release.len());
        let suffix = self.suffix_like(written);
        let beyond = [next_suffix(suffix), (self.scheme == VersionScheme::Semver).then(|| format!("{suffix}.0"))];
        let beyond = beyond.into_iter().flatten().filter(|_| !suffix.is_empty());
        let beyond: Vec<String> = beyond.map(|suffix| format!("{head_text}{full}{suffix}")).collect();
        let names_prerelease = !written.is_wild() && !written.suffix.is_empty() && !self.is_floor(&written.suffix);
        let place = if names_prerelease { 0 } else { forms.len() };
        forms.splice(place..place, beyond);
        forms
    }

    /// Returns `true` if a suffix is the lowest prerelease there is, written to shut prereleases out of a bound or to let them in.
    fn is_floor(&self, suffix: &str) -> bool {
        match self.scheme {
            VersionScheme::Semver => suffix == "-0",
            VersionScheme::Pep440 => ["a0", ".dev0", "dev0", "-dev0", "-alpha.0"].contains(&suffix),
        }
    }
}

/// The comparator's text up to its version, perhaps with another operator; blanks and a leading `v` stay.
fn head(text: &str, comparator: &Comparator, op: Option<&str>) -> String {
    let written = &comparator.version;
    let blanks = Span::new(comparator.op_span.end, written.span.start).of(text).unwrap_or("");
    let op = op.or(comparator.op_span.of(text)).unwrap_or("");
    format!("{op}{blanks}{}", written.prefix)
}

fn suffix_of(version: &str) -> String {
    let body = version.split_once('!').map_or(version, |(_, body)| body);
    Written::new(body, Span::new(0, body.len()), &[]).map(|written| written.suffix).unwrap_or_default()
}

/// Raises the number at the end of a suffix; `None` if there is none, or it has no successor.
fn next_suffix(suffix: &str) -> Option<String> {
    let digits = suffix.len() - suffix.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (label, number) = suffix.split_at_checked(digits)?;
    let next = number.parse::<u64>().ok()?.checked_add(1)?;
    Some(format!("{label}{next}"))
}
