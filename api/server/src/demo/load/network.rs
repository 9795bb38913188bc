//! A territory with its organisations, admitted members of the network.

use crate::demo::data::{DataError, OrganisationData, TerritoryData};
use crate::demo::ids;
use concilia_kernel::Problem;
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
        insert_membership(conn, territory_id, id, MembershipState::Admitted).await?;
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
