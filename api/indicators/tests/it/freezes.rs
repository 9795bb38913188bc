//! Half-years frozen once, compared, and left as they were.

use crate::scratch::with_scratch;
use chrono::Days;
use concilia_kernel::now;
use concilia_network::Half;
use diesel_async::SimpleAsyncConnection;

#[test]
fn a_half_year_is_frozen_once_and_counts_up_to_its_end() {
    with_scratch(|scratch| async move {
        scratch.reach(scratch.activity_id, "2020-12-31", 12, 0).await;
        scratch.reach(scratch.activity_id, "2021-01-01", 7, 0).await;
        scratch.freeze("2020-H2").await.expect(201);
        scratch.freeze("2020-H2").await.refuses(409, "already_exists");
        scratch.freeze("2019-H2").await.refuses(422, "validation_failed");
        scratch.freeze("2099-H1").await.refuses(422, "validation_failed");
        // While a half-year runs its figures are live; frozen too early it would stay incomplete for ever.
        let running = Half::of(now().date_naive() + Days::new(1)).unwrap().to_string();
        scratch.freeze(&running).await.refuses(422, "validation_failed");
        let frozen = scratch.figures(Some("2020-H2")).await;
        assert_eq!(frozen.of("plan_people", "all")[0], "12");
        assert_eq!(frozen.of("network_members", "all")[0], "3", "the fourth came in February");
        assert_eq!(frozen.of("working_group_meetings", "all")[0], "1");
        assert_eq!(frozen.of("project_paid", "all"), ["400.00", "1000.00", "0.4000"].map(str::to_owned));
    });
}

#[test]
fn what_is_frozen_stays_while_live_data_change() {
    with_scratch(|scratch| async move {
        scratch.reach(scratch.activity_id, "2020-12-31", 12, 0).await;
        scratch.freeze("2020-H2").await.expect(201);
        let before = scratch.figures(Some("2020-H2")).await;
        // A late record of the same half, a partner that leaves, a new title.
        scratch.reach(scratch.activity_id, "2020-12-01", 100, 0).await;
        let (project, plan) = (scratch.project_id, scratch.plan_id);
        scratch
            .run_sql(&format!(
                "UPDATE projects SET title = 'Altro' WHERE id = '{project}'; \
                 UPDATE project_partners SET left_on = '2020-09-01' WHERE project_id = '{project}' AND role <> 'lead'; \
                 UPDATE plans SET expected_people = 1000 WHERE id = '{plan}'"
            ))
            .await;
        assert_eq!(scratch.figures(Some("2020-H2")).await, before);
        let live = scratch.figures(None).await;
        assert_eq!(live.of("plan_people", "all"), ["112", "1000", "0.1120"].map(str::to_owned));
        assert_eq!(live.of("project_partners", "all")[0], "1");
        // Nobody rewrites what was published: the database refuses too.
        let mut connection = scratch.connect().await;
        for change in ["UPDATE indicator_freeze_records SET amount = 0", "DELETE FROM indicator_freezes"] {
            assert!(connection.batch_execute(change).await.is_err(), "{change}");
        }
    });
}

#[test]
fn two_half_years_are_compared_figure_by_figure() {
    with_scratch(|scratch| async move {
        scratch.reach(scratch.activity_id, "2020-12-31", 12, 0).await;
        scratch.reach(scratch.activity_id, "2021-06-30", 8, 2).await;
        scratch.freeze("2020-H2").await.expect(201);
        scratch.freeze("2021-H1").await.expect(201);
        let path = format!("/v1/plans/{}/indicator-comparison?from=2020-H2&to=2021-H1&limit=200", scratch.plan_id);
        // Both are public.
        let page = scratch.get(None, &path).await.expect(200);
        let row = |indicator: &str, dimension: &str| {
            let found = page["items"].as_array().unwrap().iter();
            let mut found = found.filter(|row| row["indicator"] == indicator && row["dimension"] == dimension);
            let row = found.next().unwrap_or_else(|| panic!("no {indicator}/{dimension} in {page}")).clone();
            ["numerator_from", "numerator_to", "numerator_change", "share_change"]
                .map(|name| row[name].as_str().unwrap_or("-").to_owned())
        };
        assert_eq!(row("plan_people", "all"), ["12", "20", "8", "0.0800"].map(str::to_owned));
        assert_eq!(row("project_paid", "all"), ["400.00", "650.50", "250.50", "0.2505"].map(str::to_owned));
        assert_eq!(row("network_members", "all"), ["3", "4", "1", "-"].map(str::to_owned));
        // A figure that the first half did not have counts as zero in it.
        assert_eq!(row("network_members", "company"), ["0", "1", "1", "-"].map(str::to_owned));
        assert_eq!(row("activity_companies", "activity_1"), ["0", "2", "2", "-"].map(str::to_owned));
        // Not frozen, not public.
        let live = format!("/v1/plans/{}/indicator-comparison?from=2021-H2", scratch.plan_id);
        scratch.get(None, &live).await.refuses(404, "not_found");
    });
}
