//! A file that shows how far it has been read.

use indicatif::{ProgressBar, ProgressStyle};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

const STYLE: &str = "sending   {bar:40} {bytes}/{total_bytes} {bytes_per_sec}";

/// Read once, at the pace at which the server takes it.
pub(crate) struct MeteredFile {
    file: File,
    bar: ProgressBar,
}

impl MeteredFile {
    pub(crate) async fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path).await?;
        let bar = ProgressBar::new(file.metadata().await?.len());
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        Ok(Self { file, bar })
    }
}

impl AsyncRead for MeteredFile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.file).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = &polled {
            match buffer.filled().len() - before {
                0 => self.bar.finish(),
                read => self.bar.inc(read as u64),
            }
        }
        polled
    }
}
