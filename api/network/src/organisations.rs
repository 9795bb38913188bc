use crate::schema::{memberships, organisations};
use crate::{CompanySize, MembershipState, OrganisationKind};
use concilia_kernel::identifiers::{OrganisationTaxCode, VatNumber};
use concilia_kernel::now;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// An organisation of a territory.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organisation {
    /// Identifier.
    pub id: Uuid,
    /// Legal name.
    #[schema(min_length = 1, max_length = 300, example = "Cooperativa sociale Il Girasole")]
    pub name: String,
    /// Kind of member.
    pub kind: OrganisationKind,
    /// Size, of companies only.
    #[schema(required)]
    pub company_size: Option<CompanySize>,
    /// Tax code of the organisation; null when it is that of a person, as of a sole trader.
    #[schema(required, max_length = 11, pattern = "^[0-9]{11}$", example = "00743110157")]
    pub tax_code: Option<String>,
    /// VAT number, without prefix.
    #[schema(required, max_length = 11, pattern = "^[0-9]{11}$", example = "00743110157")]
    pub vat_number: Option<String>,
    /// Municipality of the seat.
    #[schema(required, max_length = 100, example = "Mantova")]
    pub municipality: Option<String>,
    /// Where it stands with the network; null when it never asked to join.
    #[schema(required)]
    pub membership: Option<MembershipState>,
    #[serde(skip)]
    #[schema(ignore)]
    pub newcomer: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct Row {
    id: Uuid,
    name: String,
    kind: OrganisationKind,
    company_size: Option<CompanySize>,
    tax_code: String,
    vat_number: Option<String>,
    municipality: Option<String>,
    newcomer: bool,
}

impl From<(Row, Option<MembershipState>)> for Organisation {
    fn from((row, membership): (Row, Option<MembershipState>)) -> Self {
        let shown = OrganisationTaxCode::parse(&row.tax_code).ok().filter(|code| code.sole_trader().is_none());
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            company_size: row.company_size,
            tax_code: shown.map(|code| code.as_str().to_owned()),
            vat_number: row.vat_number,
            municipality: row.municipality,
            newcomer: row.newcomer,
            membership,
        }
    }
}

/// The last membership of an organisation: where it stands.
macro_rules! standing {
    () => {
        memberships::table
            .filter(memberships::territory_id.eq(organisations::territory_id))
            .filter(memberships::organisation_id.eq(organisations::id))
            .order((memberships::requested_at.desc(), memberships::id.desc()))
            .select(memberships::state)
            .limit(1)
            .single_value()
    };
}

/// An organisation as it is named where another thing refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = organisations)]
pub struct OrganisationName {
    /// Identifier.
    pub id: Uuid,
    /// Legal name.
    #[schema(min_length = 1, max_length = 300, example = "Cooperativa sociale Il Girasole")]
    pub name: String,
}

/// An organisation to be entered.
#[derive(Debug)]
pub struct NewOrganisation<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    /// 1 to 300 characters.
    pub name: &'a str,
    pub kind: OrganisationKind,
    /// Of companies only.
    pub company_size: Option<CompanySize>,
    /// Unique in the territory.
    pub tax_code: OrganisationTaxCode,
    pub vat_number: Option<VatNumber>,
    /// Of the seat; at most 100 characters.
    pub municipality: Option<&'a str>,
}

/// Enters an organisation. A tax code that the territory knows already is a unique violation, hence 409.
pub async fn insert_organisation(
    conn: &mut AsyncPgConnection,
    organisation: NewOrganisation<'_>,
) -> QueryResult<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(organisation.id),
            organisations::territory_id.eq(organisation.territory_id),
            organisations::name.eq(organisation.name),
            organisations::kind.eq(organisation.kind),
            organisations::company_size.eq(organisation.company_size),
            organisations::tax_code.eq(organisation.tax_code.as_str()),
            organisations::vat_number.eq(organisation.vat_number.as_ref().map(VatNumber::as_str)),
            organisations::municipality.eq(organisation.municipality),
            organisations::created_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The organisation of that tax code: the known one, untouched, or this one, shown to the agency alone until it is
