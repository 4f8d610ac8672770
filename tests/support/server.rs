//! A small HTTP/1.1 server on the loopback interface, whose answers a test scripts. It ends with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// `GET /x?y`, as tests list what was asked.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// Says that so many bytes follow, and sends only these.
    Promise {
        length: u64,
        body: Vec<u8>,
    },
    /// Closes the connection without an answer.
    Cut,
    /// Never answers.
    Stall,
}

impl Act {
    pub fn json(status: u16, body: serde_json::Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", &body.to_string())
    }

    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self::Answer { status, headers, body: body.as_bytes().to_vec() }
    }

    pub fn redirect(status: u16, to: &str) -> Self {
        Self::Answer { status, headers: vec![("Location".to_owned(), to.to_owned())], body: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that answers each request as the function says.
    pub fn start(mut act: impl FnMut(&Seen) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, stopped) = (Arc::clone(&seen), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Some(request) = read_request(&stream) else { continue };
                log.lock().unwrap().push(request.clone());
                let act = act(&request);
                // A client that gives up closes its end.
                let _ = perform(stream, &act, request.method == "HEAD", &stopped);
            }
        });
        Self { url, seen, stop, thread: Some(thread) }
    }

    /// Starts a server that gives these answers, one after the other, and cuts further connections.
    pub fn script(acts: Vec<Act>) -> Self {
        let mut acts = acts.into_iter();
        Self::start(move |_| acts.next().unwrap_or(Act::Cut))
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read_request(stream: &TcpStream) -> Option<Seen> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { method, path, headers, body })
}

fn perform(mut stream: TcpStream, act: &Act, is_head: bool, stopped: &AtomicBool) -> std::io::Result<()> {
    match act {
        Act::Answer { status, headers, body } => {
            let mut head =
                format!("HTTP/1.1 {status} Scripted\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(format!("{head}\r\n").as_bytes())?;
            stream.write_all(if is_head { &[] } else { body })
        }
        Act::Promise { length, body } => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
            stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n").as_bytes())?;
            stream.write_all(body)
        }
        Act::Cut => Ok(()),
        Act::Stall => {
            while !stopped.load(Ordering::SeqCst) && is_open(&stream) {
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(())
        }
    }
}

fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    !matches!(stream.peek(&mut [0]), Ok(0))
}
