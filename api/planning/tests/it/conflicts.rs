//! Conflicts of interest are found from every side on which an organisation may touch a project.

use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::new_id;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Conflict {
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    ground: String,
}

async fn conflicts(scratch: &Scratch, account: Uuid) -> Vec<(Uuid, Uuid, String)> {
    let rows: Vec<Conflict> = sql_query(
        "SELECT project_id, organisation_id, ground FROM conflicts_of_interest($1, $2) ORDER BY project_id, ground",
    )
    .bind::<SqlUuid, _>(scratch.territory_id)
    .bind::<Array<SqlUuid>, _>(vec![account])
    .load(&mut scratch.connect().await)
    .await
    .unwrap();
    rows.into_iter().map(|row| (row.project_id, row.organisation_id, row.ground)).collect()
}

/// An account bound to `organisation` by a role, if one is given.
async fn account(scratch: &Scratch, role: Option<(&str, Uuid)>) -> Uuid {
    let (id, territory) = (new_id(), scratch.territory_id);
    scratch
        .run_sql(&format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
             VALUES ('{id}', '{territory}', '{id}@example.test', 'x', 'A')"
        ))
        .await;
    if let Some((role, organisation)) = role {
        scratch
            .run_sql(&format!(
                "INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
                 VALUES ('{territory}', '{id}', '{organisation}', '{role}')"
            ))
            .await;
    }
    id
}

async fn project(scratch: &Scratch, reference: &str, lead: Uuid) -> Uuid {
    let (id, territory) = (new_id(), scratch.territory_id);
    scratch
        .run_sql(&format!(
            "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state) \
               VALUES ('{id}', '{territory}', '{reference}', 'P', '{lead}', '2026-01-01', '2027-12-31', 'running'); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
               VALUES ('{territory}', '{id}', '{lead}', 'lead')"
        ))
        .await;
    id
}

#[test]
fn leads_partners_former_partners_employers_and_merged_projects_are_conflicts() {
    with_scratch(async |scratch| {
        let [one, two] = scratch.partner_ids;
        let (territory, lead) = (scratch.territory_id, scratch.lead_id);
        let whole = project(&scratch, "1.1", lead).await;
        let part = project(&scratch, "1.2", one).await;
        let other = project(&scratch, "1.3", one).await;

        let of_lead = account(&scratch, Some(("evaluator", lead))).await;
        assert_eq!(conflicts(&scratch, of_lead).await, [(whole, lead, "role".to_owned())]);
        let of_two = account(&scratch, Some(("provider", two))).await;
        assert_eq!(conflicts(&scratch, of_two).await, []);

        // Joining makes a conflict, and leaving does not end it.
        scratch
            .run_sql(&format!(
                "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, joined_on) \
                 VALUES ('{territory}', '{part}', '{two}', 'network', '2026-02-01')"
            ))
            .await;
        assert_eq!(conflicts(&scratch, of_two).await, [(part, two, "role".to_owned())]);
        scratch
            .run_sql(&format!(
                "UPDATE project_partners SET left_on = '2026-03-01' WHERE organisation_id = '{two}'"
            ))
            .await;
        assert_eq!(conflicts(&scratch, of_two).await, [(part, two, "role".to_owned())]);

        // What a project absorbs it takes the conflicts of, all the way.
        scratch
            .run_sql(&format!(
                "UPDATE projects SET state = 'merged', merged_into = '{whole}', submitted_at = now() WHERE id = '{part}'"
            ))
            .await;
        let absorbed = conflicts(&scratch, of_two).await;
        assert_eq!(absorbed, [(whole, two, "role".to_owned()), (part, two, "role".to_owned())]);
        scratch
            .run_sql(&format!(
                "UPDATE projects SET state = 'merged', merged_into = '{other}', submitted_at = now() WHERE id = '{whole}'"
            ))
            .await;
        assert_eq!(conflicts(&scratch, of_two).await.len(), 3);

        // A worker's employer counts while the employment lasts.
        let worker = account(&scratch, None).await;
        let index = worker.simple();
        scratch
            .run_sql(&format!(
                "INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
                   VALUES ('{}', '{territory}', '{worker}', '\\x{index}', '\\x00', 'A', 'B'); \
                 INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, \
                   given_name, family_name, employed_from, contract_type, shift_worker) \
                   VALUES ('{}', '{territory}', '{lead}', 'E1', '\\x{index}', '\\x00', 'A', 'B', '2020-01-01', 'permanent', false)",
                new_id(),
                new_id()
            ))
            .await;
        let employed = conflicts(&scratch, worker).await;
        assert_eq!(employed, [(whole, lead, "employment".to_owned()), (other, lead, "employment".to_owned())]);
        scratch.run_sql("UPDATE employees SET employed_to = italian_day(now()) - 1").await;
        assert_eq!(conflicts(&scratch, worker).await, []);
        scratch.run_sql("UPDATE employees SET employed_to = italian_day(now())").await;
        assert_eq!(conflicts(&scratch, worker).await.len(), 2);
    });
}
