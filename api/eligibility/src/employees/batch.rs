//! Employees on their way to the table, by column, and the one statement that takes them there.

use super::column::Column;
use super::presences::note;
use crate::imports::EmployeeRow;
use concilia_kernel::db::cached;
use concilia_kernel::vault::{INDEX_LEN, Vault};
use concilia_kernel::{new_id, now};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use std::collections::HashMap;
use uuid::Uuid;

/// Blind indexes of people's tax codes share one purpose, so that an employee, a worker and a
/// household member with the same tax code are recognised as one person within a territory.
const PERSON_TAX_CODE: &str = "person.tax_code";

/// Purpose under which `employees.tax_code_sealed` is sealed.
const EMPLOYEE_TAX_CODE: &str = "employees.tax_code_sealed";

/// Employees of one employer, to be written together.
#[derive(Debug, Default)]
pub struct EmployeeBatch {
    ids: Column<SqlUuid>,
    external_ids: Column<Text>,
    tax_code_indexes: Column<Binary>,
    tax_codes_sealed: Column<Binary>,
    given_names: Column<Text>,
    family_names: Column<Text>,
    emails: Column<Text>,
    employed_from: Column<Date>,
    employed_to: Column<Date>,
    contract_types: Column<Text>,
    shift_workers: Column<Bool>,
    workplaces: Column<Text>,
    /// Where each row was read.
    lines: Vec<i64>,
    /// Rows to write: neither superseded nor refused.
    live: Column<Bool>,
}

/// What became of a batch. A row that a later one of the same batch supersedes is `unchanged`: it
/// changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatchOutcome {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    /// Lines whose tax code belongs to another employee of the employer.
    pub taken: Vec<i64>,
}

/// How a batch deals with tax codes that other employees of the employer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxCodes {
    /// Looks each new one up before writing.
    Checked,
    /// Writes, and starts again looking each up when the index refuses one: a quarter faster where
    /// conflicts are rare.
    Trusted,
}

