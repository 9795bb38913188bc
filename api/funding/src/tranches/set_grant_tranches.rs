use super::queries::{Tranche, tranches_of};
use crate::agreements::is_signed_by_anyone;
use crate::grant::{HeldGrant, ProjectGrant, hold_grant, load_view, touch};
use crate::rules::tranches::{Fault, Size, TrancheKind, amounts};
use crate::schema::grant_tranches;
use crate::stance::{Author, agency};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use chrono::NaiveDate;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, Ratio, checks};
use concilia_planning::ProjectState;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A tranche, sized by an amount or by a share of the grant: one of the two.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantTrancheInput {
    /// When it is paid.
    pub kind: TrancheKind,
    /// Share of the grant, above zero; the amount it makes is cut to the cent.
    #[serde(default)]
    pub share: Option<Ratio>,
    /// EUR.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "10000.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Option<Money>,
    /// Day by which it is expected.
    #[serde(default)]
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub due_on: Option<NaiveDate>,
}

/// The whole schedule of a grant.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tranches": [
    {"kind": "advance", "share": "0.50"}, {"kind": "interim", "share": "0.30", "due_on": "2027-03-31"},
    {"kind": "balance", "share": "0.20"}
]}))]
pub struct GrantTranches {
    /// The tranches in their order: an advance comes first, a balance last.
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), nested)]
    pub tranches: Vec<GrantTrancheInput>,
}

/// Schedule the tranches of a grant
///
/// By the agency: the whole schedule, until somebody has signed the agreement, which prints it and is made again where it
/// changes, or while a variation is being agreed. Tranches never
/// come to more than the grant. Where shares alone come to 1.00, the last takes the cents that cutting left. A tranche
/// of which something was ordered stays as it is.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version of the grant that the change starts from.")),
    request_body = GrantTranches,
    responses((status = 200, description = "The grant with its tranches.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The agreement bears a signature and no variation is being agreed, or a \
                                            tranche that was ordered would change: `conflict`.")),
)]
#[put("/v1/projects/{project_id}/grant/tranches")]
pub async fn set_grant_tranches(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    seen: IfMatch,
    body: Json<GrantTranches>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let view = transaction(&mut conn, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        seen.check(held.grant.version)?;
        schedule(conn, actor.territory_id, &held, &body.tranches, agency(&actor)).await?;
        load_view(conn, actor.territory_id, *project_id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(view.version))).json(view))
}

/// Replaces the schedule of a grant that the transaction holds.
pub(crate) async fn schedule(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    asked: &[GrantTrancheInput],
    author: Author,
) -> Result<(), Problem> {
    let HeldGrant { grant, project } = held;
    let free = match project.state {
        ProjectState::Accepted => !is_signed_by_anyone(conn, territory_id, project.id).await?,
        state => state == ProjectState::Variation,
    };
    if !free {
        return Err(Problem::new(Code::Conflict).explain(
            "Il piano dei pagamenti fa parte della convenzione: dopo la firma cambia solo con una variazione.",
            "The schedule is part of the agreement: once that is signed it changes with a variation only.",
        ));
    }
    let wanted = sized(grant.assigned, asked)?;
    let present = tranches_of(conn, territory_id, project.id).await?;
    let kept = present.iter().filter(|tranche| tranche.ordered.is_positive()).collect::<Vec<_>>();
    for tranche in &kept {
        let same = wanted.iter().find(|w| w.number == tranche.number);
        if same.is_none_or(|w| (w.kind, w.amount) != (tranche.kind, tranche.amount)) {
            return Err(Problem::new(Code::Conflict).explain(
                format!("La tranche {} è già stata ordinata e non può cambiare.", tranche.number),
                format!("Tranche {} was ordered already and cannot change.", tranche.number),
            ));
        }
    }
    let ordered: Vec<i16> = kept.iter().map(|tranche| tranche.number).collect();
    let of_project = grant_tranches::table
        .filter(grant_tranches::territory_id.eq(territory_id))
        .filter(grant_tranches::project_id.eq(project.id));
    diesel::delete(of_project.filter(grant_tranches::number.ne_all(&ordered))).execute(conn).await?;
    let rows: Vec<_> = wanted
        .iter()
        .filter(|tranche| !ordered.contains(&tranche.number))
        .map(|tranche| {
            (
                grant_tranches::territory_id.eq(territory_id),
                grant_tranches::project_id.eq(project.id),
                grant_tranches::number.eq(tranche.number),
                grant_tranches::kind.eq(tranche.kind),
                grant_tranches::share.eq(tranche.share),
                grant_tranches::amount.eq(tranche.amount),
                grant_tranches::due_on.eq(tranche.due_on),
            )
        })
        .collect();
    diesel::insert_into(grant_tranches::table).values(rows).execute(conn).await?;
    touch(conn, grant).await?;
    let told = json!({ "tranches": wanted.len(), "by": author.role.as_str() });
    publish(conn, territory_id, "grant.tranches_scheduled", project.id, told).await?;
    Ok(())
}

/// The tranches with their amounts; 422 for those that break a rule.
fn sized(assigned: Money, asked: &[GrantTrancheInput]) -> Result<Vec<Tranche>, Problem> {
    let mut sizes = vec![];
    for (at, tranche) in asked.iter().enumerate() {
        let size = match (tranche.share, tranche.amount) {
            (Some(share), None) => Size::Share(share),
            (None, Some(amount)) => Size::Amount(amount),
            _ => {
                let text =
                    Text::new("serve l'importo oppure la quota", "either the amount or the share is needed");
                let error = FieldError::pointer(format!("/tranches/{at}/amount"), "required").explain(&text);
                return Err(Problem::new(Code::ValidationFailed).with_error(error));
            }
        };
        sizes.push((tranche.kind, size));
    }
    let amounts = amounts(assigned, &sizes).map_err(refusal)?;
    let row = |(at, (tranche, amount)): (usize, (&GrantTrancheInput, Money))| Tranche {
        number: i16::try_from(at + 1).unwrap_or(i16::MAX),
        kind: tranche.kind,
        share: tranche.share,
        amount,
        ordered: Money::ZERO,
        due_on: tranche.due_on,
    };
    Ok(asked.iter().zip(amounts).enumerate().map(row).collect())
}

fn refusal(fault: Fault) -> Problem {
    let (at, field, code, text) = match fault {
        Fault::Order(at) => (
            at,
            "kind",
            "tranche_order",
            Text::new(
                "l'anticipo è il primo e uno solo, il saldo l'ultimo",
                "the advance is first and only one, the balance last",
            ),
        ),
        Fault::Empty(at) => (
            at,
            "share",
            "range",
            Text::new("la quota non fa nemmeno un centesimo", "the share does not make a cent"),
        ),
        Fault::AboveGrant(at, left) => (
            at,
            "amount",
            "grant_exceeded",
            Text::new(
                format!("le tranche superano il contributo: ne restano {left}"),
                format!("the tranches exceed the grant: {left} of it is left"),
            ),
        ),
    };
    let error = FieldError::pointer(format!("/tranches/{at}/{field}"), code).explain(&text);
    Problem::new(Code::ValidationFailed).with_error(error)
}
