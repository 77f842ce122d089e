//! What the interface for programs promises, as OpenAPI 3.1 fragments. The roof joins them.

use serde_json::{Value, json};

/// Paths and schemas of the room.
#[must_use]
pub fn openapi() -> Value {
    json!({
        "paths": {
            "/api/v1/items": { "get": list_items() },
            "/api/v1/items/{code}": { "get": show_item() },
            "/api/v1/items/export": { "get": export_items() },
            "/api/v1/items/import": { "post": import_items() },
        },
        "schemas": schemas(),
    })
}

fn problem() -> Value {
    json!({ "$ref": "#/components/responses/Problem" })
}

fn query(name: &str, said: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": said,
        "schema": schema })
}

fn list_items() -> Value {
    let word = json!({ "type": "string" });
    let cursor = json!({ "type": "string", "maxLength": 2000 });
    json!({
        "operationId": "list_items",
        "summary": "Published items, or the best answers to a question",
        "tags": ["catalogue"],
        "security": [],
        "parameters": [
            query("q", "Words, pinyin, initials, a life word or a code", word.clone()),
            query("organ", "Only this department, by its short name", word.clone()),
            query("topic", "Only this topic, by its id", word),
            query("cursor", "Where the page begins: `next` of the page before", cursor),
            query("limit", "How many items", json!({ "type": "integer", "minimum": 1,
                "maximum": web::ITEMS_MAX, "default": web::ITEMS_USUAL })),
        ],
        "responses": {
            "200": { "description": "A page", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ItemPage" } } } },
            "400": problem(), "429": problem(), "500": problem(), "503": problem(),
        },
    })
}

fn show_item() -> Value {
    json!({
        "operationId": "show_item",
        "summary": "The version of an item in force today, with its implementation list",
        "tags": ["catalogue"],
        "security": [],
        "parameters": [{ "name": "code", "in": "path", "required": true,
            "description": "Any code of the item that no other item shares",
            "schema": { "type": "string", "minLength": 1 } }],
        "responses": {
            "200": { "description": "The item", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ItemGuide" } } } },
            "404": problem(), "429": problem(), "500": problem(), "503": problem(),
        },
    })
}

fn export_items() -> Value {
    let table = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({
        "operationId": "export_items",
        "summary": "Every item that is not withdrawn, as a table that can be imported again",
        "tags": ["catalogue"],
        "parameters": [query("format", "The kind of table",
            json!({ "type": "string", "enum": ["csv", "xlsx"], "default": "csv" }))],
        "responses": {
            "200": { "description": "The table", "content": {
                "text/csv": table.clone(),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": table,
            } },
            "400": problem(), "401": problem(), "403": problem(), "404": problem(),
            "429": problem(), "500": problem(), "503": problem(),
        },
    })
}

fn import_items() -> Value {
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({
        "operationId": "import_items",
        "summary": "Takes a table of items in; the same table twice changes nothing",
        "tags": ["catalogue"],
        "requestBody": { "required": true, "content": {
            "text/csv": binary.clone(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": binary,
            "multipart/form-data": { "schema": { "type": "object", "required": ["file"],
                "properties": { "file": { "type": "string", "format": "binary" } } } },
        } },
        "responses": {
            "200": { "description": "What was done", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ItemImport" } } } },
            "400": problem(), "401": problem(), "403": problem(), "404": problem(),
            "409": problem(), "413": problem(), "422": problem(), "429": problem(),
            "500": problem(), "503": problem(),
        },
    })
}

fn schemas() -> Value {
    let types: Vec<&str> = crate::model::kind::ItemType::ALL
        .iter()
        .map(|kind| kind.word())
        .collect();
    let count = json!({ "type": "integer", "minimum": 0 });
    let item = json!({
        "id": { "type": "string", "pattern": "^item_[0-9a-hjkmnp-tv-z]{26}$" },
        "code": { "type": "string" },
        "name": { "type": "string" },
        "name_en": { "type": ["string", "null"] },
        "department": { "type": "string" },
        "item_type": { "type": "string", "enum": types },
        "takes_applications": { "type": "boolean" },
        "version": { "type": "integer", "minimum": 1 },
        "effective": { "type": "string", "format": "date" },
    });
    let needed = [
        "id",
        "code",
        "name",
        "department",
        "item_type",
        "takes_applications",
        "version",
        "effective",
    ];
    json!({
        "Item": { "type": "object", "required": needed, "properties": item },
        "ItemPage": { "type": "object", "required": ["items", "next"], "properties": {
            "items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
            "next": { "type": ["string", "null"] } } },
        "ItemGuide": { "allOf": [
            { "$ref": "#/components/schemas/Item" },
            { "type": "object", "required": ["content"], "properties": {
                "content": { "type": "object",
                    "description": "The implementation list 实施清单, schema 1",
                    "required": ["schema", "coverage", "codes", "name", "item_type", "body"] } } },
        ] },
        "ItemImport": { "type": "object",
            "required": ["new", "changed", "unchanged", "refused", "warned", "published", "rows"],
            "properties": {
                "new": count.clone(), "changed": count.clone(), "unchanged": count.clone(),
                "refused": count.clone(), "warned": count.clone(), "published": count,
                "rows": { "type": "array",
                    "items": { "$ref": "#/components/schemas/ItemImportRow" } } } },
        "ItemImportRow": { "type": "object",
            "required": ["row", "code", "name", "state", "notes"],
            "properties": {
                "row": { "type": "integer", "minimum": 1 },
                "code": { "type": "string" },
                "name": { "type": "string" },
                "state": { "type": "string",
                    "enum": ["published", "drafted", "unchanged", "refused"] },
                "notes": { "type": "array", "items": { "type": "object",
                    "required": ["column", "code", "params"],
                    "properties": {
                        "column": { "type": ["string", "null"] },
                        "code": { "type": "string" },
                        "params": { "type": "object",
                            "additionalProperties": { "type": "string" } } } } } } },
    })
}
