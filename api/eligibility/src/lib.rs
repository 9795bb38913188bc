//! Who is eligible: the employees that employers push, the workers who activate their account, and
//! their households.
//!
//! Employers push in bulk ([`imports`]: a job that streams NDJSON or CSV into the table in constant
//! memory) or one by one ([`employees`]), and hand out one-time codes with which employees become
//! workers ([`activation`]). A worker declares facts of the family, children and dependants, all kept
//! sealed ([`household`]). Tax codes are sealed too, and recognised through a keyed blind index.
//!
//! It offers the others: [`find_worker`] and [`find_worker_id`] (who a caller is), [`employments_on`]
//! (where a worker is employed on a day), [`household_snapshot`] (to freeze in an application),
//! [`member_names`] (to show on orders), and for the demo [`insert_employees`], [`insert_worker`],
//! [`insert_household`] and [`insert_member`].

pub mod activation;
pub mod employees;
pub mod household;
pub mod imports;
pub mod jobs;
mod routes;
mod schema;
pub mod worker;

pub use employees::{BatchOutcome, ContractType, insert_employees, tax_code_index};
pub use household::{
    HouseholdFacts, HouseholdPerson, HouseholdSnapshot, MemberName, MemberSnapshot, NewHousehold, NewMember,
    Relationship, SchoolLevel, household_snapshot, insert_household, insert_households, insert_member,
    insert_members, member_names, open_member_name,
};
pub use imports::{EmployeeImport, EmployeeRow, ImportSettings};
pub use routes::routes;
pub use worker::{
    Employment, NewWorker, WorkerIdentity, employments_on, find_worker, find_worker_id, insert_worker,
    insert_workers,
};
