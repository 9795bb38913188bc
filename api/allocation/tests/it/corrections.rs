//! What changed inputs, lower admissible amounts and later runs do.

use crate::scratch::{bands, real_terms, with_scratch};
use serde_json::json;

#[test]
fn a_run_whose_inputs_changed_is_discarded_and_computed_again() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let (ats, other) = (scratch.ats(), scratch.ats());
        let run = scratch.allocate(&ats, &call, real_terms()).await.id();
        let amount = format!("/v1/projects/{}/admissible-amount", call.projects[0]);
        let set =
            scratch.put(&ats, &amount, json!({"amount": "10000.00", "reason": "Spese non ammissibili"})).await;
        assert_eq!((set.status, set.etag.as_deref()), (200, Some("\"1\"")), "{}", set.body);
        let again =
            scratch.put(&ats, &amount, json!({"amount": "10000.00", "reason": "Spese non ammissibili"})).await;
        assert_eq!(again.etag.as_deref(), Some("\"1\""), "the same amount is not set twice");

        assert_eq!(scratch.approve(&other, run).await.refusal().1, "conflict");
        assert_eq!(scratch.allocate(&ats, &call, real_terms()).await.refusal().1, "conflict");
        let reason = json!({"reason": "Importo ammissibile ridotto"});
        let discarded = scratch.post(&ats, &format!("/v1/allocations/{run}/discard"), reason).await;
        assert_eq!((discarded.status, &discarded.body["state"]), (200, &json!("discarded")));

        let run = scratch.allocate(&ats, &call, real_terms()).await;
        assert_eq!((run.status, &run.body["number"]), (201, &json!(2)), "{}", run.body);
        assert_eq!(run.body["admissible_amount"], "228000.00");
        let got = scratch.get(Some(&ats), &format!("/v1/allocations/{}", run.id())).await;
        assert_eq!(got.body["items"][0]["assigned_grant"], "8700.00");
        assert_eq!(got.body["items"][0]["admissible_reason"], "Spese non ammissibili");
        assert_eq!(scratch.approve(&other, run.id()).await.status, 200);
    });
}

#[test]
fn a_correction_supersedes_the_run_in_force_and_moves_its_projects() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let (ats, other) = (scratch.ats(), scratch.ats());
        let first = scratch.allocate(&ats, &call, real_terms()).await.id();
        assert_eq!(scratch.approve(&other, first).await.status, 200);

        // The last project is left without a grant by the correction.
        let second = scratch.allocate(&ats, &call, bands(["0.87", "0.66", "0.00"])).await;
        assert_eq!(second.status, 201, "{}", second.body);
        assert_eq!(scratch.approve(&other, second.id()).await.status, 200);
        let old = scratch.get(Some(&ats), &format!("/v1/allocations/{first}")).await;
        assert_eq!(old.body["state"], "superseded");
        let awards = scratch.get(None, &format!("/v1/project-calls/{}/awards", call.id)).await;
        assert_eq!(awards.body["items"].as_array().map(Vec::len), Some(6), "{}", awards.body);

        // Once a grant is accepted nothing is allocated anew.
        scratch
            .run_sql(&format!("UPDATE projects SET state = 'accepted' WHERE id = '{}'", call.projects[0]))
            .await;
        let refused = scratch.allocate(&ats, &call, real_terms()).await;
        assert_eq!((refused.status, refused.refusal().1), (409, "conflict"));
    });
}
