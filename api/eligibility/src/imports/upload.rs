//! One body on its way in.

use super::receive::{PIECE, PIECE_PURPOSE};
use actix_web::web::Payload;
use aws_lc_rs::digest::Context;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Incoming;
use concilia_kernel::jobs;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, Problem};
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::time::timeout;
use uuid::Uuid;

/// How often a slow upload says that it is alive; well within the job's lease.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

pub(super) struct Upload {
    db: Db,
    vault: Vault,
    /// `None` when the body is only compared with one received before.
    job_id: Option<Uuid>,
    digest: Option<Context>,
    piece: Vec<u8>,
    sequence: i32,
    alive_at: Instant,
}

pub(super) fn interrupted() -> Problem {
    Problem::new(Code::MalformedRequest).explain("Invio interrotto.", "The upload was interrupted.")
}

impl Upload {
    pub(super) fn new(db: Db, vault: Vault, job_id: Option<Uuid>, digest: Option<Context>) -> Self {
        Self { db, vault, job_id, digest, piece: Vec::with_capacity(PIECE), sequence: 0, alive_at: Instant::now() }
    }

    /// Receives the body and returns its SHA-256, zeros when nobody asked. Cleans up when it does
    /// not arrive whole, or when the caller is gone.
    pub(super) async fn run(
        mut self,
        body: Incoming<Payload>,
        gone: oneshot::Receiver<()>,
    ) -> Result<[u8; 32], Problem> {
        let outcome = match select(pin!(self.receive(body)), gone).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(interrupted()),
        };
        if let Err(problem) = outcome {
            self.abort(problem.code()).await;
            return Err(problem);
        }
        let mut hash = [0; 32];
        if let Some(digest) = self.digest {
            hash.copy_from_slice(digest.finish().as_ref());
        }
        Ok(hash)
    }

    async fn receive(&mut self, mut body: Incoming<Payload>) -> Result<(), Problem> {
        loop {
            match timeout(SIGN_OF_LIFE, body.next()).await {
                Ok(Ok(Some(bytes))) => self.take(&bytes).await?,
                Ok(Ok(None)) => return if self.piece.is_empty() { Ok(()) } else { self.store().await },
                Ok(Err(problem)) => return Err(problem),
                Err(_) => {}
            }
            if self.alive_at.elapsed() > SIGN_OF_LIFE {
                self.show_life().await?;
            }
        }
    }

    async fn take(&mut self, mut bytes: &[u8]) -> Result<(), Problem> {
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        if self.job_id.is_none() {
            return Ok(());
        }
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                self.store().await?;
            }
        }
        Ok(())
    }

    async fn store(&mut self) -> Result<(), Problem> {
        let Some(job_id) = self.job_id else { return Ok(()) };
        let sealed = self.vault.seal(PIECE_PURPOSE, &self.piece);
        let mut conn = self.db.conn().await?;
        if !jobs::append_input(&mut conn, job_id, self.sequence, &sealed).await? {
            return Err(interrupted());
        }
        self.piece.clear();
        self.sequence += 1;
        self.alive_at = Instant::now();
        Ok(())
    }

    async fn show_life(&mut self) -> Result<(), Problem> {
        self.alive_at = Instant::now();
        let Some(job_id) = self.job_id else { return Ok(()) };
        let mut conn = self.db.conn().await?;
        if jobs::extend_upload(&mut conn, job_id).await? { Ok(()) } else { Err(interrupted()) }
    }

    /// What cannot be cleaned up now is when the job's lease ends.
    async fn abort(&self, code: Code) {
        let Some(job_id) = self.job_id else { return };
        let code = if code == Code::PayloadTooLarge { code.as_str() } else { "upload_interrupted" };
        let outcome = match self.db.conn().await {
            Ok(mut conn) => {
                transaction(&mut conn, async |conn| Ok(jobs::abort_upload(conn, job_id, code).await?)).await
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = outcome {
            tracing::warn!(%problem, "upload not cleaned up");
        }
    }
}
