//! Papers over HTTP: the plan of the real territory as a director signs it, and files as answers.

use concilia_tests::{Caller, TestServer};
use reqwest::{Method, Response};
use serde_json::json;

pub async fn file(caller: &Caller, path: &str) -> Response {
    caller.request(Method::GET, path).send().await.expect("an answer")
}

/// Text of a PDF without the spaces, which it only implies, and how many pages it has.
pub async fn read(response: Response) -> (usize, String) {
    assert_eq!(response.status(), 200);
    let pdf = lopdf::Document::load_mem(&response.bytes().await.expect("a body")).expect("a PDF");
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    (pages.len(), pdf.extract_text(&pages).expect("text").split_whitespace().collect())
}

#[tokio::test]
async fn the_plan_of_2020_is_printed_whole() {
    let server = TestServer::start().await;
    let ats = server.nth("ats", 0, 0).await;
    let plans = ats.get("/v1/plans").await.expect(200);
    let plans = plans["items"].as_array().unwrap();
    let plan = plans.iter().find(|plan| plan["from_year"] == 2020 && plan["resources"] == "214648.00").unwrap();
    let path = format!("/v1/plans/{}/document", plan["id"].as_str().unwrap());

    let response = file(&ats, &path).await;
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(name, "attachment; filename=\"piano-2020-2023.pdf\"");
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let (pages, text) = read(response).await;
    assert!(pages > 15, "{pages}");
    for expected in [
        // Resources, their sum and their shares; the table of the decree; a budget with its co-financing cut to the cent.
        "214.648,00€",
        "171.718,40€",
        "42.929,60€",
        "80%",
        "20%",
        "20.038,40€",
        "38,40€",
        "57.142,85€",
        "17.142,85€",
        "Cronoprogrammadelprogetto2.5",
        "Beneficiariattesi",
        "Pianodeiconti",
        "Grigliadivalutazione",
        "Indice",
        "Lareteterritoriale",
        "Lostatodiattuazione",
        "IlDirettoregenerale",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for raw in ["nonprofit", "public_body", "implementing", "null"] {
        assert!(!text.contains(raw), "{raw} in {text}");
    }
    assert_eq!(file(&ats.with("If-None-Match", &tag), &path).await.status(), 304);

    let lead = server.nth("alliance_lead", 0, 0).await;
    assert_eq!(lead.get(&path).await.code(403), "forbidden");
    let stranger = server.nth("ats", 1, 0).await;
    assert_eq!(stranger.get(&path).await.code(404), "not_found");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_without_calls_is_printed_with_what_it_has() {
    let server = TestServer::start().await;
    let ats = server.nth("ats", 0, 0).await;
    let plan = json!({
        "title": "Piano 2090-2093", "from_year": 2090, "to_year": 2093,
        "address_document": {"act": "Decreto n. 7", "date": "2089-11-03"},
        "resources": "1000.00", "local_alliances": "800.00", "system_actions": "200.00", "expected_people": 0,
        "expected_companies": 0,
    });
    let plan = ats.post("/v1/plans", &plan).await.expect(201);
    let (_, text) = read(file(&ats, &format!("/v1/plans/{}/document", plan["id"].as_str().unwrap())).await).await;
    assert!(text.contains("1.000,00€") && text.contains("Decreton.7del3novembre2089"), "{text}");
    for absent in ["manifestazioni", "Pianodeiconti", "statodiattuazione"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    server.stop().await;
}
