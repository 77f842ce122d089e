//! What programs of the organs write: versions of tables, powers, sittings.

use serde_json::{Value as Json, json};

use crate::model::{Grade, Outcome, PowerForm, SittingState, Vote};

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn many(schema: &Json) -> Json {
    json!({ "type": "array", "items": schema })
}

fn text(most: u32) -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

fn day() -> Json {
    json!({ "type": "string", "format": "date" })
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

fn operation(name: &str, summary: &str, parameters: &[Json], reply: &str) -> Json {
    let reply = json!({ "$ref": format!("#/components/schemas/{reply}") });
    let mut responses = json!({ "200": { "description": "done",
        "content": { "application/json": { "schema": reply } } } });
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        responses[code] = json!({ "$ref": "#/components/responses/Problem" });
    }
    json!({ "operationId": name, "summary": summary, "tags": ["authority"],
            "parameters": parameters, "responses": responses })
}

/// A write: with a key it is done once.
fn write(name: &str, summary: &str, own: Option<&str>, body: &Json, reply: &str) -> Json {
    let once = json!({ "name": "Idempotency-Key", "in": "header", "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" } });
    let own = own.map(path);
    let parameters: Vec<Json> = own.into_iter().chain([once]).collect();
    let mut operation = operation(name, summary, &parameters, reply);
    operation["requestBody"] = json!({
        "required": true, "content": { "application/json": { "schema": body } } });
    operation
}

fn path(prefix: &str) -> Json {
    json!({ "name": "id", "in": "path", "required": true, "schema": id(prefix) })
}

/// Adds the writes to the paths of the room.
pub(super) fn add(paths: &mut Json) {
    tables(paths);
    powers(paths);
    sittings(paths);
}

fn tables(paths: &mut Json) {
    let (at, reply) = ("/api/v1/authority_tables", "AuthorityTable");
    let draft = object(
        "organ ground",
        &json!({ "organ": id("organ"), "ground": text(500) }),
    );
    let summary = "Begin the next version of a table 分级授权表拟定";
    paths[at]["post"] = write("draft_authority_table", summary, None, &draft, reply);
    let amount = json!({ "type": ["string", "number", "null"] });
    let flag = json!({ "type": "boolean" });
    let line = object(
        "grade ground",
        &json!({
            "item": { "type": "string", "description": "its code; empty for a type or for all" },
            "item_type": { "type": ["string", "null"] }, "field": { "type": "string" },
            "above": amount, "up_to": amount, "grade": words(Grade::ALL), "committee": flag,
            "legal_review": flag, "counsel": flag, "ground": text(500),
        }),
    );
    let which = object(
        "line",
        &json!({ "line": { "type": "integer", "minimum": 1 } }),
    );
    let adopt = object("from", &json!({ "from": day() }));
    for (verb, summary, body) in [
        ("add_line", "Add a line to a draft", line),
        ("remove_line", "Take a line out of a draft", which),
        (
            "adopt",
            "Put a draft of somebody else into force 施行",
            adopt,
        ),
    ] {
        let name = format!("{verb}_of_authority_table");
        let post = write(&name, summary, Some("authority_table"), &body, reply);
        paths[format!("{at}/{{id}}/{verb}")] = json!({ "post": post });
    }
}

fn powers(paths: &mut Json) {
    let given = object(
        "from_organ to_organ form ground from",
        &json!({
            "from_organ": id("organ"), "to_organ": id("organ"), "form": words(PowerForm::ALL),
            "items": many(&text(60)),
            "theme": { "type": "string", "description": "a whole chain 一件事, by its word" },
            "chain": { "type": "string", "maxLength": 100 }, "ground": text(500), "from": day(),
            "until": { "type": ["string", "null"], "format": "date" },
        }),
    );
    let summary = "Give powers to another organ 赋权、委托";
    let reply = "PowerDelegation";
    paths["/api/v1/powers"]["post"] = write("give_powers", summary, None, &given, reply);
    let back = object(
        "until reason",
        &json!({ "until": day(), "reason": text(2000) }),
    );
    let post = write(
        "recall_powers",
        "Take powers back 收回",
        Some("delegation"),
        &back,
        reply,
    );
    paths["/api/v1/powers/{id}/recall"] = json!({ "post": post });
}

fn sittings(paths: &mut Json) {
    let reply = "CommitteeSitting";
    let called = object(
        "organ on chair members quorum",
        &json!({
            "organ": id("organ"), "on": day(), "chair": id("officer"),
            "members": many(&id("officer")), "quorum": { "type": "integer", "minimum": 1 },
        }),
    );
    let call = write(
        "call_sitting",
        "Call a sitting 召集审批委员会",
        None,
        &called,
        reply,
    );
    paths["/api/v1/sittings"] = json!({ "post": call });
    let one = operation("show_sitting", "A sitting", &[path("sitting")], reply);
    paths["/api/v1/sittings/{id}"] = json!({ "get": one });
    let case = || id("case");
    let which = || object("case", &json!({ "case": case() }));
    let put = json!({ "case": case(), "paper": text(2000) });
    let aside = json!({ "case": case(), "member": id("officer"), "reason": text(2000) });
    let ballot = json!({ "case": case(), "vote": words(Vote::ALL) });
    for (verb, summary, body) in [
        (
            "put_case",
            "Put a case on the agenda 列入议题",
            object("case paper", &put),
        ),
        (
            "open",
            "Open the sitting 开会",
            object("present", &json!({ "present": many(&id("officer")) })),
        ),
        (
            "recuse",
            "Step aside 回避",
            object("case member reason", &aside),
        ),
        ("vote", "Vote 表决", object("case vote", &ballot)),
        ("resolve", "Count the votes 决议", which()),
        ("defer", "Leave a case for another day 缓议", which()),
        (
            "close",
            "Close the sitting: the minutes are drawn 会议纪要",
            object("remarks", &json!({ "remarks": text(2000) })),
        ),
    ] {
        let name = format!("{verb}_in_sitting");
        let post = write(&name, summary, Some("sitting"), &body, reply);
        paths[format!("/api/v1/sittings/{{id}}/{verb}")] = json!({ "post": post });
    }
}

/// A sitting as programs see it.
pub(super) fn sitting() -> Json {
    let officers = many(&id("officer"));
    let outcome = json!({ "anyOf": [words(Outcome::ALL), { "type": "null" }] });
    let item = object(
        "case recused votes outcome",
        &json!({ "case": id("case"), "recused": officers, "votes": { "type": "integer" },
            "outcome": outcome }),
    );
    object(
        "id organ on number state chair secretary members quorum present agenda",
        &json!({
            "id": id("sitting"), "organ": id("organ"), "on": day(),
            "number": { "type": "integer", "description": "当日第几次" },
            "state": words(SittingState::ALL), "chair": id("officer"),
            "secretary": id("officer"), "members": officers, "quorum": { "type": "integer" },
            "present": officers, "agenda": many(&item),
        }),
    )
}
