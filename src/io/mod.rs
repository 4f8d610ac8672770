//! The only door to the machine: files, git, the clock, the environment, the terminal.
//!
//! Nothing here decides, and nothing prints. Every error names the action and the path or the git call.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the module in which files, processes, the environment and the clock are touched"
)]

mod answer;
mod cargo;
mod cat_file;
mod clock;
mod command;
mod command_group;
mod credentials;
mod editor;
mod environment;
mod file_stamp;
mod file_writes;
mod files;
mod folder;
mod git;
mod git_ancestry;
mod git_beside;
mod git_changes;
mod git_clone;
mod git_config;
mod git_diff;
mod git_faults;
mod git_file_log;
mod git_filters;
mod git_grep;
mod git_head;
mod git_index;
mod git_init;
mod git_log;
mod git_objects;
mod git_partial;
mod git_process;
mod git_refs;
mod git_settled;
mod git_sparse;
mod git_state;
mod git_trees;
mod http;
mod http_error;
mod http_fault;
mod http_limits;
mod http_proxy;
mod keyboard;
mod lock;
mod loopback;
mod pace;
mod parallel;
mod percent;
mod pipe_lines;
mod plain_file;
mod processes;
mod program;
mod sandbox;
mod scratch;
mod signals;
mod symlink;
mod terminal;

pub use answer::{Asked, Question, ask_program};
pub use cargo::{CargoError, cargo_members};
pub use cat_file::CatFile;
pub use clock::{ClockError, Date, Stopwatch, chance, now_seconds, source_date_epoch, today};
pub use command::{CommandEnd, CommandError, Ending, Invocation, OwnCommand, run_command};
pub use credentials::{gh_token, git_password};
pub use editor::run_editor;
pub use environment::{arguments, current_dir, is_set, variable};
pub use file_stamp::FileStamp;
pub use file_writes::{
    create_dirs, create_new, link_new, link_or_copy, remove, remove_dir, remove_tree, rename, rename_new, sync_dir,
    sync_file, sync_filesystem, write_file,
};
pub use files::{
    FileError, FileMode, Kind, below, canonical, is_writable, kind, link_target, read_file, read_text,
    read_text_argument,
};
pub use folder::{DirEntry, read_dir};
pub use git::Git;
pub use git_ancestry::MergedTree;
pub use git_beside::{CommitContent, TreeText};
pub use git_changes::{TreeChange, TreeEntry};
pub use git_config::{GitIdentity, PushDefaults, WorkTreeSettings, is_true};
pub use git_diff::{ChangedPath, CommitPair};
pub use git_faults::GitFault;
pub use git_file_log::FileHistoryEntry;
pub use git_head::{Branch, Changed, Head, Status};
pub use git_index::{IndexChange, IndexEntry};
pub use git_log::{CommitLog, LoggedCommit};
pub use git_process::{EnvOverrides, GitError, GitRun, Input};
pub use git_refs::{RemoteRef, TagTarget};
pub use http::{Http, HttpRequest, HttpResponse, Payload};
pub use http_error::{is_loopback_host, is_same_origin};
pub use http_fault::{HttpFault, Method};
pub use http_limits::HttpLimits;
pub use keyboard::{Keyboard, Press};
pub use lock::{Lock, LockError};
pub use loopback::{LoopbackServer, PreparedResponse, ReceivedRequest};
pub use pace::{Again, Pace};
pub use parallel::in_parallel;
pub use percent::{decode, encode};
pub use plain_file::{Plain, read_plain};
pub use processes::{GitProcess, both, git_processes, may_be_open, may_run, own_pid, pause};
pub use program::find_program;
pub use sandbox::{TreeState, tree_state};
pub use scratch::ScratchFolder;
pub use signals::{
    Held, INTERRUPT, end_by_signal, ended_by, interrupted, left, note_left, on_signal, saw_interrupt, signal_held_back,
    yield_to_signal,
};
pub use symlink::link_into;
pub use terminal::{
    TypedLine, read_line, stderr_is_terminal, stdin_is_terminal, stdout_is_terminal, terminal_has_cursor, terminal_size,
};
