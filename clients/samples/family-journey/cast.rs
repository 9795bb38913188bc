//! Who takes part: one territory that has all the roles.

use crate::credentials::{Account, Credentials, MachineClient};
use chrono::Utc;
use concilia_client::Concilia;
use concilia_samples::Failure;
use uuid::Uuid;

pub(crate) struct Cast {
    url: String,
    pub(crate) employer: MachineClient,
    /// Two officers of the lead: what one computes or asks for, the other approves.
    pub(crate) officers: [Account; 2],
    pub(crate) providers: Vec<Account>,
    /// Tells this run from others.
    pub(crate) serial: String,
}

impl Cast {
    pub(crate) fn choose(url: Option<String>, credentials: &Credentials) -> Result<Self, Failure> {
        let employers = credentials.machine_clients.iter().filter(|client| client.role == "employer");
        for employer in employers {
            let local = |role: &str| -> Vec<Account> {
                let of_role =
                    |account: &&Account| account.role == role && account.territory_code == employer.territory_code;
                credentials.accounts.iter().filter(of_role).cloned().collect()
            };
            let (leads, providers) = (local("alliance_lead"), local("provider"));
            let pair = leads.windows(2).find(|pair| pair[0].organisation_id == pair[1].organisation_id);
            let Some([first, second]) = pair else { continue };
            if providers.is_empty() {
                continue;
            }
            return Ok(Self {
                url: url.unwrap_or_else(|| credentials.base_url.clone()),
                employer: employer.clone(),
                officers: [first.clone(), second.clone()],
                providers,
                serial: Utc::now().timestamp().to_string(),
            });
        }
        Err(Failure::told(
            "no territory of the credentials has an employer's client, two officers of a lead, providers",
        ))
    }

    /// Somebody without an account.
    pub(crate) async fn anyone(&self) -> Result<Concilia, Failure> {
        Ok(Concilia::builder(&self.url).accept_language("en").connect().await?)
    }

    pub(crate) async fn person(&self, email: &str, password: &str) -> Result<Concilia, Failure> {
        Ok(Concilia::builder(&self.url).accept_language("en").password(email, password).connect().await?)
    }

    pub(crate) async fn officer(&self, which: usize) -> Result<Concilia, Failure> {
        let account = &self.officers[which];
        self.person(&account.email, &account.password).await
    }

    pub(crate) async fn provider(&self, organisation_id: Uuid) -> Result<Concilia, Failure> {
        let found = self.providers.iter().find(|account| account.organisation_id == organisation_id);
        let account = found.ok_or_else(|| Failure::told("a provider without an account"))?;
        self.person(&account.email, &account.password).await
    }

    /// The employer's HR system.
    pub(crate) async fn machine(&self) -> Result<Concilia, Failure> {
        let MachineClient { client_id, client_secret, .. } = &self.employer;
        Ok(Concilia::builder(&self.url)
            .accept_language("en")
            .client_credentials(client_id, client_secret)
            .connect()
            .await?)
    }
}
