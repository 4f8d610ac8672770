//! Clients of forges whose servers a test scripts.

use relman::forge::{Forge, ForgeAddress, Token, TokenSource};
use relman::io::{Http, HttpLimits, Pace};
use relman::model::{ForgeKind, Secret};

use super::server::Server;

pub const TOKEN: &str = "glpat-or-ghp-s3cret";

/// Short pauses: a test is not patient.
pub const PACE: Pace = Pace { patience: 1_500, first: 1, most: 4, unsaid: 2 };

/// A client of a server, with a token.
pub fn forge(kind: ForgeKind, server: &Server) -> Forge {
    forge_with(kind, server, Some((TOKEN, TokenSource::Variable("RELMAN_TOKEN"))), &|_| None)
}

pub fn forge_with(
    kind: ForgeKind,
    server: &Server,
    token: Option<(&str, TokenSource)>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Forge {
    let repository = match kind {
        ForgeKind::Github => "o/r",
        ForgeKind::Gitlab => "g/s/p",
    };
    let url = server.url.clone();
    let address = ForgeAddress { kind, api: url.clone(), url, repository: repository.to_owned(), is_vouched_for: true };
    let http = Http::new(HttpLimits { connect: 1_000, answer: 300, body: 1024 * 1024 }, &|_| None);
    let token = token.map(|(text, source)| Token::new(Secret::new(text.to_owned()), source));
    Forge::new(address, token, http, PACE, environment)
}
