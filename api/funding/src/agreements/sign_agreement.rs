use super::agreement::{Agreement, AgreementParty, find_agreement, last_agreement, terms_stand};
use crate::budget::current_budget;
use crate::grant::{HeldGrant, hold_grant};
use crate::schema::{agreements, grants};
use crate::stance::{Author, agency, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem, Role, checks, now};
use concilia_planning::{ProjectState, ProjectSummary, move_project};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The signature of a party.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"party": "lead", "signed_on": "2026-07-01"}))]
pub struct AgreementSignature {
    /// Who signed.
    pub party: AgreementParty,
    /// When; not before the act that approves the agreement, and not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub signed_on: NaiveDate,
}

impl AgreementSignature {
    /// The caller as the officer of the party that signs.
    pub(crate) fn signer(&self, actor: &Actor, project: &ProjectSummary) -> Result<Author, Problem> {
        match self.party {
            AgreementParty::Lead => require_lead(actor, project),
            AgreementParty::Agency if actor.has(Role::Ats) => Ok(agency(actor)),
            AgreementParty::Agency => {
                require_lead(actor, project)?;
                Err(Problem::new(Code::Forbidden))
            }
        }
    }
}

/// Record a signature of the agreement
///
/// The agency's by its officers, the lead's by the lead's officers, never both by the same person. With the second
/// signature the project becomes `signed`, and the grant may be paid.
#[utoipa::path(
    tag = "funding",
    params(("agreement_id" = Uuid, Path, description = "The agreement."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = AgreementSignature,
    responses((status = 200, description = "The agreement.", body = Agreement,
                headers(("ETag" = String, description = "Version of the agreement."))),
              (status = 409, description = "The party has signed, or another agreement or budget was made, or the CUP \
                                            or the tranches changed, since (`conflict`); the same person signed for the other party \
                                            (`approver_is_author`); the project is not `accepted` \
                                            (`transition_not_allowed`).")),
)]
#[post("/v1/agreements/{agreement_id}/sign")]
pub async fn sign_agreement(
    actor: Actor,
    db: Data<Db>,
    agreement_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<AgreementSignature>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "sign_agreement", body.hash()).with_path(*agreement_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let agreement = find_agreement(conn, actor.territory_id, *agreement_id).await?;
        let held = hold_grant(conn, actor.territory_id, agreement.project_id).await?;
        let author = body.signer(&actor, &held.project)?;
        let agreement = sign(conn, actor.territory_id, &held, agreement.id, &body, author).await?;
        Ok(Reply::ok(&agreement)?.etag(etag_of(agreement.version)))
    })
    .await
}

/// Records a signature, of a grant that the transaction holds.
pub(crate) async fn sign(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    agreement_id: Uuid,
    signature: &AgreementSignature,
    author: Author,
) -> Result<Agreement, Problem> {
    let project = &held.project;
    let agreement = last_agreement(conn, territory_id, project.id).await?.ok_or_else(Problem::not_found)?;
    if project.state != ProjectState::Accepted {
        return Err(Problem::new(Code::TransitionNotAllowed).explain(
            format!("Il progetto è nello stato «{}»: la convenzione non si firma più.", project.state),
            format!("The project is in state '{}': the agreement is no longer to be signed.", project.state),
        ));
    }
    let budget = current_budget(conn, territory_id, project.id).await?;
    if agreement.id != agreement_id || budget.is_none_or(|budget| budget.number != agreement.budget_number) {
        return Err(Problem::new(Code::Conflict).explain(
            "Dopo questa convenzione ne è stata fatta un'altra, o è cambiato il bilancio esecutivo.",
            "Another agreement, or another executive budget, was made after this agreement.",
        ));
    }
    if !terms_stand(conn, &agreement).await? {
        return Err(Problem::new(Code::Conflict).explain(
            "Dopo questa convenzione è cambiato il CUP o il piano dei pagamenti: va fatta di nuovo.",
            "The CUP or the schedule of the tranches changed after this agreement: it is to be made again.",
        ));
    }
    check_day(&agreement, signature.signed_on)?;
    check_party(&agreement, signature.party, author)?;
    let signed = write(conn, &agreement, signature, author).await?;
    if signed.is_signed() {
        let change = (grants::signed_at.eq(now()), grants::version.eq(grants::version + 1));
        cached(diesel::update(grants::table.find(project.id)).set(change)).execute(conn).await?;
        let moved = (ProjectState::Accepted, ProjectState::Signed);
        move_project(conn, territory_id, project.id, moved, author.agent(), None).await?;
    }
    let told = json!({ "project_id": project.id, "party": signature.party });
    publish(conn, territory_id, "agreement.signed", agreement.id, told).await?;
    Ok(signed)
}

fn check_day(agreement: &Agreement, day: NaiveDate) -> Result<(), Problem> {
    if day < agreement.act_date {
        return Err(Problem::invalid("/signed_on", "date_order"));
    }
    Ok(())
}

fn check_party(agreement: &Agreement, party: AgreementParty, author: Author) -> Result<(), Problem> {
    let (own, other) = match party {
        AgreementParty::Lead => (agreement.lead_signed_by, agreement.agency_signed_by),
        AgreementParty::Agency => (agreement.agency_signed_by, agreement.lead_signed_by),
    };
    if own.is_some() {
        return Err(
            Problem::new(Code::Conflict).explain("La parte ha già firmato.", "The party has signed already.")
        );
    }
    if other == Some(author.id) {
        return Err(Problem::new(Code::ApproverIsAuthor).explain(
            "La stessa persona ha firmato per l'altra parte.",
            "The same person signed for the other party.",
        ));
    }
    Ok(())
}

async fn write(
    conn: &mut AsyncPgConnection,
    agreement: &Agreement,
    signature: &AgreementSignature,
    author: Author,
) -> QueryResult<Agreement> {
    let (day, by) = (Some(signature.signed_on), Some(author.id));
    let version = agreements::version.eq(agreements::version + 1);
    let row = agreements::table.find(agreement.id);
    match signature.party {
        AgreementParty::Lead => {
            let change = (agreements::lead_signed_on.eq(day), agreements::lead_signed_by.eq(by), version);
            cached(diesel::update(row).set(change).returning(Agreement::as_returning())).get_result(conn).await
        }
        AgreementParty::Agency => {
            let change = (agreements::agency_signed_on.eq(day), agreements::agency_signed_by.eq(by), version);
            cached(diesel::update(row).set(change).returning(Agreement::as_returning())).get_result(conn).await
        }
    }
}
