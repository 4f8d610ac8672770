//! [`Http`]: the one door to other machines by HTTP. Blocking, encrypted by rustls with the roots of the system.
//!
//! A secret is sent to the scheme, host and port of the address that was asked for, and nowhere else, whatever a redirect says.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use ureq::http::{Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, SendBody};

use super::http_error::{fault_of, may_be_plain, origin, target_of};
use super::http_fault::{HttpFault, Method};
use super::http_limits::HttpLimits;
use super::http_proxy::Proxies;
use crate::model::Secret;
use crate::text::hex;

/// So many redirects of a request that reads are followed.
const MOST_REDIRECTS: usize = 5;

/// What is sent with a request.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// Nothing.
    Nothing,
    /// These bytes.
    Bytes(&'a [u8]),
    /// The content of a file, which takes longer.
    File(&'a [u8]),
}

impl Payload<'_> {
    /// Returns the SHA-256 of what is sent, in lower-case hexadecimal.
    #[must_use]
    pub fn sha256(self) -> String {
        let bytes = match self {
            Payload::Nothing => &[],
            Payload::Bytes(bytes) | Payload::File(bytes) => bytes,
        };
        hex(&Sha256::digest(bytes))
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct HttpRequest<'a> {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// A header with a secret: its name, what comes before the secret, and the secret.
    pub secret: Option<(&'static str, &'static str, &'a Secret)>,
    /// What is sent.
    pub payload: Payload<'a>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The address that answered, after redirects.
    pub url: String,
}

impl std::fmt::Debug for HttpResponse {
    /// The body may hold what must not be shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpResponse({}, {} bytes, {})", self.status, self.body.len(), self.url)
    }
}

impl HttpResponse {
    /// Returns the first header with this name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Returns the content type, without its parameters.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        let bare = self.header("content-type")?.split(';').next().unwrap_or_default().trim();
        (!bare.is_empty()).then_some(bare)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// Returns what is wrong with it and where. What it holds is not quoted, since it may be a secret.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                Category::Data => "a value has another type, or is missing",
                Category::Eof => "it is cut off",
                Category::Io | Category::Syntax => "it is not valid JSON",
            };
            format!("{what} (line {}, column {})", error.line(), error.column())
        })
    }

    /// Returns the seconds that the server wants to be left alone, if it says so: a number, or a date (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn retry_after(&self, now: i64) -> Option<u64> {
        let text = self.header("retry-after")?.trim();
        let at = |text| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second());
        text.parse().ok().or_else(|| at(text).map(|at| u64::try_from(at.saturating_sub(now)).unwrap_or(0)))
    }
}

/// The client. Connections are kept and used again.
#[derive(Clone)]
pub struct Http {
    agent: Agent,
    proxies: Proxies,
    limits: HttpLimits,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new(HttpLimits::default(), &super::variable)
    }
}

impl Http {
    /// Returns a client with these limits, and the proxies that the environment names.
    #[must_use]
    pub fn new(limits: HttpLimits, environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("relman/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .timeout_resolve(Some(Duration::from_millis(limits.connect)))
            .timeout_connect(Some(Duration::from_millis(limits.connect)))
            .build();
        Self { agent: config.new_agent(), proxies: Proxies::of(environment), limits }
    }

    /// Sends a request and reads the answer, whatever its status. A redirect of a request that reads is followed, to another origin
    /// without the secret; one that writes is sent once more, to the same origin only. Other redirects are the answer.
    ///
    /// # Errors
    /// Returns an error if no complete answer came.
    pub fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, HttpFault> {
        let start = target_of(&request.url)?;
        let most = if request.method.is_read() { MOST_REDIRECTS } else { 1 };
        let (mut at, mut with_secret) = (start.clone(), true);
        for _ in 0..most {
            let answer = self.send_once(request, &at, with_secret)?;
            let Some(next) = redirect(&answer, &at) else { return Ok(answer) };
            let same = origin(&next) == origin(&start);
            let keeps_method = request.method.is_read() || matches!(answer.status, 301 | 302 | 307 | 308);
            if !keeps_method || !(same || request.method.is_read()) || !may_be_plain(&next) {
                return Ok(answer);
            }
            with_secret &= same;
            at = next;
        }
        self.send_once(request, &at, with_secret)
    }

    fn send_once(&self, request: &HttpRequest<'_>, to: &Uri, with_secret: bool) -> Result<HttpResponse, HttpFault> {
        if !may_be_plain(to) {
            return Err(HttpFault::NotEncrypted);
        }
        let mut builder = Request::builder().method(request.method.word()).uri(to.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some((name, before, secret)) = request.secret.filter(|_| with_secret) {
            builder = builder.header(name, format!("{before}{}", secret.reveal()));
        }
        let bad = |_| HttpFault::BadAddress(to.to_string());
        let answer = match request.payload {
            Payload::Nothing => self.run(builder.body(SendBody::none()).map_err(bad)?, to, 1),
            Payload::Bytes(bytes) => self.run(builder.body(bytes).map_err(bad)?, to, 1),
            Payload::File(bytes) => self.run(builder.body(bytes).map_err(bad)?, to, 10),
        }?;
        self.read(answer, to)
    }

    fn run(&self, request: Request<impl ureq::AsSendBody>, to: &Uri, times: u64) -> Result<Response<Body>, HttpFault> {
        let limit = Some(Duration::from_millis(self.limits.answer.saturating_mul(times)));
        let request = self
            .agent
            .configure_request(request)
            .proxy(self.proxies.for_address(to)?)
            .timeout_send_request(limit)
            .timeout_send_body(limit)
            .timeout_recv_response(limit)
            .timeout_recv_body(limit)
            .build();
        self.agent.run(request).map_err(|error| fault_of(error, to, self.limits))
    }

    fn read(&self, mut answer: Response<Body>, to: &Uri) -> Result<HttpResponse, HttpFault> {
        let headers = answer.headers().iter();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        if answer.body().content_length().is_some_and(|length| length > self.limits.body) {
            return Err(HttpFault::TooLarge(self.limits.body));
        }
        let body = answer.body_mut().with_config().limit(self.limits.body).read_to_vec();
        let body = body.map_err(|error| match fault_of(error, to, self.limits) {
            // Whatever breaks off here was an answer already.
            HttpFault::Connect(detail) | HttpFault::Tls(detail) => HttpFault::Cut(detail),
            fault => fault,
        })?;
        Ok(HttpResponse { status: answer.status().as_u16(), headers, body, url: to.to_string() })
    }
}

/// Returns where an answer redirects to, relative addresses resolved.
fn redirect(answer: &HttpResponse, at: &Uri) -> Option<Uri> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.header("location")?;
    let resolved = if let Some(path) = location.strip_prefix("//") {
        format!("{}://{path}", at.scheme_str()?)
    } else if location.starts_with('/') {
        format!("{}://{}{location}", at.scheme_str()?, at.authority()?)
    } else {
        location.to_owned()
    };
    target_of(&resolved).ok()
}
