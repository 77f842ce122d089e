//! What the room's part of `docs/openapi.json` says.

use serde_json::{Value, json};

/// The largest size and position that the interface knows.
const PLACE_MAX: i64 = i64::MAX;

/// The paths and schemas of the room (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> Value {
    let old = place("old", "query", true);
    let new = place("new", "query", true);
    let size = place("size", "query", false);
    let position = place("position", "path", true);
    json!({
        "paths": {
            "/api/v1/ledger/checkpoint": {"get": {
                "operationId": "showCheckpoint",
                "summary": "The newest signed checkpoint and the hall's public key",
                "responses": replies("LedgerCheckpoint", &["404", "429"]),
            }},
            "/api/v1/ledger/consistency": {"get": {
                "operationId": "showConsistency",
                "summary": "Why the tree of one size continues the tree of another (RFC 6962)",
                "parameters": [old, new],
                "responses": replies("LedgerConsistency", &["400", "422", "429"]),
            }},
            "/api/v1/ledger/leaf/{position}": {"get": {
                "operationId": "showLeaf",
                "summary": "The hash of a leaf and its path to the newest root",
                "parameters": [position],
                "responses": replies("LedgerLeaf", &["404", "429"]),
            }},
            "/api/v1/ledger/inclusion/{position}": {"get": {
                "operationId": "showInclusion",
                "summary": "The path from a leaf to the root of the tree of a size",
                "parameters": [position, size],
                "responses": replies("LedgerInclusion", &["400", "404", "422", "429"]),
            }},
        },
        "schemas": schemas(),
    })
}

fn place(name: &str, within: &str, required: bool) -> Value {
    let schema = json!({"type": "integer", "minimum": 0, "maximum": PLACE_MAX});
    json!({"name": name, "in": within, "required": required, "schema": schema})
}

fn replies(schema: &str, problems: &[&str]) -> Value {
    let good = format!("#/components/schemas/{schema}");
    let mut replies = json!({"200": {
        "description": "The answer",
        "content": {"application/json": {"schema": {"$ref": good}}},
    }});
    for status in problems {
        replies[*status] = json!({"$ref": "#/components/responses/Problem"});
    }
    replies
}

fn schemas() -> Value {
    let digest = json!({"type": "string", "pattern": "^[0-9a-f]{64}$"});
    let path = json!({"type": "array", "items": digest});
    let number = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    json!({
        "LedgerCheckpoint": whole(json!({
            "checkpoint": text, "key": text, "origin": text, "size": number, "root": digest,
            "time": {"type": "string", "format": "date-time"},
            "suite": {"type": "string", "enum": ["sm3-sm2", "sha256-ed25519"]},
        })),
        "LedgerConsistency": whole(json!({"old": number, "new": number, "path": path})),
        "LedgerLeaf": whole(json!({
            "position": number, "leaf": digest, "size": number, "path": path,
        })),
        "LedgerInclusion": whole(json!({"position": number, "size": number, "path": path})),
    })
}

/// An object that has all its fields and no other.
fn whole(fields: Value) -> Value {
    let names: Vec<String> = fields
        .as_object()
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default();
    json!({
        "type": "object", "properties": fields, "required": names,
        "additionalProperties": false,
    })
}
