//! Indicators over HTTP: the same figures as JSON, CSV, sheet and report; frozen for all, live for those who work on them.

use crate::papers;
use calamine::{Data, Reader, Xlsx};
use concilia_client::{Concilia, List, TryStreamExt};
use concilia_tests::{Caller, TestServer};
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Cursor;

async fn published_plan(server: &TestServer) -> String {
    let plans = server.anyone().get("/v1/plans?limit=200").await.expect(200);
    let plan = plans["items"].as_array().unwrap().iter().find(|plan| plan["from_year"] == 2020).cloned();
    plan.expect("the plan 2020-2023")["id"].as_str().unwrap().to_owned()
}

/// Every figure that a caller gets.
async fn figures(caller: &Caller, plan: &str, half: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (vec![], String::new());
    loop {
        let path = format!("/v1/plans/{plan}/indicators?limit=100{half}{cursor}");
        let page = caller.get(&path).await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

async fn bytes(caller: &Caller, path: &str) -> (String, Vec<u8>) {
    let answer = caller.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn json_csv_sheet_and_report_tell_the_same_figures() {
    let server = TestServer::start().await;
    let (plan, anyone) = (published_plan(&server).await, server.anyone());
    let told = figures(&anyone, &plan, "&half=2021-H1").await;
    let of_plan = told.iter().filter(|figure| figure["project"].is_null()).count();
    assert!(of_plan > 12 && told.len() > of_plan + 7 * 4, "{of_plan} of {}", told.len());

    let (kind, csv) = bytes(&anyone, &format!("/v1/plans/{plan}/indicators/csv?half=2021-H1")).await;
    assert_eq!(kind, "text/csv; charset=utf-8");
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.trim_end().lines().count(), told.len() + 1, "a header and a row for each figure");

    let (_, sheet) = bytes(&anyone, &format!("/v1/plans/{plan}/indicators/xlsx?half=2021-H1")).await;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(sheet)).unwrap();
    let names = workbook.sheet_names();
    assert_eq!(names, ["Piano", "Progetti"]);
    // The numerators of the sheets are those of the list, in its order.
    let mut read: Vec<f64> = vec![];
    for name in &names {
        let range = workbook.worksheet_range(name).unwrap();
        let header =
            range.rows().position(|row| row.iter().any(|cell| *cell == Data::String("Valore".to_owned())));
        let header = header.unwrap_or_else(|| panic!("no header in {name}"));
        let column =
            range.rows().nth(header).unwrap().iter().position(|cell| *cell == Data::String("Valore".to_owned()));
        let numbers = range.rows().skip(header + 1).filter_map(|row| match row[column.unwrap()] {
            Data::Float(value) => Some(value),
            Data::Int(value) => Some(value as f64),
            _ => None,
        });
        read.extend(numbers);
    }
    let wanted: Vec<f64> = told.iter().map(|f| f["numerator"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(read, wanted);

    // What is frozen is there to be signed; a draft leaves no place for it.
    let path = format!("/v1/plans/{plan}/half-year-report");
    let (_, frozen) = papers::read(papers::file(&anyone, &format!("{path}?half=2021-H1")).await).await;
    let (_, draft) = papers::read(papers::file(&server.role("ats").await, &path).await).await;
    let marks = |text: &str| (text.contains("IlDirettoregenerale"), text.contains("BOZZA"));
    assert_eq!((marks(&frozen), marks(&draft)), ((true, false), (false, true)));
    assert!(frozen.contains("Primosemestre2021"), "{frozen}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_frozen_is_public_and_what_is_live_is_not() {
    let server = TestServer::start().await;
    let plan = published_plan(&server).await;
    let (ats, lead, worker) =
        (server.role("ats").await, server.role("alliance_lead").await, server.role("worker").await);
    let newest = figures(&server.anyone(), &plan, "&half=2021-H1").await;
    assert_eq!(figures(&server.anyone(), &plan, "").await, newest, "the newest frozen half-year");
    assert_eq!(figures(&worker, &plan, "").await, newest);
    // Both halves are compared without a login.
    let path = format!("/v1/plans/{plan}/indicator-comparison?from=2020-H2&to=2021-H1&limit=200");
    let compared = server.anyone().get(&path).await.expect(200);
    let people =
        compared["items"].as_array().unwrap().iter().find(|row| row["indicator"] == "plan_people").unwrap();
    assert!(people["numerator_change"].as_str().unwrap().parse::<i64>().unwrap() > 0, "{people}");

    let records = format!("/v1/plans/{plan}/indicator-records");
    assert_eq!(server.anyone().get(&records).await.code(401), "unauthenticated");
    assert_eq!(worker.get(&records).await.code(403), "forbidden");
    lead.get(&records).await.expect(200);
    // Cursors that say -1 and 4294967296.
    for forged in ["LTE", "NDI5NDk2NzI5Ng"] {
        let refused = lead.get(&format!("{records}?cursor={forged}")).await;
        assert_eq!(refused.code(404), "not_found");
        assert_eq!(refused.body["errors"][0]["code"], "cursor_invalid");
    }
    let freezes = format!("/v1/plans/{plan}/indicator-freezes");
    let half = json!({"half": "2021-H1"});
    assert_eq!(lead.post(&freezes, &half).await.code(403), "forbidden");
    assert_eq!(server.nth("ats", 1, 0).await.post(&freezes, &half).await.code(404), "not_found");
    assert_eq!(ats.post(&freezes, &half).await.code(409), "already_exists");

    // A half that is frozen now is what is live now, and stays so.
    let live = figures(&ats, &plan, "").await;
    ats.post(&freezes, &json!({"half": "2021-H2"})).await.expect(201);
    let frozen = figures(&server.anyone(), &plan, "&half=2021-H2").await;
    assert_eq!(frozen.len(), live.len());
    let listed = server.anyone().get(&freezes).await.expect(200);
    let halves: Vec<&str> =
        listed["items"].as_array().unwrap().iter().filter_map(|f| f["half"].as_str()).collect();
    assert_eq!(halves, ["2021-H2", "2021-H1", "2020-H2"]);
    server.stop().await;
}

#[tokio::test]
async fn a_lead_records_what_its_own_activity_reached() {
    let server = TestServer::start().await;
    let plan = published_plan(&server).await;
    // The lead of project 2.1 and that of another.
    let leads = server.accounts().iter().filter(|account| account["role"] == "alliance_lead");
    let of = |domain: &str| {
        let account = leads.clone().find(|account| account["email"].as_str().unwrap().ends_with(domain)).unwrap();
        (account["email"].as_str().unwrap(), account["password"].as_str().unwrap())
    };
    let (own, other) = (of("@borgo-virgilio.example"), of("@comune-cremona.example"));
    let (own, other) = (server.login(own.0, own.1).await, server.login(other.0, other.1).await);
    let people = async |caller: &Caller| {
        let all = figures(caller, &plan, "&indicator=activity_people").await;
        let ours =
            all.into_iter().filter(|f| f["project"]["reference"] == "2.1" && f["dimension"] == "activity_1");
        ours.map(|f| f["numerator"].as_str().unwrap().parse::<i64>().unwrap()).next().expect("a figure")
    };
    let before = people(&own).await;
    let ours = figures(&own, &plan, "&level=project").await;
    let ours = ours.iter().find(|figure| figure["project"]["reference"] == "2.1").unwrap();
    let project = ours["project"]["id"].as_str().unwrap();
    let filter = format!("indicator=activity_people&side=denominator&dimension=activity_1&project_id={project}");
    let records = own.get(&format!("/v1/plans/{plan}/indicator-records?{filter}")).await.expect(200);
    let record = records["items"].as_array().unwrap().first().cloned();
    let activity = record.expect("a target")["record_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/activities/{activity}/results");
    let result = json!({"reached_on": "2021-06-30", "people": 11, "companies": 0});
    assert_eq!(other.post(&path, &result).await.code(404), "not_found");
    own.post(&path, &result).await.expect(201);
    assert_eq!(people(&own).await, before + 11);
    server.stop().await;
}

#[tokio::test]
async fn the_generated_client_reads_the_same_figures() {
    let server = TestServer::start().await;
    let plan = published_plan(&server).await;
    let told = figures(&server.anyone(), &plan, "&half=2020-H2").await;
    let client = Concilia::builder(&server.base_url).connect().await.unwrap();
    let half = "2020-H2".parse::<concilia_client::types::Half>().unwrap();
    let listed =
        client.list_indicators().plan_id(plan.parse::<uuid::Uuid>().unwrap()).half(half).limit(20).items();
    let listed: Vec<_> = listed.try_collect().await.unwrap();
    let listed: Vec<Value> = listed.into_iter().map(|figure| serde_json::to_value(figure).unwrap()).collect();
    assert_eq!(listed.len(), told.len());
    for (read, told) in listed.iter().zip(&told) {
        for name in ["indicator", "dimension", "numerator", "denominator", "share"] {
            assert_eq!(read[name], told[name], "{name} of {told}");
        }
    }
    server.stop().await;
}
