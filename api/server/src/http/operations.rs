//! Which operation a request asks for: the contract's paths, looked up by the request's path and method.

use crate::policy::{self, Access};
use actix_web::http::Method;
use std::collections::HashMap;
use std::sync::Arc;

/// An operation of the contract and who may call it.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub id: String,
    pub access: Access,
}

/// The tag whose routes serve a request; the gate leaves it with the request.
#[derive(Debug, Clone)]
pub struct Tag(Arc<str>);

impl Tag {
    pub fn is(&self, name: &str) -> bool {
        &*self.0 == name
    }
}

/// A path of the contract.
#[derive(Debug)]
pub(super) struct Route {
    /// As the contract writes it, such as `/v1/orders/{order_id}`.
    pub pattern: String,
    pub tag: Tag,
    pub methods: HashMap<Method, Operation>,
}

/// The operations of the contract, by path.
#[derive(Default)]
pub struct Operations(matchit::Router<Route>);

impl Operations {
    /// Reads the contract. Fails on an operation that has no row in the policy: deny by default.
    pub fn of(document: &serde_json::Value) -> Result<Self, String> {
        let mut operations = Self::default();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let mut methods = HashMap::new();
            let mut tag = None;
            for (method, operation) in item.as_object().into_iter().flatten() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let access =
                    policy::access(id).ok_or_else(|| format!("operation {id} has no row in the policy"))?;
                let method =
                    method.to_ascii_uppercase().parse().map_err(|_| format!("method {method} of {path}"))?;
                methods.insert(method, Operation { id: id.to_owned(), access });
                tag = operation["tags"][0].as_str();
            }
            let tag = Tag(tag.ok_or_else(|| format!("{path} has no tag"))?.into());
            let route = Route { pattern: path.clone(), tag, methods };
            operations.0.insert(path.as_str(), route).map_err(|error| format!("{path}: {error}"))?;
        }
        Ok(operations)
    }

    /// The route of a request's path, decoded as the router decodes it.
    pub(super) fn at(&self, path: &str) -> Option<&Route> {
        self.0.at(path).ok().map(|matched| matched.value)
    }
}

/// `Allow` for a route's methods, in a stable order.
pub(super) fn allowed(methods: &HashMap<Method, Operation>) -> String {
    let mut names: Vec<&str> = methods.keys().map(Method::as_str).collect();
    names.push("OPTIONS");
    names.sort_unstable();
    names.join(", ")
}
