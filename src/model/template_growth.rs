//! [`TemplateGrowth`]: how much larger than its texts a template can make a value.
//!
//! The engine counts steps and its filters ask for limits, but its operators do not: `{% set a = a ~ a %}` repeated forty times is a text of
//! a terabyte in eighty steps. So the effect of operators is computed from the template itself, before it runs.

/// How many times the size of all its texts a value may have. The engine works values out that need no text while it reads, so a template
/// is held to this before.
pub const MOST_TIMES: u64 = 1 << 10;

/// How many times the engine repeats a text of one byte at most.
const MOST_REPEATED: u64 = 100_000_000;

/// What the operators of a template can do to the size of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateGrowth {
    /// How many times the size of all its texts a value can have; `None` if only running it could tell.
    pub times: Option<u64>,
    /// Returns `true` if what it writes is kept in a value (`{% set x %}`, `{% filter %}`).
    pub captures: bool,
}

impl TemplateGrowth {
    /// Reads a template. Whatever is not understood counts as growing.
    #[must_use]
    pub fn of(template: &str) -> Self {
        let (mut kept, mut shown, mut captures) = (Some(1_u64), Some(1_u64), false);
        for tag in tags(template) {
            let factor = factor(tag.text);
            let mut words = tag.text.trim_start_matches(['-', '+']).split_whitespace();
            let word = words.next().unwrap_or("");
            if tag.is_output || matches!(word, "if" | "elif") {
                shown = shown.zip(factor).map(|(a, b)| a.max(b));
            } else {
                captures |= word == "filter" || (word == "set" && !assigns(tag.text));
                kept = kept.zip(factor).map(|(a, b)| a.saturating_mul(b));
            }
        }
        Self { times: kept.zip(shown).map(|(a, b)| a.saturating_mul(b)), captures }
    }
}

/// Returns `true` if a `set` has a value, rather than a block whose text is kept.
fn assigns(tag: &str) -> bool {
    tag.split(['|', '"', '\'']).next().is_some_and(|head| head.contains('='))
}

/// What is between `{{` and `}}`, or `{%` and `%}`.
struct Tag<'a> {
    text: &'a str,
    is_output: bool,
}

fn tags(template: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let inner = rest.get(at + 2..).unwrap_or("");
        let (is_output, end) = match rest.as_bytes().get(at + 1) {
            Some(b'{') => (true, "}}"),
            Some(b'%') => (false, "%}"),
            Some(b'#') => {
                rest = inner.split_once("#}").map_or("", |(_, rest)| rest);
                continue;
            }
            _ => {
                rest = rest.get(at + 1..).unwrap_or("");
                continue;
            }
        };
        let length = end_of(inner, end);
        tags.push(Tag { text: inner.get(..length).unwrap_or(inner), is_output });
        rest = inner.get(length..).and_then(|rest| rest.strip_prefix(end)).unwrap_or("");
    }
    tags
}

/// Returns where a tag ends: its mark, outside of strings and, as a mapping may end in two braces, of brackets.
fn end_of(text: &str, end: &str) -> usize {
    let (mut quote, mut is_escaped, mut depth) = (None, false, 0_i32);
    for (at, c) in text.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if depth <= 0 && text.get(at..).is_some_and(|rest| rest.starts_with(end)) => return at,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, '(' | '[' | '{') => depth += 1,
            None if matches!(c, ')' | ']' | '}') => depth -= 1,
            None => {}
        }
    }
    text.len()
}

/// Returns how many times larger than its operands the value of one tag can be: a part for each sign that joins two, and a number times
/// as many where it is repeated.
fn factor(tag: &str) -> Option<u64> {
    let (mut parts, mut times) = (1_u64, 1_u64);
    let mut is_call = Vec::new();
    let (mut before, mut last) = (' ', ' ');
    let mut word = String::new();
    let code = without_strings(tag);
    let mut chars = code.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '~' | '+' => parts += 1,
            ',' if is_call.last() == Some(&false) => parts += 1,
            '*' if chars.next_if(|(_, next)| *next == '*').is_none() => {
                let (left, right) = (code.get(..at).unwrap_or(""), code.get(at + 1..).unwrap_or(""));
                times = times.saturating_mul(written_number(left, right)?);
            }
            // The arguments of `dict` are its values, as the elements of a list are.
            '(' => is_call.push((before.is_alphanumeric() || matches!(before, '_' | ')' | ']')) && word != "dict"),
            '[' | '{' => is_call.push(false),
            ')' | ']' | '}' => drop(is_call.pop()),
            _ => {}
        }
        if c.is_alphanumeric() || c == '_' {
            if !(last.is_alphanumeric() || last == '_') {
                word.clear();
            }
            word.push(c);
        }
        if !c.is_whitespace() {
            before = c;
        }
        last = c;
    }
    Some(parts.saturating_mul(times))
}

