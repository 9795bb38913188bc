//! Bodies that are sent as they are read: an import of any size takes the memory of one chunk.
//!
//! ```no_run
//! # async fn example(concilia: concilia_client::Concilia, employer_id: uuid::Uuid) -> Result<(), Box<dyn std::error::Error>> {
//! let file = tokio::fs::File::open("employees.csv").await?;
//! let body = concilia_client::upload::reader(file);
//! let job = concilia.create_employee_import_csv().employer_id(employer_id).body(body).send().await;
//! # Ok(())
//! # }
//! ```

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt, TryStream};
pub use reqwest::Body;
use serde::Serialize;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes of a chunk.
const CHUNK: usize = 64 * 1024;

/// A file, a pipe, or anything else that is read.
pub fn reader(source: impl AsyncRead + Send + 'static) -> Body {
    let chunks = stream::try_unfold(Box::pin(source), |mut source| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let read = source.read_buf(&mut chunk).await?;
        Ok::<_, io::Error>((read > 0).then(|| (chunk.freeze(), source)))
    });
    Body::wrap_stream(chunks)
}

/// Chunks that come from elsewhere.
pub fn chunks<S>(source: S) -> Body
where
    S: TryStream + Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    Bytes: From<S::Ok>,
{
    Body::wrap_stream(source)
}

/// Rows as lines of JSON (`application/x-ndjson`), many to a chunk.
pub fn ndjson<T: Serialize>(rows: impl Stream<Item = T> + Send + 'static) -> Body {
    let lines = rows.map(|row| {
        let mut line = serde_json::to_vec(&row)?;
        line.push(b'\n');
        Ok::<_, serde_json::Error>(line)
    });
    let chunks = lines.ready_chunks(256).map(|lines| {
        let lines = lines.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok::<_, serde_json::Error>(Bytes::from(lines.concat()))
    });
    Body::wrap_stream(chunks)
}
