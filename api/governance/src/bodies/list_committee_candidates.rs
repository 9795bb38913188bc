use crate::people::PersonName;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_identity::accounts::accounts_with_roles;
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem, Role};
use concilia_network::{OrganisationName, organisation_names};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who may sit on the committee.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "person": {"id": "0193a5d0-4444-7000-8000-000000000004", "name": "Anna Bianchi"}, "role": "evaluator",
    "organisation": {"id": "0193a5d0-4444-7000-8000-000000000003", "name": "Provincia di Mantova"}
}))]
pub struct CommitteeCandidate {
    /// The person.
    pub person: PersonName,
    /// The role by which they may: `ats` or `evaluator`.
    pub role: Role,
    /// The organisation it is held for.
    pub organisation: OrganisationName,
}

/// List who may sit on the committee
///
/// The people of the territory with the role of evaluator or of officer of the agency, by name: whom
/// `create_committee_seat` takes as titular or substitute.
#[utoipa::path(
    tag = "governance",
    params(PageQuery),
    responses((status = 200, description = "A page of people.", body = Page<CommitteeCandidate>)),
)]
#[get("/v1/committee-candidates")]
pub async fn list_committee_candidates(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<CommitteeCandidate>>, Problem> {
    let limit = query.limit();
    let after: Option<(String, Uuid, Uuid)> = query.after()?;
    let reader = db.reader().await?;
    let mut found = accounts_with_roles(&mut &**reader, actor.territory_id, &[Role::Ats, Role::Evaluator]).await?;
    found.sort_by(|a, b| {
        (&a.display_name, a.account_id, a.organisation_id).cmp(&(&b.display_name, b.account_id, b.organisation_id))
    });
    let organisations: Vec<Uuid> = found.iter().map(|holder| holder.organisation_id).collect();
    let names = organisation_names(&mut &**reader, actor.territory_id, &organisations).await?;
    let candidates = found.into_iter().filter_map(|holder| {
        Some(CommitteeCandidate {
            organisation: names.get(&holder.organisation_id)?.clone(),
            person: PersonName { id: holder.account_id, name: holder.display_name },
            role: holder.role,
        })
    });
    let key = |one: &CommitteeCandidate| (one.person.name.clone(), one.person.id, one.organisation.id);
    let rest = candidates.filter(|one| after.as_ref().is_none_or(|after| key(one) > *after));
    let wanted = usize::try_from(limit).unwrap_or(1) + 1;
    Ok(web::Json(page(rest.take(wanted).collect(), limit, key)))
}
