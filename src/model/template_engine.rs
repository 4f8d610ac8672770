//! The engine of templates, with limits for any template: its stack, its steps, its output and the values it keeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, escape_formatter, filters};

/// How many bytes the text of a template may have.
pub const LONGEST_TEMPLATE: usize = 16 * 1024;

/// The stack for reading and running a template. Its parser takes a frame for each `not`, `-`, filter or block around a value; the
/// longest template that is one run of such signs uses less than an eighth of this.
const STACK: usize = 64 << 20;

/// How many columns a filter may indent by, and how many pieces it may make.
const WIDEST: u64 = 1_000;

/// How many bytes all filters together may look at.
const WORK: u64 = 1 << 28;

/// How many bytes a value counts in addition to its text.
const OVERHEAD: u64 = 16;

/// Filters that look at no more than one part of a value, however large it is.
const AT_ONCE: [&str; 7] = ["length", "count", "default", "d", "attr", "first", "bool"];

/// Filters that look at their values several times.
const SORTING: [&str; 6] = ["sort", "dictsort", "groupby", "unique", "min", "max"];

/// Filters whose effort grows with their values alone. Wrappers that check the limits first take their names.
macro_rules! limited {
    ($engine:expr, $limits:expr, $($name:ident)*) => {$(
        $engine.add_filter(concat!(" ", stringify!($name)), filters::$name);
        add($engine, stringify!($name), concat!(" ", stringify!($name)), $limits);
    )*};
}

/// Runs `work` on a stack that no template of a permitted length exhausts; `None` if the system cannot provide one.
#[must_use]
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?;
        thread.join().ok()
    })
}

/// Returns the engine for templates that may keep values of `bytes` bytes and write twice as many.
///
/// Whatever could make a text of any size in a few steps is missing (`namespace`, `format`, `pprint`, `debug`), and every other filter
/// checks the limits before it works.
#[must_use]
pub fn template_engine(bytes: u64) -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.remove_global("namespace");
    engine.remove_global("debug");
    engine.remove_filter("format");
    engine.remove_filter("pprint");
    let limits = Limits { value: bytes, work: Arc::new(AtomicU64::new(WORK)), written: Arc::new(AtomicU64::new(0)) };
    let all = &mut engine;
    limited!(all, &limits, escape upper lower title capitalize replace length dictsort items reverse trim join split lines);
    limited!(all, &limits, default round abs int float attr first last min max sort list string bool batch slice sum indent);
    limited!(all, &limits, select reject selectattr rejectattr map groupby unique chain zip);
    for (short, name) in [("e", " escape"), ("count", " length"), ("d", " default")] {
        add(all, short, name, &limits);
    }
    engine.set_formatter(move |out, state, value| {
        limits.write(value)?;
        escape_formatter(out, state, value)
    });
    engine
}

fn add(engine: &mut Environment<'static>, name: &'static str, own: &'static str, limits: &Limits) {
    let limits = limits.clone();
    engine.add_filter(name, move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| {
        let args = args.into_values();
        limits.check(name, &args)?;
        state.apply_filter(own, &args)
    });
}

/// The remaining budget of the filters of one template.
#[derive(Clone)]
struct Limits {
    /// How many bytes a value may have.
    value: u64,
    work: Arc<AtomicU64>,
    written: Arc<AtomicU64>,
}

