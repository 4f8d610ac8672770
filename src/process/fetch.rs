//! [`Session::fetch_missing`]: what a shallow clone lacks of the history, fetched a step at a time.

use std::collections::BTreeSet;

use super::error::ProcessError;
use super::fetch_remote::FetchRemote;
use super::prompt::Prompt;
use super::session::Session;
use crate::capture::CaptureOptions;
use crate::model::{Event, EventKind, EventState, PackageIx};
use crate::plan::{FetchStep, Search, untagged, wanted_tags};
use crate::snapshot::Snapshot;

impl Session {
    /// Fetches the history that some packages lack, and reads again after each step. Without a gap the network is not used.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached, or what was fetched cannot be read.
    pub fn fetch_missing(
        &mut self,
        request: CaptureOptions,
        mut snapshot: Snapshot,
        prompt: &mut dyn Prompt,
        lacking: &dyn Fn(&Snapshot) -> Vec<PackageIx>,
    ) -> Result<Snapshot, ProcessError> {
        // What is not missing is not fetched; and a repository without a commit has nothing to fetch the rest of.
        let Some(head) = snapshot.git.commit.clone().filter(|_| !lacking(&snapshot).is_empty()) else {
            return Ok(snapshot);
        };
        let Some(remote) = FetchRemote::ask(&self.place.git, snapshot.git.branch.as_deref())? else {
            prompt.warn("no remote to fetch the missing history from");
            return Ok(snapshot);
        };
        let mut requested: BTreeSet<PackageIx> = lacking(&snapshot).into_iter().collect();
        self.place.untagged = untagged(&snapshot, remote.tags());
        let mut search = Search::default();
        loop {
            snapshot = self.read_again(request, prompt)?;
            let lacking = lacking(&snapshot);
            requested.extend(lacking.iter().copied());
            let reached = self.place.git.reachable(head.as_str())?;
            let wanted = wanted_tags(&snapshot, &requested, remote.tags());
            let step = match search.tags(&wanted, &|commit| reached.contains(commit)) {
                None if lacking.is_empty() => return Ok(snapshot),
                tags => tags.or_else(|| search.deeper()),
            };
            // Without a further step the whole history is here, or as much as the remote has.
            let Some(step) = step else { return Ok(snapshot) };
            let words = format!("fetching {} from {}", describe(&step), remote.remote());
            prompt.report(Event::new(EventKind::Phase, "fetch", EventState::Begun).saying(words));
            if !remote.fetch(&self.place.git, head.as_str(), &step)? {
                return Ok(snapshot);
            }
            self.reopen()?;
        }
    }
}

fn describe(step: &FetchStep) -> String {
    match step {
        FetchStep::Tags(names) => format!("the tag{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", ")),
        FetchStep::Deepen(by) => format!("{by} commits more"),
        FetchStep::Everything => "the whole history".to_owned(),
    }
}
