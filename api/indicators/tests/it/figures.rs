//! Each figure is what its few known records come to.

use crate::scratch::with_scratch;
use concilia_kernel::new_id;
use serde_json::json;

#[test]
fn every_figure_is_the_sum_of_its_records() {
    with_scratch(|scratch| async move {
        scratch.reach(scratch.activity_id, "2020-12-31", 12, 0).await;
        let figures = scratch.figures(None).await;
        let expected: &[(&str, &str, [&str; 3])] = &[
            ("network_members", "all", ["4", "-", "-"]),
            ("network_members", "public_body", ["1", "4", "0.2500"]),
            ("network_members", "company", ["1", "4", "0.2500"]),
            ("projects_concluded", "all", ["0", "1", "0.0000"]),
            ("plan_people", "all", ["12", "100", "0.1200"]),
            ("activity_people", "activity_1", ["12", "40", "0.3000"]),
            ("working_groups", "all", ["1", "-", "-"]),
            ("working_group_meetings", "all", ["2", "-", "-"]),
            ("project_partners", "all", ["3", "-", "-"]),
            ("project_partners", "nonprofit", ["1", "3", "0.3333"]),
            ("project_paid", "all", ["650.50", "1000.00", "0.6505"]),
            // The grant's own expense is no co-financing; the public lead's is not private.
            ("project_cofinancing", "all", ["300.00", "1000.00", "0.3000"]),
            ("project_private_cofinancing", "all", ["100.00", "300.00", "0.3333"]),
            ("project_monetary_cofinancing", "all", ["60.00", "300.00", "0.2000"]),
        ];
        for (indicator, dimension, figure) in expected {
            assert_eq!(figures.of(indicator, dimension), figure.map(str::to_owned), "{indicator}/{dimension}");
        }
    });
}

#[test]
fn what_was_given_back_is_not_paid_any_more() {
    with_scratch(|scratch| async move {
        let (project, territory) = (scratch.project_id, scratch.territory_id);
        scratch
            .run_sql(&format!(
                "ALTER TABLE grant_recoveries DISABLE TRIGGER USER; \
                 INSERT INTO grant_recoveries (id, territory_id, project_id, amount, received_on, reference, recorded_by) \
                   VALUES (uuid_v7(), '{territory}', '{project}', 50.50, '2021-03-01', 'Reversale 7', uuid_v7())"
            ))
            .await;
        let live = scratch.figures(None).await;
        assert_eq!(live.of("project_paid", "all"), ["600.00", "1000.00", "0.6000"].map(str::to_owned));
        // On the day on which it was received.
        scratch.freeze("2020-H2").await.expect(201);
        scratch.freeze("2021-H1").await.expect(201);
        assert_eq!(scratch.figures(Some("2020-H2")).await.of("project_paid", "all")[0], "400.00");
        assert_eq!(scratch.figures(Some("2021-H1")).await.of("project_paid", "all")[0], "600.00");
    });
}

#[test]
fn of_nothing_there_is_no_share() {
    with_scratch(|scratch| async move {
        scratch.reach(scratch.other_activity_id, "2020-12-31", 5, 3).await;
        let figures = scratch.figures(None).await;
        // The plan expects no company, and has no action of its own.
        assert_eq!(figures.of("plan_companies", "all"), ["3", "0", "-"].map(str::to_owned));
        for (indicator, zero) in [
            ("system_people", "0"),
            ("system_companies", "0"),
            ("satisfaction", "0"),
            ("system_paid", "0.00"),
            ("system_cofinancing", "0.00"),
            ("system_monetary_cofinancing", "0.00"),
        ] {
            assert_eq!(figures.of(indicator, "all"), [zero, zero, "-"].map(str::to_owned), "{indicator}");
        }
        // An activity that expected nothing is counted without a share.
        assert_eq!(figures.of("activity_people", "activity_2"), ["5", "-", "-"].map(str::to_owned));
        assert_eq!(figures.of("activity_companies", "activity_2"), ["3", "-", "-"].map(str::to_owned));
    });
}