impl Limits {
    /// Checks that a filter may work on these values, the one before the bar first.
    fn check(&self, name: &str, args: &[Value]) -> Result<(), Error> {
        if AT_ONCE.contains(&name) {
            return spend(&self.work, 1);
        }
        let sizes =
            args.iter().map(|value| size(value, self.value).ok_or_else(too_much)).collect::<Result<Vec<_>, _>>()?;
        let all: u64 = sizes.iter().sum();
        let first = sizes.first().copied().unwrap_or(0);
        let effort = match name {
            // A separator or replacement occurs as often as there are parts.
            "replace" | "join" => replaced(args, first).unwrap_or(first.saturating_mul(1 + all - first)),
            "indent" | "batch" | "slice" => {
                let count = args.iter().skip(1).filter_map(number).max().unwrap_or(4);
                if count > WIDEST {
                    let what = if name == "indent" { "columns" } else { "pieces" };
                    let message = format!("{name} takes at most {WIDEST} {what}");
                    return Err(Error::new(ErrorKind::InvalidOperation, message));
                }
                first + lines(args).saturating_mul(count) + count.saturating_mul(all - first)
            }
            // It appends one value after the other.
            "sum" => first.saturating_mul(all),
            _ => all,
        };
        let rounds = if SORTING.contains(&name) { 16 } else { 1 };
        // The filter is named by a value here, and might be one that does not check.
        let hidden = args.iter().skip(1).filter_map(Value::as_str).any(|text| text.starts_with(' '));
        if effort > self.value || (hidden && name == "map") {
            return Err(too_much());
        }
        let per_item = if name == "map" { first.saturating_mul(1 + all - first).min(self.value) } else { 0 };
        spend(&self.work, effort.saturating_mul(rounds).saturating_add(per_item))
    }

    /// Checks that a value may be written, into the section or into a value.
    fn write(&self, value: &Value) -> Result<(), Error> {
        let bytes = size(value, self.value).ok_or_else(too_much)?;
        let before = self.written.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.value.saturating_mul(2) { Err(too_much()) } else { Ok(()) }
    }
}

fn spend(work: &AtomicU64, effort: u64) -> Result<(), Error> {
    let left = work.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(effort));
    left.map(drop).map_err(|_| too_much())
}

/// The engine itself uses this kind for a template with too many steps.
fn too_much() -> Error {
    Error::from(ErrorKind::OutOfFuel)
}

/// Returns the length of a text after one part of it is replaced by another; `None` for other values.
fn replaced(args: &[Value], first: u64) -> Option<u64> {
    let [text, from, to] = args else { return None };
    let count = text.as_str()?.matches(from.as_str()?).count();
    Some(first.saturating_add(to.as_str()?.len() as u64 * count as u64))
}

fn lines(args: &[Value]) -> u64 {
    args.first().and_then(Value::as_str).map_or(1, |text| text.lines().count() as u64)
}

fn number(value: &Value) -> Option<u64> {
    if value.is_kwargs() {
        let values = value.try_iter().ok()?.filter_map(|key| value.get_item(&key).ok());
        return values.filter_map(|value| number(&value)).max();
    }
    value.as_usize().map(|number| number as u64)
}

/// Returns about how many bytes a value takes when written out; `None` if that is more than `most`.
fn size(value: &Value, most: u64) -> Option<u64> {
    let mut left = most;
    take(value, &mut left)?;
    Some(most - left)
}

