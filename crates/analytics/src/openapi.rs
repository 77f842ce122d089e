//! What the room's part of `docs/openapi.json` says.

use serde_json::{Value, json};

/// The paths and schemas of the room (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> Value {
    json!({
        "paths": {
            "/api/v1/board": {"get": {
                "operationId": "showBoard",
                "summary": "Figures of the board: lights today, limits and ratings of a period",
                "parameters": [organ(), item(), day("from"), day("until")],
                "responses": replies("Board"),
            }},
            "/api/v1/board/cases": {"get": {
                "operationId": "listBoardCases",
                "summary": "Running cases in the order in which they are due",
                "parameters": [organ(), item(), light(), cursor(), limit()],
                "responses": replies("BoardCases"),
            }},
        },
        "schemas": schemas(),
    })
}

fn organ() -> Value {
    id("organ")
}

fn item() -> Value {
    id("item")
}

fn id(name: &str) -> Value {
    let pattern = format!("^{name}_[0-9a-hjkmnp-tv-z]{{26}}$");
    perhaps(name, json!({"type": "string", "pattern": pattern}))
}

fn day(name: &str) -> Value {
    perhaps(name, json!({"type": "string", "format": "date"}))
}

fn light() -> Value {
    let words: Vec<&str> = crate::Shade::ALL
        .iter()
        .map(|shade| shade.as_str())
        .collect();
    perhaps("light", json!({"type": "string", "enum": words}))
}

/// A filter; an empty one filters nothing, as the boards' own form sends it.
fn perhaps(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "schema": {"anyOf": [schema, {"const": ""}]}})
}

fn cursor() -> Value {
    json!({"name": "cursor", "in": "query", "schema": {"type": "string"}})
}

fn limit() -> Value {
    let schema = json!({
        "type": "integer", "minimum": 1, "maximum": web::ITEMS_MAX, "default": web::ITEMS_USUAL,
    });
    json!({"name": "limit", "in": "query", "schema": schema})
}

fn replies(schema: &str) -> Value {
    let good = format!("#/components/schemas/{schema}");
    let mut replies = json!({"200": {
        "description": "The answer",
        "content": {"application/json": {"schema": {"$ref": good}}},
    }});
    for status in ["400", "401", "403", "404", "422", "429"] {
        replies[status] = json!({"$ref": "#/components/responses/Problem"});
    }
    replies
}

fn schemas() -> Value {
    let count = json!({"type": "integer", "minimum": 0});
    let share = json!({"type": ["integer", "null"], "description": "thousandths"});
    let date = json!({"type": "string", "format": "date"});
    let maybe_date = json!({"type": ["string", "null"], "format": "date"});
    let text = json!({"type": "string"});
    let mut figures = json!({});
    for name in [
        "open",
        "green",
        "yellow",
        "red",
        "black",
        "paused",
        "due_today",
        "decided",
        "kept_promise_n",
        "kept_law_n",
        "speed_up_n",
        "rated_n",
        "bad",
    ] {
        figures[name] = count.clone();
    }
    for name in [
        "kept_promise",
        "kept_law",
        "speed_up",
        "response",
        "satisfaction",
    ] {
        figures[name] = share.clone();
    }
    let mut subject = figures.clone();
    for name in ["organ", "organ_name", "item", "item_name"] {
        subject[name] = text.clone();
    }
    json!({
        "Board": whole(json!({
            "today": date, "from": date, "until": date,
            "total": whole(figures),
            "items": {"type": "array", "items": whole(subject)},
            "days": {"type": "array", "items": whole(json!({
                "day": date, "opened": count, "decided": count,
            }))},
        })),
        "BoardCases": whole(json!({
            "items": {"type": "array", "items": whole(json!({
                "id": text, "number": text, "organ": text, "organ_name": text, "item": text,
                "item_name": text, "version": {"type": "integer", "minimum": 1},
                "opened_on": date, "due": maybe_date, "statutory_due": maybe_date,
                "light": {"type": "string"},
            }))},
            "next": {"type": ["string", "null"]},
        })),
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
