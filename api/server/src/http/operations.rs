//! Which operation a request asks for: the contract's paths, looked up by route pattern and method.

use crate::policy::{self, Access};
use actix_web::http::Method;
use std::collections::HashMap;

/// An operation of the contract and who may call it.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub id: String,
    pub access: Access,
}

/// The operations of each route pattern.
#[derive(Debug, Default)]
pub struct Operations(HashMap<String, HashMap<Method, Operation>>);

impl Operations {
    /// Reads the contract. Fails on an operation that has no row in the policy: deny by default.
    pub fn of(document: &serde_json::Value) -> Result<Self, String> {
        let mut operations = Self::default();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let access =
                    policy::access(id).ok_or_else(|| format!("operation {id} has no row in the policy"))?;
                let method =
                    method.to_ascii_uppercase().parse().map_err(|_| format!("method {method} of {path}"))?;
                operations
                    .0
                    .entry(path.clone())
                    .or_default()
                    .insert(method, Operation { id: id.to_owned(), access });
            }
        }
        Ok(operations)
    }

    /// The operations of a route pattern such as `/v1/orders/{order_id}`.
    pub(super) fn of_pattern(&self, pattern: &str) -> Option<&HashMap<Method, Operation>> {
        self.0.get(pattern)
    }
}

/// `Allow` for a pattern's methods, in a stable order.
pub(super) fn allowed(methods: &HashMap<Method, Operation>) -> String {
    let mut names: Vec<&str> = methods.keys().map(Method::as_str).collect();
    names.push("OPTIONS");
    names.sort_unstable();
    names.join(", ")
}
