//! Puts the demo into an empty database, through the functions of the contexts.

mod accounts;
mod calls;
mod catalogue;
mod employees;
mod first_year;
mod households;
mod network;
mod orders;
mod plan;

use super::data::{Data, DataError, TerritoryData};
use super::employees::{Employee, payroll};
use super::families::{Family, families};
use super::ids;
use super::people::Registry;
use super::plan::PublishedPlan;
use crate::runtime::Progress;
use chrono::NaiveDate;
use concilia_identity::password::PasswordHash;
use concilia_kernel::db::{PoolSettings, transaction};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem, today};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;
use uuid::Uuid;

/// The territory whose plan was published.
const PUBLISHED: &str = "ATS-VALPADANA";
/// Invented numbers set aside for the organisations of one territory.
const SERIALS: usize = 10_000;

/// Loads the demo, all of it or nothing, unless the database holds a territory: then answers false.
pub async fn load_once(
    database_url: &str,
    master_key: [u8; 32],
    progress: &Progress,
) -> Result<bool, Box<dyn Error + Send + Sync>> {
    let settings =
        PoolSettings { url: database_url.to_owned(), per_worker: 1, statement_timeout: Duration::from_mins(2) };
    let mut conn = Db::new(settings)?.conn().await?;
    if concilia_network::has_territories(&mut conn).await? {
        return Ok(false);
    }
    progress.step("demo: inventing people");
    let data = Data::read()?;
    let loader = Loader {
        passwords: accounts::hash_passwords(&data, &master_key).await?,
        vault: Vault::new(&master_key)?,
        data: &data,
        master_key,
        today: today(),
        progress,
    };
    Ok(transaction(&mut conn, async |conn| loader.load(conn).await).await?)
}

struct Loader<'a> {
    data: &'a Data,
    master_key: [u8; 32],
    vault: Vault,
    passwords: HashMap<String, PasswordHash>,
    /// The day to which the demo's days are relative.
    today: NaiveDate,
    progress: &'a Progress,
}

/// A territory with the people invented for it.
struct Populated<'a> {
    territory: &'a TerritoryData,
    territory_id: Uuid,
    families: Vec<Family>,
    /// Employees by employer.
    payrolls: Vec<(Uuid, Vec<Employee>)>,
}

impl Loader<'_> {
    async fn load(&self, conn: &mut AsyncPgConnection) -> Result<bool, Problem> {
        // Of two that start together on one database the second waits here, then finds the work done.
        concilia_network::lock_territories(conn).await?;
        if concilia_network::has_territories(conn).await? {
            return Ok(false);
        }
        self.progress.step("demo: organisations and accounts");
        let mut registry = Registry::new(&self.data.names, &self.data.places);
        let populated = self.data.territories.iter().map(|territory| self.populate(territory, &mut registry));
        let populated = populated.collect::<Result<Vec<_>, DataError>>()?;
        for (territory, index) in populated.iter().zip(0..) {
            network::load(conn, territory.territory, index * SERIALS).await?;
        }
        accounts::load(conn, self.data, &self.passwords, &self.master_key).await?;
        for territory in &populated {
            self.load_territory(conn, territory).await?;
        }
        Ok(true)
    }

    fn populate<'t>(
        &self,
        territory: &'t TerritoryData,
        registry: &mut Registry<'_>,
    ) -> Result<Populated<'t>, DataError> {
        let families = families(self.data, territory, registry, self.today)?;
        let code = &territory.head.code;
        let payrolls = territory.head.employers.iter().map(|employer| {
            let employer_id = ids::organisation(code, &employer.organisation);
            Ok((employer_id, payroll(self.data, territory, employer, &families, registry)?))
        });
        let payrolls = payrolls.collect::<Result<_, DataError>>()?;
        Ok(Populated { territory, territory_id: ids::territory(code), families, payrolls })
    }

    async fn load_territory(
        &self,
        conn: &mut AsyncPgConnection,
        populated: &Populated<'_>,
    ) -> Result<(), Problem> {
        let Populated { territory, territory_id, families, payrolls } = populated;
        let head = &territory.head;
        self.progress.step(&format!("demo: plans and projects of {}", head.code));
        if head.code == PUBLISHED {
            let published = PublishedPlan::read()?;
            let plan_id = plan::load_published(conn, self.data, territory, &published).await?;
            self.progress.step(&format!("demo: first year of the plan of {}", head.code));
            Box::pin(first_year::load(conn, self, territory, &published, plan_id)).await?;
        }
        self.progress.step(&format!("demo: catalogue of {}", head.store.slug));
        let project_id = plan::load_current(conn, self.data, territory, self.today).await?;
        catalogue::load(conn, territory, project_id, self.today).await?;
        self.progress.step(&format!("demo: employees and families of {}", head.code));
        for (employer_id, payroll) in payrolls {
            employees::load(conn, &self.vault, *territory_id, *employer_id, payroll).await?;
        }
        accounts::load_workers(conn, &head.code, families, &self.passwords).await?;
        households::load(conn, &self.vault, *territory_id, families, self.today).await?;
        self.progress.step(&format!("demo: voucher calls and orders of {}", head.code));
        let officers = accounts::lead_officers(self.data, territory)?;
        calls::load(conn, self, populated, project_id, officers).await?;
        orders::load(conn, self, populated).await
    }
}
