//! This room's part of the OpenAPI document (3.1).

use certificate::ExitKind;
use serde_json::{Value as Json, json};

use crate::model::{DropGround, ExitSource, ExitStatus};

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let of = |schema: &str| json!({ "$ref": format!("#/components/schemas/{schema}") });
    let good = |schema: &str| {
        json!({
            "description": "As asked",
            "content": { "application/json": { "schema": of(schema) } },
        })
    };
    let problem = || json!({ "$ref": "#/components/responses/Problem" });
    let mut document = json!({
        "paths": {
            "/api/v1/exits": { "get": {
                "operationId": "list_exits",
                "summary": "Licences that left, the newest first 行政许可退出公示",
                "tags": ["exit"],
                "parameters": [
                    {
                        "name": "cursor", "in": "query", "required": false,
                        "schema": { "type": "string", "maxLength": 400 }
                    },
                    {
                        "name": "limit", "in": "query", "required": false,
                        "schema": { "type": "integer", "minimum": 1, "maximum": 100 }
                    }
                ],
                "responses": {
                    "200": good("ExitRegister"),
                    "400": problem(), "429": problem(), "503": problem(),
                }
            } },
            "/api/v1/exits/{id}": { "get": {
                "operationId": "show_exit",
                "summary": "One exit, for holder and organ 行政许可退出",
                "tags": ["exit"],
                "parameters": [{
                    "name": "id", "in": "path", "required": true,
                    "schema": { "type": "string", "pattern": "^exit_[0-9a-z]{26}$" }
                }],
                "responses": {
                    "200": good("LicenceExit"),
                    "400": problem(), "401": problem(), "403": problem(), "404": problem(),
                    "429": problem(), "503": problem(),
                }
            } }
        },
        "schemas": schemas(),
    });
    let open = object("certificate kind ground source findings", &opening());
    let first = acting(
        "open_exit",
        "Open an exit and tell the holder 启动并告知",
        &[],
        Some(&open),
    );
    document["paths"]["/api/v1/exits"]["post"] = first;
    let asked = json!({ "certificate": id("cert"), "reason": text() });
    let asked = object("certificate reason", &asked);
    let summary = "Ask to be struck off 申请注销";
    document["paths"]["/api/v1/my/exits"]["post"] =
        acting("request_exit", summary, &[], Some(&asked));
    for (verb, summary, required, body) in acts() {
        let own = json!({ "name": "id", "in": "path", "required": true, "schema": id("exit") });
        let body = body.map(|body| object(required, &body));
        let name = format!("{verb}_exit");
        document["paths"][format!("/api/v1/exits/{{id}}/{verb}")]["post"] =
            acting(&name, summary, &[own], body.as_ref());
    }
    document
}

/// What is done with one exit: verb, what it is, what its body requires, and the body.
fn acts() -> Vec<(&'static str, &'static str, &'static str, Option<Json>)> {
    let fen = || json!({ "type": "integer", "minimum": 0 });
    let flag = || json!({ "type": "boolean" });
    let drops: Vec<&str> = DropGround::ALL.iter().map(|one| one.as_str()).collect();
    let loss = json!({ "loss_fen": fen(), "compensation_fen": fen(), "assessment": text() });
    let review = json!({ "agreed": flag(), "barred": flag(), "opinion": text() });
    let minutes = json!({ "type": ["string", "null"], "maxLength": 2000 });
    let dropped = json!({ "ground": { "type": "string", "enum": drops }, "reason": text() });
    vec![
        (
            "state",
            "State and defend 陈述、申辩",
            "statement",
            Some(json!({ "statement": text() })),
        ),
        (
            "waive",
            "Give the rest of the days up 放弃陈述、申辩",
            "",
            None,
        ),
        ("ask_hearing", "Ask for a hearing 要求听证", "", None),
        ("order_hearing", "Order a hearing 依职权听证", "", None),
        (
            "assess",
            "Assess loss and compensation 损失评估",
            "loss_fen compensation_fen assessment",
            Some(loss),
        ),
        (
            "review",
            "Review the law of it 法制审核",
            "agreed opinion",
            Some(review),
        ),
        (
            "decide",
            "Decide that the licence leaves 决定退出",
            "reason",
            Some(json!({ "reason": text(), "minutes": minutes })),
        ),
        (
            "drop",
            "Decide that the licence stays 终止退出程序",
            "ground reason",
            Some(dropped),
        ),
        (
            "pay",
            "Note that the compensation was paid 补偿、赔偿已支付",
            "",
            None,
        ),
    ]
}

