//! What `docs/openapi.json` says of this room: paths and schemas, OpenAPI 3.1.

use serde_json::{Map, Value, json};

use crate::model::Kind;
use ledger::VersionStatus;

fn problem() -> Value {
    json!({ "$ref": "#/components/responses/Problem" })
}

fn schema(name: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } })
}

fn named() -> Value {
    json!({ "name": "name", "in": "path", "required": true,
        "description": "The name of the procedure or decision table",
        "schema": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$" } })
}

fn read(id: &str, summary: &str, reply: &str, parameters: Value) -> Value {
    json!({ "get": {
        "operationId": id, "summary": summary, "tags": ["procedure"], "parameters": parameters,
        "responses": {
            "200": { "description": "Found", "content": schema(reply) },
            "400": problem(), "401": problem(), "403": problem(), "404": problem(),
            "429": problem(), "500": problem(), "503": problem(),
        },
    } })
}

fn act(id: &str, summary: &str, body: &str, reply: &str, parameters: Value) -> Value {
    json!({ "post": {
        "operationId": id, "summary": summary, "tags": ["procedure"], "parameters": parameters,
        "requestBody": { "required": true, "content": schema(body) },
        "responses": {
            "200": { "description": "Done", "content": schema(reply) },
            "400": problem(), "401": problem(), "403": problem(), "404": problem(),
            "409": problem(), "413": problem(), "415": problem(), "422": problem(),
            "429": problem(), "500": problem(), "503": problem(),
        },
    } })
}

/// The paths and schemas of the room.
#[must_use]
pub fn openapi() -> Value {
    let paging = json!([
        { "name": "cursor", "in": "query", "required": false,
          "description": "Where the page begins: `next` of the page before",
          "schema": { "type": "string", "maxLength": 2000 } },
        { "name": "limit", "in": "query", "required": false, "description": "How many",
          "schema": { "type": "integer", "minimum": 1, "maximum": web::ITEMS_MAX,
              "default": web::ITEMS_USUAL } },
    ]);
    let one = || json!([named()]);
    let mut paths = Map::new();
    let mut put = |path: &str, what: Value| paths.insert(path.to_owned(), what);
    let listed = "Procedures and decision tables that offices drew 流程与决策表";
    put(
        "/api/v1/procedures",
        read("listProcedures", listed, "ProcedureList", paging),
    );
    let looked = "Looks at a file; nothing of it is kept 校核";
    let look = act(
        "checkProcedure",
        looked,
        "ProcedureFile",
        "ProcedureFindings",
        json!([]),
    );
    put("/api/v1/procedures/check", look);
    let shown = "A procedure and where its versions stand";
    put(
        "/api/v1/procedures/{name}",
        read("showProcedure", shown, "Procedure", one()),
    );
    let acts = [
        (
            "draft",
            "Begins it, its next version, or replaces the open draft 起草",
            "ProcedureDraft",
        ),
        (
            "publish",
            "Checks a version and puts it in force from a day on 发布",
            "ProcedurePublish",
        ),
        (
            "withdraw",
            "Takes a version out of force 撤销",
            "ProcedureWithdraw",
        ),
    ];
    for (verb, summary, body) in acts {
        let id = format!("{verb}Procedure");
        let act = act(&id, summary, body, "ProcedureVersion", one());
        put(&format!("/api/v1/procedures/{{name}}/{verb}"), act);
    }
    json!({ "paths": paths, "schemas": schemas() })
}

fn schemas() -> Value {
    let words = |all: &[&str]| json!({ "type": "string", "enum": all });
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let standings: Vec<&str> = VersionStatus::ALL
        .iter()
        .map(|status| status.as_str())
        .collect();
    let name = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$" });
    let number = json!({ "type": "integer", "minimum": 1 });
    let file = json!({ "type": "string", "description": "The XML of the BPMN or DMN file" });
    let day = json!({ "type": "string", "format": "date" });
    let maybe_day = json!({ "type": ["string", "null"], "format": "date" });
    let object = |required: &[&str], properties: Value| {
        json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
    };
    let version = object(
        &["number", "status", "digest", "effective", "withdrawn_on"],
        json!({ "number": number, "status": words(&standings), "digest": { "type": "string" },
            "effective": maybe_day, "withdrawn_on": maybe_day }),
    );
    let procedure = object(
        &["name", "kind", "copied_from", "shipped", "versions"],
        json!({ "name": name, "kind": words(&kinds), "copied_from": { "type": ["string", "null"] },
            "shipped": { "type": "boolean" }, "versions": { "type": "array", "items": version } }),
    );
    let found = json!({ "type": "object", "required": ["code", "severity", "element", "message"],
        "properties": { "code": { "type": "string" }, "element": { "type": "string" },
            "severity": words(&["note", "warning", "error"]), "message": { "type": "string" },
            "line": number, "trace": { "type": "array", "items": { "type": "string" } } } });
    let days = json!({ "type": "integer", "minimum": 0 });
    json!({
        "Procedure": procedure,
        "ProcedureList": object(&["items", "next"], json!({
            "items": { "type": "array", "items": { "$ref": "#/components/schemas/Procedure" } },
            "next": { "type": ["string", "null"] } })),
        "ProcedureFile": object(&["name", "kind", "file"],
            json!({ "name": name, "kind": words(&kinds), "file": file })),
        "ProcedureFindings": object(
            &["ok", "label", "steps", "shortest_days", "longest_days", "findings"],
            json!({ "ok": { "type": "boolean" }, "label": { "type": "string" }, "steps": days,
                "shortest_days": days,
                "longest_days": { "type": ["integer", "null"], "minimum": 0 },
                "findings": { "type": "array", "items": found } })),
        "ProcedureDraft": object(&["kind", "file"],
            json!({ "kind": words(&kinds), "file": file })),
        "ProcedurePublish": object(&["number", "effective"],
            json!({ "number": number, "effective": day })),
        "ProcedureWithdraw": object(&["number"], json!({ "number": number })),
        "ProcedureVersion": object(&["name", "number"],
            json!({ "name": name, "number": number })),
    })
}
