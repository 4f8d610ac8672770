//! [`LoopbackServer`]: a server on this machine alone, which gives prepared answers and keeps what it was sent.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a new connection is looked for.
const TICK: Duration = Duration::from_millis(5);
/// So long a client may take for the next bytes of its request.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many bytes a request may have.
const MOST: u64 = 64 * 1024 * 1024;

/// An answer that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedResponse {
    /// The status code.
    pub status: u16,
    /// Headers beside the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// GET, POST and so on.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are not UTF-8 are replaced.
    pub body: String,
}

/// A server that answers one request a connection. When it has no more answers, it reads the request and closes the connection.
#[derive(Debug)]
pub struct LoopbackServer {
    address: String,
    received: Arc<Mutex<Vec<ReceivedRequest>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl LoopbackServer {
    /// Starts a server with these answers, in this order, on a free port.
    ///
    /// # Errors
    /// The system has no port.
    pub fn start(responses: Vec<PreparedResponse>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = format!("http://{}", listener.local_addr()?);
        let (received, ends) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<AtomicBool>::default());
        let (kept, told_to_end) = (Arc::clone(&received), Arc::clone(&ends));
        let thread = std::thread::spawn(move || serve(&listener, responses.into(), &kept, &told_to_end));
        Ok(Self { address, received, ends, thread: Some(thread) })
    }

    /// Returns the beginning of its URLs, without a slash at the end.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it, and returns what came.
    #[must_use]
    pub fn finish(mut self) -> Vec<ReceivedRequest> {
        self.end();
        std::mem::take(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn end(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has ended it, too.
            let _ = thread.join();
        }
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        self.end();
    }
}

fn serve(
    listener: &TcpListener,
    mut responses: VecDeque<PreparedResponse>,
    received: &Mutex<Vec<ReceivedRequest>>,
    ends: &AtomicBool,
) {
    while !ends.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(TICK);
            continue;
        };
        // A client that does not speak HTTP, or goes away, gets nothing.
        let Ok(request) = read_request(&stream) else { continue };
        received.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        if let Some(response) = responses.pop_front() {
            let _ = write_response(stream, &response);
        }
    }
}

fn read_request(stream: &TcpStream) -> io::Result<ReceivedRequest> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream).take(MOST);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let is_length = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-length");
    let length = headers.iter().find(is_length).and_then(|(_, value)| value.parse::<u64>().ok()).unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(ReceivedRequest { method, path, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

fn write_response(mut stream: TcpStream, response: &PreparedResponse) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} \r\nContent-Length: {}\r\n", response.status, response.body.len());
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(response.body.as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(server: &LoopbackServer, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address().trim_start_matches("http://")).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn answers_come_in_their_order_and_then_none() {
        let headers = vec![("Location".to_owned(), "/b".to_owned())];
        let server =
            LoopbackServer::start(vec![PreparedResponse { status: 302, headers, body: "ö".to_owned() }]).unwrap();
        let answer = send(&server, "POST /a?b HTTP/1.1\r\nX-Key: one\r\ncontent-length: 2\r\n\r\nhi");
        assert!(
            answer.starts_with("HTTP/1.1 302 ") && answer.contains("Location: /b\r\n") && answer.ends_with("\r\n\r\nö")
        );
        assert_eq!(send(&server, "GET /c HTTP/1.1\r\n\r\n"), "");
        let received = server.finish();
        assert_eq!((received[0].method.as_str(), received[0].path.as_str()), ("POST", "/a?b"));
        assert_eq!((received[0].body.as_str(), &received[0].headers[0].1), ("hi", &"one".to_owned()));
        assert_eq!((received.len(), received[1].body.as_str()), (2, ""));
    }
}
