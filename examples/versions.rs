//! Answers questions about versions, a line each, so that other implementations can be held against relman's.
//!
//! | question | answer |
//! |---|---|
//! | `SCHEME⇥TEXT` | `ok⇥CANONICAL` or `err` |
//! | `cmp⇥SCHEME⇥A⇥B` | `-1`, `0` or `1`, or `err` |
//! | `bump⇥SCHEME⇥LEVEL [STAGE]⇥TEXT`, or a stage alone | `ok⇥CANONICAL` or `err` |
//!
//! `printf 'pep440\t1.0-alpha\n' | cargo run --example versions` prints `ok⇥1.0a0`.

use std::io::{BufRead, Write};

use relman::model::{Bump, Level, StagePolicy, Version, VersionScheme};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        writeln!(out, "{}", answer(&fields).unwrap_or_else(|| "err".to_owned()))?;
    }
    out.flush()
}

fn answer(fields: &[&str]) -> Option<String> {
    match *fields {
        ["cmp", name, a, b] => {
            let scheme = scheme(name)?;
            let order = scheme.parse(a).ok()?.cmp(&scheme.parse(b).ok()?);
            Some((order as i8).to_string())
        }
        ["bump", name, request, text] => {
            let policy = StagePolicy::default();
            let bump = bump(request, &policy)?;
            let next = bump.next(&scheme(name)?.parse(text).ok()?, &policy).ok()?;
            written(scheme(name)?, &next)
        }
        [name, text] => written(scheme(name)?, &scheme(name)?.parse(text).ok()?),
        _ => None,
    }
}

fn written(scheme: VersionScheme, version: &Version) -> Option<String> {
    scheme.render(version).ok().map(|text| format!("ok\t{text}"))
}

fn scheme(name: &str) -> Option<VersionScheme> {
    [VersionScheme::Semver, VersionScheme::Pep440].into_iter().find(|scheme| scheme.name() == name)
}

fn bump(request: &str, policy: &StagePolicy) -> Option<Bump> {
    match request.split_once(' ') {
        Some((level, stage)) => Some(Bump::Start { level: Level::named(level)?, stage: policy.stage(stage)? }),
        None => Level::named(request).map(Bump::Level).or_else(|| policy.stage(request).map(Bump::Stage)),
    }
}
