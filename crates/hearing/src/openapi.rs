//! This room's part of the OpenAPI document (3.1).

use serde_json::{Value as Json, json};

use crate::model::{ClosedGround, HearingStatus, SubjectKind};

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn text(most: u32) -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
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
    let reply = json!({ "$ref": "#/components/schemas/Hearing" });
    let mut responses = json!({ "200": { "description": "done",
        "content": { "application/json": { "schema": reply } } } });
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        responses[code] = json!({ "$ref": "#/components/responses/Problem" });
    }
    json!({ "operationId": name, "summary": summary, "tags": ["hearing"],
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

/// What is done with one hearing: verb, what it is, what its body requires, and the body.
fn acts() -> Vec<(&'static str, &'static str, &'static str, Option<Json>)> {
    let day = json!({ "type": "string", "format": "date" });
    let notice = json!({
        "day": day, "time": { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$" },
        "place": text(200), "presider": id("officer"),
        "closed_for": perhaps(&words(ClosedGround::ALL)),
    });
    let minutes = json!({ "attendees": text(2000), "text": text(8000) });
    let granted = json!({ "granted": { "type": "boolean" } });
    let presider = json!({ "presider": id("officer") });
    let reason = json!({ "reason": text(2000) });
    vec![
        ("ask", "Ask for the hearing 要求听证", "", None),
        ("give_up", "Give it up 放弃听证", "", None),
        (
            "ask_recusal",
            "Ask the presider to step aside 申请回避",
            "reason",
            Some(reason),
        ),
        ("sign", "Sign the minutes 签署笔录", "", None),
        (
            "schedule",
            "Arrange it and draw the notice 听证通知书",
            "day time place presider",
            Some(notice),
        ),
        (
            "decide_recusal",
            "Decide on the recusal 回避决定",
            "granted",
            Some(granted),
        ),
        (
            "name_presider",
            "Name another presider",
            "presider",
            Some(presider),
        ),
        (
            "hold",
            "Hold it and take the minutes 听证笔录",
            "attendees text",
            Some(minutes),
        ),
        ("note_absence", "Note that the party stayed away", "", None),
        (
            "refuse_to_sign",
            "Note that the party refuses to sign",
            "",
            None,
        ),
    ]
}

fn hearing() -> Json {
    let day = json!({ "type": "string", "format": "date" });
    let maybe = perhaps(&day);
    let flag = json!({ "type": "boolean" });
    object(
        "id subject_kind subject status offered_on ask_by asked_on hold_by day time presider \
         closed_for recusal_open late_since held_on signed_on refused_to_sign closed_on",
        &json!({
            "id": id("hearing"), "subject_kind": words(SubjectKind::ALL),
            "subject": { "type": "string" }, "status": words(HearingStatus::ALL),
            "offered_on": maybe, "ask_by": maybe, "asked_on": maybe, "hold_by": maybe,
            "day": maybe, "time": { "type": ["string", "null"] },
            "presider": perhaps(&id("officer")), "closed_for": perhaps(&words(ClosedGround::ALL)),
            "recusal_open": flag, "late_since": maybe, "held_on": maybe, "signed_on": maybe,
            "refused_to_sign": flag, "closed_on": maybe,
        }),
    )
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("hearing") });
    let reason = json!({ "type": ["string", "null"], "maxLength": 2000,
        "description": "what the party is told; without it the organ orders" });
    let begun = json!({ "case": id("case"), "reason": reason });
    let begin = acting(
        "begin_hearing",
        "Tell the party of the right, or order a hearing 听证告知、依职权听证",
        &[],
        Some(&object("case", &begun)),
    );
    let one = operation("show_hearing", "A hearing 听证", std::slice::from_ref(&own));
    let mut paths = json!({
        "/api/v1/hearings": { "post": begin },
        "/api/v1/hearings/{id}": { "get": one },
    });
    for (verb, summary, required, body) in acts() {
        let body = body.map(|body| object(required, &body));
        let name = format!("{verb}_hearing");
        let post = acting(&name, summary, std::slice::from_ref(&own), body.as_ref());
        paths[format!("/api/v1/hearings/{{id}}/{verb}")] = json!({ "post": post });
    }
    json!({ "paths": paths, "schemas": { "Hearing": hearing() } })
}
