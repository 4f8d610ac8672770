//! [`Requirement`]: a requirement taken apart into alternatives and comparators, for every notation by the same scanner.
//!
//! The scanner says only where operators and versions stand. Whether the notation's own tools would read the text, and what it
//! admits, is said by the file of the notation.

use super::RequirementError;
use super::grammar::Grammar;
use super::op::Op;
use super::written::Written;
use crate::text::Span;

/// The longest requirement that is read, in bytes. Longer ones are no human's work, and the time spent on one stays small.
pub(super) const LONGEST: usize = 1_000;

/// An operator and the version behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comparator {
    /// What is asked.
    pub(super) op: Op,
    /// From the operator to the end of the version.
    pub(super) span: Span,
    /// The operator alone; empty where none is written.
    pub(super) op_span: Span,
    /// The version.
    pub(super) version: Written,
}

impl Comparator {
    /// Returns the comparator as a requirement of its own, in the operators that every notation with this operator knows.
    pub(super) fn alone(&self, text: &str) -> String {
        let version = self.version.span.of(text).unwrap_or("");
        let op = match self.op {
            Op::LessEqual => "<=",
            Op::GreaterEqual => ">=",
            Op::Tilde => "~",
            _ => self.op_span.of(text).unwrap_or(""),
        };
        format!("{op}{version}")
    }

    /// Returns `true` if no operator is written.
    pub(super) fn is_unsigned(&self) -> bool {
        self.op_span.start == self.op_span.end
    }
}

/// Comparators that a version has to meet all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alternative {
    /// From the first to the last comparator, blanks around them aside.
    pub(super) span: Span,
    /// The comparators, in the order of the text.
    pub(super) comparators: Vec<Comparator>,
}

/// A requirement: alternatives of which a version has to meet one.
#[derive(Clone, Debug)]
pub(super) struct Requirement<'t> {
    /// The grammar by which it was read.
    pub(super) grammar: &'static Grammar,
    /// All of the text.
    pub(super) text: &'t str,
    /// At least one; its comparators may be none, which admits everything.
    pub(super) alternatives: Vec<Alternative>,
}

impl<'t> Requirement<'t> {
    /// Takes a requirement apart.
    ///
    /// # Errors
    /// Returns an error if it is over 1,000 bytes long or does not have the form of the notation.
    pub(super) fn scan(grammar: &'static Grammar, text: &'t str) -> Result<Self, RequirementError> {
        let mut read = Self { grammar, text, alternatives: Vec::new() };
        if text.len() > LONGEST {
            let reason = format!("it is {} bytes long; at most {LONGEST} are read", text.len());
            return Err(read.unreadable(None, reason));
        }
        let scanned = Scanner { text, at: 0, grammar }.alternatives();
        read.alternatives = scanned.map_err(|(at, why)| read.unreadable(Some(at), why))?;
        Ok(read)
    }

    /// Builds the error for a requirement that cannot be read.
    pub(super) fn unreadable(&self, offset: Option<usize>, reason: impl Into<String>) -> RequirementError {
        let mut requirement: String = self.text.chars().take(100).collect();
        if requirement.len() < self.text.len() {
            requirement.push('…');
        }
        RequirementError::Unreadable { requirement, notation: self.grammar.name, reason: reason.into(), offset }
    }
}

type Scanned<T> = Result<T, (usize, String)>;

/// What follows a comparator.
enum Next {
    Comparator,
    Alternative,
    End,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    grammar: &'static Grammar,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn blanks(&mut self) -> bool {
        !self.take_while(|c| c.is_ascii_whitespace()).is_empty()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn eat_or(&mut self) -> bool {
        let or = self.grammar.or;
        or.iter().any(|token| self.eat(token))
    }

    fn alternatives(&mut self) -> Scanned<Vec<Alternative>> {
        let mut all = Vec::new();
        loop {
            let (alternative, more) = self.alternative()?;
            all.push(alternative);
            if !more {
                return Ok(all);
            }
        }
    }

