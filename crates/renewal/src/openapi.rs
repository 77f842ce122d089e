//! This room's part of the OpenAPI document (3.1).

use serde_json::{Value as Json, json};

use crate::model::RenewalStatus;

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 2000 })
}

fn perhaps(schema: &Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

fn operation(name: &str, summary: &str, parameters: &[Json]) -> Json {
    let reply = json!({ "$ref": "#/components/schemas/Renewal" });
    let mut responses = json!({ "200": { "description": "done",
        "content": { "application/json": { "schema": reply } } } });
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        responses[code] = json!({ "$ref": "#/components/responses/Problem" });
    }
    json!({ "operationId": name, "summary": summary, "tags": ["renewal"],
            "parameters": parameters, "responses": responses })
}

/// A write: with a key it is done once.
fn acting(name: &str, summary: &str, own: &[Json], body: Option<&Json>) -> Json {
    let once = json!({ "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" } });
    let parameters: Vec<Json> = own.iter().cloned().chain([once]).collect();
    let mut operation = operation(name, summary, &parameters);
    if let Some(schema) = body {
        operation["requestBody"] = json!({
            "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("renewal") });
    let flag = json!({ "type": "boolean" });
    let asked = json!({ "certificate": id("cert"), "statement": text() });
    let ask = acting(
        "ask_renewal",
        "Ask for a renewal 申请延续 (行政许可法 50)",
        &[],
        Some(&object("certificate statement", &asked)),
    );
    let one = operation("show_renewal", "A renewal 延续", std::slice::from_ref(&own));
    let mut paths = json!({
        "/api/v1/renewals": { "post": ask },
        "/api/v1/renewals/{id}": { "get": one },
    });
    let reviewed = json!({ "agreed": flag, "opinion": text() });
    let refused = json!({ "reason": text() });
    let checked = json!({ "upheld": flag, "finding": text() });
    for (verb, summary, required, body) in [
        (
            "decline",
            "Say no to a silent renewal 不同意无感延续",
            "",
            None,
        ),
        ("review", "Review it 审查", "agreed opinion", Some(reviewed)),
        ("grant", "Grant it 准予延续", "", None),
        ("refuse", "Refuse it 不予延续", "reason", Some(refused)),
        (
            "check",
            "Say what the check of a silent renewal found 事后核查",
            "upheld finding",
            Some(checked),
        ),
    ] {
        let body = body.map(|body| object(required, &body));
        let name = format!("{verb}_renewal");
        let post = acting(&name, summary, std::slice::from_ref(&own), body.as_ref());
        paths[format!("/api/v1/renewals/{{id}}/{verb}")] = json!({ "post": post });
    }
    let day = json!({ "type": "string", "format": "date" });
    let maybe = perhaps(&day);
    let renewal = object(
        "id certificate status expires_on until asked_on agreed decided_on say_no_by check_due \
         overdue_since",
        &json!({
            "id": id("renewal"), "certificate": id("cert"), "status": words(RenewalStatus::ALL),
            "expires_on": day, "until": day, "asked_on": maybe, "agreed": perhaps(&flag),
            "decided_on": maybe, "say_no_by": maybe, "check_due": maybe, "overdue_since": maybe,
        }),
    );
    json!({ "paths": paths, "schemas": { "Renewal": renewal } })
}
