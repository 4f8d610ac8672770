//! Plans: pure functions from a snapshot and a request to a complete plan.
//!
//! Nothing here reads a disk, a clock or the environment, and nothing prints. Carrying a plan out is `apply`'s business; a dry run is
//! a plan that is not handed to it.
//!
//! [`bump()`] goes from selection (`select`) to versions (`targets`), to requirements that have to follow (`dependents`), to proven edits
//! (`edits`), to the reasons against it (`guards`). `auto` computes the levels that changes require. [`check()`] finds what disagrees and
//! plans the repairs; [`status()`] reports, and [`explain()`] says why. Every order is that of relman.toml or of names, never of a hash or
//! a thread.

mod auto;
mod bump;
mod candidates;
mod changelog;
mod check;
mod check_tag;
mod conflicts;
mod cycles;
mod delivery;
mod dependents;
mod edits;
mod explain;
mod fetch;
mod file_changes;
mod finding;
mod foreign_words;
mod gate;
mod gate_refusals;
mod generated;
mod graph;
mod group_versions;
mod guards;
mod history_gaps;
mod hotfix;
mod hotfix_ask;
mod hotfix_line;
mod in_progress;
mod left_out;
mod messages;
mod missing_fragments;
mod module_path;
mod new_fragment;
mod notes;
mod offers;
mod one_version;
mod outward;
mod pin_bump;
mod pins;
mod places;
mod plugin_findings;
mod plugin_proof;
mod proposal;
mod publish_order;
mod reason;
mod release_plan;
mod release_request;
mod release_unit;
mod released;
mod report;
mod request;
mod requests;
mod seals;
mod select;
mod settle;
mod shallow;
mod spelling;
mod status;
mod surrounding;
mod tag;
mod tag_names;
mod tagged_packages;
mod targets;
mod unknown_names;
mod verify;
mod words;

pub use auto::level_of_fragment;
pub use bump::{bump, without_commits};
pub use candidates::{Candidate, WordKind, candidates};
pub use changelog::{
    Announcement, Assembled, Notes, PreviewReport, PreviewRequest, PreviewedEntry, PreviewedGroup, PreviewedSection,
    assemble, items_since, keeps_changelogs, longest_body, notes, preview,
};
pub use check::{CheckReport, Checked, check, check_packages};
pub use check_tag::{CheckedTag, check_tag};
pub use conflicts::conflicts_behind;
pub use delivery::{
    Delivery, DeliveryRequest, DeliveryUnits, GateContext, GateReach, PlannedRun, announcement, check_gate_names,
    deliver, delivery_units, gates, milestone_report, planned_runs, release_marker, run_key, unasked,
};
pub use explain::{ExplainedCommit, ExplainedFragment, Explanation, Reason, explain};
pub use fetch::{FetchStep, RemoteTag, Search, WantedTag, untagged, wanted_tags};
pub use file_changes::{FileChange, FileChanges, FileClash, SlotChange};
pub use finding::{Finding, FindingCode};
pub use gate::{Gate, GateState};
pub use gate_refusals::gate_refusal;
pub use generated::{not_as_planned, rewritten};
pub use graph::{Arrow, GraphPackage, GraphRelease, GraphRequirement, PackageGraph, Picture, PictureBox, graph};
pub use hotfix::{
    BackLook, BackOutcome, FinishLooks, HotfixRequest, HotfixStart, Reconciled, ReleasedSections, Texts, back_branches,
    finish_hotfix, reconcile, released_sections, request_branch, start_hotfix, with_sections, without_sections,
};
pub use in_progress::in_progress;
pub use left_out::not_written_out;
pub use messages::{is_release_trailer, released_tags};
pub use missing_fragments::{FragmentReport, PackageFragments, missing_fragments};
pub use new_fragment::{NewFragment, new_fragment, types_of};
pub use notes::tags_elsewhere;
pub use offers::{Offer, OfferedStep, is_open, offers};
pub use one_version::has_one_version;
pub use outward::{
    Back, FloatingTag, ForgeReleaseStep, Latest, MergePush, MilestoneAction, MilestoneStep, Outward, OutwardStep,
    PluginRelease, PluginStep, Publish, Push, RequestAim, RequestStep, RunLine, RunStep, StepId, StepsError, Upload,
    WaitForCi, check_steps,
};
pub use pin_bump::PinBump;
pub use pins::{PinFault, PinRequest, PinStatus, pins, release_of_pin, unknown_pins};
pub use plugin_proof::{TextsOfPlugins, against_second_answer, refused_for_plugins, texts_of_plugins};
pub use proposal::Proposal;
pub use reason::BumpReason;
pub use release_plan::{
    BranchCommit, CommitPlan, ExistingTag, MergePlan, PackageBump, PlannedMilestone, Refusal, RefusalCode,
    ReleaseNotes, ReleasePlan, SCHEMA, TagPlan,
};
pub use release_request::{NextBranch, RELEASE_BRANCH, RequestLooks, is_release_branch, labelled, release_request};
pub use release_unit::{ReleaseUnit, ReleaseWords, milestone_title, release_title, units_of};
pub use released::unlike_planned;
pub use report::{PLAN_SCHEMA, PlanReport, ReportError, ReportedCommit, ReportedState, ReportedStep, ReportedTag};
pub use request::{BumpRequest, BumpSpec};
pub use select::{index_of, indices};
pub use shallow::{lacking, packages_missing_history_for};
pub use status::{GroupStatus, ManifestStatus, PackageStatus, StatusReport, status};
pub use surrounding::package_around;
pub use tag::tag;
pub use verify::{
    Allowance, ArtifactReport, ArtifactState, Expected, ImageTag, Known, OnlyNamed, PageSays, VerifyReport,
    VerifyRequest, What, artifacts_before, expected_artifacts, judge, made_artifacts, only_named, pinned_artifacts,
    verify_units, wants_forge,
};
pub use words::{read_words, with_members};
