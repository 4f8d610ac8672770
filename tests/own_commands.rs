//! Commands of the user's own: their output, their ends, and what happens to their processes.

use std::path::Path;
use std::time::{Duration, Instant};

use relman::io::{CommandEnd, CommandError, Ending, Invocation, OwnCommand, run_command};

fn run(command: &OwnCommand, limit: Option<u64>, input: &[u8]) -> (Result<CommandEnd, CommandError>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    run_in(dir.path(), command, limit, input)
}

fn run_in(
    dir: &Path,
    command: &OwnCommand,
    limit: Option<u64>,
    input: &[u8],
) -> (Result<CommandEnd, CommandError>, Vec<String>) {
    let environment = vec![("RELMAN_TAG".into(), Some("v1".into())), ("CARGO_MANIFEST_DIR".into(), None)];
    let invocation = Invocation { command, dir, environment: &environment, input, limit };
    let mut lines = Vec::new();
    let end = run_command(&invocation, &mut |line| lines.push(line.to_owned()));
    (end, lines)
}

fn shell(line: &str) -> OwnCommand {
    OwnCommand::Shell(line.to_owned())
}

fn is_running(pid: &str) -> bool {
    // A zombie has ended.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[test]
fn output_comes_line_by_line_and_in_order() {
    let script = "echo one; echo two >&2; printf '10%%\\r100%%\\n'; printf 'no end'; echo \" $RELMAN_TAG $CARGO_MANIFEST_DIR.\"; exit 3";
    let (end, lines) = run(&shell(script), None, b"");
    assert_eq!(lines, ["one", "two", "100%", "no end v1 ."]);
    assert_eq!(end.unwrap(), CommandEnd { ending: Ending::Exit(3), tail: lines });
    let (end, lines) = run(&shell("seq 100; kill -9 $$"), None, b"");
    let end = end.unwrap();
    assert_eq!((end.ending, lines.len(), end.tail), (Ending::Signal(9), 100, lines[80..].to_vec()));
    // Arguments are not for a shell, and standard input is given or empty.
    let words = ["printf", "%s\n", "$HOME; echo x"].map(str::to_owned);
    assert_eq!(run(&OwnCommand::Program(words.to_vec()), None, b"").1, ["$HOME; echo x"]);
    assert_eq!(run(&shell("cat"), None, b"a\nb").1, ["a", "b"]);
    assert_eq!(run(&shell("cat; echo end"), None, b"").1, ["end"]);
    assert_eq!(run(&shell("true"), None, &[b'x'; 200_000]).0.unwrap().ending, Ending::Exit(0), "input is not read");
    assert_eq!(run(&shell("printf '\\377\\n'"), None, b"").1, ["\u{fffd}"]);
}

#[test]
fn what_cannot_be_run_is_named() {
    let (end, _) = run(&OwnCommand::Program(vec!["relman-no-such-program".to_owned()]), None, b"");
    assert_eq!(end.unwrap_err().to_string(), "the program `relman-no-such-program` was not found");
    assert!(matches!(run(&OwnCommand::Program(Vec::new()), None, b"").0, Err(CommandError::Empty)));
    let (end, _) = run_in(Path::new("/nonexistent/x"), &shell("true"), None, b"");
    assert!(matches!(end, Err(CommandError::NoFolder(_))));
}

#[cfg(target_os = "linux")]
#[test]
fn the_time_limit_ends_all_processes_of_a_command() {
    // One that ends when it is asked, one that does not, and one in the background.
    for script in ["echo $$; sleep 60 & echo $!; wait", "trap '' TERM; echo $$; sleep 60 & echo $!; wait; sleep 60"] {
        let started = Instant::now();
        let (end, pids) = run(&shell(script), Some(200), b"");
        assert_eq!(end.unwrap().ending, Ending::TimedOut);
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!((pids.len(), pids.iter().filter(|pid| is_running(pid)).count()), (2, 0), "{script}");
    }
}

#[test]
fn a_command_that_leaves_a_process_behind_is_not_waited_for() {
    let started = Instant::now();
    let (end, lines) = run(&shell("sleep 20 & echo $!; exit 0"), None, b"");
    assert_eq!(end.unwrap().ending, Ending::Exit(0));
    assert!(started.elapsed() < Duration::from_secs(15));
    let _ = std::process::Command::new("kill").arg(&lines[0]).status();
}

/// Run by the test below in a process of its own.
#[cfg(target_os = "linux")]
#[test]
fn interrupted_child() {
    let Ok(dir) = std::env::var("RELMAN_TEST_INTERRUPTED") else { return };
    let dir = Path::new(&dir);
    let (end, _) = run_in(dir, &shell("echo $$ > pid; sleep 60 & echo $! > other; echo > ready; wait"), None, b"");
    let Err(CommandError::Interrupted(signal)) = end else { panic!("{end:?}") };
    std::fs::write(dir.join("cleaned"), "").unwrap();
    relman::io::end_by_signal(signal);
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_to_relman_ends_the_command_first_and_then_relman() {
    use std::os::unix::process::ExitStatusExt;
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let dir = tempfile::tempdir().unwrap();
        // Who runs the tests in the background ignores Ctrl-C, and so would all that they start.
        let mut child = std::process::Command::new("env")
            .arg("--default-signal=HUP,INT,TERM")
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "own_commands::interrupted_child"])
            .env("RELMAN_TEST_INTERRUPTED", dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while !dir.path().join("ready").exists() {
            assert!(started.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(5));
        }
        let kill = ["-s", name, &child.id().to_string()].map(str::to_owned);
        assert!(std::process::Command::new("kill").args(kill).status().unwrap().success());
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(number), "{name}: {status:?}");
        assert!(dir.path().join("cleaned").exists());
        for file in ["pid", "other"] {
            let pid = std::fs::read_to_string(dir.path().join(file)).unwrap();
            assert!(!is_running(pid.trim()), "{name}: {file}");
        }
    }
}
