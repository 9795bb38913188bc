//! Title page: what the interface is, who answers for it, where it runs.

use super::visit::Object;
use serde_json::{Value, json};

/// Conventions shared by all operations, shown at the top of the documentation.
const DESCRIPTION: &str = include_str!("description.md");

pub(super) const PRODUCTION: &str = "https://api.concilia.example";

pub(super) fn describe(document: &mut Value) {
    document["info"] = json!({
        "title": "Concilia",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION.trim(),
        "termsOfService": "https://concilia.example/terms",
        "contact": {
            "name": "Concilia",
            "url": "https://github.com/concilia/concilia/issues",
            "email": "api@concilia.example",
        },
        "license": { "name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/" },
        "x-summary": "Territorial work-life balance plans and their voucher portal",
        "x-api-id": "6f0c4e5a-5d0b-4e0e-9d5e-2f8b7a1c3d90",
    });
    document["servers"] = json!([
        {
            "url": "/",
            "description": "The server this document was read from: a local sandbox or a test installation",
            "x-sandbox": true,
            "x-internal": false,
        },
        { "url": PRODUCTION, "description": "Production", "x-internal": false },
    ]);
    let Some(root) = document.as_object_mut() else { return };
    order(root, &["openapi", "info", "servers", "security", "tags", "paths", "components"]);
}

/// Puts the sections in the order of the specification; the rest follow as they came.
fn order(root: &mut Object, keys: &[&str]) {
    let mut ordered: Object =
        keys.iter().map(|key| ((*key).to_owned(), root.shift_remove(*key).unwrap_or_default())).collect();
    ordered.extend(std::mem::take(root));
    *root = ordered;
}
