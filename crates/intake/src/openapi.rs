//! What `docs/openapi.json` says of this room: paths and schemas, OpenAPI 3.1.

use serde_json::{Map, Value, json};

/// The paths and schemas of the room.
#[must_use]
pub fn openapi() -> Value {
    let mut paths = Map::new();
    paths.insert("/api/v1/uploads".to_owned(), json!({ "post": upload() }));
    let submit = operation(
        "submitApplication",
        "Send a whole application 提交申请",
        "ApplicationBody",
        "ReceiptReply",
    );
    paths.insert("/api/v1/applications".to_owned(), json!({ "post": submit }));
    let one = "/api/v1/applications/{id}";
    paths.insert(
        one.to_owned(),
        json!({ "parameters": [id()], "get": show() }),
    );
    paths.insert(format!("{one}/files/{{file}}"), file());
    let acts = [
        ("accept", "Accept 受理", ""),
        (
            "give_notice",
            "Tell once what is missing 一次性告知",
            "NoticeBody",
        ),
        ("correct", "Hand in what was asked for 补正", "CorrectBody"),
        (
            "correct_on_the_spot",
            "Correct at the window 当场更正",
            "CorrectBody",
        ),
        (
            "not_required",
            "Say that no licence is needed 不受理",
            "ReasonBody",
        ),
        (
            "not_accepted",
            "Name the competent organ 不予受理",
            "NotAcceptedBody",
        ),
        ("withdraw", "Take it back 撤件", ""),
        ("lapse", "Close what was never corrected 补正不来办结", ""),
    ];
    for (name, summary, body) in acts {
        let act = operation(
            &format!("{name}Application"),
            summary,
            body,
            "ApplicationReply",
        );
        paths.insert(
            format!("{one}/{name}"),
            json!({ "parameters": [id()], "post": act }),
        );
    }
    json!({ "paths": paths, "schemas": schemas() })
}

fn responses(reply: &str) -> Value {
    let mut all = Map::new();
    let schema = json!({ "$ref": format!("#/components/schemas/{reply}") });
    let ok = json!({
        "description": "Done",
        "content": { "application/json": { "schema": schema } },
    });
    all.insert("200".to_owned(), ok);
    problems(&mut all);
    Value::Object(all)
}

fn problems(all: &mut Map<String, Value>) {
    let codes = [
        "400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "500", "503",
    ];
    for code in codes {
        all.insert(
            code.to_owned(),
            json!({ "$ref": "#/components/responses/Problem" }),
        );
    }
}

fn operation(id: &str, summary: &str, body: &str, reply: &str) -> Value {
    let mut operation = json!({
        "operationId": id,
        "summary": summary,
        "tags": ["intake"],
        "parameters": [once()],
        "responses": responses(reply),
    });
    if !body.is_empty() {
        let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema } },
        });
    }
    operation
}

fn upload() -> Value {
    let mut operation = operation("sendFile", "Send a file 上传文件", "", "UploadReply");
    let schema = json!({
        "type": "object",
        "properties": {
            "file": { "type": "string", "contentMediaType": "application/octet-stream" },
        },
        "required": ["file"],
    });
    operation["requestBody"] = json!({
        "required": true,
        "content": { "multipart/form-data": { "schema": schema } },
    });
    operation
}

fn show() -> Value {
    json!({
        "operationId": "showApplication",
        "summary": "How an application stands 查询申请",
        "tags": ["intake"],
        "responses": responses("ApplicationReply"),
    })
}

fn file() -> Value {
    let mut all = Map::new();
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    all.insert(
        "200".to_owned(),
        json!({ "description": "The file", "content": { "*/*": binary } }),
    );
    problems(&mut all);
    let name = json!({
        "name": "file", "in": "path", "required": true, "schema": typed("file"),
    });
    json!({
        "parameters": [id(), name],
        "get": {
            "operationId": "downloadApplicationFile",
            "summary": "A file of an application 材料文件",
            "tags": ["intake"],
            "responses": all,
        },
    })
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": typed("application") })
}

fn once() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Repeating a request with the same key has no second effect",
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" },
    })
}

fn typed(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$") })
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn text(chars_max: u32) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": chars_max })
}

fn perhaps(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn list(schema: Value) -> Value {
    json!({ "type": "array", "items": schema })
}

fn number() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{14}[0-9A-Z]{4}[0-9]{6}[0-9A-Z]$" })
}

fn application_reply() -> Value {
    let date = json!({ "type": "string", "format": "date" });
    let files = list(object(
        json!({
            "id": typed("file"), "material": { "type": "string" }, "media": { "type": "string" },
            "size": { "type": "integer" }, "sm3": { "type": "string" },
        }),
        &["id", "material", "media", "size", "sm3"],
    ));
    let words: Vec<&str> = crate::Status::ALL
        .iter()
        .map(|status| status.as_str())
        .collect();
    let channels: Vec<&str> = kernel::Channel::ALL
        .iter()
        .map(|one| one.as_str())
        .collect();
    let number = number();
    let case = object(
        json!({ "id": typed("case"), "number": number.clone() }),
        &["id", "number"],
    );
    object(
        json!({
            "id": typed("application"), "number": number, "status": { "enum": words },
            "item": { "type": "string" }, "version": { "type": "integer", "minimum": 1 },
            "scenario": { "type": "string" }, "applicant": typed("person"),
            "agent": perhaps(typed("person")), "channel": { "enum": channels },
            "received_on": date, "tell_by": date, "answer_by": date,
            "notice_due": perhaps(date.clone()), "missing": list(json!({ "type": "string" })),
            "settled_on": perhaps(date.clone()), "files": files, "case": perhaps(case),
        }),
        &[
            "id",
            "number",
            "status",
            "item",
            "version",
            "scenario",
            "applicant",
            "agent",
            "channel",
            "received_on",
            "tell_by",
            "answer_by",
            "notice_due",
            "missing",
            "settled_on",
            "files",
            "case",
        ],
    )
}

fn schemas() -> Value {
    let number = number();
    let document = object(
        json!({ "material": text(100), "upload": typed("upload") }),
        &["material", "upload"],
    );
    let answers = json!({ "type": "object" });
    let correction = object(
        json!({ "material": perhaps(text(100)), "problem": text(1000), "request": text(1000) }),
        &["problem", "request"],
    );
    let application = application_reply();
    json!({
        "UploadReply": object(
            json!({
                "id": typed("upload"), "media": { "type": "string" },
                "size": { "type": "integer", "minimum": 1 }, "sm3": { "type": "string" },
            }),
            &["id", "media", "size", "sm3"],
        ),
        "ApplicationBody": object(
            json!({
                "item": text(100),
                "scenario": { "type": "object", "additionalProperties": { "type": "string" } },
                "answers": answers, "documents": list(document.clone()),
                "applicant": perhaps(typed("person")), "by_hand": { "type": "boolean" },
            }),
            &["item", "answers"],
        ),
        "ReceiptReply": object(
            json!({
                "id": typed("application"), "number": number,
                "query_code": { "type": "string", "pattern": "^[0-9]{6}$" },
            }),
            &["id", "number", "query_code"],
        ),
        "NoticeBody": object(json!({ "corrections": list(correction) }), &["corrections"]),
        "CorrectBody": object(
            json!({ "answers": perhaps(answers.clone()), "documents": list(document) }),
            &[],
        ),
        "ReasonBody": object(json!({ "reason": text(1000) }), &["reason"]),
        "NotAcceptedBody": object(
            json!({ "competent": text(200), "reason": text(1000) }),
            &["competent", "reason"],
        ),
        "ApplicationReply": application,
    })
}
