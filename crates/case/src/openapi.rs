//! This room's part of the OpenAPI document (3.1).

use serde_json::{Map, Value as Json, json};

use crate::model::{Duty, Method, Role, Status, Verdict};
use crate::store::Scope;

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn day() -> Json {
    json!({ "type": ["string", "null"], "format": "date" })
}

fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": crate::TEXT_CHARS_MAX })
}

fn parameter(name: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn once() -> Json {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" }
    })
}

fn answers(schema: &str) -> Json {
    let mut all = Map::new();
    let content = json!({ "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
    all.insert(
        "200".to_owned(),
        json!({ "description": "done", "content": content }),
    );
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        all.insert(
            code.to_owned(),
            json!({ "$ref": "#/components/responses/Problem" }),
        );
    }
    Json::Object(all)
}

fn action(name: &str, summary: &str, on_task: bool, body: Option<Json>) -> Json {
    let mut parameters = vec![parameter("id", &id("case")), once()];
    if on_task {
        let number = json!({ "type": "integer", "minimum": 0, "maximum": 65535 });
        parameters.push(parameter("task", &number));
    }
    let mut operation = json!({
        "operationId": format!("{name}_case"), "summary": summary, "tags": ["case"],
        "parameters": parameters, "responses": answers("Case"),
    });
    if let Some(schema) = body {
        operation["requestBody"] = json!({
            "required": true, "content": { "application/json": { "schema": schema } }
        });
    }
    json!({ "post": operation })
}

/// An object; the fields that must be there are named in one text, a space between them.
fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

/// The request bodies by verb, one path each.
struct Bodies(Map<String, Json>);

impl Bodies {
    fn put(&mut self, verb: &str, summary: &str, on_task: bool, body: Option<Json>) {
        let place = if on_task { "/tasks/{task}" } else { "" };
        let path = format!("/api/v1/cases/{{id}}{place}/{verb}");
        self.0.insert(path, action(verb, summary, on_task, body));
    }
}

fn days(max: u32) -> Json {
    json!({ "type": "integer", "minimum": 1, "maximum": max })
}

fn on_tasks(bodies: &mut Bodies) {
    let mut put = |verb, summary, body| bodies.put(verb, summary, true, body);
    let grounds = object(
        "reason article review_organ court",
        &json!({ "reason": text(), "article": text(), "review_organ": text(), "court": text() }),
    );
    let outcome = json!({ "type": ["string", "null"], "maxLength": 40,
                          "pattern": "^[A-Za-z0-9_.,/-]*$" });
    put("claim", "Take a task 认领", None);
    put("release", "Give a task back to the post", None);
    let to = object("to", &json!({ "to": id("officer") }));
    put("hand_over", "Give a task to a colleague 转办", Some(to));
    let finish = json!({
        "outcome": outcome, "opinion": { "type": ["string", "null"], "minLength": 1,
        "maxLength": crate::TEXT_CHARS_MAX },
        "departure": { "type": ["string", "null"], "minLength": 1,
        "maxLength": crate::TEXT_CHARS_MAX },
        "minutes": { "type": ["string", "null"], "minLength": 1,
        "maxLength": crate::TEXT_CHARS_MAX },
        "grounds": { "anyOf": [grounds, { "type": "null" }] }
    });
    let summary = "Finish a task; sending back is an outcome 办理";
    put("complete", summary, Some(object("", &finish)));
}

/// Moving a running case to another version of its procedure.
fn moves(paths: &mut Map<String, Json>) {
    let version = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}(/[1-9][0-9]*)?$" });
    let mapping = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let mut put = |verb: &str, summary: &str, body: Json, schema: &str| {
        let mut one = action(verb, summary, false, Some(body));
        one["post"]["responses"] = answers(schema);
        paths.insert(format!("/api/v1/cases/{{id}}/{verb}"), one);
    };
    let asked = json!({ "procedure": version, "mapping": mapping });
    let summary = "What a move to another version would do; nothing is changed";
    put(
        "preview_move",
        summary,
        object("procedure", &asked),
        "CasePreview",
    );
    let moved = json!({ "procedure": version, "mapping": mapping, "reason": text() });
    let moved = object("procedure reason", &moved);
    put(
        "migrate",
        "Move a case to another version 在办件迁移",
        moved,
        "CaseVersion",
    );
}

