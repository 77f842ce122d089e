//! The OpenAPI 3.1 document of the house: the fragments of all rooms, joined. `docs/openapi.json`
//! is this text; a test compares them.

use serde_json::{Map, Value as Json, json};
use web::{App, Reply};

/// The document.
#[must_use]
pub fn document() -> Json {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for fragment in fragments() {
        for (name, into) in [("paths", &mut paths), ("schemas", &mut schemas)] {
            if let Some(part) = fragment.get(name).and_then(Json::as_object) {
                into.extend(part.clone());
            }
        }
    }
    schemas.insert("Problem".to_owned(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Qingchuang 清窗",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The interface of a government service hall.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
            },
            "responses": {
                "Problem": {
                    "description": "What is wrong, where, by which rule, and what to do.",
                    "content": {
                        "application/problem+json": {
                            "schema": { "$ref": "#/components/schemas/Problem" },
                        },
                    },
                },
            },
        },
        "security": [{}, { "bearer": [] }],
    })
}

/// Serves the document.
///
/// # Errors
/// None; the type is the door's.
pub async fn show_openapi(_app: App) -> Reply<axum::Json<Json>> {
    Ok(axum::Json(document()))
}

fn fragments() -> Vec<Json> {
    vec![
        identity::openapi(),
        procedure::openapi(),
        catalogue::openapi(),
        certificate::openapi(),
        intake::openapi(),
        pledge::openapi(),
        exit::openapi(),
        renewal::openapi(),
        case::openapi(),
        hearing::openapi(),
        authority::openapi(),
        evaluation::openapi(),
        leniency::openapi(),
        offer::openapi(),
        project::openapi(),
        analytics::openapi(),
        supervision::openapi(),
    ]
}

/// RFC 9457 with our members.
fn problem_schema() -> Json {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "code": { "type": "string" },
            "statute": { "type": ["string", "null"] },
            "request_id": { "type": "string" },
            "fields": { "type": "array", "items": { "type": "object" } },
        },
    })
}