impl EmployeeBatch {
    /// Adds a row, sealing its tax code.
    pub fn push(&mut self, vault: &Vault, territory_id: Uuid, line: i64, row: &EmployeeRow<'_>) {
        let tax_code = row.tax_code.as_str().as_bytes();
        self.ids.push(new_id());
        self.external_ids.push(row.external_id);
        self.tax_code_indexes.push(&vault.blind_index(PERSON_TAX_CODE, territory_id, tax_code));
        self.tax_codes_sealed.push(&vault.seal(EMPLOYEE_TAX_CODE, tax_code));
        self.given_names.push(row.given_name);
        self.family_names.push(row.family_name);
        self.emails.push_option(row.email);
        self.employed_from.push(row.employed_from);
        self.employed_to.push_option(row.employed_to);
        self.contract_types.push(row.contract_type.as_str());
        self.shift_workers.push(row.shift_worker);
        self.workplaces.push_option(row.workplace);
        self.lines.push(line);
        self.live.push(true);
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Bytes that the rows' free texts take: bounds the batch where its number of rows does not.
    pub(crate) fn text_size(&self) -> usize {
        [&self.external_ids, &self.given_names, &self.family_names, &self.emails, &self.workplaces]
            .iter()
            .map(|column| column.size())
            .sum()
    }

    /// Takes out the rows that a later one with the same external id supersedes; says how many.
    fn supersede(&mut self) -> i64 {
        let mut last: HashMap<&[u8], usize> = HashMap::with_capacity(self.len());
        let earlier: Vec<usize> =
            self.external_ids.iter().enumerate().filter_map(|(row, id)| last.insert(id, row)).collect();
        for row in &earlier {
            self.live.set(*row, false);
        }
        earlier.len() as i64
    }

    /// Rows that claim a tax code which another live row claims too, by tax code.
    fn contested(&self) -> HashMap<&[u8], Vec<usize>> {
        let mut claims: HashMap<&[u8], Vec<usize>> = HashMap::new();
        let mut first: HashMap<&[u8], usize> = HashMap::with_capacity(self.len());
        let live = self.tax_code_indexes.iter().enumerate().filter(|(row, _)| self.live.get(*row));
        for (row, index) in live {
            if let Some(earlier) = first.get(index) {
                claims.entry(index).or_insert_with(|| vec![*earlier]).push(row);
            } else {
                first.insert(index, row);
            }
        }
        claims
    }

    fn external_id(&self, row: usize) -> &[u8] {
        self.external_ids.iter().nth(row).unwrap_or_default()
    }

    /// Settles tax codes claimed twice within the batch: who has it in the table keeps it, else the
    /// first line. Returns the lines refused.
    async fn settle_claims(
        &mut self,
        connection: &mut AsyncPgConnection,
        employer_id: Uuid,
    ) -> QueryResult<Vec<i64>> {
        let claims = self.contested();
        if claims.is_empty() {
            return Ok(vec![]);
        }
        let indexes: Vec<&[u8]> = claims.keys().copied().collect();
        let owners: Vec<Owner> = cached(
            diesel::sql_query(
                "SELECT tax_code_index, external_id FROM employees \
                 WHERE employer_id = $1 AND tax_code_index = ANY($2)",
            )
            .bind::<SqlUuid, _>(employer_id)
            .bind::<Array<Binary>, _>(indexes),
        )
        .load(connection)
        .await?;
        let owners: HashMap<&[u8], &[u8]> =
            owners.iter().map(|owner| (owner.tax_code_index.as_slice(), owner.external_id.as_bytes())).collect();
        let mut refused = vec![];
        for (index, rows) in &claims {
            let owner =
                owners.get(index).and_then(|owner| rows.iter().find(|row| self.external_id(**row) == *owner));
            let keeper = owner.or(rows.as_slice().first()).copied();
            refused.extend(rows.iter().copied().filter(|row| Some(*row) != keeper));
        }
        for row in &refused {
            self.live.set(*row, false);
        }
        Ok(refused.into_iter().map(|row| self.lines[row]).collect())
    }

    /// Notes that a full push names these employees.
    pub(crate) async fn note_presences(
        &self,
        connection: &mut AsyncPgConnection,
        job_id: Uuid,
    ) -> QueryResult<()> {
        note(connection, job_id, &self.external_ids).await
    }

    /// Writes the batch in the transaction that has locked the employer's employees
    /// ([`lock_employees`]). Rows that say what the table says already are not touched.
    pub async fn write(
        mut self,
        connection: &mut AsyncPgConnection,
        territory_id: Uuid,
        employer_id: Uuid,
        tax_codes: TaxCodes,
    ) -> QueryResult<BatchOutcome> {
        let superseded = self.supersede();
        let mut refused = vec![];
        let written = match tax_codes {
            TaxCodes::Trusted => self.upsert_trusting(connection, territory_id, employer_id).await?,
            TaxCodes::Checked => None,
        };
        let mut written = if let Some(written) = written {
            written
        } else {
            refused = self.settle_claims(connection, employer_id).await?;
            self.upsert(connection, territory_id, employer_id, TaxCodes::Checked).await?
        };
        written.taken.extend(refused);
        written.taken.sort_unstable();
        Ok(BatchOutcome {
            created: written.created,
            updated: written.updated,
            unchanged: written.unchanged + superseded,
            taken: written.taken,
        })
    }

    /// Writes in a savepoint, trusting the tax codes; `None` when the index refused one.
    async fn upsert_trusting(
        &self,
        connection: &mut AsyncPgConnection,
        territory_id: Uuid,
        employer_id: Uuid,
    ) -> QueryResult<Option<Written>> {
        AnsiTransactionManager::begin_transaction(connection).await?;
        match self.upsert(connection, territory_id, employer_id, TaxCodes::Trusted).await {
            Ok(written) => {
                AnsiTransactionManager::commit_transaction(connection).await?;
                Ok(Some(written))
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(connection).await?;
                match error {
                    Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Ok(None),
                    error => Err(error),
                }
            }
        }
    }

    async fn upsert(
        &self,
        connection: &mut AsyncPgConnection,
        territory_id: Uuid,
        employer_id: Uuid,
        tax_codes: TaxCodes,
    ) -> QueryResult<Written> {
        cached(
            diesel::sql_query(UPSERT)
                .bind::<SqlUuid, _>(territory_id)
                .bind::<SqlUuid, _>(employer_id)
                .bind::<Array<SqlUuid>, _>(&self.ids)
                .bind::<Array<Text>, _>(&self.external_ids)
                .bind::<Array<Binary>, _>(&self.tax_code_indexes)
                .bind::<Array<Binary>, _>(&self.tax_codes_sealed)
                .bind::<Array<Text>, _>(&self.given_names)
                .bind::<Array<Text>, _>(&self.family_names)
                .bind::<Array<Text>, _>(&self.emails)
                .bind::<Array<Date>, _>(&self.employed_from)
                .bind::<Array<Date>, _>(&self.employed_to)
                .bind::<Array<Text>, _>(&self.contract_types)
                .bind::<Array<Bool>, _>(&self.shift_workers)
                .bind::<Array<Text>, _>(&self.workplaces)
                .bind::<Array<BigInt>, _>(&self.lines)
                .bind::<Array<Bool>, _>(&self.live)
                .bind::<Timestamptz, _>(now())
                .bind::<Bool, _>(tax_codes == TaxCodes::Checked),
        )
        .get_result(connection)
        .await
    }
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = Binary)]
    tax_code_index: Vec<u8>,
    #[diesel(sql_type = Text)]
    external_id: String,
}

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    created: i64,
    #[diesel(sql_type = BigInt)]
    updated: i64,
    #[diesel(sql_type = BigInt)]
    unchanged: i64,
    #[diesel(sql_type = Array<BigInt>)]
    taken: Vec<i64>,
}

