//! This room's part of the OpenAPI document (3.1).

mod writing;

use serde_json::{Value as Json, json};

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let list = |id: &str, summary: &str, schema: &str| {
        let problem = || json!({ "$ref": "#/components/responses/Problem" });
        json!({ "get": {
            "operationId": id,
            "summary": summary,
            "tags": ["authority"],
            "responses": {
                "200": {
                    "description": "all of them, on one page",
                    "content": { "application/json": { "schema": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["items", "next"],
                        "properties": {
                            "items": { "type": "array", "items": {
                                "$ref": format!("#/components/schemas/{schema}") } },
                            "next": { "type": ["string", "null"] },
                        },
                    } } },
                },
                "429": problem(),
                "503": problem(),
            },
        } })
    };
    let mut document = json!({
        "paths": {
            "/api/v1/authority_tables":
                list("list_authority_tables", "Authority tables in force 分级授权", "AuthorityTable"),
            "/api/v1/powers":
                list("list_powers", "Powers that moved between organs 赋权、委托", "PowerDelegation"),
            "/api/v1/chief_officers":
                list("list_chief_officers", "Lists of chief approval officers 首席审批服务官",
                     "ChiefApprovalOfficer"),
        },
        "schemas": {
            "AuthorityTable": table(),
            "PowerDelegation": power(),
            "ChiefApprovalOfficer": chief(),
            "CommitteeSitting": writing::sitting(),
        },
    });
    writing::add(&mut document["paths"]);
    document
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn may_be_text() -> Json {
    json!({ "type": ["string", "null"] })
}

fn day() -> Json {
    json!({ "type": "string", "format": "date" })
}

fn may_be_day() -> Json {
    json!({ "type": ["string", "null"], "format": "date" })
}

fn object(properties: &Json) -> Json {
    let names = properties.as_object().into_iter().flatten();
    let required: Vec<&String> = names.map(|(name, _)| name).collect();
    json!({
        "type": "object", "additionalProperties": false,
        "required": required, "properties": properties,
    })
}

fn table() -> Json {
    let line = object(&json!({
        "scope": { "type": "string", "description": "all, item, or a type of items" },
        "item": may_be_text(),
        "field": { "type": ["string", "null"], "description": "the field with the amount" },
        "above": may_be_text(),
        "up_to": may_be_text(),
        "grade": { "type": "string", "enum": grades(), "description": "审批层级, the lowest" },
        "committee": { "type": "boolean" },
        "legal_review": { "type": "boolean" },
        "counsel": { "type": "boolean" },
        "ground": text(),
    }));
    object(&json!({
        "id": text(), "organ": text(), "version": { "type": "integer" },
        "state": { "type": "string", "enum": ["draft", "adopted"] },
        "from": may_be_day(), "until": may_be_day(), "ground": text(),
        "lines": { "type": "array", "items": line },
    }))
}

fn grades() -> Vec<&'static str> {
    let all = crate::model::Grade::ALL.iter();
    all.map(|grade| grade.as_str()).collect()
}

fn power() -> Json {
    object(&json!({
        "id": text(), "from_organ": text(), "to_organ": text(),
        "form": { "type": "string", "enum": ["entrusted", "conferred"] },
        "chain": text(), "items": { "type": "array", "items": text() }, "ground": text(),
        "from": day(), "until": may_be_day(),
        "recalled": { "type": "boolean" }, "in_force": { "type": "boolean" },
    }))
}

fn chief() -> Json {
    object(&json!({
        "id": text(), "organ": text(), "officer": text(), "version": { "type": "integer" },
        "items": { "type": "array", "items": text() }, "from": day(), "until": may_be_day(),
    }))
}
