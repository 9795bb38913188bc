//! Who can log in to the demo, and with what.

use super::data::{Data, DataError};
use super::{ids, secrets};
use concilia_kernel::Role;
use serde::Serialize;
use uuid::Uuid;

/// The demo's log-ins, for people and for outside tools.
#[derive(Debug, Serialize)]
pub struct Credentials {
    pub base_url: String,
    pub accounts: Vec<AccountCredentials>,
    pub machine_clients: Vec<MachineClientCredentials>,
}

#[derive(Debug, Serialize)]
pub struct AccountCredentials {
    pub role: Role,
    pub organisation: String,
    pub territory: String,
    pub email: String,
    pub password: String,
    pub organisation_id: Uuid,
    pub territory_code: String,
}

#[derive(Debug, Serialize)]
pub struct MachineClientCredentials {
    pub client_id: String,
    pub client_secret: String,
    pub role: Role,
    pub organisation: String,
    pub territory: String,
    pub organisation_id: Uuid,
    pub territory_code: String,
}

/// The log-ins of an installation that has this master key, whether or not the demo is loaded.
pub fn credentials(master_key: &[u8; 32], base_url: String) -> Result<Credentials, DataError> {
    let data = Data::read()?;
    let officers = data.accounts.officers.iter().map(|o| (o.role, &o.territory, &o.organisation, &o.email));
    let workers = data.families.iter().map(|f| (Role::Worker, &f.territory, &f.employer, &f.email));
    let accounts = officers.chain(workers).map(|(role, code, key, email)| {
        let territory = data.territory(code)?;
        Ok(AccountCredentials {
            role,
            organisation: territory.organisation(key)?.name.clone(),
            territory: territory.head.name.clone(),
            email: email.clone(),
            password: secrets::password(master_key, email),
            organisation_id: ids::organisation(code, key),
            territory_code: code.clone(),
        })
    });
    let machine_clients = data.accounts.machine_clients.iter().map(|client| {
        let territory = data.territory(&client.territory)?;
        Ok(MachineClientCredentials {
            client_id: client.client_id.clone(),
            client_secret: secrets::client_secret(master_key, &client.client_id),
            role: client.role,
            organisation: territory.organisation(&client.organisation)?.name.clone(),
            territory: territory.head.name.clone(),
            organisation_id: ids::organisation(&client.territory, &client.organisation),
            territory_code: client.territory.clone(),
        })
    });
    Ok(Credentials {
        base_url,
        accounts: accounts.collect::<Result<_, DataError>>()?,
        machine_clients: machine_clients.collect::<Result<_, DataError>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_role_can_log_in_to_both_territories() {
        let listed = credentials(&[7; 32], "http://127.0.0.1:8080".into()).unwrap();
        for code in ["ATS-VALPADANA", "ATS-VALLEAZZURRA"] {
            for role in Role::ALL {
                assert!(
                    listed.accounts.iter().any(|a| a.role == *role && a.territory_code == code),
                    "{role} of {code}"
                );
            }
        }
        let employers: HashSet<_> = listed
            .machine_clients
            .iter()
            .filter(|client| client.role == Role::Employer)
            .map(|client| &client.territory_code)
            .collect();
        assert_eq!(employers.len(), 2);
        let passwords: HashSet<_> = listed.accounts.iter().map(|a| &a.password).collect();
        assert_eq!(passwords.len(), listed.accounts.len());
    }
}