/// Plain inserts and updates after a look at the table: the employer's lock keeps others away, and
/// `ON CONFLICT` would write each new row twice to the log. A sealed tax code differs at each
/// sealing, so the blind index tells whether it is the same and the stored one stays.
const UPSERT: &str = "\
WITH judged AS MATERIALIZED (
  SELECT i.*, e.id AS known_id,
    CASE WHEN NOT $18 OR e.tax_code_index = i.tax_code_index THEN false ELSE EXISTS (
      SELECT FROM employees o WHERE o.tax_code_index = i.tax_code_index AND o.employer_id = $2) END AS taken,
    (e.tax_code_index, e.given_name, e.family_name, e.email, e.employed_from, e.employed_to, e.contract_type,
     e.shift_worker, e.workplace)
      IS DISTINCT FROM (i.tax_code_index, i.given_name, i.family_name, i.email, i.employed_from, i.employed_to,
     i.contract_type, i.shift_worker, i.workplace) AS differs
  FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    AS i (id, external_id, tax_code_index, tax_code_sealed, given_name, family_name, email, employed_from,
          employed_to, contract_type, shift_worker, workplace, line, live)
  LEFT JOIN employees e ON e.employer_id = $2 AND e.external_id = i.external_id
  WHERE i.live
), inserted AS (
  INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, given_name,
    family_name, email, employed_from, employed_to, contract_type, shift_worker, workplace, created_at, updated_at)
  SELECT id, $1, $2, external_id, tax_code_index, tax_code_sealed, given_name, family_name, email, employed_from,
    employed_to, contract_type, shift_worker, workplace, $17, $17
  FROM judged WHERE known_id IS NULL AND NOT taken
), updated AS (
  UPDATE employees e SET
    tax_code_index = j.tax_code_index,
    tax_code_sealed = CASE WHEN e.tax_code_index = j.tax_code_index THEN e.tax_code_sealed ELSE j.tax_code_sealed END,
    given_name = j.given_name, family_name = j.family_name, email = j.email, employed_from = j.employed_from,
    employed_to = j.employed_to, contract_type = j.contract_type, shift_worker = j.shift_worker,
    workplace = j.workplace, updated_at = $17
  FROM judged j WHERE e.id = j.known_id AND j.differs AND NOT j.taken
)
SELECT count(*) FILTER (WHERE known_id IS NULL AND NOT taken) AS created,
  count(*) FILTER (WHERE known_id IS NOT NULL AND differs AND NOT taken) AS updated,
  count(*) FILTER (WHERE known_id IS NOT NULL AND NOT differs AND NOT taken) AS unchanged,
  coalesce(array_agg(line) FILTER (WHERE taken), '{}') AS taken
FROM judged";

/// Lets one transaction at a time write an employer's employees, so that what is looked up stays true.
pub async fn lock_employees(connection: &mut AsyncPgConnection, employer_id: Uuid) -> QueryResult<()> {
    let (high, low) = employer_id.as_u64_pair();
    cached(diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>((high ^ low).cast_signed()))
        .execute(connection)
        .await?;
    Ok(())
}

/// The blind index of a person's tax code, as stored in `tax_code_index` columns.
pub fn tax_code_index(
    vault: &Vault,
    territory_id: Uuid,
    tax_code: &concilia_kernel::identifiers::TaxCode,
) -> [u8; INDEX_LEN] {
    vault.blind_index(PERSON_TAX_CODE, territory_id, tax_code.as_str().as_bytes())
}

/// Writes employees of one employer together, by the rules of a push: those whose tax code another
/// employee has are left out, and named in the outcome by their place among `rows`, from 1.
/// A transaction of its own keeps it whole and lets go of the employer's lock.
pub async fn insert_employees(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    employer_id: Uuid,
    rows: &[EmployeeRow<'_>],
) -> QueryResult<BatchOutcome> {
    let mut batch = EmployeeBatch::default();
    for (line, row) in (1..).zip(rows) {
        batch.push(vault, territory_id, line, row);
    }
    lock_employees(connection, employer_id).await?;
    batch.write(connection, territory_id, employer_id, TaxCodes::Checked).await
}
