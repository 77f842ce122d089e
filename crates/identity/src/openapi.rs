//! What the interface promises, as fragments of OpenAPI 3.1; the roof joins those of all rooms.

use serde_json::{Value, json};
use web::Role;

use crate::decide::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

/// The paths and schemas of this room.
#[must_use]
pub fn openapi() -> Value {
    json!({ "paths": paths(), "schemas": schemas() })
}

fn problem() -> Value {
    json!({ "$ref": "#/components/responses/Problem" })
}

fn answer(description: &str, schema: &str) -> Value {
    let reference = format!("#/components/schemas/{schema}");
    json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": reference } } },
    })
}

fn body(schema: &str) -> Value {
    let reference = format!("#/components/schemas/{schema}");
    json!({
        "required": true,
        "content": { "application/json": { "schema": { "$ref": reference } } },
    })
}

fn once() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "The same key with the same body has no second effect.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" },
    })
}

/// The answers of a door, beside the good one.
fn responses(good: &str, answer: Value, others: &[&str]) -> Value {
    let mut all = serde_json::Map::new();
    all.insert(good.to_owned(), answer);
    for status in others {
        all.insert((*status).to_owned(), problem());
    }
    Value::Object(all)
}

fn paths() -> Value {
    let written = [
        "400", "403", "409", "413", "415", "422", "429", "500", "503",
    ];
    let registered = [
        "400", "403", "409", "413", "415", "422", "429", "500", "503",
    ];
    let left = json!({ "description": "Logged out." });
    json!({
        "/api/v1/login": { "post": {
            "operationId": "log_in", "tags": ["identity"], "security": [],
            "summary": "Log in 登录; send the token as Authorization: Bearer",
            "requestBody": body("Login"),
            "responses": responses("200", answer("Welcome.", "LoggedIn"), &written),
        } },
        "/api/v1/logout": { "post": {
            "operationId": "log_out", "tags": ["identity"], "summary": "Log out 退出",
            "responses": responses("204", left, &["401", "403", "429", "500", "503"]),
        } },
        "/api/v1/me": { "get": {
            "operationId": "show_me", "tags": ["identity"], "summary": "Who am I 当前用户",
            "responses": responses("200", answer("You.", "Me"), &["401", "429", "500", "503"]),
        } },
        "/api/v1/persons": { "post": {
            "operationId": "register_person", "tags": ["identity"], "security": [],
            "summary": "Register a person 注册",
            "parameters": [once()],
            "requestBody": body("NewPerson"),
            "responses": responses("201", answer("Registered.", "PersonRef"), &registered),
        } },
    })
}

fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-9a-hjkmnp-tv-z]{{26}}$") })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object", "additionalProperties": false,
        "required": required, "properties": properties,
    })
}

fn schemas() -> Value {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let text = json!({ "type": "string" });
    let deputizing = json!({ "oneOf": [id("officer"), { "type": "null" }] });
    let seat = object(
        &[
            "post",
            "post_name",
            "organ",
            "organ_name",
            "roles",
            "deputizing",
            "active",
        ],
        json!({
            "post": id("post"), "post_name": text, "organ": id("organ"), "organ_name": text,
            "roles": { "type": "array", "items": { "type": "string", "enum": roles } },
            "deputizing": deputizing, "active": { "type": "boolean" },
        }),
    );
    let officer = object(
        &["kind", "id", "name", "seats"],
        json!({
            "kind": { "const": "officer" }, "id": id("officer"), "name": text,
            "seats": { "type": "array", "items": { "$ref": "#/components/schemas/Seat" } },
        }),
    );
    let citizen = object(
        &["kind", "id", "name"],
        json!({ "kind": { "const": "citizen" }, "id": id("person"), "name": text }),
    );
    json!({
        "Login": object(&["login", "password"], json!({
            "login": { "type": "string", "minLength": 2, "maxLength": 64 },
            "password": { "type": "string", "minLength": 1, "maxLength": PASSWORD_BYTES_MAX },
            "code": {
                "type": ["string", "null"], "maxLength": 64,
                "description": "The code of the second factor, where there is one (RFC 6238)",
            },
        })),
        "LoggedIn": object(&["token", "kind", "id"], json!({
            "token": text,
            "kind": { "type": "string", "enum": ["officer", "citizen"] },
            "id": { "oneOf": [id("officer"), id("person")] },
        })),
        "Seat": seat,
        "Me": { "oneOf": [officer, citizen] },
        "NewPerson": object(
            &["kind", "name", "identity_number", "phone", "login", "password"],
            json!({
                "kind": { "type": "string", "enum": ["natural", "legal"] },
                "name": { "type": "string", "minLength": 1, "maxLength": 120 },
                "identity_number": {
                    "type": "string", "minLength": 18, "maxLength": 18,
                    "description": "GB 11643 for natural, GB 32100 for legal persons",
                },
                "phone": { "type": "string", "minLength": 10, "maxLength": 20 },
                "login": { "type": "string", "minLength": 2, "maxLength": 64 },
                "password": {
                    "type": "string",
                    "minLength": PASSWORD_CHARS_MIN, "maxLength": PASSWORD_BYTES_MAX,
                },
            }),
        ),
        "PersonRef": object(&["id"], json!({ "id": id("person") })),
    })
}