    /// Reads up to the next `||`, which it eats; says whether there was one.
    fn alternative(&mut self) -> Scanned<(Alternative, bool)> {
        self.blanks();
        let start = self.at;
        let mut comparators = Vec::new();
        if let Some(word) = self.anything() {
            self.at += word.len();
            let span = Span::new(start, self.at);
            self.blanks();
            return Ok((Alternative { span, comparators }, self.eat_or()));
        }
        loop {
            let comparator = self.comparator()?;
            let end = comparator.span.end;
            comparators.push(comparator);
            if self.grammar.hyphen && self.is_hyphen() {
                self.hyphen(&mut comparators)?;
            }
            let end = comparators.last().map_or(end, |c| c.span.end);
            match self.separator()? {
                Next::Comparator => {}
                next => {
                    let more = matches!(next, Next::Alternative);
                    return Ok((Alternative { span: Span::new(start, end), comparators }, more));
                }
            }
        }
    }

    /// Returns the word that admits everything, if it is all of the alternative that starts here.
    fn anything(&self) -> Option<&'static str> {
        let ends = |after: &str| after.is_empty() || self.grammar.or.iter().any(|or| after.starts_with(or));
        let is_all =
            |word: &&&str| self.rest().strip_prefix(**word).is_some_and(|after| ends(after.trim_ascii_start()));
        self.grammar.anything.iter().find(is_all).copied()
    }

    fn separator(&mut self) -> Scanned<Next> {
        let blanks = self.blanks();
        if self.rest().is_empty() {
            return Ok(Next::End);
        }
        if self.eat_or() {
            return Ok(Next::Alternative);
        }
        let comma_at = self.at;
        if self.grammar.comma && self.eat(",") {
            self.blanks();
            return match self.rest() {
                "" if self.grammar.python => Ok(Next::End),
                "" => Err((comma_at, "a comma with nothing behind it".to_owned())),
                _ => Ok(Next::Comparator),
            };
        }
        let found = self.rest().chars().next().unwrap_or(' ');
        if self.grammar.touching || (blanks && self.grammar.blank) {
            return Ok(Next::Comparator);
        }
        let wanted = match (self.grammar.comma, self.grammar.blank) {
            (true, true) => "a comma or a blank",
            (true, false) => "a comma",
            _ => "a blank",
        };
        Err((self.at, format!("expected {wanted} before `{found}`")))
    }

    fn comparator(&mut self) -> Scanned<Comparator> {
        let start = self.at;
        let sign = self.take_while(|c| "<>=~^!".contains(c));
        let op_span = Span::new(start, self.at);
        let known = self.grammar.operators.iter().find(|(text, _)| *text == sign);
        let op = match known {
            Some((_, op)) => *op,
            None if sign.is_empty() => return Err((start, self.no_operator())),
            None => return Err((start, format!("unexpected operator `{sign}`; {}", self.operators()))),
        };
        self.blanks();
        let version = self.version()?;
        Ok(Comparator { op, span: Span::new(start, version.span.end), op_span, version })
    }

    fn version(&mut self) -> Scanned<Written> {
        let start = self.at;
        let epoch = self.grammar.python;
        let text = self.take_while(|c| !c.is_ascii_whitespace() && !",|<>=~^".contains(c) && (epoch || c != '!'));
        let span = Span::new(start, self.at);
        Written::new(text, span, self.grammar.wild).map_err(|(at, why)| (start + at, why))
    }

    fn no_operator(&self) -> String {
        let found = self.rest().chars().next().map_or("its end".to_owned(), |c| format!("`{c}`"));
        format!("expected an operator, found {found}; {}", self.operators())
    }

    fn operators(&self) -> String {
        let names: Vec<String> =
            self.grammar.operators.iter().filter(|(text, _)| !text.is_empty()).map(|(t, _)| format!("`{t}`")).collect();
        if names.is_empty() {
            "expected a version alone".to_owned()
        } else {
            format!("expected one of {}", names.join(" "))
        }
    }

    fn is_hyphen(&self) -> bool {
        let rest = self.rest();
        let behind = rest.trim_ascii_start();
        let dash = behind.strip_prefix('-');
        behind.len() < rest.len() && dash.is_some_and(|d| d.starts_with(|c: char| c.is_ascii_whitespace()))
    }

    /// Reads ` - 2.0` behind a version without operator, and makes both ends bounds.
    fn hyphen(&mut self, comparators: &mut Vec<Comparator>) -> Scanned<()> {
        self.blanks();
        let at = self.at;
        match comparators.last_mut() {
            Some(left) if left.op == Op::Bare => left.op = Op::GreaterEqual,
            _ => return Err((at, "a range `a - b` has no operators".to_owned())),
        }
        self.eat("-");
        self.blanks();
        let version = self.version()?;
        let here = Span::new(version.span.start, version.span.start);
        comparators.push(Comparator { op: Op::LessEqual, span: version.span, op_span: here, version });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::RequirementSyntax;

    fn shape(notation: RequirementSyntax, text: &str) -> String {
        let read = match Requirement::scan(notation.facts().grammar, text) {
            Ok(read) => read,
            Err(error) => return error.to_string(),
        };
        let one = |c: &Comparator| format!("{:?} {}", c.op, c.version.span.of(text).unwrap());
        let all = |a: &Alternative| a.comparators.iter().map(one).collect::<Vec<_>>().join(" & ");
        read.alternatives.iter().map(all).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn scanned() {
        let rows = [
            (RequirementSyntax::Cargo, ">= 0.1.0 , <0.2", "GreaterEqual 0.1.0 & Less 0.2"),
            (RequirementSyntax::Cargo, "0.1.*", "Bare 0.1.*"),
            (RequirementSyntax::Npm, "", ""),
            (RequirementSyntax::Npm, "^1||^2", "Caret 1 | Caret 2"),
            (RequirementSyntax::Npm, ">=1.0.0 <2 || ~> 3", "GreaterEqual 1.0.0 & Less 2 | Tilde 3"),
            (RequirementSyntax::Npm, "1.0.0 - 2.0.0 || v3", "GreaterEqual 1.0.0 & LessEqual 2.0.0 | Bare v3"),
            (RequirementSyntax::Npm, "1.0.0-alpha.1 - 2.0.0-rc.1", "GreaterEqual 1.0.0-alpha.1 & LessEqual 2.0.0-rc.1"),
            (RequirementSyntax::Pep440, " ~= 0.1 , != 0.2 ,", "Compatible 0.1 & NotEqual 0.2"),
            (RequirementSyntax::Pep440, "===1.0", "Arbitrary 1.0"),
            (RequirementSyntax::Pep440, "==1!2.0.*", "Equal 1!2.0.*"),
            (RequirementSyntax::Poetry, "^1.0 | >=2,<3 !=2.1", "Caret 1.0 | GreaterEqual 2 & Less 3 & NotEqual 2.1"),
            (RequirementSyntax::Chart, ">=0.1.0-0, <1", "GreaterEqual 0.1.0-0 & Less 1"),
            (RequirementSyntax::Chart, "=> 1.2 =<2.x", "GreaterEqual 1.2 & LessEqual 2.x"),
        ];
        for (notation, text, expected) in rows {
            assert_eq!(shape(notation, text), expected, "{text}");
        }
    }

    #[test]
    fn faults_name_the_place() {
        let rows = [
            (RequirementSyntax::Cargo, "^1 || ^2", "expected a comma before `|`", 3),
            (RequirementSyntax::Cargo, ">=1 <2", "expected a comma before `<`", 4),
            (RequirementSyntax::Cargo, ">=1,", "a comma with nothing behind it", 3),
            (RequirementSyntax::Cargo, "==1", "unexpected operator `==`", 0),
            (RequirementSyntax::Npm, "latest", "expected a version, found `l`", 0),
            (RequirementSyntax::Npm, "workspace:^", "expected a version, found `w`", 0),
            (RequirementSyntax::Npm, ">=1, <2", "expected a blank before `,`", 3),
            (RequirementSyntax::Npm, "1!2.0", "expected a blank before `!`", 1),
            (RequirementSyntax::Npm, ">1 - 2", "a range `a - b` has no operators", 3),
            (RequirementSyntax::Pep440, "^1.0", "unexpected operator `^`", 0),
            (RequirementSyntax::Pep440, "1.0", "expected an operator, found `1`", 0),
            (RequirementSyntax::Pep440, ">=", "expected a version, found its end", 2),
            (RequirementSyntax::Chart, "", "expected a version, found its end", 0),
            (RequirementSyntax::Poetry, ">=1,,<2", "expected a version, found its end", 4),
        ];
        for (notation, text, reason, at) in rows {
            match Requirement::scan(notation.facts().grammar, text) {
                Err(RequirementError::Unreadable { reason: why, offset, .. }) => {
                    assert!(why.starts_with(reason), "{text}: {why}");
                    assert_eq!(offset, Some(at), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn long_texts_are_refused_at_once() {
        let text = "^1 || ".repeat(200_000);
        let error = Requirement::scan(RequirementSyntax::Npm.facts().grammar, &text).unwrap_err().to_string();
        assert!(error.contains("1200000 bytes long") && error.len() < 300, "{error}");
    }
}
