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
    json!({
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
    })
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
