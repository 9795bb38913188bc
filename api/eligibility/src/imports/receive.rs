//! Receives a push: the body goes, piece by piece and sealed, to the job's input.

use super::employee_import::EmployeeImport;
use super::{ImportMode, upload::Upload};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};
use aws_lc_rs::digest::{Context, SHA256};
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::{IdempotencyKey, Incoming, too_large};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::jobs::{self, Job, JobState, NewJob};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Bytes of a stored piece before sealing. All but the last are whole, so that an offset tells its piece.
pub(super) const PIECE: usize = 256 * 1024;

/// Purpose under which pieces are sealed.
pub(super) const PIECE_PURPOSE: &str = "job_inputs.payload";

/// Limits of imports.
#[derive(Debug, Clone, Copy)]
pub struct ImportSettings {
    /// Largest body, in bytes.
    pub limit: u64,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self { limit: 512 * 1024 * 1024 }
    }
}

/// What the job needs to know of the request that made it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Parameters {
    pub(super) mode: ImportMode,
    pub(super) csv: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
}

/// A push, as its operation understood it.
pub(super) struct Push {
    pub(super) operation: &'static str,
    pub(super) employer_id: Uuid,
    pub(super) mode: ImportMode,
    pub(super) media_type: &'static str,
}

/// What a push needs from the server.
pub(super) struct Server {
    pub(super) actor: Actor,
    pub(super) db: Data<Db>,
    pub(super) vault: Data<Vault>,
    pub(super) settings: Option<Data<ImportSettings>>,
}

/// Receives the body and queues the job.
///
/// An `Idempotency-Key` is bound to its answer when the body has arrived whole, in the transaction
/// that queues the job, and to the digest of that body. While it arrives the job itself holds the
/// key; when it is interrupted the key is free again.
pub(super) async fn receive(
    server: Server,
    push: Push,
    key: IdempotencyKey,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    server.actor.require(Role::Employer, push.employer_id)?;
    check_headers(request.headers(), push.media_type)?;
    let limit = server.settings.as_ref().map_or(ImportSettings::default().limit, |settings| settings.limit);
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let job_id = start(&server, &push, &key).await?;
    let digest = key.0.as_ref().map(|_| Context::new(&SHA256));
    let upload = Upload::new(server.db.get_ref().clone(), server.vault.get_ref().clone(), job_id, digest);
    // The upload outlives this future: when the caller goes away, it still cleans up after itself.
    let (caller, gone) = oneshot::channel();
    let received =
        rt::spawn(upload.run(Incoming::new(payload, limit), gone)).await.map_err(Problem::internal)??;
    let answer = queue(&server, &push, key, job_id, received).await;
    drop(caller);
    if answer.is_err() {
        abandon(&server, job_id).await?;
    }
    answer
}

fn check_headers(headers: &HeaderMap, expected: &str) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut media_type = text(header::CONTENT_TYPE).split(';').map(str::trim);
    let essence = media_type.next().is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    let utf8 = media_type.all(|parameter| match parameter.to_ascii_lowercase().strip_prefix("charset=") {
        Some(charset) => charset.trim_matches('"') == "utf-8",
        None => true,
    });
    let plain = matches!(text(header::CONTENT_ENCODING), "" | "identity");
    if essence && utf8 && plain {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType).explain(
        format!("Il corpo deve essere {expected} in UTF-8, non compresso."),
        format!("The body must be {expected} in UTF-8, not compressed."),
    ))
}

/// Creates the job, unless the key belongs to a push that is finished (`None`) or still arrives (409).
async fn start(server: &Server, push: &Push, key: &IdempotencyKey) -> Result<Option<Uuid>, Problem> {
    let mut conn = server.db.conn().await?;
    transaction(&mut conn, async |conn| {
        if let Some(key) = &key.0 {
            lock_key(conn, server.actor.id, key).await?;
            if idempotency::is_taken(conn, &server.actor, key).await? {
                return Ok(None);
            }
            if jobs::is_receiving(conn, server.actor.id, key).await? {
                return Err(Problem::new(Code::IdempotencyKeyInUse).retry_after(5));
            }
        }
        let parameters =
            Parameters { mode: push.mode, csv: push.media_type == "text/csv", idempotency_key: key.0.clone() };
        let job = NewJob {
            kind: EmployeeImport::KIND,
            organisation_id: Some(push.employer_id),
            parameters: serde_json::to_value(parameters).map_err(Problem::internal)?,
            state: JobState::Receiving,
            total: None,
        };
        Ok(Some(jobs::create(conn, &server.actor, job).await?.id))
    })
    .await
}

/// Two pushes with one key that start together do so one after the other.
async fn lock_key(conn: &mut AsyncPgConnection, caller: Uuid, key: &str) -> Result<(), Problem> {
    cached(
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(format!("{caller}/{key}")),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Queues the job and stores the key's answer; or gives the answer stored before.
async fn queue(
    server: &Server,
    push: &Push,
    key: IdempotencyKey,
    job_id: Option<Uuid>,
    digest: [u8; 32],
) -> Result<HttpResponse, Problem> {
    let mut identity = RequestIdentity::new(key, push.operation, digest).with_path(push.employer_id);
    identity.hash.extend_from_slice(push.mode.as_str().as_bytes());
    let mut conn = server.db.conn().await?;
    idempotency::once(&mut conn, &server.actor, identity, async |conn| {
        let Some(job_id) = job_id else {
            // The answer that was there is gone: too old to be kept.
            return Err(Problem::new(Code::IdempotencyKeyInUse).retry_after(1));
        };
        let job: Job = jobs::enqueue(conn, job_id).await.map_err(|error| match error {
            diesel::result::Error::NotFound => super::upload::interrupted(),
            error => error.into(),
        })?;
        Reply::accepted(format!("/v1/jobs/{job_id}"), &job)
    })
    .await
}

/// Removes what was received of a push that is not to run.
async fn abandon(server: &Server, job_id: Option<Uuid>) -> Result<(), Problem> {
    let Some(job_id) = job_id else { return Ok(()) };
    let mut conn = server.db.conn().await?;
    jobs::abort_upload(&mut conn, job_id, "upload_interrupted").await?;
    Ok(())
}
