//! A territory with its organisations, admitted members of the network.

use crate::demo::data::{DataError, OrganisationData, TerritoryData};
use crate::demo::ids;
use chrono::NaiveTime;
use concilia_kernel::Problem;
use concilia_kernel::clock::as_of;
use concilia_kernel::identifiers::OrganisationTaxCode;
use concilia_network::{
    MembershipState, NewOrganisation, NewTerritory, insert_membership, insert_organisation, insert_territory,
};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// `first_serial` begins the invented numbers of its organisations: they are unlike those of other territories.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    territory: &TerritoryData,
    first_serial: usize,
) -> Result<(), Problem> {
    let head = &territory.head;
    let territory_id = ids::territory(&head.code);
    let new = NewTerritory { id: territory_id, code: &head.code, name: &head.name, provinces: &head.provinces };
    insert_territory(conn, new).await?;
    for (organisation, serial) in territory.organisations.iter().zip(first_serial..) {
        let new = new_organisation(organisation, &head.code, territory_id, serial)?;
        let id = new.id;
        insert_organisation(conn, new).await?;
        if organisation.joined_on.is_none() {
            let admit = insert_membership(conn, territory_id, id, MembershipState::Admitted);
            match head.members_since {
                Some(day) => as_of(day.and_time(NaiveTime::MIN).and_utc(), admit).await?,
                None => admit.await?,
            }
        }
    }
    Ok(())
}

/// Those who became members in the first year of the plan.
pub(super) async fn load_later_members(
    conn: &mut AsyncPgConnection,
    territory: &TerritoryData,
) -> Result<(), Problem> {
    let code = &territory.head.code;
    for organisation in &territory.organisations {
        let Some(joined_on) = organisation.joined_on else { continue };
        let id = ids::organisation(code, &organisation.key);
        let admit = insert_membership(conn, ids::territory(code), id, MembershipState::Admitted);
        as_of(joined_on.and_time(NaiveTime::MIN).and_utc(), admit).await?;
    }
    Ok(())
}

fn new_organisation<'a>(
    organisation: &'a OrganisationData,
    code: &str,
    territory_id: Uuid,
    serial: usize,
) -> Result<NewOrganisation<'a>, DataError> {
    let no_code = || DataError(format!("no tax code for {}", organisation.name));
    let vat_number = organisation.vat.then(|| ids::vat_number(serial)).flatten();
    // Who has a VAT number has it as a tax code too.
    let tax_code = match &vat_number {
        Some(number) => OrganisationTaxCode::parse(number.as_str()).ok(),
        None => ids::organisation_tax_code(serial),
    };
    Ok(NewOrganisation {
        id: ids::organisation(code, &organisation.key),
        territory_id,
        name: &organisation.name,
        kind: organisation.kind,
        company_size: organisation.size,
        tax_code: tax_code.ok_or_else(no_code)?,
        vat_number,
        municipality: organisation.municipality.as_deref(),
    })
}
