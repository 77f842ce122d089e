//! This room's part of the OpenAPI document (3.1).

use serde_json::{Map, Value as Json, json};

use crate::decide::Found;
use crate::model::{PledgeKind, PledgeStatus};

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn perhaps(schema: &Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn answers(schema: &str) -> Json {
    let reference = format!("#/components/schemas/{schema}");
    let content = json!({ "application/json": { "schema": { "$ref": reference } } });
    let mut all = Map::new();
    all.insert(
        "200".to_owned(),
        json!({ "description": "done", "content": content }),
    );
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        all.insert(code.to_owned(), problem);
    }
    Json::Object(all)
}

fn operation(name: &str, summary: &str, parameters: &[Json], reply: &str) -> Json {
    json!({ "operationId": name, "summary": summary, "tags": ["pledge"],
            "parameters": parameters, "responses": answers(reply) })
}

fn query(name: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "query", "required": false, "schema": schema })
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

fn paths() -> Json {
    let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("pledge") });
    let once = json!({ "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" } });
    let cursor = query("cursor", &json!({ "type": "string" }));
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 100 });
    let limit = query("limit", &limit);
    let shows = words(&["owing", "checking", "broken", "all"]);
    let lists = [query("show", &shows), cursor.clone(), limit.clone()];
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 2000 });
    let all = operation("list_pledges", "Pledges within reach", &lists, "PledgeList");
    let mine = operation(
        "list_own_pledges",
        "One's own pledges",
        &[cursor, limit],
        "OwnPledges",
    );
    let one = operation(
        "show_pledge",
        "A pledge",
        std::slice::from_ref(&own),
        "Pledge",
    );
    let mut paths = json!({
        "/api/v1/pledges": { "get": all },
        "/api/v1/my/pledges": { "get": mine },
        "/api/v1/pledges/{id}": { "get": one },
    });
    let found: Vec<Found> = Found::ALL.to_vec();
    let check = object(
        "found finding",
        &json!({ "found": words(&found), "finding": text }),
    );
    let mend = object("reason", &json!({ "reason": text }));
    for (verb, summary, body) in [
        ("retract", "Take a promise back 撤回承诺", None),
        (
            "check",
            "Say what the after-check found 事后核查",
            Some(check),
        ),
        ("mend", "Open the route again 信用修复", Some(mend)),
    ] {
        let name = format!("{verb}_pledge");
        let mut post = operation(&name, summary, &[own.clone(), once.clone()], "Pledge");
        if let Some(schema) = body {
            post["requestBody"] = json!({
                "required": true, "content": { "application/json": { "schema": schema } } });
        }
        paths[format!("/api/v1/pledges/{{id}}/{verb}")] = json!({ "post": post });
    }
    paths
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let day = json!({ "type": "string", "format": "date" });
    let numbers = json!({ "type": "array", "items": { "type": "integer" } });
    let pledge = object(
        "id kind status number item version applicant materials owed signed_on due overdue_since \
         closed_on",
        &json!({
            "id": id("pledge"), "kind": words(PledgeKind::ALL),
            "status": words(PledgeStatus::ALL), "number": perhaps(&json!({ "type": "string" })),
            "item": id("item"), "version": { "type": "integer" }, "applicant": id("person"),
            "materials": numbers, "owed": numbers, "signed_on": day, "due": perhaps(&day),
            "overdue_since": perhaps(&day), "closed_on": perhaps(&day),
        }),
    );
    let item = json!({ "$ref": "#/components/schemas/Pledge" });
    let items = json!({ "type": "array", "items": item });
    let next = perhaps(&json!({ "type": "string" }));
    json!({ "paths": paths(), "schemas": {
        "Pledge": pledge,
        "PledgeList": object("items next", &json!({ "items": items, "next": next })),
        "OwnPledges": object("items next route_closed", &json!({
            "items": items, "next": next, "route_closed": { "type": "boolean" } })),
    } })
}