fn take(value: &Value, left: &mut u64) -> Option<()> {
    let own = value.as_str().map_or(OVERHEAD, |text| OVERHEAD + text.len() as u64);
    *left = left.checked_sub(own)?;
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map) {
        return Some(());
    }
    for item in value.try_iter().into_iter().flatten() {
        take(&item, left)?;
        if value.kind() == ValueKind::Map {
            take(&value.get_item(&item).unwrap_or_default(), left)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_TEMPLATE, on_deep_stack, template_engine};

    /// Renders on the deep stack; the error is its kind and detail.
    fn render(template: &str) -> Result<String, String> {
        on_deep_stack(|| {
            let mut engine = template_engine(1 << 20);
            engine.set_fuel(Some(200_000));
            let template = engine.template_from_str(template).map_err(|error| error.to_string())?;
            drop(template.undeclared_variables(true));
            template.render(()).map(|text| text.chars().take(80).collect()).map_err(|error| error.to_string())
        })
        .unwrap()
    }

    #[test]
    fn no_template_of_a_permitted_length_exhausts_the_stack() {
        let fill = |before: &str, part: &str, behind: &str| {
            let times = (LONGEST_TEMPLATE - before.len() - behind.len()) / part.len();
            format!("{before}{}{behind}", part.repeat(times))
        };
        let runs = [
            fill("{{ ", "not ", "1 }}"),
            fill("{{ ", "-", "1 }}"),
            fill("{{ ", "- ", "1 }}"),
            fill("{{ ", "(", "1 }}"),
            fill("{{ ", "[", "1 }}"),
            fill("{{ 1", "|e", " }}"),
            fill("{{ 1", "|upper", " }}"),
            fill("{{ 1", "+1", " }}"),
            fill("{{ 1", "~1", " }}"),
            fill("{{ 1", "-1", " }}"),
            fill("{{ 1", "**1", " }}"),
            fill("{{ 1", " and 1", " }}"),
            fill("{{ 1", " or 1", " }}"),
            fill("{{ 1", "<1", " }}"),
            fill("{{ 1", " in 1", " }}"),
            fill("{{ 1", " is odd", " }}"),
            fill("{{ 1", " if 1", " }}"),
            fill("{{ 1", " if 1 else 1", " }}"),
            fill("{{ x", ".a", " }}"),
            fill("{{ x", "[0]", " }}"),
            fill("{{ x", "()", " }}"),
            fill("{{ x", "[:]", " }}"),
            fill("", "{%if 1%}", ""),
            fill("{%if 1%}", "{%elif 1%}", "{%endif%}"),
            fill("", "{%for a in b%}", ""),
            fill("", "{%with%}", ""),
            fill("", "{%filter e%}", ""),
            fill("", "{%set a%}", ""),
            fill("", "{{1}}", ""),
            fill("{{ {", "1:{", "}"),
        ];
        for run in runs {
            let shown: String = run.chars().take(30).collect();
            assert!(run.len() <= LONGEST_TEMPLATE && run.len() + 20 > LONGEST_TEMPLATE, "{shown}");
            // What it says does not matter, as long as it comes back.
            let said = render(&run).unwrap_or_else(|error| error);
            assert!(said.len() < 400, "{shown}: {said}");
        }
    }

    #[test]
    fn filters_ask_before_they_work() {
        let table = [
            "{{ range(100000)|join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') }}",
            "{% for i in range(9999) %}{% set x = range(9999)|sort %}{% endfor %}",
            "{% set a = 'xxxxxxxxxx'|replace('x', 'yyyyyyyyyy') %}{% set b = a|replace('y', a) %}{% set c = b|replace('y', b) %}{{ c|replace('y', c)|length }}",
            "{{ 'x'|indent(100000) }}",
            "{{ 'x'|indent(width=100000) }}",
            "{{ [1]|batch(1000000000, 'x') }}",
            "{{ [1]|slice(1000000000) }}",
            "{{ ['x']|map(' replace', 'x', 'yy') }}",
            "{{ range(9999)|map('string')|list|sum(start=1) }}",
            "{{ 'x'|format }}",
            "{{ [3, 1]|sort(nonsense=2) }}",
            "{{ 'x'|pprint }}",
            "{{ debug() }}",
            "{{ namespace() }}",
            "{% set a = range(99999)|list %}{% set a = a|chain(a)|list %}{% set a = a|chain(a)|list %}{% set a = a|chain(a)|list %}{% set a = a|chain(a)|list %}{{ a|chain(a)|length }}",
        ];
        for template in table {
            let error = render(template).unwrap_err();
            let expected = ["ran out of fuel", "takes at most", "unknown", "can only sum", "too many arguments"];
            assert!(expected.iter().any(|word| error.contains(word)), "{template}: {error}");
        }
        let fine = [
            ("{{ 'a b'|upper }}{{ ['x', 'y']|join(', ') }}", "A Bx, y"),
            ("{{ 'a\nb'|indent(2) }}|{{ 'a\nb'|indent(width=2, first=true) }}", "a\n  b|  a\n  b"),
            ("{{ [1, 2, 3]|batch(2)|list }}{{ 'aXa'|replace('a', 'b') }}", "[[1, 2], [3]]bXb"),
            ("{{ ['a', 'b']|map('upper')|list }}{{ [3, 1]|sort|first }}{{ 'a-b'|split('-')|last }}", "['A', 'B']1b"),
            ("{{ [1, 3]|sort(reverse=true) }}{{ [1]|map('string')|join(',') }}", "[3, 1]1"),
            ("{{ [1, 2]|sum }}{{ x|default('d') }}{{ 'abc'|count }}", "3d3"),
        ];
        for (template, expected) in fine {
            assert_eq!(render(template).as_deref(), Ok(expected), "{template}");
        }
    }
}
