//! What a run is computed from, as one hash.

use super::allocate::allocate;
use super::plan::Plan;
use super::proposal::Proposal;
use super::terms::AllocationTerms;
use aws_lc_rs::digest;
use concilia_kernel::Money;
use concilia_planning::Points;
use serde::Serialize;

/// Changes when the same inputs would be allocated otherwise, so that the hash tells.
const ALGORITHM: u32 = 1;

/// The call's side and the projects' side of a run; the terms make the third.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub budget: Money,
    pub minimum_score: Option<Points>,
    pub proposals: Vec<Proposal>,
}

#[derive(Serialize)]
struct Canonical<'a> {
    algorithm: u32,
    budget: Money,
    minimum_score: Option<Points>,
    terms: &'a AllocationTerms,
    proposals: Vec<&'a Proposal>,
}

impl Inputs {
    pub fn allocate(&self, terms: &AllocationTerms) -> Plan {
        allocate(self.budget, self.minimum_score, terms, &self.proposals)
    }

    /// SHA-256 of everything, in canonical order: JSON with the proposals by project. Equal hashes, equal allocations.
    pub fn hash(&self, terms: &AllocationTerms) -> Result<[u8; 32], serde_json::Error> {
        let mut proposals: Vec<&Proposal> = self.proposals.iter().collect();
        proposals.sort_by_key(|proposal| proposal.project_id);
        let (budget, minimum_score) = (self.budget, self.minimum_score);
        let canonical = Canonical { algorithm: ALGORITHM, budget, minimum_score, terms, proposals };
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &serde_json::to_vec(&canonical)?).as_ref());
        Ok(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::real_call;

    #[test]
    fn the_hash_tells_every_input_and_no_order() {
        let inputs =
            || Inputs { budget: real_call::budget(), minimum_score: None, proposals: real_call::proposals() };
        let terms = real_call::terms(["0.87", "0.66", "0.50"], "last_band");
        let hash = inputs().hash(&terms).unwrap();
        let mut turned = inputs();
        turned.proposals.reverse();
        assert_eq!(turned.hash(&terms).unwrap(), hash);
        let mut changed = [inputs(), inputs(), inputs(), inputs(), inputs()];
        changed[0].budget += Money::from_cents(1);
        changed[1].minimum_score = Some(Points::ZERO);
        changed[2].proposals[3].admissible = Money::from_cents(1);
        changed[3].proposals[3].admissible_reason = Some("spese non ammissibili".into());
        changed[4].proposals.pop();
        assert!(changed.iter().all(|changed| changed.hash(&terms).unwrap() != hash));
        assert_ne!(inputs().hash(&real_call::terms(["0.87", "0.66", "0.50"], "keep")).unwrap(), hash);
    }
}
