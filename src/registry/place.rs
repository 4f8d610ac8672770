//! [`Place`].

use super::credential::{Credential, Keys};
use super::error::without_user;
use crate::io::decode;

/// Where a registry is, and the keys to it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The address, without user information and without a slash at its end.
    pub(super) address: String,
    pub(super) keys: Keys,
}

impl Place {
    /// Reads an address. A user name and a password in it become the credential.
    pub(super) fn parse(text: &str) -> Self {
        let address = without_user(text.trim()).trim_end_matches('/').to_owned();
        Self { address, keys: user_of(text).map_or_else(Keys::default, Keys::of) }
    }

    /// Returns the place with these keys, unless its address has a credential of its own.
    pub(super) fn with_keys(self, keys: impl FnOnce(&Self) -> Keys) -> Self {
        let keys = if self.keys.credential.is_some() { self.keys.clone() } else { keys(&self) };
        Self { keys, ..self }
    }

    /// Returns the host with its port.
    pub(super) fn host(&self) -> &str {
        let rest = self.address.split_once("://").map_or(self.address.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

fn user_of(address: &str) -> Option<Credential> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    Some(Credential::basic(&decode(name)?, &decode(password)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_information_becomes_the_credential() {
        let table = [
            ("https://h/simple/", "https://h/simple", "h", None),
            // `u:p@1` and `t:` in base 64.
            ("https://u:p%401@h:8443/simple", "https://h:8443/simple", "h:8443", Some("dTpwQDE=")),
            ("https://t@h/", "https://h", "h", Some("dDo=")),
        ];
        for (text, address, host, credential) in table {
            let place = Place::parse(text);
            assert_eq!((place.address.as_str(), place.host()), (address, host));
            let found = place.keys.credential.as_ref().map(|found| found.header().2.reveal());
            assert_eq!(found, credential, "{text}");
        }
    }
}
