//! The certificate of an event on paper.

use crate::events::sign_up_id;
use crate::scratch::with_scratch;
use actix_web::http::Method;
use concilia_kernel::Role;
use serde_json::json;

#[test]
fn whoever_attended_enough_gets_the_certificate_on_paper() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let event = scratch.published_event(|_| ()).await;
        let (present, absent) = (scratch.worker(), scratch.worker());
        let signed_up = [scratch.sign_up(&present, event).await, scratch.sign_up(&absent, event).await];
        let ids = signed_up.map(|made| sign_up_id(&made));
        let certificate = |nth: usize| format!("/v1/event-sign-ups/{}/certificate", ids[nth]);
        let session = scratch.get(None, &format!("/v1/events/{event}")).await.expect(200)["sessions"][0].clone();
        scratch.let_it_pass(event).await;
        assert_eq!(scratch.get(Some(&present), &certificate(0)).await.code(), (409, "conflict"), "not concluded");
        let attendance = format!("/v1/events/{event}/sessions/{}/attendance", session["id"].as_str().unwrap());
        scratch.put(&ats, &attendance, "\"1\"", json!({"present": [ids[0]]})).await.expect(200);
        scratch.act(&ats, &format!("/v1/events/{event}/conclude")).await.expect(200);

        let paper = scratch.get(Some(&present), &certificate(0)).await;
        assert_eq!(paper.status, 200, "{}", paper.body);
        let pdf = lopdf::Document::load_mem(&paper.bytes).unwrap();
        assert_eq!(pdf.get_pages().len(), 1);
        let text: String = pdf.extract_text(&[1]).unwrap().split_whitespace().collect();
        let year = concilia_kernel::now().format("%Y");
        for expected in ["AnnaBianchi", "«Smartworking»", "2ore(100%)", &format!("n.{year}/000001")] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert_eq!(scratch.get(Some(&ats), &certificate(0)).await.bytes, paper.bytes, "the same for the agency");
        let tag = paper.etag.unwrap();
        let held =
            scratch.call(Some(&present), Method::GET, &certificate(0), None, &[("if-none-match", &tag)]).await;
        assert_eq!(held.status, 304);

        let refused = scratch.get(Some(&absent), &certificate(1)).await;
        assert_eq!(refused.code(), (422, "not_eligible"));
        assert_eq!(scratch.get(Some(&absent), &certificate(0)).await.status, 404, "not theirs");
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &certificate(0)).await.status, 404);
    });
}