/// What a preview of a move and a move answer.
fn move_schemas() -> [(&'static str, Json); 2] {
    let lines = json!({ "type": "array", "items": { "type": "string" } });
    let plain = json!({ "type": "string" });
    let preview = json!({ "id": id("case"), "number": plain, "procedure": plain, "at": lines,
        "moves": { "type": "boolean" }, "passed_over": lines, "reasons": lines });
    let moved = json!({ "id": id("case"), "procedure": plain });
    let needs = "id number procedure at moves passed_over reasons";
    [
        ("CasePreview", object(needs, &preview)),
        ("CaseVersion", object("id procedure", &moved)),
    ]
}

fn on_cases(bodies: &mut Bodies) {
    let mut put = |verb, summary, body| bodies.put(verb, summary, false, body);
    let ask = json!({ "organ": id("organ"), "question": text(), "limit_days": days(20) });
    let ask = object("organ question limit_days", &ask);
    put("co_handlers", "Ask another organ 征求意见", Some(ask));
    let kinds = [
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
    ];
    let pause = json!({ "kind": { "type": "string", "enum": kinds },
        "expected_days": days(crate::PAUSE_DAYS_MAX), "reason": text() });
    let pause = object("kind expected_days reason", &pause);
    put("pause", "Stop the clock (许可法 45)", Some(pause));
    put("resume", "Let the clock run again", None);
    let extend = json!({ "days": days(crate::EXTENSION_DAYS_MAX), "reason": text() });
    let extend = object("days reason", &extend);
    put("extend", "Extend the limit once (许可法 42)", Some(extend));
    let deliver = json!({ "method": words(Method::ALL),
        "identity_checked": { "type": "boolean" },
        "proof": { "type": ["string", "null"], "minLength": 1,
        "maxLength": crate::TEXT_CHARS_MAX } });
    let deliver = object("method", &deliver);
    put("deliver", "Hand the result out (许可法 44)", Some(deliver));
    put("archive", "File a finished case 归档", None);
    let withdraw = json!({ "reason": { "type": ["string", "null"], "minLength": 1,
        "maxLength": crate::TEXT_CHARS_MAX } });
    put(
        "withdraw",
        "Withdraw the application 撤回",
        Some(object("", &withdraw)),
    );
}

fn case_properties() -> Json {
    let task = object(
        "task duty role organ opened_on due held",
        &json!({
            "task": { "type": "integer" }, "duty": words(Duty::ALL), "role": words(Role::ALL),
            "organ": id("organ"), "opened_on": { "type": "string", "format": "date" },
            "due": day(), "held": { "type": "boolean" }
        }),
    );
    let mut verdicts: Vec<Json> = Verdict::ALL.iter().map(|v| json!(v.as_str())).collect();
    verdicts.push(Json::Null);
    json!({
        "id": id("case"), "number": { "type": "string" }, "status": words(Status::ALL),
        "verdict": { "enum": verdicts }, "opened_on": { "type": "string", "format": "date" },
        "promised_due": day(), "statutory_due": day(), "decided_on": day(),
        "delivery_due": day(), "closed_on": day(), "organ": id("organ"),
        "tasks": { "type": "array", "items": task }
    })
}

fn schemas() -> Json {
    let required = "id number status verdict opened_on promised_due statutory_due decided_on \
        delivery_due closed_on organ tasks";
    let light = json!({ "type": "string", "enum": ["green", "yellow", "red", "black", "grey"] });
    let plain = json!({ "type": "string" });
    let number = json!({ "type": ["integer", "null"] });
    let line = object(
        "at kind step outcome who standing_in text revision position",
        &json!({
            "at": { "type": "string", "format": "date-time" }, "kind": plain, "step": plain,
            "outcome": plain, "who": plain, "standing_in": plain, "text": plain,
            "revision": { "type": "integer" }, "position": number
        }),
    );
    let document = object(
        "title number href",
        &json!({ "title": plain, "number": plain, "href": plain }),
    );
    let mut whole = case_properties();
    whole["light"] = light.clone();
    whole["days_left"] = json!({ "type": "integer" });
    whole["explain"] = json!({ "type": "array", "items": plain });
    whole["history"] = json!({ "type": "array", "items": line });
    whole["documents"] = json!({ "type": "array", "items": document });
    let all = format!("{required} light days_left explain history documents");
    let task = object(
        "case task number duty role held_by opened_on task_due case_due status light days_left",
        &json!({
            "case": id("case"), "task": { "type": "integer" }, "number": plain,
            "duty": words(Duty::ALL), "role": words(Role::ALL),
            "held_by": { "type": ["string", "null"] },
            "opened_on": { "type": "string", "format": "date" }, "task_due": day(),
            "case_due": day(), "status": words(Status::ALL), "light": light,
            "days_left": { "type": "integer" }
        }),
    );
    let list = |of: &str| {
        let item = json!({ "$ref": format!("#/components/schemas/{of}") });
        let items = json!({ "type": "array", "items": item });
        object(
            "items next",
            &json!({ "items": items, "next": { "type": ["string", "null"] } }),
        )
    };
    json!({
        "Case": object(required, &case_properties()), "WholeCase": object(&all, &whole),
        "CaseList": list("Case"), "CaseTask": task, "CaseTaskList": list("CaseTask"),
        "CaseProof": { "type": "object", "required": ["format", "checkpoint", "lines"] }
    })
}

fn query(name: &str, schema: &Json) -> Json {
    json!({ "name": name, "in": "query", "required": false, "schema": schema })
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let mut bodies = Bodies(Map::new());
    on_tasks(&mut bodies);
    on_cases(&mut bodies);
    let mut paths = bodies.0;
    moves(&mut paths);
    let read = |name: &str, summary: &str, schema: &str| {
        json!({ "get": {
            "operationId": name, "summary": summary, "tags": ["case"],
            "parameters": [parameter("id", &id("case"))], "responses": answers(schema)
        } })
    };
    let case = read("show_case", "A case as the asker may see it", "WholeCase");
    paths.insert("/api/v1/cases/{id}".to_owned(), case);
    let number = json!({ "name": "number", "in": "query", "required": true,
        "schema": { "type": "string", "minLength": 1, "maxLength": 40, "pattern": "[^\\s]" } });
    let find = json!({ "get": {
        "operationId": "find_case", "tags": ["case"], "parameters": [number],
        "summary": "The case of a number 办件编号, if the asker may see it",
        "responses": answers("CaseList")
    } });
    paths.insert("/api/v1/cases".to_owned(), find);
    let proof = read(
        "show_case_proof",
        "The inclusion proof of each step",
        "CaseProof",
    );
    paths.insert("/api/v1/cases/{id}/proof".to_owned(), proof);
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 100 });
    let parameters = [
        query("scope", &words(Scope::ALL)),
        query("cursor", &json!({ "type": "string" })),
        query("limit", &limit),
    ];
    let list = json!({ "get": {
        "operationId": "list_tasks", "summary": "A work list, least time left first 待办",
        "tags": ["case"], "parameters": parameters, "responses": answers("CaseTaskList")
    } });
    paths.insert("/api/v1/tasks".to_owned(), list);
    let mut schemas = schemas();
    for (name, schema) in move_schemas() {
        schemas[name] = schema;
    }
    json!({ "paths": paths, "schemas": schemas })
}
