use super::node::FundingTraceNode;
use super::queries::{self, Scope};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TraceFunding {
    /// What is connected to this plan.
    pub plan_id: Option<Uuid>,
    /// What is connected to this project call.
    pub project_call_id: Option<Uuid>,
    /// What is connected to this project.
    pub project_id: Option<Uuid>,
    /// What is connected to this voucher call.
    pub voucher_call_id: Option<Uuid>,
    /// What is connected to this voucher.
    pub voucher_id: Option<Uuid>,
    /// What is connected to this order, which a voucher covers at least in part.
    pub order_id: Option<Uuid>,
    /// What is connected to this provider statement.
    pub provider_statement_id: Option<Uuid>,
    /// What is connected to this payment of an order: the entry of the ledger.
    pub payment_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

impl TraceFunding {
    /// The narrowest thing that is asked for.
    fn focus(&self) -> (&'static str, Uuid) {
        [
            ("payment", self.payment_id),
            ("order", self.order_id),
            ("provider_statement", self.provider_statement_id),
            ("voucher", self.voucher_id),
            ("voucher_call", self.voucher_call_id),
            ("project", self.project_id),
            ("project_call", self.project_call_id),
            ("plan", self.plan_id),
        ]
        .into_iter()
        .find_map(|(kind, id)| id.map(|id| (kind, id)))
        .unwrap_or(("territory", Uuid::nil()))
    }

    /// Whether the wider things that are asked for are those that the narrowest one belongs to.
    fn agrees_with(&self, scope: &Scope) -> bool {
        let within = |asked: Option<Uuid>, of: &[Uuid]| asked.is_none_or(|id| of.contains(&id));
        let perhaps = |asked: Option<Uuid>, of: Option<&[Uuid]>| of.is_none_or(|of| within(asked, of));
        within(self.plan_id, &scope.plan_ids)
            && within(self.project_call_id, &scope.project_call_ids)
            && within(self.project_id, &scope.project_ids)
            && perhaps(self.voucher_call_id, scope.voucher_call_ids.as_deref())
            && perhaps(self.voucher_id, scope.voucher_ids.as_deref())
            && perhaps(self.order_id, scope.order_ids.as_deref())
            && (scope.order_ids.is_none()
                || within(self.provider_statement_id, scope.provider_statement_ids.as_deref().unwrap_or_default()))
    }
}

/// Trace the funding
///
/// Follows one euro both ways: plan, project call, project, cost item, voucher call, voucher, order, provider statement,
/// payment. The answer holds what the thing asked for comes from and what came of it, level by level from the top; each
/// node names the one above it. Of several things the narrowest is followed, and the others must be above it, else 404;
/// without any, the whole territory is told. The amounts are those of the ledger, to the cent.
///
/// For the agency, and for the officers of a lead as far as their projects go. It holds no personal data of families.
#[utoipa::path(
    tag = "funding",
    params(TraceFunding),
    responses((status = 200, description = "A page of nodes.", body = Page<FundingTraceNode>)),
)]
#[get("/v1/funding-trace")]
pub async fn trace_funding(
    actor: Actor,
    db: Data<Db>,
    query: Query<TraceFunding>,
) -> Result<HttpResponse, Problem> {
    let (level, after) = after(decode_cursor(query.cursor.as_deref())?)?;
    let limit = limit_or_default(query.limit);
    let leads = (!actor.has(Role::Ats)).then(|| actor.organisations(Role::AllianceLead));
    let reader = db.reader().await?;
    let scope = queries::scope(&mut &**reader, actor.territory_id, query.focus(), leads).await?;
    let scope = scope.filter(|scope| query.agrees_with(scope)).ok_or_else(Problem::not_found)?;
    let nodes = queries::nodes(&mut &**reader, actor.territory_id, scope, (level, &after), limit + 1).await?;
    Ok(HttpResponse::Ok().json(page(nodes, limit, |node| (node.level, node.key.clone()))))
}

/// Where a page starts. A cursor that names no place is no cursor of ours.
fn after(cursor: Option<(i32, String)>) -> Result<(i32, String), Problem> {
    let Some((level, key)) = cursor else { return Ok((1, String::new())) };
    let is_key = match level {
        4 => key.split_once(':').is_some_and(|(project, _)| Uuid::parse_str(project).is_ok()),
        1..=9 => Uuid::parse_str(&key).is_ok(),
        _ => false,
    };
    if is_key { Ok((level, key)) } else { Err(Problem::not_found()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_names_a_level_and_a_key_of_it() {
        let id = Uuid::nil().to_string();
        assert!(after(None).is_ok_and(|place| place == (1, String::new())));
        assert!(after(Some((6, id.clone()))).is_ok());
        assert!(after(Some((4, format!("{id}:vouchers")))).is_ok());
        for wrong in [(0, id.clone()), (10, id.clone()), (4, id.clone()), (6, "x".into()), (6, format!("{id}:x"))]
        {
            assert!(after(Some(wrong.clone())).is_err(), "{wrong:?}");
        }
    }
}
