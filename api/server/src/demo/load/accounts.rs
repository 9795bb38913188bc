//! Who can log in: officers, workers and machines.

use crate::demo::data::{Data, DataError, TerritoryData};
use crate::demo::{families::Family, ids, secrets};
use concilia_identity::Email;
use concilia_identity::accounts::{NewAccount, create_account, grant_role};
use concilia_identity::bulk::{LockedAccount, create_locked_accounts};
use concilia_identity::clients::{NewApiClient, create_api_client};
use concilia_identity::password::{PasswordHash, hash_password};
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Problem, Role};
use diesel_async::AsyncPgConnection;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) fn account_id(email: &str) -> Uuid {
    ids::id("account", email)
}

/// The hashes of all the demo's passwords, by e-mail: slow on purpose, hence before the transaction.
pub(super) async fn hash_passwords(
    data: &Data,
    master_key: &[u8; 32],
) -> Result<HashMap<String, PasswordHash>, Problem> {
    let emails = data.accounts.officers.iter().map(|o| &o.email).chain(data.families.iter().map(|f| &f.email));
    let at_a_time = std::thread::available_parallelism().map_or(2, usize::from);
    stream::iter(emails)
        .map(|email| async move {
            let hash = hash_password(&secrets::password(master_key, email)).await?;
            Ok::<_, Problem>((email.clone(), hash))
        })
        .buffer_unordered(at_a_time)
        .try_collect()
        .await
}

/// Two officers of the lead of a territory's project: one computes, the other approves.
pub(super) fn lead_officers(data: &Data, territory: &TerritoryData) -> Result<[Agent; 2], DataError> {
    let head = &territory.head;
    let mut officers = data.accounts.officers.iter().filter(|officer| {
        officer.territory == head.code
            && officer.role == Role::AllianceLead
            && officer.organisation == head.project.lead
    });
    let mut next = || -> Result<Agent, DataError> {
        let officer =
            officers.next().ok_or_else(|| DataError(format!("{} needs two lead officers", head.code)))?;
        Ok(Agent { id: Some(account_id(&officer.email)), role: Role::AllianceLead.as_str() })
    };
    Ok([next()?, next()?])
}

/// Officers and machine clients of every territory.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    data: &Data,
    passwords: &HashMap<String, PasswordHash>,
    master_key: &[u8; 32],
) -> Result<(), Problem> {
    for officer in &data.accounts.officers {
        let binding = RoleBinding {
            role: officer.role,
            organisation_id: ids::organisation(&officer.territory, &officer.organisation),
        };
        let territory_id = ids::territory(&officer.territory);
        create(conn, territory_id, (&officer.email, &officer.name), binding, passwords).await?;
    }
    for client in &data.accounts.machine_clients {
        let new = NewApiClient {
            id: ids::id("api_client", &client.client_id),
            territory_id: ids::territory(&client.territory),
            organisation_id: ids::organisation(&client.territory, &client.organisation),
            role: client.role,
            client_id: &client.client_id,
            name: &client.name,
            secret: Some(&secrets::client_secret(master_key, &client.client_id)),
        };
        create_api_client(conn, new).await?;
    }
    Ok(())
}

/// The workers of a territory's families: some can log in, the others are locked.
pub(super) async fn load_workers(
    conn: &mut AsyncPgConnection,
    territory_code: &str,
    families: &[Family],
    passwords: &HashMap<String, PasswordHash>,
) -> Result<(), Problem> {
    let territory_id = ids::territory(territory_code);
    let mut locked = vec![];
    for family in families {
        let name = format!("{} {}", family.worker.given_name, family.worker.family_name);
        let organisation_id = ids::organisation(territory_code, &family.employer);
        if family.can_log_in {
            let binding = RoleBinding { role: Role::Worker, organisation_id };
            create(conn, territory_id, (&family.email, &name), binding, passwords).await?;
        } else {
            locked.push(LockedAccount {
                id: account_id(&family.email),
                email: Email::parse(&family.email, "/email")?,
                display_name: name,
                organisation_id,
                role: Role::Worker,
            });
        }
    }
    create_locked_accounts(conn, territory_id, &locked).await?;
    Ok(())
}

async fn create(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    (email, display_name): (&str, &str),
    binding: RoleBinding,
    passwords: &HashMap<String, PasswordHash>,
) -> Result<(), Problem> {
    let id = account_id(email);
    let password = passwords.get(email).ok_or_else(|| DataError(format!("no password of {email}")))?;
    let account = NewAccount { id, territory_id, email: &Email::parse(email, "/email")?, display_name, password };
    create_account(conn, account).await?;
    grant_role(conn, territory_id, id, binding).await?;
    Ok(())
}
