//! What `docs/openapi.json` says of this room: paths and schemas, OpenAPI 3.1.

use serde_json::{Map, Value, json};

use crate::model::{BundleStatus, OpinionStatus, PartStatus, StageStatus, Stance};
use crate::theme::{Need, ThemeKind};

/// What a bundle's acts are called, what they say, and what they are sent.
const BUNDLE_ACTS: &[(&str, &str, &str)] = &[
    (
        "accept",
        "Accept all that lies at the front desk 统一受理",
        "",
    ),
    (
        "ask",
        "Ask a department for its opinion 征求意见",
        "AskOpinionBody",
    ),
    (
        "give_opinion",
        "Give an opinion 反馈意见",
        "BundleOpinionBody",
    ),
    ("remind", "Press a department 催办", "RemindBody"),
    ("award", "Say that the land was awarded 拿地即开工", ""),
    (
        "plan_visit",
        "Fix the day of the visit 现场踏勘",
        "VisitBody",
    ),
    (
        "hold_check",
        "Conclude the joint check 联合验收",
        "JointCheckBody",
    ),
];

const PROJECT_ACTS: &[(&str, &str, &str)] = &[
    (
        "plan",
        "Plan backward from the wanted day 倒排工期",
        "PlanBody",
    ),
    ("mark", "Make it a key project, or not 重点项目", "MarkBody"),
    ("block", "Raise a blocker 堵点", "BlockBody"),
    ("unblock", "Say that it was moved 销号", "UnblockBody"),
];

/// The paths and schemas of the room.
#[must_use]
pub fn openapi() -> Value {
    let mut paths = Map::new();
    let mut put = |path: &str, what: Value| paths.insert(path.to_owned(), what);
    let themes = read("listThemes", "Themes: stages and bundles 主题", "ThemeList");
    put("/api/v1/themes", json!({ "get": themes }));
    let theme = read(
        "showTheme",
        "A theme, its one form and one set 一表一套",
        "Theme",
    );
    put(
        "/api/v1/themes/{id}",
        json!({ "parameters": [id("The word of the theme")], "get": theme }),
    );
    let hand_in = write(
        "handInBundle",
        "Hand in one application 一次申报",
        "BundleBody",
        "Bundle",
    );
    put("/api/v1/bundles", json!({ "post": hand_in }));
    let one = "/api/v1/bundles/{id}";
    let show = read(
        "showBundle",
        "A bundle with parts, opinions and days 联办件",
        "Bundle",
    );
    put(
        one,
        json!({ "parameters": [id("The bundle")], "get": show }),
    );
    for (name, summary, body) in BUNDLE_ACTS {
        let act = write(&format!("{name}Bundle"), summary, body, "Bundle");
        let act = json!({ "parameters": [id("The bundle")], "post": act });
        put(&format!("{one}/{name}"), act);
    }
    let register = write(
        "registerProject",
        "Register a project 项目登记",
        "ProjectBody",
        "Project",
    );
    put("/api/v1/projects", json!({ "post": register }));
    let saved = read(
        "showSavedDays",
        "Days saved against the limits 提速统计",
        "SavedDays",
    );
    put("/api/v1/projects/saved_days", json!({ "get": saved }));
    let one = "/api/v1/projects/{id}";
    let show = read(
        "showProject",
        "A project with plan and fact 工程",
        "Project",
    );
    put(
        one,
        json!({ "parameters": [id("The project")], "get": show }),
    );
    for (name, summary, body) in PROJECT_ACTS {
        let act = write(&format!("{name}Project"), summary, body, "Project");
        let act = json!({ "parameters": [id("The project")], "post": act });
        put(&format!("{one}/{name}"), act);
    }
    json!({ "paths": paths, "schemas": schemas() })
}

fn id(description: &str) -> Value {
    json!({
        "name": "id", "in": "path", "required": true, "description": description,
        "schema": { "type": "string" },
    })
}

