//! [`Netrc`]: user names and passwords by hosts.

use std::path::Path;

use super::files::{Environment, read_if_there, set_path};
use crate::registry::credential::{Credential, Keys};

/// The file that `NETRC` names, else `.netrc` in the home folder.
#[derive(Debug)]
pub(super) struct Netrc(Result<Vec<(String, Credential)>, String>);

impl Netrc {
    pub(super) fn read(environment: Environment<'_>, home: Option<&Path>) -> Self {
        let path = set_path(environment, "NETRC").or_else(|| home.map(|home| home.join(".netrc")));
        let text = path.map_or(Ok(None), |path| read_if_there(&path));
        Self(text.map(|text| machines(&text.unwrap_or_default())))
    }

    /// Returns the keys to a host, which may have a port: the file names hosts without.
    pub(super) fn keys(&self, host: &str) -> Keys {
        let bare = match host.rsplit_once(':') {
            Some((bare, port)) if port.chars().all(|c| c.is_ascii_digit()) => bare,
            _ => host,
        };
        match &self.0 {
            Ok(machines) => {
                let found = machines.iter().find(|(name, _)| name == bare);
                found.map_or_else(Keys::default, |(_, credential)| Keys::of(credential.clone()))
            }
            Err(why) => Keys::none(why.clone()),
        }
    }
}

/// Machines with both a login and a password. The entry `default` is for any host, and so for none here.
fn machines(text: &str) -> Vec<(String, Credential)> {
    let (mut found, mut machine, mut login) = (Vec::new(), None, None);
    let mut words = text.lines().filter(|line| !line.trim_start().starts_with('#')).flat_map(str::split_whitespace);
    while let Some(word) = words.next() {
        match word {
            "machine" => (machine, login) = (words.next(), None),
            "default" | "macdef" => (machine, login) = (None, None),
            "login" => login = words.next(),
            "password" => {
                let password = words.next();
                if let (Some(machine), Some(login), Some(password)) = (machine, login, password) {
                    found.push((machine.to_owned(), Credential::basic(login, password)));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_and_their_logins() {
        let text = "# machine c.io login x password y\nmachine a.io login u password p\nmachine b.io\n  login v\n  password q\n\
            default login w password r\nmachine d.io password s\n";
        let netrc = Netrc(Ok(machines(text)));
        let secret = |host| netrc.keys(host).credential.map(|found| found.header().2.reveal().to_owned());
        let hosts = ["a.io", "a.io:8443", "b.io", "c.io", "d.io", "A.b.io"];
        let expected = [Some("dTpw"), Some("dTpw"), Some("djpx"), None, None, None];
        assert_eq!(hosts.map(secret), expected.map(|text| text.map(str::to_owned)));
        assert!(!format!("{netrc:?}").contains("dTpw"));
        assert_eq!(Netrc(Err("x".to_owned())).keys("a.io").note.as_deref(), Some("x"));
    }
}