/// admitted.
pub(crate) async fn insert_newcomer(
    conn: &mut AsyncPgConnection,
    organisation: NewOrganisation<'_>,
    address: &str,
) -> QueryResult<Uuid> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(organisation.id),
            organisations::territory_id.eq(organisation.territory_id),
            organisations::name.eq(organisation.name),
            organisations::kind.eq(organisation.kind),
            organisations::company_size.eq(organisation.company_size),
            organisations::tax_code.eq(organisation.tax_code.as_str()),
            organisations::vat_number.eq(organisation.vat_number.as_ref().map(VatNumber::as_str)),
            organisations::municipality.eq(organisation.municipality),
            organisations::address.eq(address),
            organisations::newcomer.eq(true),
            organisations::created_at.eq(now()),
        ))
        .on_conflict((organisations::territory_id, organisations::tax_code))
        .do_nothing()
        .execute(conn)
        .await?;
    organisations::table
        .filter(organisations::territory_id.eq(organisation.territory_id))
        .filter(organisations::tax_code.eq(organisation.tax_code.as_str()))
        .select(organisations::id)
        .get_result(conn)
        .await
}

/// An organisation of the territory, if there is one of that id.
pub async fn find_organisation<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Organisation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<(Row, Option<MembershipState>)> = organisations::table
        .filter(organisations::territory_id.eq(territory_id))
        .filter(organisations::id.eq(id))
        .select((Row::as_select(), standing!()))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(Organisation::from))
}

/// Which organisations of the territory, and from where.
#[derive(Debug, Default)]
pub(crate) struct Selection<'a> {
    /// Also those known only by a request to join that nobody has granted.
    pub newcomers: bool,
    pub kind: Option<OrganisationKind>,
    /// Part of the name, in any case.
    pub name: Option<&'a str>,
    /// Name and identifier of the last one seen.
    pub after: Option<(String, Uuid)>,
    pub limit: i64,
}

/// One more than the limit, if there are, by name.
pub(crate) async fn list_organisations<C>(
    conn: &mut C,
    territory_id: Uuid,
    selection: Selection<'_>,
) -> QueryResult<Vec<Organisation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut query = organisations::table
        .filter(organisations::territory_id.eq(territory_id))
        .order((organisations::name, organisations::id))
        .select((Row::as_select(), standing!()))
        .limit(selection.limit + 1)
        .into_boxed();
    if !selection.newcomers {
        query = query.filter(organisations::newcomer.eq(false));
    }
    if let Some(kind) = selection.kind {
        query = query.filter(organisations::kind.eq(kind));
    }
    if let Some(name) = selection.name {
        query = query.filter(organisations::name.ilike(containing(name)));
    }
    if let Some((name, id)) = selection.after {
        let same_name = organisations::name.eq(name.clone()).and(organisations::id.gt(id));
        query = query.filter(organisations::name.gt(name).or(same_name));
    }
    let found: Vec<(Row, Option<MembershipState>)> = query.load(conn).await?;
    Ok(found.into_iter().map(Organisation::from).collect())
}

/// A pattern for whatever contains `text`, in which no character of it is a wildcard.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

/// Those of `ids` that are organisations of the territory, known by more than a request to join.
pub async fn existing_organisations<C>(
    conn: &mut C,
    territory_id: Uuid,
    ids: &[Uuid],
) -> QueryResult<HashSet<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Uuid> = organisations::table
        .filter(organisations::territory_id.eq(territory_id))
        .filter(organisations::id.eq_any(ids))
        .filter(organisations::newcomer.eq(false))
        .select(organisations::id)
        .load(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// The names of those of `ids` that are organisations of the territory.
pub async fn organisation_names<C>(
    conn: &mut C,
    territory_id: Uuid,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, OrganisationName>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<OrganisationName> = organisations::table
        .filter(organisations::territory_id.eq(territory_id))
        .filter(organisations::id.eq_any(ids))
        .select(OrganisationName::as_select())
        .load(conn)
        .await?;
    Ok(found.into_iter().map(|organisation| (organisation.id, organisation)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_taken_literally() {
        assert_eq!(containing("50%_a\\b"), r"%50\%\_a\\b%");
    }

    #[test]
    fn the_tax_code_of_a_person_is_not_shown() {
        let row = |tax_code: &str| Row {
            id: Uuid::nil(),
            name: "x".to_owned(),
            kind: OrganisationKind::Company,
            company_size: None,
            tax_code: tax_code.to_owned(),
            vat_number: None,
            municipality: None,
            newcomer: false,
        };
        let shown = |tax_code| Organisation::from((row(tax_code), None)).tax_code;
        assert_eq!(shown("00743110157").as_deref(), Some("00743110157"));
        assert_eq!(shown("RSSMRA80A01F205X"), None);
    }
}
