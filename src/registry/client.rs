//! [`Client`]: questions to registries, anonymously first, repeated where that helps, and asked once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::challenge::Challenge;
use super::credential::Credential;
use super::error::{RegistryError, RegistryFault};
use super::memo::{Memo, locked};
use super::place::Place;
use crate::io::{
    Again, Http, HttpFault, HttpRequest, HttpResponse, Method, Pace, Payload, encode, is_same_origin, now_seconds,
};
use crate::model::Secret;

/// A question to a registry.
#[derive(Clone, Debug)]
pub(super) struct Question<'a> {
    pub(super) method: Method,
    /// The address, without user information.
    pub(super) url: String,
    /// The types of content that are understood.
    pub(super) accept: &'static str,
    /// The registry, or a part of it: what is below its address is asked the same way, so that it need not say each time how.
    pub(super) place: &'a Place,
    /// Whether 404 may also mean that it is private.
    pub(super) hides: bool,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Everyone.
    Anonymous,
    /// Everyone, with a token that everyone gets.
    Token(Challenge),
    /// With a token for the credential.
    OwnToken(Challenge),
    /// With the credential itself.
    Credential,
}

/// What a token service answered.
#[derive(Clone, Debug)]
enum Token {
    Given(Secret),
    /// With this status.
    Refused(u16),
}

/// Asks registries. Answers are remembered until [`Client::forget`].
#[derive(Debug)]
pub(super) struct Client {
    http: Http,
    pace: Pace,
    answers: Memo<Result<Arc<HttpResponse>, RegistryError>>,
    tokens: Memo<Result<Token, RegistryError>>,
    /// By the address of a place, how it answers.
    ways: Mutex<BTreeMap<String, Way>>,
}

impl Client {
    pub(super) fn new(http: Http, pace: Pace) -> Self {
        Self { http, pace, answers: Memo::default(), tokens: Memo::default(), ways: Mutex::default() }
    }

    /// Returns `true` if what is below the address of this place was answered to a credential only.
    pub(super) fn is_private(&self, place: &Place) -> bool {
        matches!(locked(&self.ways).get(&place.address), Some(Way::OwnToken(_) | Way::Credential))
    }

    /// Forgets all answers, those of token services too, so that the next questions are asked again.
    pub(super) fn forget(&self) {
        self.answers.clear();
        self.tokens.clear();
    }

    /// Returns the answer; `None` if what was asked for does not exist.
    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Option<Arc<HttpResponse>>, RegistryError> {
        let key = format!("{} {} {}", question.method, question.url, question.accept);
        let answer = self.answers.get(&key, || self.exchange(question).map(Arc::new))?;
        let fault = match answer.status {
            200..=299 | 404 | 410 if question.is_foreign(&answer) => {
                RegistryFault::NotUnderstood("it is an HTML page, not the answer of such a registry".to_owned())
            }
            200..=299 => return Ok(Some(answer)),
            404 | 410 => return Ok(None),
            status @ (401 | 403) => RegistryFault::Unauthorized { status, note: question.place.keys.note.clone() },
            300..=399 => {
                let to = answer.header("location").unwrap_or("an unknown place");
                let to = to.split('?').next().unwrap_or_default();
                RegistryFault::NotUnderstood(format!("it redirects to {to}, which was not followed"))
            }
            status => RegistryFault::Status(status),
        };
        Err(RegistryError::at(&question.url, fault))
    }

    /// Returns what an address answers to everyone. A server that failed (5xx) said nothing about the page.
    pub(super) fn page(&self, url: &str) -> Result<Arc<HttpResponse>, RegistryError> {
        self.answers.get(&format!("page {url}"), || {
            let fault = match self.send(Method::Get, url, "*/*", None) {
                Ok(answer) if answer.status < 500 => return Ok(Arc::new(answer)),
                Ok(answer) => RegistryFault::Status(answer.status),
                Err(fault) => fault.into(),
            };
            Err(RegistryError::at(url, fault))
        })
    }

    /// Asks as everyone, and then, as long as the registry refuses, with what it wants.
    fn exchange(&self, question: &Question<'_>) -> Result<HttpResponse, RegistryError> {
        let known = locked(&self.ways).get(&question.place.address).cloned();
        let mut way = known.unwrap_or(Way::Anonymous);
        let mut not_found = None;
        loop {
            let answer = self.attempt(question, &way)?;
            if let Some(next) = question.next_way(&way, &answer) {
                not_found = (answer.status == 404).then_some(answer).or(not_found);
                way = next;
                continue;
            }
            if matches!(answer.status, 401 | 403) {
                // A credential that is not accepted says less than what everyone was answered.
                return Ok(not_found.unwrap_or(answer));
            }
            locked(&self.ways).insert(question.place.address.clone(), way);
            return Ok(answer);
        }
    }

    fn attempt(&self, question: &Question<'_>, way: &Way) -> Result<HttpResponse, RegistryError> {
        let credential = question.place.keys.credential.as_ref();
        let (challenge, credential) = match way {
            Way::Anonymous => return self.send_to(question, None),
            Way::Credential => return self.send_to(question, credential.map(Credential::header)),
            Way::Token(challenge) => (challenge, None),
            Way::OwnToken(challenge) => (challenge, credential),
        };
        // By place: what one registry gave must not be sent to another that names the same token service.
        let key = format!("{} {challenge:?} {}", question.place.address, credential.is_some());
        loop {
            let mut is_fresh = false;
            let token = self.tokens.get(&key, || {
                is_fresh = true;
                self.token(challenge, credential)
            });
            let secret = match token? {
                Token::Given(secret) => secret,
                Token::Refused(status) => {
                    let url = question.url.clone();
                    return Ok(HttpResponse { status, headers: Vec::new(), body: Vec::new(), url });
                }
            };
            let answer = self.send_to(question, Some(("authorization", "Bearer ", &secret)))?;
            // A token that was given before may have expired.
            if answer.status != 401 || is_fresh {
                return Ok(answer);
            }
            self.tokens.forget(&key);
        }
    }