fn of(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn responses(reply: &str) -> Value {
    let mut all = Map::new();
    let ok = json!({
        "description": "Done",
        "content": { "application/json": { "schema": of(reply) } },
    });
    all.insert("200".to_owned(), ok);
    let codes = [
        "400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "500", "503",
    ];
    for code in codes {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        all.insert(code.to_owned(), problem);
    }
    Value::Object(all)
}

fn read(operation: &str, summary: &str, reply: &str) -> Value {
    json!({ "operationId": operation, "summary": summary, "responses": responses(reply) })
}

fn write(operation: &str, summary: &str, body: &str, reply: &str) -> Value {
    let mut made = read(operation, summary, reply);
    made["parameters"] = json!([{
        "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "pattern": "^[!-~]{1,128}$" },
    }]);
    if !body.is_empty() {
        made["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": of(body) } },
        });
    }
    made
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> Value {
    json!({ "type": "string", "enum": words.collect::<Vec<_>>() })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn day() -> Value {
    json!({ "type": ["string", "null"], "format": "date" })
}

fn number() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// An object; `body` for what is sent, where nothing else may stand.
fn object(body: bool, required: &[&str], properties: Value) -> Value {
    let mut made = json!({ "type": "object", "required": required, "properties": properties });
    if body {
        made["additionalProperties"] = json!(false);
    }
    made
}

fn schemas() -> Value {
    let mut all = bodies();
    all.extend(replies());
    Value::Object(all)
}

fn named<const N: usize>(made: [(&str, Value); N]) -> Map<String, Value> {
    let named = made.into_iter();
    named
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn bodies() -> Map<String, Value> {
    let paper = json!({ "material": text(), "upload": text() });
    let paper = object(true, &["material", "upload"], paper);
    let bundle = json!({
        "theme": text(), "items": list(&text()), "applicant": text(), "project": text(),
        "stage": number(), "pre_review": { "type": "boolean" },
        "picks": { "type": "object", "additionalProperties": text() },
        "answers": { "type": "object" }, "documents": list(&paper),
    });
    let ask = json!({ "organ": text(), "days": number(), "question": text() });
    let opinion = json!({ "number": number(), "stance": of("Stance"), "text": text() });
    let remind = json!({ "part": number(), "opinion": number(), "text": text() });
    let check = json!({
        "marks": list(&json!({ "type": "boolean" })),
        "passed": { "type": "boolean" }, "text": text(),
    });
    let mut made = named([
        ("BundleBody", object(true, &["theme", "answers"], bundle)),
        ("AskOpinionBody", object(true, &["organ", "days"], ask)),
        (
            "BundleOpinionBody",
            object(true, &["number", "stance"], opinion),
        ),
        ("RemindBody", object(true, &["text"], remind)),
        ("VisitBody", object(true, &["on"], json!({ "on": day() }))),
        ("JointCheckBody", object(true, &["marks", "passed"], check)),
    ]);
    made.extend(project_bodies());
    made
}

fn project_bodies() -> Map<String, Value> {
    let project = json!({
        "code": text(), "name": text(), "scheme": text(), "applicant": text(),
    });
    let mark = json!({ "is_key": { "type": "boolean" } });
    let block = json!({ "organ": text(), "text": text() });
    named([
        (
            "ProjectBody",
            object(true, &["code", "name", "scheme"], project),
        ),
        (
            "PlanBody",
            object(true, &["wanted_on"], json!({ "wanted_on": day() })),
        ),
        ("MarkBody", object(true, &["is_key"], mark)),
        ("BlockBody", object(true, &["organ", "text"], block)),
        (
            "UnblockBody",
            object(true, &["number"], json!({ "number": number() })),
        ),
    ])
}

fn replies() -> Map<String, Value> {
    let item = json!({
        "key": text(), "code": text(), "need": words(Need::ALL.iter().map(|one| one.as_str())),
        "days": number(), "after": list(&text()), "follow_up": { "type": "boolean" },
    });
    let theme = json!({
        "id": text(), "version": number(),
        "kind": words(ThemeKind::ALL.iter().map(|one| one.as_str())),
        "title": text(), "summary": text(), "limit_days": number(),
        "items": list(&object(false, &["key", "code"], item)),
        "form": { "type": "object" }, "materials": list(&json!({ "type": "object" })),
        "questions": list(&object(false, &["name", "text", "options"], json!({
            "name": text(), "text": text(), "options": list(&json!({ "type": "object" })),
        }))),
    });
    let saved = json!({
        "items": list(&json!({ "type": "object" })), "count": number(),
        "promised_days": number(), "used_days": number(), "saved_days": { "type": "integer" },
    });
    named([
        ("Stance", words(Stance::ALL.iter().map(|one| one.as_str()))),
        ("Theme", object(false, &["id", "version", "items"], theme)),
        (
            "ThemeList",
            object(false, &["items"], json!({ "items": list(&of("Theme")) })),
        ),
        ("Bundle", bundle_reply()),
        ("Project", project_reply()),
        ("SavedDays", object(false, &["items", "saved_days"], saved)),
    ])
}

fn bundle_reply() -> Value {
    let part = json!({
        "key": text(), "status": words(PartStatus::ALL.iter().map(|one| one.as_str())),
        "organ": text(), "application": { "type": ["string", "null"] },
        "case": { "type": ["string", "null"] },
        "received_on": day(), "opened_on": day(), "ended_on": day(),
    });
    let opinion = json!({
        "number": number(), "organ": text(),
        "status": words(OpinionStatus::ALL.iter().map(|one| one.as_str())),
        "stance": { "anyOf": [of("Stance"), { "type": "null" }] },
        "asked_on": day(), "due": day(), "settled_on": day(), "late_on": day(),
    });
    let days = json!({
        "holder": { "type": "string", "enum": ["organ", "special", "applicant"] },
        "organ": text(), "counted": number(), "busy": number(),
    });
    let properties = json!({
        "id": text(), "number": text(), "theme": text(), "theme_version": number(),
        "project": { "type": ["string", "null"] },
        "status": words(BundleStatus::ALL.iter().map(|one| one.as_str())),
        "limit_days": number(), "handed_in_on": day(), "started_on": day(), "due": day(),
        "used_days": number(), "concluded_on": day(), "reminders": number(),
        "parts": list(&object(false, &["key", "status"], part)),
        "opinions": list(&object(false, &["number", "status"], opinion)),
        "passed_days": number(),
        "days": list(&object(false, &["holder", "counted"], days)),
    });
    object(false, &["id", "number", "status", "parts"], properties)
}

fn project_reply() -> Value {
    let span = json!({
        "anyOf": [
            object(false, &["from", "until"], json!({ "from": day(), "until": day() })),
            { "type": "null" },
        ],
    });
    let stage = json!({
        "theme": text(), "status": words(StageStatus::ALL.iter().map(|one| one.as_str())),
        "limit_days": number(), "bundle": { "type": ["string", "null"] }, "planned": span,
        "began_on": day(), "ended_on": day(),
    });
    let blocker = json!({
        "number": number(), "organ": text(), "raised_on": day(), "cleared_on": day(),
    });
    let properties = json!({
        "id": text(), "code": text(), "name": text(), "scheme": text(),
        "is_key": { "type": "boolean" }, "registered_on": day(), "wanted_on": day(),
        "finished_on": day(), "days_left": number(), "critical_path": list(&number()),
        "stages": list(&object(false, &["theme", "status"], stage)),
        "blockers": list(&object(false, &["number"], blocker)),
    });
    object(false, &["id", "code", "stages"], properties)
}
