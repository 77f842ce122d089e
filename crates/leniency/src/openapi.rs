//! This room's part of the OpenAPI document (3.1).

use serde_json::{Map, Value as Json, json};

use crate::model::{Harm, OffenceStatus, Outcome};

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
    json!({ "operationId": name, "summary": summary, "tags": ["leniency"],
            "parameters": parameters, "responses": answers(reply) })
}

fn once() -> Json {
    json!({ "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": 128,
                        "pattern": "^[!-~]+$" } })
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

fn with_body(mut operation: Json, schema: &Json) -> Json {
    operation["requestBody"] = json!({
        "required": true, "content": { "application/json": { "schema": schema } } });
    operation
}

fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 2000 })
}

fn query(name: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "query", "required": false, "schema": schema })
}

fn paths() -> Json {
    let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("offence") });
    let lists = [
        query("status", &words(OffenceStatus::ALL)),
        query("cursor", &json!({ "type": "string" })),
        query(
            "limit",
            &json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        ),
    ];
    let opened = object(
        "entry identity_number found_on facts",
        &json!({ "entry": { "type": "integer", "minimum": 1, "maximum": 65535 },
            "identity_number": { "type": "string", "minLength": 1, "maxLength": 18 },
            "found_on": { "type": "string", "format": "date" }, "facts": text() }),
    );
    let open = operation("open_offence", "Open an offence 立案", &[once()], "Offence");
    let list = operation(
        "list_offences",
        "Offences within reach",
        &lists,
        "OffenceList",
    );
    let one = operation(
        "show_offence",
        "An offence",
        std::slice::from_ref(&own),
        "Offence",
    );
    let published = operation(
        "show_leniency_list",
        "The published list",
        &[],
        "LeniencyList",
    );
    let mut paths = json!({
        "/api/v1/leniency": { "get": published },
        "/api/v1/offences": { "get": list, "post": with_body(open, &opened) },
        "/api/v1/offences/{id}": { "get": one },
    });
    on_one(&mut paths);
    paths
}

/// What is done with one offence.
fn on_one(paths: &mut Json) {
    let flag = json!({ "type": "boolean" });
    let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("offence") });
    let found = json!({ "minor": flag, "harm": words(Harm::ALL), "corrected": flag });
    let taught = json!({ "record": text() });
    let decided = json!({ "spare": flag, "reason": text() });
    let seen = json!({ "relapsed": flag, "finding": text() });
    for (verb, summary, required, body) in [
        (
            "assess",
            "Say what was found 裁量",
            "minor harm corrected",
            found,
        ),
        (
            "educate",
            "Record what was taught (行政处罚法 33(3))",
            "record",
            taught,
        ),
        (
            "decide",
            "Spare it or send it on (行政处罚法 33(1))",
            "spare reason",
            decided,
        ),
        ("look_again", "Look again 回访", "relapsed finding", seen),
    ] {
        let name = format!("{verb}_offence");
        let post = operation(&name, summary, &[own.clone(), once()], "Offence");
        let path = format!("/api/v1/offences/{{id}}/{verb}");
        paths[path] = json!({ "post": with_body(post, &object(required, &body)) });
    }
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let day = json!({ "type": "string", "format": "date" });
    let flag = json!({ "type": "boolean" });
    let found = object(
        "minor harm corrected first",
        &json!({ "minor": flag, "harm": words(Harm::ALL), "corrected": flag, "first": flag }),
    );
    let offence = object(
        "id entry party status found_on assessment outcome educated_on decided_on due",
        &json!({
            "id": id("offence"), "entry": { "type": "integer" }, "party": id("person"),
            "status": words(OffenceStatus::ALL), "found_on": day, "assessment": perhaps(&found),
            "outcome": perhaps(&words(Outcome::ALL)), "educated_on": perhaps(&day),
            "decided_on": perhaps(&day), "due": perhaps(&day),
        }),
    );
    let item = json!({ "$ref": "#/components/schemas/Offence" });
    json!({ "paths": paths(), "schemas": {
        "Offence": offence,
        "OffenceList": object("items next", &json!({
            "items": { "type": "array", "items": item },
            "next": perhaps(&json!({ "type": "string" })) })),
        "LeniencyList": { "type": "object", "required": ["version", "basis", "entries"] },
    } })
}
