//! The simple index of Python projects: as JSON (PEP 691), and as pages where JSON is not offered (PEP 503).

use serde::Deserialize;
use serde_json::Value;

use super::client::{Client, Question};
use super::error::{RegistryError, RegistryFault};
use super::place::Place;
use super::python_page::anchors;
use crate::io::{HttpResponse, Method, encode};
use crate::model::{Asked, Ecosystem, IndexFile, IndexFileKind, RegistryName};

const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// The detail of a project.
#[derive(Deserialize)]
struct Project {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default)]
    yanked: Value,
    #[serde(default)]
    provenance: Value,
}

/// Returns the files of a project; `None` if it does not exist.
pub(super) fn files(
    client: &Client,
    place: &Place,
    project: &str,
) -> Result<Asked<Option<Vec<IndexFile>>>, RegistryError> {
    let name = RegistryName::new(Ecosystem::Python, project).name;
    let address = format!("{}/{}/", place.address, encode(&name));
    let question = Question { method: Method::Get, url: address.clone(), accept: ACCEPT, place, hides: true };
    let Some(answer) = client.ask(&question)? else { return Ok(Asked { address, found: None }) };
    let found = match answer.content_type() {
        Some(found) if found.ends_with("json") => of_json(project, &answer),
        Some(found) if found.ends_with("html") => of_page(project, &answer),
        found => Err(format!("expected JSON or HTML, found {}", found.unwrap_or("an unknown content type"))),
    };
    match found {
        Ok(files) => Ok(Asked { address, found: Some(files) }),
        Err(why) => Err(RegistryError::at(&address, RegistryFault::NotUnderstood(why))),
    }
}

fn of_json(project: &str, answer: &HttpResponse) -> Result<Vec<IndexFile>, String> {
    let read: Project = answer.json()?;
    let files = read.files.iter().map(|file| {
        // A reason, which may be missing.
        let is_yanked = file.yanked == true || file.yanked.as_str().is_some_and(|reason| !reason.is_empty());
        IndexFile::of(project, &file.filename, is_yanked, !file.provenance.is_null())
    });
    Ok(files.collect())
}

fn of_page(project: &str, answer: &HttpResponse) -> Result<Vec<IndexFile>, String> {
    let text = String::from_utf8_lossy(&answer.body);
    let files: Vec<IndexFile> = anchors(&text)
        .into_iter()
        .map(|anchor| IndexFile::of(project, &anchor.text, anchor.has("data-yanked"), anchor.has("data-provenance")))
        .collect();
    // A project may be without files. A page that is neither that nor has any is one of another kind, as that of a login.
    let has_files = files.iter().any(|file| file.kind != IndexFileKind::Other);
    let lower = text.to_ascii_lowercase();
    if has_files || ["pypi:repository-version", "links for"].iter().any(|sign| lower.contains(sign)) {
        Ok(files)
    } else {
        Err("it is an HTML page, but not one of a simple index".to_owned())
    }
}
