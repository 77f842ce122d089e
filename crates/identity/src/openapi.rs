//! What the interface promises, as fragments of OpenAPI 3.1; the roof joins those of all rooms.

use serde_json::{Value, json};
use web::Role;

use crate::decide::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::erasure::{Bar, ErasureStatus};

/// The paths and schemas of this room.
#[must_use]
pub fn openapi() -> Value {
    let mut schemas = schemas();
    if let (Some(all), Some(more)) = (schemas.as_object_mut(), erasure_schemas().as_object()) {
        all.extend(more.clone());
    }
    json!({ "paths": paths(), "schemas": schemas })
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
    let mut all = entry_paths();
    if let (Some(all), Some(more)) = (all.as_object_mut(), erasure_paths().as_object()) {
        all.extend(more.clone());
    }
    all
}

/// Erasure 个人信息删除.
fn erasure_paths() -> Value {
    let one = json!({
        "name": "id", "in": "path", "required": true, "schema": id("erasure"),
    });
    let query = |name: &str, schema: Value| {
        let mut one = json!({ "name": name, "in": "query", "required": false });
        one["schema"] = schema;
        one
    };
    let seek = [
        query("cursor", json!({ "type": "string" })),
        query(
            "limit",
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        ),
    ];
    let read = ["400", "401", "403", "404", "429", "500", "503"];
    let written = [
        "400", "401", "403", "404", "409", "422", "429", "500", "503",
    ];
    json!({
        "/api/v1/erasures": {
            "post": {
                "operationId": "ask_for_erasure", "tags": ["identity"],
                "summary": "Ask for the erasure of one's data 申请删除个人信息 (个人信息保护法 47)",
                "parameters": [once()],
                "responses": responses("201", answer("Recorded; perhaps refused.", "ErasureWhole"),
                    &written),
            },
            "get": {
                "operationId": "list_erasures", "tags": ["identity"],
                "summary": "All requests, the newest first 删除申请列表",
                "parameters": seek,
                "responses": responses("200", answer("A page.", "Erasures"), &read),
            },
        },
        "/api/v1/erasures/{id}": { "get": {
            "operationId": "show_erasure", "tags": ["identity"],
            "summary": "One request, and what stands in its way today 删除申请",
            "parameters": [one.clone()],
            "responses": responses("200", answer("The request.", "ErasureWhole"), &read),
        } },
        "/api/v1/erasures/{id}/carry_out": { "post": {
            "operationId": "carry_out_erasure", "tags": ["identity"],
            "summary": "Erase 删除; refused with every matter that stands in the way",
            "parameters": [one, once()],
            "responses": responses("200", answer("Erased.", "Erasure"), &written),
        } },
    })
}

fn erasure_schemas() -> Value {
    let words = |all: Vec<&str>| json!({ "type": "string", "enum": all });
    let status = words(ErasureStatus::ALL.iter().map(|one| one.as_str()).collect());
    let bar = words(Bar::ALL.iter().map(|one| one.as_str()).collect());
    let day = json!({ "type": "string", "format": "date" });
    let perhaps = json!({ "type": ["string", "null"], "format": "date" });
    let number = json!({ "type": "integer", "minimum": 0 });
    let erased = object(
        &["matters", "texts", "files", "drafts", "letters"],
        json!({
            "matters": number, "texts": number, "files": number, "drafts": number,
            "letters": number,
        }),
    );
    let obstacle = object(
        &["bar", "number", "item", "until"],
        json!({
            "bar": bar, "number": { "type": "string" }, "item": { "type": "string" },
            "until": perhaps,
        }),
    );
    let names = [
        "id",
        "person",
        "status",
        "asked_on",
        "ended_on",
        "in_the_way",
        "free_on",
        "erased",
    ];
    let own = json!({
        "id": id("erasure"), "person": id("person"), "status": status, "asked_on": day,
        "ended_on": perhaps, "in_the_way": number, "free_on": perhaps, "erased": erased,
    });
    let mut whole = own.clone();
    whole["obstacles"] = json!({ "type": "array", "items": obstacle });
    let whole_names: Vec<&str> = names.into_iter().chain(["obstacles"]).collect();
    json!({
        "Erasure": object(&names, own),
        "ErasureWhole": object(&whole_names, whole),
        "Erasures": object(&["items", "next"], json!({
            "items": { "type": "array", "items": { "$ref": "#/components/schemas/Erasure" } },
            "next": { "type": ["string", "null"] },
        })),
    })
}

fn entry_paths() -> Value {
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
