//! `status --format`: a table in Markdown for summaries of CI, and templates.

use crate::support::repo::Repo;

#[test]
fn markdown_is_a_table_in_which_nothing_is_markup() {
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n[groups.\"a|b\"]\nlinked = [\"@acme/ui\", \"my_api\"]\n"),
        ("p/api/package.json", "{ \"name\": \"my_api\", \"version\": \"1.0.0\" }\n"),
        ("p/ui/package.json", "{ \"name\": \"@acme/ui\", \"version\": \"2.0.0-rc.1\" }\n"),
        ("p/ui/package-lock.json", "{ \"name\": \"@acme/ui\", \"version\": \"1.9.0\", \"lockfileVersion\": 3 }\n"),
    ]);
    repo.git(&["tag", "my_api-v1.0.0"]);
    repo.commit(&[("p/api/notes", "one")]);
    let ran = repo.idle(&["status", "--format", "markdown"]);
    assert_eq!(
        ran.exits(0).out,
        "| Package | Version | Last tag | Commits | Next | Why | Group | In sync |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n\
         | `my_api` | `1.0.0` | `my_api-v1.0.0` | 1 | `2.0.0-rc.2` | minor changes | a\\|b | yes |\n\
         | `@acme/ui` | `2.0.0-rc.1` | - | 1 | `2.0.0-rc.2` | linked group a\\|b | a\\|b | no: p/ui/package-lock.json |\n"
    );
    // In a template it is a word like any other.
    let ran = repo.idle(&["status", "--format", "{name} markdown"]);
    assert_eq!(ran.exits(0).out, "my_api markdown\n@acme/ui markdown\n");
}