    /// Asks a token service (the token authentication of docker's registry).
    fn token(&self, challenge: &Challenge, credential: Option<&Credential>) -> Result<Token, RegistryError> {
        #[derive(serde::Deserialize)]
        struct Given {
            token: Option<String>,
            access_token: Option<String>,
        }
        let mut url = challenge.realm.clone();
        for (key, value) in [("service", &challenge.service), ("scope", &challenge.scope)] {
            if let Some(value) = value {
                url.push_str(&format!("{}{key}={}", if url.contains('?') { "&" } else { "?" }, encode(value)));
            }
        }
        let failed = |fault| RegistryError::at(&challenge.realm, fault);
        let sent = self.send(Method::Get, &url, "application/json", credential.map(Credential::header));
        let answer = judged(sent).map_err(failed)?;
        match answer.status {
            200..=299 => {
                let given: Given = answer.json().map_err(|why| failed(RegistryFault::NotUnderstood(why)))?;
                let text = given.token.or(given.access_token).filter(|token| !token.is_empty());
                let none = || failed(RegistryFault::NotUnderstood("it holds no token".to_owned()));
                text.map(|text| Token::Given(Secret::new(text))).ok_or_else(none)
            }
            status @ (401 | 403) => Ok(Token::Refused(status)),
            status => Err(failed(RegistryFault::Status(status))),
        }
    }

    fn send_to(
        &self,
        question: &Question<'_>,
        secret: Option<(&'static str, &'static str, &Secret)>,
    ) -> Result<HttpResponse, RegistryError> {
        let sent = self.send(question.method, &question.url, question.accept, secret);
        judged(sent).map_err(|fault| RegistryError::at(&question.url, fault))
    }

    /// Sends a request, and again where that may help. Returns the last answer, whatever its status.
    fn send(
        &self,
        method: Method,
        url: &str,
        accept: &str,
        secret: Option<(&'static str, &'static str, &Secret)>,
    ) -> Result<HttpResponse, HttpFault> {
        let headers = vec![("accept", accept.to_owned())];
        let request = HttpRequest { method, url: url.to_owned(), headers, secret, payload: Payload::Nothing };
        let sent = self.pace.repeat(|| match self.http.send(&request) {
            Ok(answer) => match judge(&answer, now_seconds()) {
                None => Ok(answer),
                Some((_, again)) => Err((Ok(answer), again)),
            },
            Err(fault) => {
                let again = fault.again();
                Err((Err(fault), again))
            }
        });
        sent.or_else(|last| last)
    }
}

impl Question<'_> {
    /// Returns `true` for a page where none was asked for, as that of a portal or of another server.
    fn is_foreign(&self, answer: &HttpResponse) -> bool {
        let is_page = answer.content_type().is_some_and(|found| found.contains("html"));
        is_page && !["html", "*/*"].iter().any(|accepted| self.accept.contains(accepted))
    }

    /// Returns how to ask after this answer; `None` if it counts.
    fn next_way(&self, way: &Way, answer: &HttpResponse) -> Option<Way> {
        let credential = self.place.keys.credential.as_ref();
        match answer.status {
            401 | 403 => {}
            404 if self.hides && credential.is_some() => {}
            _ => return None,
        }
        // What another server says, to which a redirect led, is not the registry's word.
        let challenge = Challenge::of(answer).filter(|_| is_same_origin(&answer.url, &self.url));
        match (way, challenge) {
            (Way::Anonymous, Some(challenge)) => Some(Way::Token(challenge)),
            (Way::Token(challenge), _) if credential.is_some_and(Credential::is_basic) => {
                Some(Way::OwnToken(challenge.clone()))
            }
            (Way::Anonymous | Way::Token(_), _) => credential.map(|_| Way::Credential),
            (Way::OwnToken(_) | Way::Credential, _) => None,
        }
    }
}

/// Returns an answer that says something of what was asked for.
fn judged(sent: Result<HttpResponse, HttpFault>) -> Result<HttpResponse, RegistryFault> {
    let answer = sent?;
    judge(&answer, now_seconds()).map_or(Ok(answer), |(fault, _)| Err(fault))
}

/// Returns what speaks against an answer that says nothing of what was asked for, and whether it is worth another attempt.
fn judge(answer: &HttpResponse, now: i64) -> Option<(RegistryFault, Again)> {
    let retry_after = answer.retry_after(now);
    match (answer.status, retry_after) {
        (429, None) => Some((RegistryFault::RateLimited { retry_after }, Again::WhenAllowed)),
        (403 | 429 | 503, Some(seconds)) => Some((RegistryFault::RateLimited { retry_after }, Again::After(seconds))),
        (status @ (408 | 425 | 500 | 502 | 503 | 504), _) => Some((RegistryFault::Status(status), Again::Soon)),
        _ => None,
    }
}
