//! The files of the sample, and its history.

use super::repository::SampleCommit;

/// The files of the sample and where they lie. Those whose own names would mean something to a tool in this repository have others here.
const FILES: [(&str, &str); 16] = [
    ("relman.toml", include_str!("sample/relman.toml")),
    ("README.md", include_str!("sample/README.md")),
    ("packages/scheduler/pyproject.toml", include_str!("sample/scheduler-pyproject.toml")),
    ("packages/scheduler/uv.lock", include_str!("sample/scheduler-uv.lock")),
    ("packages/scheduler/src/acme_scheduler/__init__.py", include_str!("sample/scheduler-init.py")),
    ("packages/api/pyproject.toml", include_str!("sample/api-pyproject.toml")),
    ("packages/api/uv.lock", include_str!("sample/api-uv.lock")),
    ("packages/api/api.py", "\"\"\"Answers.\"\"\"\n"),
    ("packages/web/package.json", include_str!("sample/web-package.json")),
    ("packages/web/package-lock.json", include_str!("sample/web-package-lock.json")),
    ("packages/mcp/server.json", include_str!("sample/mcp-server.json")),
    ("deploy/chart/Chart.yaml", include_str!("sample/Chart.yaml.txt")),
    ("deploy/chart/templates/NOTES.txt", "acme is up.\n"),
    ("tools/importer/Cargo.toml", include_str!("sample/importer-Cargo.toml")),
    ("tools/importer/Cargo.lock", include_str!("sample/importer-Cargo.lock")),
    ("tools/importer/src/main.rs", include_str!("sample/importer-main.rs.txt")),
];

/// The first commit: 2026-01-05, 09:00 UTC.
const START: i64 = 1_767_603_600;
const DAY: i64 = 86_400;

/// The current versions of the suite, and the one before.
const CURRENT: [&str; 2] = ["0.3.0-alpha.1", "0.3.0a1"];
const EARLIER: &str = "0.2.0";

/// Returns the time on a day after the first commit, in seconds since 1970.
#[must_use]
pub fn day(number: i64) -> i64 {
    START + number * DAY
}

fn commit(number: i64, message: &str, files: Vec<(String, String)>, tags: &[&str]) -> SampleCommit {
    SampleCommit {
        files,
        message: message.to_owned(),
        time: day(number),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

fn file(path: &str, text: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), text.to_owned())]
}

/// Returns the commits that come after the releases of the demo, and wait for the next ones.
#[must_use]
pub fn later() -> Vec<SampleCommit> {
    vec![
        commit(
            14,
            "feat(importer): read sheets",
            file(
                "tools/importer/src/sheets.rs",
                "pub fn sheets(text: &str) -> usize {\n    text.split('\\u{c}').count()\n}\n",
            ),
            &[],
        ),
        commit(
            15,
            "fix(web): stay where the reader was",
            file("packages/web/scroll.js", "export const place = () => window.scrollY\n"),
            &[],
        ),
    ]
}

/// Returns the commits of the sample: two releases of the suite, one of the crate, and changes since.
#[must_use]
pub fn history() -> Vec<SampleCommit> {
    let now = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    let earlier = |file: &(&str, &str)| {
        let (path, text) = now(file);
        let keeps = path == "relman.toml";
        (path, if keeps { text } else { CURRENT.iter().fold(text, |text, version| text.replace(version, EARLIER)) })
    };
    vec![
        commit(
            0,
            "feat: the platform, its scheduler and the importer",
            FILES.iter().map(earlier).collect(),
            &["v0.2.0", "scheduler-v0.2.0", "importer-v0.1.0"],
        ),
        commit(
            3,
            "feat(scheduler): tell which tasks wait for each other",
            file("packages/scheduler/src/acme_scheduler/cycles.py", "def cycles(tasks):\n    return []\n"),
            &[],
        ),
        commit(
            7,
            "chore(release): platform 0.3.0-alpha.1, scheduler 0.3.0a1",
            FILES.iter().map(now).collect(),
            &["v0.3.0-alpha.1", "scheduler-v0.3.0a1"],
        ),
        commit(
            9,
            "feat(importer): read tables",
            file("tools/importer/src/tables.rs", "pub fn rows(text: &str) -> usize {\n    text.lines().count()\n}\n"),
            &[],
        ),
        commit(10, "fix(api): answer in time", file("packages/api/api.py", "\"\"\"Answers in time.\"\"\"\n"), &[]),
    ]
}

/// The file in which the demo lets a version drift, and the text that does it.
#[must_use]
pub fn drifted() -> (&'static str, String) {
    let path = "packages/web/package.json";
    let text = FILES.iter().find(|(known, _)| *known == path).map_or("", |(_, text)| text);
    (path, text.replacen("0.3.0-alpha.1", "0.3.1", 1))
}

#[cfg(test)]
mod tests {
    use super::{drifted, history};

    #[test]
    fn the_sample_has_its_versions() {
        let history = history();
        let holding = |commit: usize, version: &str| {
            history[commit].files.iter().filter(|(_, text)| text.contains(version)).count()
        };
        assert_eq!((holding(0, "0.3.0a1"), holding(0, "0.2.0"), holding(2, "0.3.0a1")), (1, 9, 7));
        assert!(history.windows(2).all(|pair| pair[0].time < pair[1].time));
        assert!(drifted().1.contains("\"version\": \"0.3.1\""));
    }
}
