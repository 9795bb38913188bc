//! The employer says who works for it; one of them gets an account.

use crate::cast::Cast;
use crate::story::Story;
use crate::tax_code;
use chrono::NaiveDate;
use concilia_client::{Concilia, types, upload};
use concilia_samples::Failure;
use futures_util::stream;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// Given name, family name, and the letters that they give to a tax code.
const PEOPLE: [(&str, &str, &str); 3] =
    [("Ilaria", "Fontana", "FNTLRI"), ("Noemi", "Salvi", "SLVNMO"), ("Rosa", "Bertoli", "BRTRSO")];

struct Person {
    external_id: String,
    tax_code: String,
    email: String,
}

pub(crate) async fn push_and_activate(cast: &Cast, story: &mut Story) -> Result<Concilia, Failure> {
    let employer = cast.machine().await?;
    let name = &cast.employer.organisation;
    story.step(&format!("HR system of {name}"), &format!("sends {} new employees", PEOPLE.len()));
    let people = people(&cast.serial)?;
    let rows = PEOPLE.iter().zip(&people).map(|(names, person)| row(names, person)).collect::<Vec<_>>();
    let job = employer
        .create_employee_import_ndjson()
        .employer_id(cast.employer.organisation_id)
        .mode(types::CreateEmployeeImportNdjsonMode::Partial)
        .body(upload::ndjson(stream::iter(rows)))
        .send()
        .await?;
    let job = finished(&employer, job.id).await?;
    let count = |name: &str| job.result.as_ref().and_then(|result| result.get(name)).copied().unwrap_or_default();
    story.tell(format!("{} created, {} refused", count("created"), count("rejected")));
    if count("created") != PEOPLE.len() as i64 {
        return Err(Failure::told(format!("the import did not create all employees: {:?}", job.result)));
    }
    activate(cast, &employer, &people[0], story).await
}

async fn activate(
    cast: &Cast,
    employer: &Concilia,
    person: &Person,
    story: &mut Story,
) -> Result<Concilia, Failure> {
    let (given_name, family_name, _) = PEOPLE[0];
    let name = format!("{given_name} {family_name}");
    story.step(&format!("HR system of {}", cast.employer.organisation), &format!("asks a code for {name}"));
    let code = employer
        .create_activation_code()
        .employer_id(cast.employer.organisation_id)
        .external_id(&person.external_id)
        .send()
        .await?;
    story.tell(format!("one-time code, good until {}", code.expires_at.format("%d/%m/%Y")));

    story.step(&name, "activates an account with tax code and code, and logs in");
    let password = format!("a long invented phrase {}", Uuid::now_v7());
    let activation = types::CreateWorkerActivation {
        tax_code: person.tax_code.clone(),
        code: code.into_inner().code,
        email: person.email.clone(),
        password: password.clone(),
    };
    cast.anyone().await?.create_worker_activation().body(activation).send().await?;
    let worker = cast.person(&person.email, &password).await?;
    story.tell(format!("{}, tax code {}", person.email, person.tax_code));
    Ok(worker)
}

fn people(serial: &str) -> Result<Vec<Person>, Failure> {
    let first: u64 = serial.parse().map_err(|_| Failure::told("the run's number is not a number"))?;
    let person = |(index, (given_name, family_name, letters)): (usize, &(&str, &str, &str))| Person {
        external_id: format!("journey-{serial}-{index}"),
        tax_code: tax_code::of_woman(letters, first),
        email: format!("{given_name}.{family_name}.{serial}@famiglie.example").to_lowercase(),
    };
    Ok(PEOPLE.iter().enumerate().map(person).collect())
}

fn row((given_name, family_name, _): &(&str, &str, &str), person: &Person) -> Value {
    json!({
        "external_id": person.external_id,
        "tax_code": person.tax_code,
        "given_name": given_name,
        "family_name": family_name,
        "email": person.email,
        "employed_from": NaiveDate::from_ymd_opt(2019, 9, 1),
        "contract_type": types::ContractType::Permanent,
        "shift_worker": true,
    })
}

async fn finished(employer: &Concilia, job_id: Uuid) -> Result<types::Job, Failure> {
    loop {
        let job = employer.get_job().job_id(job_id).send().await?.into_inner();
        match job.state {
            types::JobState::Succeeded => return Ok(job),
            types::JobState::Failed | types::JobState::Aborted => {
                return Err(Failure::told(format!("the import {}: {:?}", job.state, job.failure_code)));
            }
            _ => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}
