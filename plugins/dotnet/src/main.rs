//! A plugin of relman for .NET: finds the version in project files and in `Directory.Build.props`.
//!
//! Started once per call: prints a line that says what it is, reads at most one line with a request, and prints a line
//! with the answer.

mod project;

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The properties of MSBuild that hold a version: the first that a file has counts.
const PROPERTIES: [&str; 2] = ["Version", "VersionPrefix"];

#[derive(Deserialize)]
struct Request {
    role: String,
    ask: String,
    #[serde(default)]
    settings: Settings,
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Default, Deserialize)]
struct Settings {
    key: Option<Key>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`settings.key` is not a key or a list of keys")]
enum Key {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct File {
    path: String,
    text: String,
}

/// What is found in one file.
#[derive(Serialize)]
struct Found {
    path: String,
    places: Vec<project::Place>,
    problems: Vec<project::Problem>,
}

fn main() -> io::Result<()> {
    let hello = json!({"relman": [1], "name": "dotnet", "version": "1.0.0", "roles": ["manifest"]});
    let mut out = io::stdout().lock();
    writeln!(out, "{hello}")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    if !line.trim().is_empty() {
        writeln!(out, "{}", answer(&line))?;
    }
    Ok(())
}

fn answer(line: &str) -> Value {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => return json!({"error": format!("the request cannot be read: {error}")}),
    };
    let Request { role, ask, settings, files } = request;
    if (role.as_str(), ask.as_str()) != ("manifest", "places") {
        let error = format!("the request `{role} {ask}` is not known");
        return json!({"error": error, "help": "expected `manifest places`"});
    }
    let keys = match settings.key {
        None => PROPERTIES.map(String::from).to_vec(),
        Some(Key::One(key)) => vec![key],
        Some(Key::Several(keys)) => keys,
    };
    json!({"files": files.into_iter().map(|file| read(file, &keys)).collect::<Vec<_>>()})
}

fn read(file: File, keys: &[String]) -> Found {
    let (places, problems) = match project::find(&file.text, keys) {
        Ok(places) => (places, Vec::new()),
        Err(problem) => (Vec::new(), vec![problem]),
    };
    Found { path: file.path, places, problems }
}
