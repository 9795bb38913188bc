//! A body on its way in: within a limit, from a caller that goes on sending.

use crate::problem::{Code, Problem};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a caller may send nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// 413: the body has more than `limit` bytes.
pub fn too_large(limit: u64) -> Problem {
    Problem::new(Code::PayloadTooLarge)
        .explain(format!("Il corpo supera {limit} byte."), format!("The body exceeds {limit} bytes."))
}

/// The body of a request, piece by piece.
#[derive(Debug)]
pub struct Incoming<S> {
    body: S,
    limit: u64,
    received: u64,
    patience: Duration,
    /// The last moment to hear from the caller.
    due: Instant,
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Incoming<S> {
    /// A body of at most `limit` bytes.
    pub fn new(body: S, limit: u64) -> Self {
        Self::with_patience(body, limit, PATIENCE)
    }

    fn with_patience(body: S, limit: u64, patience: Duration) -> Self {
        Self { body, limit, received: 0, patience, due: Instant::now() + patience }
    }

    /// The next piece; `None` after the last. 413 beyond the limit, 408 when the caller sent nothing for a minute, 400 when
    /// the body breaks off. Whoever stops waiting for a piece may ask for it again.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let piece =
            timeout_at(self.due, self.body.next()).await.map_err(|_| Problem::new(Code::RequestTimeout))?;
        self.due = Instant::now() + self.patience;
        let Some(piece) = piece else { return Ok(None) };
        let piece = piece.map_err(|_| {
            Problem::new(Code::MalformedRequest).explain("Invio interrotto.", "The upload was interrupted.")
        })?;
        self.received += piece.len() as u64;
        if self.received > self.limit {
            return Err(too_large(self.limit));
        }
        Ok(Some(piece))
    }

    /// The body as a whole, refused as by [`Incoming::next`]. Whoever asks should hold no connection to the database
    /// meanwhile: a body may take as long as its caller likes.
    pub async fn whole(mut self) -> Result<Vec<u8>, Problem> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::{iter, pending};

    fn pieces(sent: &[&'static str]) -> Vec<Result<Bytes, PayloadError>> {
        sent.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect()
    }

    #[actix_web::test]
    async fn a_body_is_taken_up_to_its_limit() {
        let whole = |limit| Incoming::new(iter(pieces(&["abc", "de"])), limit).whole();
        assert_eq!(whole(5).await.unwrap(), b"abcde");
        assert_eq!(whole(4).await.unwrap_err().code(), Code::PayloadTooLarge);
    }

    #[actix_web::test]
    async fn a_body_that_breaks_off_is_none() {
        let mut sent = pieces(&["abc"]);
        sent.push(Err(PayloadError::Incomplete(None)));
        assert_eq!(Incoming::new(iter(sent), 9).whole().await.unwrap_err().code(), Code::MalformedRequest);
    }

    #[actix_web::test]
    async fn a_caller_that_sends_nothing_more_is_not_waited_for() {
        let stalled = iter(pieces(&["abc"])).chain(pending());
        let incoming = Incoming::with_patience(stalled, 9, Duration::from_millis(20));
        assert_eq!(incoming.whole().await.unwrap_err().code(), Code::RequestTimeout);
    }

    #[actix_web::test]
    async fn a_slow_caller_is_waited_for_as_long_as_it_sends() {
        let slow = iter(pieces(&["a"; 8])).then(|piece| async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            piece
        });
        let incoming = Incoming::with_patience(Box::pin(slow), 9, Duration::from_millis(300));
        assert_eq!(incoming.whole().await.unwrap(), b"aaaaaaaa");
    }
}
