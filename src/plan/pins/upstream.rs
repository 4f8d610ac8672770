//! [`PinRequest`]: a pin that is to be moved, and what its upstream has.

use crate::config::PinSpec;
use crate::model::{Diagnostic, ProblemCode, Version, did_you_mean};
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::snapshot::{Look, Snapshot};

/// A pin that is to be moved.
#[derive(Clone, Debug, Default)]
pub struct PinRequest {
    /// The pin.
    pub name: String,
    /// The tag; `None` for the newest one.
    pub tag: Option<String>,
    /// The tags of its upstream.
    pub upstream: Look<Vec<String>>,
    /// What upstream should have published of that release and has not, or could not be asked for.
    pub faults: Vec<PinFault>,
}

/// An artifact of upstream that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinFault {
    /// Its kind and name.
    pub artifact: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Reports requests for pins that relman.toml does not have, and two requests for one.
///
/// # Errors
/// One problem for each of them.
pub fn unknown_pins(snapshot: &Snapshot, requests: &[PinRequest]) -> Result<(), Vec<Diagnostic>> {
    let known: Vec<&str> = snapshot.config.pins.iter().map(|spec| spec.name.as_str()).collect();
    let mut seen = Vec::new();
    let mut problems = Vec::new();
    for name in requests.iter().map(|request| request.name.as_str()) {
        if !known.contains(&name) {
            let help = did_you_mean(name, &known, || "declare it as [pins.NAME] in relman.toml".to_owned());
            problems
                .push(Diagnostic::new(ProblemCode::UnknownName, format!("the pin `{name}` does not exist")).help(help));
        } else if seen.contains(&name) {
            problems
                .push(Diagnostic::new(ProblemCode::RequestConflict, format!("the pin `{name}` is requested twice")));
        }
        seen.push(name);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Returns the newest tag of upstream that counts for a pin, and its version.
pub(super) fn newest(spec: &PinSpec, tags: &[String]) -> Option<(String, Version)> {
    let versions = tags.iter().filter_map(|tag| Some((tag.clone(), spec.version_of(tag)?)));
    let counting = versions.filter(|(_, version)| spec.prereleases || !version.is_prerelease());
    counting.max_by(|a, b| a.1.cmp(&b.1))
}

/// Returns the tag that a request means, and its version.
///
/// # Errors
/// Upstream does not have it, or could not be asked, or it is not the tag of a release.
pub fn release_of_pin(spec: &PinSpec, request: &PinRequest) -> Result<(String, Version), Refusal> {
    let name = &spec.name;
    let refusal =
        |message: String, help: &str| Refusal { code: RefusalCode::Pin, message, help: Some(help.to_owned()) };
    let tags = match &request.upstream {
        Look::Found(tags) => tags,
        Look::Unknown { message, help } => {
            let message = format!("the upstream of the pin `{name}` could not be asked: {message}");
            return Err(Refusal { code: RefusalCode::Pin, message, help: help.clone() });
        }
        Look::NotAsked => {
            return Err(refusal(format!("the upstream of the pin `{name}` was not asked"), "run it online"));
        }
    };
    let found = newest(spec, tags);
    let Some(tag) = &request.tag else {
        return found.ok_or_else(|| {
            let kind = if spec.prereleases { "" } else { " final" };
            let help = "name a tag, as in --pin NAME=TAG, or correct `tag` or `prereleases` of the pin";
            refusal(format!("the upstream of the pin `{name}` has no tag of a{kind} release"), help)
        });
    };
    let Some(version) = spec.version_of(tag) else {
        // The template was valid in relman.toml.
        let example = spec.tag_of(&Version::stable(vec![1, 2, 3])).unwrap_or_default();
        let message = format!("`{tag}` is not a tag of the pin `{name}`, whose tags look like {example}");
        return Err(refusal(message, "write the tag as upstream names it"));
    };
    if !tags.contains(tag) {
        let newest = found.map_or("no release".to_owned(), |(newest, _)| newest);
        let message = format!("the upstream of the pin `{name}` has no tag {tag}; its newest one is {newest}");
        return Err(refusal(message, "name a tag that is there"));
    }
    Ok((tag.clone(), version))
}
