//! The input of an import, read back piece by piece.

use super::reader::{Batch, Reader, Step};
use super::receive::{PIECE, PIECE_PURPOSE};
use super::resume_point::ResumePoint;
use concilia_kernel::Db;
use concilia_kernel::jobs::{self, JobContext, JobFailure, RowError};
use concilia_kernel::problem::Problem;
use concilia_kernel::vault::Vault;

/// What comes next of a push.
pub(super) enum Next {
    Batch(Batch),
    Last(Batch),
    Header(Vec<RowError>),
}

/// What the reader is given: a sealed piece, or the news that there is none left.
enum Fed {
    Nothing,
    Piece(Vec<u8>),
    End,
}

/// Opens, cuts, checks and seals on a thread of the blocking pool, so that this work and the
/// database's on the batch before go on at the same time.
pub(super) struct Source<'a> {
    db: &'a Db,
    job: &'a JobContext,
    vault: Vault,
    /// Away while the blocking thread has it.
    reader: Option<Reader>,
    sequence: i32,
    /// Bytes of the first piece that are done with.
    skip: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(db: &'a Db, job: &'a JobContext, vault: Vault, csv: bool, from: &ResumePoint) -> Self {
        let position = (from.offset, from.line);
        Self {
            db,
            job,
            vault,
            reader: Some(Reader::new(job.territory_id, csv, from.layout.clone(), position)),
            sequence: (from.offset / PIECE as u64) as i32,
            skip: (from.offset % PIECE as u64) as usize,
        }
    }

    pub(super) async fn next(&mut self) -> Result<Next, JobFailure> {
        let mut fed = Fed::Nothing;
        loop {
            match self.step(std::mem::replace(&mut fed, Fed::Nothing)).await? {
                Step::Full(batch) => return Ok(Next::Batch(batch)),
                Step::Last(batch) => return Ok(Next::Last(batch)),
                Step::Header(errors) => return Ok(Next::Header(errors)),
                Step::Hungry => {
                    let reader = self.db.reader().await?;
                    let piece = jobs::read_input(&mut &**reader, self.job.id, self.sequence).await?;
                    fed = piece.map_or(Fed::End, Fed::Piece);
                    self.sequence += 1;
                }
            }
        }
    }

    async fn step(&mut self, fed: Fed) -> Result<Step, JobFailure> {
        let Some(mut reader) = self.reader.take() else {
            return Err(Problem::internal("an import was read after it failed").into());
        };
        let vault = self.vault.clone();
        let skip = if matches!(fed, Fed::Piece(_)) { std::mem::take(&mut self.skip) } else { 0 };
        let work = move || -> Result<(Reader, Step), Problem> {
            match fed {
                Fed::Piece(sealed) => {
                    let open = vault.open(PIECE_PURPOSE, &sealed)?;
                    reader.feed(open.get(skip..).unwrap_or_default());
                }
                Fed::End => reader.end(),
                Fed::Nothing => {}
            }
            let step = reader.step(&vault);
            Ok((reader, step))
        };
        let (reader, step) = tokio::task::spawn_blocking(work).await.map_err(Problem::internal)??;
        self.reader = Some(reader);
        Ok(step)
    }
}