/// Returns the number beside a `*`, on either side; 1 for a number at which the engine refuses to repeat anything.
fn written_number(left: &str, right: &str) -> Option<u64> {
    let is_word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let number = |text: &str| text.replace('_', "").parse::<u64>().ok();
    let of_right: String = right.trim_start().chars().take_while(is_word).collect();
    let behind = right.trim_start().strip_prefix(of_right.as_str()).unwrap_or("").trim_start();
    let of_left: String = left.trim_end().chars().rev().take_while(is_word).collect();
    let of_left: String = of_left.chars().rev().collect();
    let found = match behind.strip_prefix("**") {
        Some(power) => {
            let power: String = power.trim_start().chars().take_while(is_word).collect();
            number(&of_right)?.saturating_pow(u32::try_from(number(&power)?).ok()?)
        }
        // After another `*`, the number on the left is a factor of the product before, not of this one.
        None => {
            let is_behind =
                left.trim_end().strip_suffix(of_left.as_str()).is_some_and(|rest| rest.trim_end().ends_with('*'));
            let of_left = if is_behind { None } else { number(&of_left) };
            of_left.max(number(&of_right))?
        }
    };
    Some(if found > MOST_REPEATED { 1 } else { found.max(1) })
}

/// The same tag with its strings emptied.
fn without_strings(tag: &str) -> String {
    let (mut out, mut quote, mut is_escaped) = (String::new(), None, false);
    for c in tag.chars() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(open) if c == open => {
                quote = None;
                out.push(c);
            }
            Some(_) => {}
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::TemplateGrowth;

    #[test]
    fn growth_is_read_from_the_template() {
        let table = [
            ("{{ heading }}\n* a, b ~ c\n{% for g in groups %}{{ g.title }}{% endfor %}", Some(1), false),
            ("{{ a ~ '~~' ~ b }}{{ c ~ d }}", Some(3), false),
            ("{% set a = a ~ a %}{% set a = a + a %}{{ a ~ a }}", Some(8), false),
            ("{% for b in [a, a] %}{% for c in [b, b] %}{% endfor %}{% endfor %}", Some(4), false),
            (
                "{% set a = f(a, b, c) %}{% set b = x|replace('a, b', 'c') %}{% set c = dict(a=a, b=a) %}",
                Some(2),
                false,
            ),
            ("{% with a = (b, b) %}{% endwith %}", Some(2), false),
            ("{% set a = not dict(a=a, b=a) %}", Some(2), false),
            ("{% set a | replace('=', '') %}{% endset %}", Some(1), true),
            ("{{ '=' * 40 }}", Some(40), false),
            ("{{ 1_000 * x }}", Some(1000), false),
            ("{{ 'x' * n }}", None, false),
            ("{{ 2 ** 3 }}", Some(1), false),
            ("{{ 'x' * 10**3 }}", Some(1000), false),
            ("{{ 'x' * 10**10 }}", Some(1), false),
            ("{{ 10**3 * 'x' }}", None, false),
            ("{{ x * 2 * 300 }}", Some(600), false),
            ("{{ x * 2 * y }}", None, false),
            ("{{ '=' * 0 }}", Some(1), false),
            ("{{ '}}' ~ \"%}\" ~ '\\'}}' }}{{ {'a': {'b': 1}} }}", Some(3), false),
            ("{# a ~ a ~ a #}{% set a %}x{% endset %}", Some(1), true),
            ("{% filter upper %}x{% endfilter %}", Some(1), true),
            ("{%- if a ~ b -%}x{%- endif -%}", Some(2), false),
            ("{{ a ~ b", Some(2), false),
        ];
        for (template, times, captures) in table {
            assert_eq!(TemplateGrowth::of(template), TemplateGrowth { times, captures }, "{template}");
        }
        let doubled = "{% set a = a ~ a %}".repeat(80);
        assert_eq!(TemplateGrowth::of(&doubled).times, Some(u64::MAX));
    }
}
