//! Notices and documents, and whom they are for.

use crate::scratch::{Answer, Scratch, with_scratch};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use concilia_kernel::{Actor, Role, new_id};
use serde_json::json;

async fn upload(scratch: &Scratch, actor: &Actor, audience: &str, content: &[u8]) -> Answer {
    let path = format!("/v1/network-documents?title=Verbale&audience={audience}");
    let request = TestRequest::with_uri(&path)
        .method(Method::POST)
        .insert_header(("content-type", "application/octet-stream"))
        .set_payload(content.to_vec());
    scratch.send(actor, request).await
}

#[test]
fn notices_and_documents_reach_those_they_are_for() {
    with_scratch(async |scratch| {
        let (membership, organisation) = scratch.member("Il Girasole", "00743110157").await;
        let ats = scratch.ats();
        let open = upload(&scratch, &ats, "members", b"%PDF-1.7 open").await;
        assert_eq!((open.status, &open.body["media_type"]), (201, &json!("application/pdf")), "{}", open.body);
        let closed = upload(&scratch, &ats, "committee", b"\xff\xd8\xff\xe0 closed").await;
        assert_eq!(closed.body["media_type"], "image/jpeg");
        let notice = |audience: &str, documents: &[&Answer]| {
            let ids: Vec<_> = documents.iter().map(|document| document.id()).collect();
            json!({"title": "Avviso", "body": "Riga uno\nriga due", "audience": audience, "document_ids": ids})
        };
        let publish = async |body| scratch.post(Some(&ats), "/v1/notices", Some(body)).await;
        let told = publish(notice("members", &[&open])).await;
        assert_eq!((told.status, &told.body["documents"][0]["id"]), (201, &json!(open.id())), "{}", told.body);
        let leaked = publish(notice("members", &[&open, &closed])).await;
        assert_eq!((leaked.status, leaked.errors()), (422, vec![("/document_ids/1", "not_found")]));
        assert_eq!(publish(notice("committee", &[&open, &closed])).await.status, 201);

        let member = scratch.actor(Role::Employer, organisation);
        let evaluator = scratch.actor(Role::Evaluator, new_id());
        let count = async |actor: &Actor, path: &str| {
            let answer = scratch.get(Some(actor), path).await;
            answer.body["items"].as_array().map(Vec::len).ok_or(answer.status)
        };
        for path in ["/v1/notices", "/v1/network-documents"] {
            assert_eq!(count(&member, path).await, Ok(1), "{path}");
            assert_eq!(count(&evaluator, path).await, Ok(2), "{path}");
            assert_eq!(count(&scratch.actor(Role::Provider, new_id()), path).await, Err(404), "{path}");
            assert_eq!(count(&scratch.stranger(Role::Employer, organisation), path).await, Err(404), "{path}");
            assert_eq!(count(&scratch.stranger(Role::Ats, organisation), path).await, Ok(0), "{path}");
        }
        let file = |id| format!("/v1/network-documents/{id}");
        let read = scratch.get(Some(&member), &file(open.id())).await;
        assert_eq!((read.status, read.media_type.as_deref()), (200, Some("application/pdf")));
        assert_eq!(read.bytes, b"%PDF-1.7 open");
        let held = [("if-none-match", read.etag.as_deref().unwrap())];
        let again = scratch.call(&member, Method::GET, &file(open.id()), None, &held).await;
        assert_eq!(again.status, 304);
        assert_eq!(scratch.get(Some(&member), &file(closed.id())).await.status, 404);
        assert_eq!(scratch.get(Some(&evaluator), &file(closed.id())).await.status, 200);

        // Who leaves the network reads no more.
        let left = json!({"reason": "Cessazione"});
        scratch.post(Some(&member), &format!("/v1/memberships/{membership}/withdraw"), Some(left)).await;
        assert_eq!(count(&member, "/v1/notices").await, Err(404));
        for table in ["notices", "network_documents", "notice_documents"] {
            assert!(scratch.try_sql(&format!("DELETE FROM {table}")).await.is_err());
        }
    });
}

#[test]
fn files_are_taken_by_what_they_are_and_up_to_their_limit() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        assert_eq!(upload(&scratch, &ats, "members", b"<html>").await.code(), (415, "unsupported_media_type"));
        assert_eq!(upload(&scratch, &ats, "members", b"").await.status, 415);
        let mut large = b"%PDF-1.7".to_vec();
        large.resize(5 * 1024 * 1024, 0);
        assert_eq!(upload(&scratch, &ats, "members", &large).await.status, 201);
        large.push(0);
        assert_eq!(upload(&scratch, &ats, "members", &large).await.code(), (413, "payload_too_large"));
    });
}
