//! Cases with a request and its answer, and with a server that the plugin talks to.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::asker::{Asker, Verdict, excerpt};
use super::subject::{Case, Subject};
use crate::io::{self, LoopbackServer, PreparedResponse, ReceivedRequest};
use crate::model::PluginRole;
use crate::plugin::protocol::{DeedAnswer, EntriesAnswer, ErrorAnswer, FindingsAnswer, PROTOCOL, PlacesAnswer};

/// What stands for the address of the server.
const SERVER: &str = "{server}";
/// So many bytes a file of a case may have.
const LARGEST: u64 = 64 * 1024 * 1024;

/// An answer of the server, as server.json has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerAnswer {
    status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: String,
}

/// A request that the server gets, as requests.json has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRequest {
    method: String,
    path: String,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
}

/// Tests a case.
pub(super) fn test_answer(subject: &Subject, case: &Case) -> Verdict {
    let responses: Vec<ServerAnswer> = file(case, "server.json", "")?.unwrap_or_default();
    let server = LoopbackServer::start(responses.into_iter().map(prepared).collect());
    let server = server.map_err(|error| format!("the server of the case cannot be started: {error}"))?;
    let address = server.address().to_owned();
    let request: Option<Map<String, Value>> = file(case, "request.json", &address)?;
    let expected: Option<Value> = file(case, "answer.json", &address)?;
    let (Some(mut request), Some(expected)) = (request, expected) else {
        return Err("answer.json not found".to_owned());
    };
    let settings = filled(&Value::Object(case.content.settings.clone()), &address)?;
    request.entry("relman").or_insert(PROTOCOL.into());
    request.entry("settings").or_insert(settings);
    let env = case.content.env.iter().map(|(name, value)| (name.clone(), value.replace(SERVER, &address)));
    let role = PluginRole::ALL.into_iter().find(|role| request.get("role").is_some_and(|named| named == role.name()));
    let asker = Asker::new(subject, Map::new(), env.collect());
    let answer = asker.exchange(&Value::Object(request))?;
    let received = server.finish();
    if let Some(role) = role {
        is_valid(role, &answer)?;
    }
    same("the answer", &answer, &expected)?;
    let expected: Option<Vec<ExpectedRequest>> = file(case, "requests.json", &address)?;
    // A case without this file expects no request.
    same_requests(&received, &expected.unwrap_or_default())
}

/// Checks that an answer is an error, or has the form of its role.
pub(super) fn is_valid(role: PluginRole, answer: &Value) -> Verdict {
    if serde_json::from_value::<ErrorAnswer>(answer.clone()).is_ok() {
        return Ok(());
    }
    match role {
        PluginRole::Manifest => form::<PlacesAnswer>(answer),
        PluginRole::Check => form::<FindingsAnswer>(answer),
        PluginRole::Notes => form::<EntriesAnswer>(answer),
        PluginRole::Publish | PluginRole::Announce => form::<DeedAnswer>(answer),
    }
}

fn form<T: DeserializeOwned>(answer: &Value) -> Verdict {
    let read = serde_json::from_value::<T>(answer.clone());
    read.map(drop)
        .map_err(|error| format!("the answer is not valid: {error}; found `{}`", excerpt(&answer.to_string())))
}

fn prepared(answer: ServerAnswer) -> PreparedResponse {
    let headers = answer.headers.into_iter().map(|(name, value)| (name, plain(&value))).collect();
    PreparedResponse { status: answer.status, headers, body: answer.body }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn same(what: &str, found: &Value, expected: &Value) -> Verdict {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: found `{}`, expected `{}`", excerpt(&found.to_string()), excerpt(&expected.to_string())))
}

fn same_requests(received: &[ReceivedRequest], expected: &[ExpectedRequest]) -> Verdict {
    let lines = |requests: Vec<String>| if requests.is_empty() { "none".to_owned() } else { requests.join(", ") };
    let found = lines(received.iter().map(|request| format!("{} {}", request.method, request.path)).collect());
    let wanted = lines(expected.iter().map(|request| format!("{} {}", request.method, request.path)).collect());
    if found != wanted {
        return Err(format!("requests to the server: found {found}, expected {wanted}"));
    }
    for (found, expected) in received.iter().zip(expected) {
        let body = if found.body.is_empty() { Value::Null } else { json_or_text(&found.body) };
        same(
            &format!("the body of {} {}", found.method, found.path),
            &body,
            expected.body.as_ref().unwrap_or(&Value::Null),
        )?;
        for (name, value) in &expected.headers {
            let sent = found.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value);
            let sent = sent.map_or(Value::Null, |sent| sent.clone().into());
            same(&format!("the header {name}"), &sent, &plain(value).into())?;
        }
    }
    Ok(())
}

fn json_or_text(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| body.into())
}

/// Reads a file of a case, with the address of the server filled in; `None` if it does not exist.
fn file<T: DeserializeOwned>(case: &Case, name: &str, address: &str) -> Result<Option<T>, String> {
    let text = match io::read_text(&case.folder.join(name), LARGEST) {
        Err(error) if error.is_missing() => return Ok(None),
        text => text.map_err(|error| error.to_string())?,
    };
    let value = serde_json::from_str(&text.replace(SERVER, address));
    value.map(Some).map_err(|error| format!("{name} is not valid: {error}"))
}

fn filled(value: &Value, address: &str) -> Result<Value, String> {
    serde_json::from_str(&value.to_string().replace(SERVER, address)).map_err(|error| error.to_string())
}
