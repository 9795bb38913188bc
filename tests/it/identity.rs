//! Sessions, tokens, keys: what a stolen, forged or stale credential gets.

use concilia_identity::keys;
use concilia_kernel::Code;
use concilia_kernel::vault::Vault;
use concilia_tests::{Answer, Caller, MASTER_KEY, TestServer};
use diesel::sql_query;
use diesel_async::RunQueryDsl;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

async fn token_request(caller: &Caller, form: &[(&str, &str)]) -> Answer {
    Answer::of(caller.request(Method::POST, "/oauth/token").form(form).send().await.unwrap()).await
}

async fn new_session(server: &TestServer) -> Value {
    let account = &server.accounts()[0];
    let login = json!({"email": account["email"], "password": account["password"]});
    server.anyone().post("/v1/sessions", &login).await.expect(201)
}

#[tokio::test]
async fn every_demo_credential_logs_in_and_knows_itself() {
    let server = TestServer::start().await;
    for account in server.accounts().to_vec() {
        let caller = server.login(account["email"].as_str().unwrap(), account["password"].as_str().unwrap()).await;
        let me = caller.get("/v1/me").await.expect(200);
        assert!(me.to_string().contains(account["role"].as_str().unwrap()), "{me}");
    }
    for client in server.machine_clients() {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client["client_id"].as_str().unwrap()),
            ("client_secret", client["client_secret"].as_str().unwrap()),
        ];
        let token = token_request(&server.anyone(), &form).await.expect(200);
        assert_eq!(token["token_type"], "Bearer");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let server = TestServer::start().await;
    let session = new_session(&server).await;
    let first = session["refresh_token"].as_str().unwrap();
    let anyone = server.anyone();
    let renewed =
        token_request(&anyone, &[("grant_type", "refresh_token"), ("refresh_token", first)]).await.expect(200);
    let second = renewed["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let stolen = token_request(&anyone, &[("grant_type", "refresh_token"), ("refresh_token", first)]).await;
    assert_eq!(stolen.code(400), "invalid_grant");
    let after = token_request(&anyone, &[("grant_type", "refresh_token"), ("refresh_token", &second)]).await;
    assert_eq!(after.code(400), "invalid_grant", "the whole session is revoked");
    server.stop().await;
}

#[tokio::test]
async fn one_refresh_token_used_in_parallel_wins_at_most_once() {
    let server = TestServer::start().await;
    let session = new_session(&server).await;
    let refresh = session["refresh_token"].as_str().unwrap().to_owned();
    let anyone = server.anyone();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let answers = futures_util::future::join_all((0..10).map(|_| token_request(&anyone, &form))).await;
    assert!(answers.iter().filter(|a| a.status == 200).count() <= 1);
    server.stop().await;
}

#[tokio::test]
async fn log_out_ends_the_refresh_token() {
    let server = TestServer::start().await;
    let session = new_session(&server).await;
    let caller = server.anyone().with_token(session["access_token"].as_str().unwrap());
    assert_eq!(caller.delete("/v1/sessions/current").await.status, 204);
    let form = [("grant_type", "refresh_token"), ("refresh_token", session["refresh_token"].as_str().unwrap())];
    assert_eq!(token_request(&server.anyone(), &form).await.code(400), "invalid_grant");
    server.stop().await;
}

#[tokio::test]
async fn hostile_tokens_are_refused() {
    let server = TestServer::start().await;
    let session = new_session(&server).await;
    let good = session["access_token"].as_str().unwrap();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(good).unwrap();
    let jwks = server.anyone().get("/.well-known/jwks.json").await.expect(200);
    let public = jwks["keys"][0]["x"].as_str().unwrap();
    let kid = jwks["keys"][0]["kid"].as_str().unwrap().to_owned();
    let header = |alg, typ: &str, kid: &str| {
        let mut header = Header::new(alg);
        header.typ = Some(typ.into());
        header.kid = Some(kid.into());
        header
    };
    let hs = EncodingKey::from_secret(public.as_bytes());
    let confused = encode(&header(Algorithm::HS256, "at+jwt", &kid), &claims, &hs).unwrap();
    let unknown = encode(&header(Algorithm::HS256, "at+jwt", "nobody"), &claims, &hs).unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let none = format!("{}.{}.", base64url(br#"{"alg":"none","typ":"at+jwt"}"#), parts[1]);
    let mut tampered: Value = claims.clone();
    tampered["roles"][0]["role"] = json!("alliance_lead");
    let tampered = format!("{}.{}.{}", parts[0], base64url(tampered.to_string().as_bytes()), parts[2]);
    for (name, token) in [
        ("algorithm confusion", confused.as_str()),
        ("unknown key", &unknown),
        ("no signature", &none),
        ("changed claims", &tampered),
        ("cut", &good[..good.len() - 4]),
        ("empty", ""),
        ("words", "not a token"),
    ] {
        let answer = server.anyone().with_token(token).get("/v1/me").await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        assert!(answer.headers.contains_key("www-authenticate"), "{name}");
    }
    assert_eq!(server.anyone().with_token(good).get("/v1/me").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn guessing_passwords_is_slowed_per_account() {
    let server = TestServer::start().await;
    let email = server.accounts()[0]["email"].clone();
    let mut last = 0;
    for _ in 0..12 {
        last = server
            .anyone()
            .post("/v1/sessions", &json!({"email": email, "password": "wrong-password-1"}))
            .await
            .status;
    }
    assert_eq!(last, 429);
    let other = &server.accounts()[1];
    server.login(other["email"].as_str().unwrap(), other["password"].as_str().unwrap()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_rotated_key_goes_on_verifying_until_it_is_retired() {
    let server = TestServer::start().await;
    let before = new_session(&server).await["access_token"].as_str().unwrap().to_owned();
    let mut conn = server.db.connect().await;
    let kid = keys::rotate_keys(&mut conn, &Vault::new(&MASTER_KEY).unwrap()).await.unwrap();
    let refused = keys::retire(&mut conn, &kid_of(&before)).await.unwrap_err();
    assert_eq!(refused.code(), Code::Conflict, "no other key signs yet");
    let refused = keys::retire(&mut conn, &kid).await.unwrap_err();
    assert_eq!(refused.code(), Code::Conflict, "the other key has been replaced and ends");

    // The new key signs twenty seconds later: the wait is spared by moving the clock of both keys.
    sql_query("UPDATE signing_keys SET signs_from = signs_from - interval '20 seconds'")
        .execute(&mut conn)
        .await
        .unwrap();
    let server = server.restart().await;
    let jwks = server.anyone().get("/.well-known/jwks.json").await.expect(200);
    let mut published: Vec<&str> =
        jwks["keys"].as_array().unwrap().iter().filter_map(|k| k["kid"].as_str()).collect();
    let mut known = vec![kid_of(&before), kid.clone()];
    published.sort_unstable();
    known.sort_unstable();
    assert_eq!(published, known);
    let after = new_session(&server).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(kid_of(&after), kid);
    for token in [&before, &after] {
        server.anyone().with_token(token).get("/v1/me").await.expect(200);
    }

    let refused = keys::retire(&mut conn, &kid).await.unwrap_err();
    assert_eq!(refused.code(), Code::Conflict, "the other key has been replaced and ends");
    keys::retire(&mut conn, &kid_of(&before)).await.unwrap();
    let server = server.restart().await;
    assert_eq!(server.anyone().with_token(&before).get("/v1/me").await.status, 401);
    server.anyone().with_token(&after).get("/v1/me").await.expect(200);
    server.stop().await;
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
