//! A thousand proposals and forty evaluators: the same statements, in reasonable time, with the right figures.

use crate::scratch::{Scratch, with_scratch};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PROJECTS: i64 = 1000;
const EVALUATORS: i64 = 40;

/// Every evaluator sits for an organisation of its own and scores every project, but the one that its organisation joins.
/// Points follow from the numbers of evaluator and project.
async fn fill(scratch: &Scratch) {
    let (territory, call, lead) = (scratch.territory_id, scratch.call_id, scratch.leads[0]);
    scratch
        .run_sql(&format!(
            "INSERT INTO projects (id, territory_id, project_call_id, reference, title, lead_organisation_id, starts_on, \
               ends_on, state, submitted_at) \
             SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{territory}', '{call}', '2.' || n, 'P', \
               '{lead}', '2020-07-01', '2023-12-31', 'admissible', now() FROM generate_series(1, {PROJECTS}) n; \
             INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
             SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, '{territory}', 'Seat ' || n, 'public_body', \
               lpad((1000 + n)::text, 11, '0') FROM generate_series(1, {EVALUATORS}) n; \
             INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
             SELECT ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid, '{territory}', n || '@example.test', 'x', \
               'Evaluator ' || n FROM generate_series(1, {EVALUATORS}) n; \
             INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
             SELECT '{territory}', ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid, \
               ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'evaluator' FROM generate_series(1, {EVALUATORS}) n; \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
             SELECT '{territory}', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, \
               ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'network' FROM generate_series(1, {EVALUATORS}) n; \
             INSERT INTO scorecards (id, territory_id, project_call_id, project_id, account_id, organisation_id, state) \
             SELECT uuid_v7(), '{territory}', '{call}', ('00000000-0000-7000-8000-' || lpad(p::text, 12, '0'))::uuid, \
               ('00000000-0000-7000-a000-' || lpad(e::text, 12, '0'))::uuid, \
               ('00000000-0000-7000-9000-' || lpad(e::text, 12, '0'))::uuid, 'draft' \
             FROM generate_series(1, {PROJECTS}) p, generate_series(1, {EVALUATORS}) e WHERE p <> e; \
             INSERT INTO scorecard_points (territory_id, project_call_id, scorecard_id, criterion, maximum, points) \
             SELECT '{territory}', '{call}', s.id, c.code, c.maximum, CASE c.code \
               WHEN 'innovation' THEN ((right(s.account_id::text, 4)::integer * 37 + right(s.project_id::text, 4)::integer * 11) % 1001)::numeric / 100 \
               ELSE ((right(s.account_id::text, 4)::integer * 53 + right(s.project_id::text, 4)::integer * 7) % 1251)::numeric / 100 END \
             FROM scorecards s JOIN evaluation_criteria c ON c.project_call_id = s.project_call_id; \
             UPDATE scorecards SET state = 'submitted', submitted_at = now(); \
             ANALYZE"
        ))
        .await;
}

/// Hundredths of a point for the two criteria.
fn points(evaluator: i64, project: i64) -> [i64; 2] {
    [(evaluator * 37 + project * 11) % 1001, (evaluator * 53 + project * 7) % 1251]
}

/// What the evaluation should say of a sample of hundredths, in whole numbers throughout.
fn spread(sample: &[i64]) -> Value {
    let text = |hundredths: i64| json!(format!("{}.{:02}", hundredths / 100, hundredths % 100));
    let count = i64::try_from(sample.len()).unwrap();
    let sum: i64 = sample.iter().sum();
    // The variance times the square of the count; its root is rounded half up by comparing squares.
    let variance = count * sample.iter().map(|value| value * value).sum::<i64>() - sum * sum;
    #[allow(clippy::maybe_infinite_iter, reason = "the square grows past any variance")]
    let deviation = (0..).find(|d| (2 * d + 1) * (2 * d + 1) * count * count > 4 * variance).unwrap();
    json!({
        "average": text((2 * sum + count) / (2 * count)), "deviation": text(deviation),
        "minimum": text(*sample.iter().min().unwrap()), "maximum": text(*sample.iter().max().unwrap()),
    })
}

#[test]
fn the_evaluation_of_a_thousand_proposals_is_read_and_closed() {
    with_scratch(async |scratch| {
        fill(&scratch).await;
        let ats = scratch.ats();
        let begun = Instant::now();
        let open = scratch.evaluation(&ats).await.expect(200);
        assert_eq!(open["expected_scorecards"], json!(PROJECTS * EVALUATORS - EVALUATORS));
        assert_eq!(open["complete_projects"], json!(PROJECTS));
        let closed = scratch.close(&ats, None).await.expect(200);
        assert_eq!(closed["counted_scorecards"], json!(PROJECTS * EVALUATORS - EVALUATORS));

        let (mut seen, mut path) = (vec![], format!("/v1/project-calls/{}/evaluation?limit=200", scratch.call_id));
        loop {
            let page = scratch.get(&ats, &path).await.with_status(200);
            seen.extend_from_slice(page.items());
            let Some(next) = page.body["next"].as_str() else { break };
            path = format!("/v1/project-calls/{}/evaluation?limit=200&cursor={next}", scratch.call_id);
        }
        // About a second on an idle machine.
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        assert_eq!(seen.len(), usize::try_from(PROJECTS).unwrap());
        for (item, project) in seen.iter().zip(1_i64..) {
            let cards: Vec<_> = (1..=EVALUATORS).filter(|e| *e != project).map(|e| points(e, project)).collect();
            let column = |at: usize| cards.iter().map(|card| card[at]).collect::<Vec<_>>();
            let totals: Vec<_> = cards.iter().map(|card| card[0] + card[1]).collect();
            assert_eq!(item["total"], spread(&totals), "project {project}");
            assert_eq!(item["criteria"][0]["spread"], spread(&column(0)), "project {project}");
            assert_eq!(item["criteria"][1]["spread"], spread(&column(1)), "project {project}");
            assert_eq!(item["counted"], json!(cards.len()));
            assert_eq!(item["recused"].as_array().unwrap().len(), usize::from(project <= EVALUATORS));
        }

        // The committee scores them all in one request, which moves them all.
        let scores: Vec<_> =
            seen.iter().map(|item| json!({"project_id": item["project_id"], "score": "20.00"})).collect();
        let body = json!({"minutes": {"act": "Verbale n. 2", "date": "2020-06-10"}, "scores": scores});
        let path = format!("/v1/project-calls/{}/final-scores", scratch.call_id);
        let recorded = scratch.post(&ats, &path, Some(body)).await.expect(200);
        assert_eq!(recorded["scored"], json!(PROJECTS));
    });
}