/// The body that opens an exit.
fn opening() -> Json {
    let kinds: Vec<&str> = ExitKind::ALL.iter().map(|one| one.as_str()).collect();
    let grounds: Vec<&str> = ExitKind::ALL
        .iter()
        .flat_map(|kind| certificate::ExitGround::all(*kind))
        .map(certificate::ExitGround::word)
        .collect();
    let sources: Vec<&str> = ExitSource::ALL.iter().map(|one| one.as_str()).collect();
    let short = || json!({ "type": "string", "minLength": 1, "maxLength": 80 });
    let penalty = object(
        "organ number on",
        &json!({ "organ": short(), "number": short(),
            "on": { "type": "string", "format": "date" } }),
    );
    json!({
        "certificate": id("cert"),
        "kind": { "type": "string", "enum": kinds },
        "ground": { "type": "string", "enum": distinct(grounds) },
        "source": { "type": "string", "enum": sources },
        "findings": text(),
        "penalty": { "anyOf": [penalty, { "type": "null" }] },
    })
}

/// Two ways out have a ground of one word: it is listed once.
fn distinct(mut all: Vec<&str>) -> Vec<&str> {
    all.sort_unstable();
    all.dedup();
    all
}

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 2000 })
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

/// A write: with a key it is done once.
fn acting(name: &str, summary: &str, own: &[Json], body: Option<&Json>) -> Json {
    let once = json!({ "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" } });
    let parameters: Vec<&Json> = own.iter().chain([&once]).collect();
    let reply = json!({ "$ref": "#/components/schemas/LicenceExit" });
    let mut responses = json!({ "200": { "description": "done",
        "content": { "application/json": { "schema": reply } } } });
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        responses[code] = json!({ "$ref": "#/components/responses/Problem" });
    }
    let mut operation = json!({ "operationId": name, "summary": summary, "tags": ["exit"],
        "parameters": parameters, "responses": responses });
    if let Some(schema) = body {
        operation["requestBody"] = json!({
            "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

fn schemas() -> Json {
    let text = || json!({ "type": ["string", "null"] });
    let day = || json!({ "type": ["string", "null"], "format": "date" });
    let words = |all: Vec<&str>| json!({ "type": "string", "enum": all });
    let kinds = || words(ExitKind::ALL.iter().map(|one| one.as_str()).collect());
    let line = json!({
        "type": "object",
        "required": ["ecert_id", "number", "kind", "ground", "article", "decided_on"],
        "properties": {
            "ecert_id": { "type": "string" },
            "number": { "type": "string" },
            "name": text(),
            "holder": { "type": ["string", "null"], "description": "a person's name is masked" },
            "kind": kinds(),
            "ground": { "type": "string" },
            "article": { "type": "string" },
            "decided_on": day(),
        }
    });
    let register = json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "items": line },
            "next": text(),
        }
    });
    let fen = || json!({ "type": ["integer", "null"], "description": "in fen" });
    let drops: Vec<Json> = DropGround::ALL
        .iter()
        .map(|one| json!(one.as_str()))
        .chain([Json::Null])
        .collect();
    let exit = json!({
        "type": "object",
        "required": ["id", "certificate", "kind", "ground", "article", "source", "status",
            "opened_on"],
        "properties": {
            "id": { "type": "string" },
            "certificate": { "type": "string" },
            "kind": kinds(),
            "ground": { "type": "string" },
            "article": { "type": "string" },
            "source": words(ExitSource::ALL.iter().map(|one| one.as_str()).collect()),
            "status": words(ExitStatus::ALL.iter().map(|one| one.as_str()).collect()),
            "opened_on": { "type": "string", "format": "date" },
            "state_by": day(),
            "stated_on": day(),
            "hearing_asked_on": day(),
            "hearing_closed_on": day(),
            "reviewed_on": day(),
            "decided_on": day(),
            "dropped_for": { "enum": drops },
            "loss_fen": fen(),
            "compensation_fen": fen(),
            "paid_on": day(),
        }
    });
    json!({ "ExitRegister": register, "LicenceExit": exit })
}
