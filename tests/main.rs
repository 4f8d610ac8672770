//! The one test binary. Every file of this folder is a module here; `no_file_is_forgotten` sees to that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    missing_docs,
    unreachable_pub,
    reason = "a test may panic, touch files and start processes"
)]

mod adoption;
mod apply;
mod bad_input;
mod bump_table;
mod changelog_add;
mod changelog_commands;
mod changelog_input;
mod changelog_styles;
mod changelogs;
mod check_cmd;
mod check_tag;
mod commit_entries;
mod completions;
mod config;
mod configuration_page;
mod ctrl_c;
mod damaged;
mod delivery;
mod delivery_branch;
mod delivery_trouble;
mod demo;
mod dependents;
mod dependents_complaints;
mod dialogue;
mod edges;
mod folder_locks;
mod forge_faults;
mod forge_github;
mod forge_gitlab;
mod fragments;
mod fuzz_corpus;
#[cfg(unix)]
mod generate;
mod git_calls;
#[cfg(unix)]
mod git_settings;
mod golden;
mod graph;
mod groups;
mod guards;
mod histories;
mod history_input;
mod history_laws;
mod hooks;
mod hostile_paths;
mod hotfix;
mod hotfix_requests;
mod http;
mod ignored_tags;
mod in_progress;
mod in_step;
mod init;
mod init_from;
mod init_laws;
mod interrupted;
mod io_git;
mod json_page;
mod laws_dependents;
mod laws_locks;
mod laws_model;
mod laws_plan;
mod laws_workspace;
mod layering;
mod limits;
mod manifest_properties;
mod manifest_rules;
mod maven;
mod milestone_notes;
mod mistakes;
mod names;
mod narrow;
mod never_tagged;
#[cfg(unix)]
mod own_commands;
mod partial;
mod partial_slots;
mod persons;
mod picker;
mod pins;
#[cfg(unix)]
mod plugin_cmd;
mod plugin_deeds;
mod plugins;
mod progress;
mod publish;
mod pubspec;
mod registry_access;
mod registry_clients;
mod registry_images;
mod registry_packages;
mod release;
mod release_config;
mod release_request;
mod requirement_sources;
mod requirements;
mod reverts;
mod shallow;
mod shallow_fetch;
mod shown;
mod slot_spelling;
mod sparse;
mod status_format;
mod support;
mod tag_of;
mod tagging;
mod tags;
mod template_limits;
mod toml_edits;
mod transcripts;
mod verify_rules;
mod version_from_tag;
mod words;

#[test]
fn no_file_is_forgotten() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = std::fs::read_to_string(here.join("main.rs")).unwrap();
    let mut forgotten = Vec::new();
    for entry in std::fs::read_dir(&here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap_or("");
        if !module.is_empty() && module != "main" && !main.contains(&format!("mod {module};")) {
            forgotten.push(name);
        }
    }
    assert_eq!(forgotten, Vec::<String>::new());
}
