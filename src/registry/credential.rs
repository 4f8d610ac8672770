//! [`Credential`], and the [`Keys`] to a registry.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::model::Secret;

/// What a registry is asked with, if it does not answer everyone.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    scheme: &'static str,
    secret: Secret,
}

/// The scheme of user names and passwords.
const BASIC: &str = "Basic ";

impl Credential {
    /// A user name and a password (RFC 7617).
    pub(super) fn basic(user: &str, password: &str) -> Self {
        Self { scheme: BASIC, secret: Secret::new(BASE64_STANDARD.encode(format!("{user}:{password}"))) }
    }

    /// A user name and a password as configuration files keep them: `USER:PASSWORD` in base 64. `None` if they are not.
    pub(super) fn encoded(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
        let decoded = String::from_utf8(bytes).ok()?;
        let (user, password) = decoded.split_once(':')?;
        Some(Self::basic(user, password.trim_end_matches('\0')))
    }

    /// A user name, and a password in base 64. `None` if it is not.
    pub(super) fn encoded_password(user: &str, password: &str) -> Option<Self> {
        let password = String::from_utf8(BASE64_STANDARD.decode(password.trim()).ok()?).ok()?;
        Some(Self::basic(user, &password))
    }

    /// A token that is sent as it is.
    pub(super) fn plain(token: &str) -> Self {
        Self { scheme: "", secret: Secret::new(token.to_owned()) }
    }

    /// A token (RFC 6750).
    pub(super) fn bearer(token: &str) -> Self {
        Self { scheme: "Bearer ", secret: Secret::new(token.to_owned()) }
    }

    /// Returns `true` if it is a user name and a password, for which a token service gives a token.
    pub(super) fn is_basic(&self) -> bool {
        self.scheme == BASIC
    }

    /// Returns the header of a request: its name, what comes before the secret, and the secret.
    pub(super) fn header(&self) -> (&'static str, &'static str, &Secret) {
        ("authorization", self.scheme, &self.secret)
    }
}

/// What is known of the credentials for a registry.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// The credential, if one was found.
    pub(super) credential: Option<Credential>,
    /// Why there is none, where something was found.
    pub(super) note: Option<String>,
}

impl Keys {
    /// Keys that were found.
    pub(super) fn of(credential: Credential) -> Self {
        Self { credential: Some(credential), note: None }
    }

    /// No keys, with the reason.
    pub(super) fn none(note: String) -> Self {
        Self { credential: None, note: Some(note) }
    }
}
