//! What must never happen is refused by the database itself, whoever writes.

use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::new_id;
use diesel_async::SimpleAsyncConnection;

#[test]
fn the_database_has_the_last_word() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.accepted(&lead, &officer, scratch.executive()).await;
        let (territory, project, id) = (scratch.territory_id, scratch.project_id, new_id());
        let payment = |amount: &str| {
            format!(
                "INSERT INTO grant_payments (id, territory_id, project_id, tranche_number, amount, state, validated, act, \
                 act_date, created_by) VALUES (uuid_v7(), '{territory}', '{project}', 1, {amount}, 'requested', 0, 'A', \
                 '2020-07-10', '{id}')"
            )
        };
        refused(&scratch, &payment("1"), "is not due").await;
        refused(&scratch, "UPDATE grant_tranches SET amount = amount + 0.01", "exceed its grant").await;
        scratch.signed(&lead, &officer).await;
        refused(&scratch, &payment("10019.21"), "grant_tranches_within_amount").await;
        scratch.run_sql(&payment("10019.20")).await;
        refused(&scratch, "UPDATE grant_payments SET amount = 1", "cannot be rewritten").await;
        refused(&scratch, "DELETE FROM grant_payments", "cannot be rewritten").await;
        let same =
            format!("UPDATE grant_payments SET state = 'approved', approved_by = '{id}', approved_at = now()");
        refused(&scratch, &same, "grant_payments_four_eyes").await;
        refused(&scratch, "UPDATE grants SET ordered = 20038.41", "grants_paid_within_assigned").await;
        refused(&scratch, "UPDATE executive_budgets SET note = 'x'", "append-only").await;
        refused(&scratch, "UPDATE agreements SET act = 'x'", "append-only").await;
        let line = format!(
            "INSERT INTO executive_cofinancing VALUES ('{territory}', '{project}', 1, '{}', 1, 0) ON CONFLICT \
             (project_id, number, organisation_id) DO NOTHING",
            scratch.outsider_id
        );
        refused(&scratch, &line, "executive_cofinancing_project_id_organisation_id_fkey").await;
        refused(&scratch, "UPDATE grant_cost_items SET validated = budget + 0.01", "within_budget").await;
    });
}

async fn refused(scratch: &Scratch, sql: &str, why: &str) {
    let error = scratch.connect().await.batch_execute(sql).await.expect_err(sql).to_string();
    assert!(error.contains(why), "{sql}: {error}");
}
