//! Holds relman's formats against the test suites of JSON, TOML and YAML: `.ci/suites` hands it their documents, a JSON object a line
//! with `suite`, `name`, `text` and `valid` (`true`, `false`, or `null` where readers may differ).
//!
//! A document that is valid gets a version beside it, which is then changed: the new text must differ in that version alone. One that
//! is not valid is treated alike, and may be refused; one without a place for a version is searched as it is, which must end without a panic.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use relman::manifest::{Locator, ManifestType, Pointer, edit, find};

const OLD: &str = "1.2.3";
const NEW: &str = "1.3.0-rc.1";

#[derive(Default)]
struct Figures {
    /// Valid documents whose version was changed, and nothing else.
    edited: usize,
    /// Valid documents that relman refuses to edit.
    refused: Vec<String>,
    /// Documents that are not valid, or of which readers may differ, and that are refused.
    rejected: usize,
    /// The same, but changed in their version alone.
    tolerated: usize,
    /// Documents without a place for a version, read as they are.
    searched: usize,
    /// Edits that changed something else.
    failed: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut suites: BTreeMap<String, Figures> = BTreeMap::new();
    for line in std::io::stdin().lock().lines() {
        let case: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| case.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let (suite, name, text) = (field("suite"), field("name"), field("text"));
        let figures = suites.entry(suite.to_owned()).or_default();
        let locator = locator(suite)?;
        let is_valid = case.get("valid").and_then(serde_json::Value::as_bool) == Some(true);
        match spliced(suite, text).map(|(old, new)| (changed(&locator, &old), new)) {
            // It is read as it is, which must end; what it says does not matter.
            None => figures.searched += usize::from(matches!(find(&locator, text), Ok(_) | Err(_))),
            Some((Ok(got), new)) if got != new => figures.failed.push(name.to_owned()),
            Some((Ok(_), _)) if is_valid => figures.edited += 1,
            Some((Ok(_), _)) => figures.tolerated += 1,
            Some((Err(why), _)) if is_valid => figures.refused.push(format!("{name}: {why}")),
            Some((Err(_), _)) => figures.rejected += 1,
        }
    }
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for (suite, figures) in &suites {
        for name in &figures.refused {
            writeln!(out, "  {suite}: refused {name}")?;
        }
        for name in &figures.failed {
            writeln!(out, "  {suite}: WRONG {name}")?;
        }
        let Figures { edited, refused, rejected, tolerated, searched, failed: wrong } = figures;
        let (refused, wrong) = (refused.len(), wrong.len());
        let passed = edited + rejected + tolerated + searched;
        writeln!(
            out,
            "{suite}: {passed} passed, {wrong} failed ({edited} edited, {refused} refused; not valid: {rejected} rejected, {tolerated} edited; {searched} searched)"
        )?;
        failed += wrong;
    }
    if suites.is_empty() || failed > 0 { Err("a document was changed beside its version".into()) } else { Ok(()) }
}

fn locator(suite: &str) -> Result<Locator, Box<dyn std::error::Error>> {
    let kind = match suite {
        "json" => ManifestType::Json,
        "toml" => ManifestType::Toml,
        "yaml" => ManifestType::Yaml,
        other => return Err(format!("`{other}` is not a suite").into()),
    };
    Ok(Locator::Pointer(kind, Pointer::new("/relman")?))
}

/// Returns a document with the version beside it, and what it is to become; `None` if there is no place beside it.
fn spliced(suite: &str, text: &str) -> Option<(String, String)> {
    let with = |version: &str| match suite {
        "json" => Some(format!("{{ \"x\": {text},\n  \"relman\": \"{version}\" }}\n")),
        "toml" => {
            let (bom, text) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
            Some(format!("{bom}relman = \"{version}\" # {OLD}\n{text}"))
        }
        // Only beside keys of a block that begin the document is there a place.
        _ => text.starts_with(|c: char| c.is_alphanumeric()).then(|| format!("relman: {version} # {OLD}\n{text}")),
    };
    Some((with(OLD)?, with(NEW)?))
}

fn changed(locator: &Locator, text: &str) -> Result<String, String> {
    let found =
        find(locator, text).map_err(|faults| faults.iter().map(|fault| fault.message.clone()).collect::<String>())?;
    let place = found.versions.first().ok_or("there is no version")?.scalar.clone();
    let edited = edit(&[(locator, &found)], text, &[(place, NEW.to_owned())]).map_err(|fault| fault.to_string())?;
    edited.edits.apply(text).map_err(|error| error.to_string())
}
