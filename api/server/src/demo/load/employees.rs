//! The payrolls, as the employers' systems would have pushed them.

use crate::demo::employees::Employee;
use concilia_eligibility::{ContractType, EmployeeRow, insert_employees};
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    employer_id: Uuid,
    payroll: &[Employee],
) -> Result<(), Problem> {
    let rows = payroll.iter().map(|employee| EmployeeRow {
        external_id: &employee.external_id,
        tax_code: employee.person.tax_code,
        given_name: &employee.person.given_name,
        family_name: &employee.person.family_name,
        email: Some(&employee.email),
        employed_from: employee.employed_from,
        employed_to: None,
        contract_type: if employee.is_permanent { ContractType::Permanent } else { ContractType::FixedTerm },
        shift_worker: employee.shift_worker,
        workplace: Some(&employee.workplace),
    });
    insert_employees(conn, vault, territory_id, employer_id, &rows.collect::<Vec<_>>()).await?;
    Ok(())
}