#[test]
fn a_record_that_is_superseded_no_longer_counts() {
    with_scratch(|scratch| async move {
        let wrong = scratch.reach(scratch.activity_id, "2020-12-31", 30, 0).await;
        scratch.reach(scratch.activity_id, "2020-12-31", 4, 0).await;
        let path = format!("/v1/activities/{}/results", scratch.activity_id);
        let right = json!({"reached_on": "2020-12-31", "people": 20, "companies": 0, "supersedes": wrong["id"]});
        let lead = scratch.lead();
        scratch.post(&lead, &path, right.clone()).await.expect(201);
        assert_eq!(scratch.figures(None).await.of("activity_people", "activity_1")[0], "24");
        scratch.post(&lead, &path, right).await.refuses(409, "already_exists");
        let early = json!({"reached_on": "2020-06-30", "people": 1, "companies": 0});
        scratch.post(&lead, &path, early).await.refuses(422, "validation_failed");
        let stranger = scratch.officer();
        let one = json!({"reached_on": "2020-12-31", "people": 1, "companies": 0});
        scratch.post(&stranger, &path, one).await.refuses(404, "not_found");
    });
}

#[test]
fn a_project_counts_as_concluded_from_the_day_on_which_it_was() {
    with_scratch(|scratch| async move {
        let (project, territory) = (scratch.project_id, scratch.territory_id);
        scratch
            .run_sql(&format!(
                "UPDATE projects SET state = 'settled' WHERE id = '{project}'; \
                 INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role, \
                   occurred_at) VALUES (uuid_v7(), '{territory}', 'project', '{project}', 'running', 'settled', 'ats', \
                   '2021-03-01')"
            ))
            .await;
        scratch.freeze("2020-H2").await.expect(201);
        scratch.freeze("2021-H1").await.expect(201);
        assert_eq!(scratch.figures(Some("2020-H2")).await.of("projects_concluded", "all")[0], "0");
        assert_eq!(scratch.figures(Some("2021-H1")).await.of("projects_concluded", "all")[0], "1");
    });
}

#[test]
fn what_came_after_a_half_year_does_not_change_it() {
    with_scratch(|scratch| async move {
        let (project, territory, plan) = (scratch.project_id, scratch.territory_id, scratch.plan_id);
        let (younger, ended, begun) = (new_id(), new_id(), new_id());
        scratch
            .run_sql(&format!(
                "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
                   project_call_id, submitted_at, requested_grant, cost_services) \
                   SELECT '{younger}', territory_id, '1.2', 'BRUNO', lead_organisation_id, starts_on, ends_on, state, \
                     project_call_id, submitted_at, requested_grant, cost_services FROM projects WHERE id = '{project}'; \
                 INSERT INTO grants (project_id, territory_id, assigned, coordination_limit, cofinancing_minimum, \
                   shift_threshold, accepted_by, accepted_at) \
                   VALUES ('{younger}', '{territory}', 300, 0.15, 0.30, 0.10, uuid_v7(), '2021-03-01'); \
                 INSERT INTO actions (id, territory_id, plan_id, kind, state, title, description, intervention_types, \
                   budget, created_by, created_at) VALUES \
                   ('{ended}', '{territory}', '{plan}', 'system', 'cancelled', 'A', 'A', '{{a}}', 100, uuid_v7(), '2020-09-01'), \
                   ('{begun}', '{territory}', '{plan}', 'system', 'running', 'B', 'B', '{{a}}', 50, uuid_v7(), '2021-02-01'); \
                 INSERT INTO action_years (territory_id, action_id, year, planned, expected_people, expected_companies) VALUES \
                   ('{territory}', '{ended}', 2020, 100, 10, 0), ('{territory}', '{begun}', 2021, 50, 7, 0); \
                 INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role, \
                   occurred_at) VALUES (uuid_v7(), '{territory}', 'action', '{ended}', 'running', 'cancelled', 'ats', '2021-04-01')"
            ))
            .await;
        scratch.freeze("2020-H2").await.expect(201);
        scratch.freeze("2021-H1").await.expect(201);
        for (indicator, before, after) in [("projects_concluded", "1", "2"), ("system_people", "10", "7")] {
            for (half, expected) in [("2020-H2", before), ("2021-H1", after)] {
                let figures = scratch.figures(Some(half)).await;
                assert_eq!(figures.of(indicator, "all")[1], expected, "{indicator} of {half}");
            }
        }
    });
}
