//! The composition of the network, live and frozen.

use crate::scratch::{Scratch, tax_code, with_scratch};
use concilia_kernel::now;
use concilia_network::Half;
use serde_json::{Value, json};

/// Kind, members, members in alliances: the network of a real territory, as published.
const REAL: [(&str, u32, u32); 7] = [
    ("territorial_area_or_agency", 10, 9),
    ("employers_association", 19, 8),
    ("trade_union", 5, 0),
    ("public_body", 23, 10),
    ("education", 1, 0),
    ("nonprofit", 56, 31),
    ("company", 45, 13),
];

/// Enters those members; the first of each kind are partners of a submitted project.
async fn fill(scratch: &Scratch) {
    let territory = scratch.territory_id;
    let mut sql = vec![];
    let mut serial = 0;
    for (kind, members, allied) in REAL {
        for nth in 0..members {
            serial += 1;
            let code = tax_code(serial);
            let size = if kind == "company" { "'small'" } else { "NULL" };
            sql.push(format!(
                "INSERT INTO organisations (id, territory_id, name, kind, company_size, tax_code) \
                 VALUES (md5('{serial}')::uuid, '{territory}', '{kind} {nth}', '{kind}', {size}, '{code}'); \
                 INSERT INTO memberships (id, territory_id, organisation_id, state, requested_at, decided_at) \
                 VALUES (uuid_v7(), '{territory}', md5('{serial}')::uuid, 'admitted', now(), now());"
            ));
            if serial == 1 {
                sql.push(format!(
                    "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, \
                       state, submitted_at) \
                     VALUES ('{territory}', '{territory}', '2.1', 'Project', md5('1')::uuid, '2026-01-01', '2026-12-31', \
                       'submitted', now());"
                ));
            }
            if nth < allied {
                let role = if serial == 1 { "lead" } else { "network" };
                sql.push(format!(
                    "INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
                     VALUES ('{territory}', '{territory}', md5('{serial}')::uuid, '{role}');"
                ));
            }
        }
    }
    scratch.run_sql(&sql.concat()).await;
}

fn by_kind(body: &Value) -> Vec<(String, i64, i64)> {
    let rows = body["by_kind"].as_array().unwrap_or_else(|| panic!("{body}"));
    let number = |row: &Value, name: &str| row[name].as_i64().unwrap();
    rows.iter()
        .map(|row| (row["kind"].as_str().unwrap().to_owned(), number(row, "members"), number(row, "in_alliances")))
        .collect()
}

#[test]
fn the_published_composition_comes_out_and_is_frozen_twice_a_year() {
    with_scratch(async |scratch| {
        fill(&scratch).await;
        let live = scratch.get(None, "/v1/network-composition?territory=HERE").await;
        assert_eq!(
            (&live.body["members"], &live.body["in_alliances"]),
            (&json!(159), &json!(71)),
            "{}",
            live.body
        );
        let real: Vec<_> = REAL.map(|(kind, all, allied)| (kind.to_owned(), all.into(), allied.into())).into();
        assert_eq!(by_kind(&live.body), real);
        assert_eq!(live.body["companies_by_size"][1]["members"], 45);

        // Frozen, it no longer follows what happens.
        let ats = scratch.ats();
        let half = Half::of(now().date_naive()).unwrap();
        let freeze = async |half: Half| {
            scratch.post(Some(&ats), "/v1/network-compositions", Some(json!({"half": half}))).await
        };
        let frozen = freeze(half).await;
        assert_eq!((frozen.status, &frozen.body["half"]), (201, &json!(half)), "{}", frozen.body);
        scratch.run_sql("UPDATE projects SET state = 'inadmissible'").await;
        let live = scratch.get(None, "/v1/network-composition").await;
        assert_eq!((&live.body["members"], &live.body["in_alliances"]), (&json!(159), &json!(0)));
        let kept = scratch.get(None, &format!("/v1/network-composition?territory=HERE&half={half}")).await;
        assert_eq!(kept.body, frozen.body);
        assert_eq!(by_kind(&kept.body), real);
        assert_eq!(freeze(half).await.code(), (409, "already_exists"));
        assert_eq!(freeze(half.next()).await.code(), (422, "validation_failed"));
        assert_eq!(freeze(half.previous()).await.status, 201);
        let listed = scratch.get(None, "/v1/network-compositions?limit=1").await;
        assert_eq!(listed.body["items"], json!([kept.body]));
        let next = listed.body["next"].as_str().unwrap();
        let rest = scratch.get(None, &format!("/v1/network-compositions?cursor={next}")).await;
        assert_eq!(rest.body["items"][0]["half"], json!(half.previous()));
        let elsewhere = format!("/v1/network-composition?territory=THERE&half={half}");
        assert_eq!(scratch.get(None, &elsewhere).await.status, 404);
        for table in ["network_compositions", "network_composition_members"] {
            assert!(scratch.try_sql(&format!("DELETE FROM {table}")).await.is_err());
        }
    });
}

#[test]
fn who_left_an_alliance_or_whose_project_fell_is_not_in_one() {
    with_scratch(async |scratch| {
        fill(&scratch).await;
        scratch
            .run_sql("UPDATE project_partners SET left_on = '2026-06-30' WHERE role = 'network' AND organisation_id = md5('2')::uuid")
            .await;
        let live = scratch.get(None, "/v1/network-composition").await;
        assert_eq!(live.body["in_alliances"], 70);
        for (state, allied) in [("draft", 0), ("running", 70), ("closed", 70), ("revoked", 0), ("declined", 0)] {
            scratch.run_sql(&format!("UPDATE projects SET state = '{state}'")).await;
            let live = scratch.get(None, "/v1/network-composition").await;
            assert_eq!(live.body["in_alliances"], allied, "{state}");
        }
    });
}

#[test]
fn two_officers_freezing_at_once_freeze_once() {
    with_scratch(async |scratch| {
        fill(&scratch).await;
        let half = Half::of(now().date_naive()).unwrap();
        let freeze = async |_| {
            let body = Some(json!({"half": half}));
            scratch.post(Some(&scratch.ats()), "/v1/network-compositions", body).await.status
        };
        let mut statuses = futures_util::future::join_all((0..6).map(freeze)).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        assert_eq!(scratch.count("network_composition_members").await, 159);
    });
}
