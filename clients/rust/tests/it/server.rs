//! An HTTP server of a hundred lines: it records what it was asked and answers as the test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

pub enum Answer {
    Json(u16, String),
    With(u16, &'static [(&'static str, &'static str)], String),
    /// Breaks the connection without a word.
    HangUp,
}

pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `answer` gets the request and how many came before it for the same path.
    pub async fn start(answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::<Asked>::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut connection = BufReader::new(connection);
                    let Some(request) = read(&mut connection).await else { return };
                    let before = {
                        let mut log = log.lock().unwrap();
                        let before = log.iter().filter(|other| other.path == request.path).count();
                        log.push(request.clone());
                        before
                    };
                    write(&mut connection, answer(&request, before)).await;
                });
            }
        });
        Self { url, asked }
    }

    /// The requests for a path, in the order they came.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|request| request.path == path).cloned().collect()
    }
}

async fn read(connection: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    connection.read_line(&mut line).await.ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = Vec::new();
    if let Some(length) = headers.get("content-length") {
        body.resize(length.parse().ok()?, 0);
        connection.read_exact(&mut body).await.ok()?;
    } else if headers.contains_key("transfer-encoding") {
        loop {
            let mut size = String::new();
            connection.read_line(&mut size).await.ok()?;
            let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).ok()? + 2];
            connection.read_exact(&mut chunk).await.ok()?;
            if chunk.len() == 2 {
                break;
            }
            body.extend_from_slice(&chunk[..chunk.len() - 2]);
        }
    }
    Some(Asked { method, path, headers, body: String::from_utf8(body).ok()? })
}

async fn write(connection: &mut BufReader<TcpStream>, answer: Answer) {
    let (status, headers, body) = match answer {
        Answer::Json(status, body) => (status, &[][..], body),
        Answer::With(status, headers, body) => (status, headers, body),
        Answer::HangUp => return,
    };
    let mut head = vec![format!("HTTP/1.1 {status} X"), "connection: close".to_owned()];
    head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if status != 304 {
        head.push(format!("content-length: {}", body.len()));
    }
    let text = format!("{}\r\n\r\n{body}", head.join("\r\n"));
    connection.write_all(text.as_bytes()).await.ok();
}

pub fn empty_page() -> Answer {
    Answer::Json(200, r#"{"items":[],"next":null}"#.to_owned())
}

pub fn problem(status: u16, code: &str) -> Answer {
    Answer::With(status, &[("content-type", "application/problem+json")], problem_body(status, code))
}

pub fn problem_body(status: u16, code: &str) -> String {
    format!(
        r#"{{"type":"https://concilia.example/problems/{code}","title":"T","status":{status},"detail":"D","code":"{code}",
            "instance":"r-1","errors":[{{"pointer":"/email","code":"email","detail":"bad"}}]}}"#
    )
}

/// Tokens named by their number, with a rotating refresh token.
pub fn tokens(number: usize, seconds: u32) -> Answer {
    Answer::Json(
        200,
        format!(
            r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","token_type":"Bearer","expires_in":{seconds}}}"#
        ),
    )
}
