//! Plugins that publish and announce: last, once, and known again by their key.
//!
//! The plugin of these tests can write nowhere, as any other, so that it acts by requests, which git makes for it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::server::{Act, Server};

/// What a shop has: each key that was performed, in order.
type Performed = Arc<Mutex<Vec<String>>>;

/// Acts under the key of the request, and finds out by it what was done. `$WHERE` is the shop.
const SCRIPT: &str = r#"
echo '{"relman":[1],"name":"shop","version":"2.0.0","roles":["publish","announce"]}'
read -r line || exit 0
key=$(printf %s "$line" | sed 's/.*"key":"\([^"]*\)".*/\1/; s/[^A-Za-z0-9.-]/_/g')
ask() { git ls-remote "$WHERE/$1" > /dev/null 2>&1; }
case "$line" in
*'"ask":"probe"'*)
    if ask blind; then echo '{"state":"unknown"}'; elif ask "probe/$key"; then echo '{"state":"done"}'; else echo '{"state":"absent"}'; fi ;;
*) if ask "perform/$key"; then echo '{"state":"done","url":"https://shop.example.com/1"}'; else echo '{"error":"the shop is closed","help":"ask the shopkeeper"}'; fi ;;
esac
"#;

struct Shop {
    repo: Repo,
    server: Server,
    performed: Performed,
    /// What the shop refuses: `closed`, or answers: `blind`.
    moods: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Shop {
    fn new(entries: &str) -> Self {
        let performed = Performed::default();
        let moods: Arc<Mutex<BTreeSet<&'static str>>> = Arc::default();
        let (shop, mood) = (Arc::clone(&performed), Arc::clone(&moods));
        let server = Server::start(move |seen| {
            // Git asks for HEAD as well.
            let Some((path, _)) = seen.path.split_once("/info/refs") else { return Act::text(404, "text/plain", "") };
            let is = |name: &str| mood.lock().unwrap().contains(name);
            let ok = match path.trim_start_matches('/').split_once('/') {
                Some(("probe", key)) => shop.lock().unwrap().iter().any(|known| known == key),
                Some(("perform", key)) if !is("closed") => {
                    shop.lock().unwrap().push(key.to_owned());
                    !is("cut")
                }
                _ => path == "/blind" && is("blind"),
            };
            if ok { Act::text(200, "text/plain", "") } else { Act::text(404, "text/plain", "not found") }
        });
        let config = format!(
            "[packages.app]\nmanifests = [\"VERSION\"]\ntag-prefix = \"v\"\n\n[release]\n\n{entries}\n\
             [plugins.shop]\ncommand = [\"sh\", \"shop.sh\"]\nenv = [\"WHERE\"]\n"
        );
        let repo = Repo::with(&[("relman.toml", &config), ("VERSION", "0.1.0\n"), ("shop.sh", SCRIPT)]);
        let bare = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", bare.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
        repo.git(&["push", "-q", "-u", "origin", "main"]);
        Self { repo, server, performed, moods }
    }

    fn relman(&self, args: &[&str]) -> Ran {
        let variables = [("RELMAN_TRUST_PLUGINS", "1"), ("WHERE", self.server.url.as_str())];
        self.repo.relman_with(self.repo.root(), args, &variables)
    }

    fn bumped(self) -> Self {
        self.relman(&["bump", "-p", "app", "minor", "-y"]).exits(0);
        self
    }

    fn performed(&self) -> usize {
        self.performed.lock().unwrap().len()
    }

    fn is_now(&self, mood: &'static str, on: bool) {
        let mut moods = self.moods.lock().unwrap();
        if on {
            moods.insert(mood)
        } else {
            moods.remove(mood)
        };
    }
}

const PUBLISH: &str = "[[release.run]]\nname = \"shop\"\nplugin = \"shop\"\n";
const ANNOUNCE: &str = "[verify]\nannounce = { plugin = \"shop\" }\n";

#[test]
fn a_release_is_published_and_announced_once() {
    let shop = Shop::new(&format!("{PUBLISH}{ANNOUNCE}")).bumped();
    shop.relman(&["release", "-y"]).exits(0);
    let keys = shop.performed.lock().unwrap().clone();
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(keys[0].starts_with("shop_publish_v0.2.0_") && keys[1].starts_with("shop_announce_v0.2.0_"), "{keys:?}");
    shop.relman(&["release", "v0.2.0", "-y"]);
    assert_eq!(shop.performed(), 2, "nothing twice");
}

#[test]
fn a_plugin_that_is_not_trusted_stops_a_release_before_anything_is_out() {
    let shop = Shop::new(PUBLISH).bumped();
    let ran = shop.repo.relman(&["release", "-y"]);
    assert_ne!(ran.code, 0);
    ran.says(&["`shop`", "is not trusted"]);
    assert_eq!(shop.performed(), 0);
    assert_eq!(shop.repo.git(&["ls-remote", "--tags", "origin"]), "");
}

#[test]
fn what_failed_is_done_by_resume() {
    let shop = Shop::new(PUBLISH).bumped();
    shop.is_now("closed", true);
    shop.relman(&["release", "-y"]).exits(6).says(&["the shop is closed"]);
    shop.is_now("closed", false);
    shop.relman(&["resume"]).exits(0);
    assert_eq!(shop.performed(), 1);
}

#[test]
fn an_act_whose_answer_was_lost_is_found_by_its_key() {
    let shop = Shop::new(PUBLISH).bumped();
    shop.is_now("cut", true);
    shop.relman(&["release", "-y"]).exits(6);
    assert_eq!(shop.performed(), 1);
    shop.is_now("cut", false);
    shop.relman(&["resume"]).exits(0);
    assert_eq!(shop.performed(), 1, "it is done, and is not done again");
}

#[test]
fn where_a_plugin_cannot_tell_a_person_has_to() {
    let shop = Shop::new(PUBLISH).bumped();
    shop.is_now("cut", true);
    shop.is_now("blind", true);
    shop.relman(&["release", "-y"]).exits(6);
    shop.is_now("cut", false);
    shop.relman(&["resume"]).exits(6).says(&["--done shop", "--again shop"]);
    assert_eq!(shop.performed(), 1);
    shop.relman(&["resume", "--done", "shop"]).exits(0);
    assert_eq!(shop.performed(), 1);
}

#[test]
fn entries_of_a_plugin_are_in_the_section() {
    let script = "echo '{\"relman\":[1],\"name\":\"n\",\"version\":\"1\",\"roles\":[\"notes\"]}'\nread -r line || exit 0\n\
                  case \"$line\" in *'\"subject\":\"feat: boards\"'*) echo '{\"packages\":[{\"name\":\"app\",\"entries\":[{\"type\":\"KIND\",\"text\":\"Boards have colours\"}]}]}';;\n\
                  *) echo '{\"packages\":[]}';; esac\n";
    let config = "[packages.app]\nmanifests = [\"VERSION\"]\n\n[changelog]\n\n[plugins.n]\ncommand = [\"sh\", \"n.sh\"]\nroles = [\"notes\"]\n";
    for (kind, code) in [("added", 0), ("addd", 2)] {
        let repo =
            Repo::with(&[("relman.toml", config), ("VERSION", "0.1.0\n"), ("n.sh", &script.replace("KIND", kind))]);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "feat: boards"]);
        repo.commit(&[("code.txt", "x\n")]);
        repo.git(&["commit", "-q", "--amend", "-m", "feat: boards"]);
        let variables = [("RELMAN_TRUST_PLUGINS", "1")];
        let ran = repo.relman_with(repo.root(), &["bump", "-p", "app", "minor", "-y"], &variables);
        ran.exits(code);
        if code == 0 {
            let changelog = repo.read("CHANGELOG.md").unwrap();
            assert!(changelog.contains("### Added\n\n- Boards have colours\n"), "{changelog}");
        } else {
            ran.says(&["the plugin `n` 1", "\"addd\" is not a type of changes", "added"]);
        }
    }
}
