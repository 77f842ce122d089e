//! This room's part of the OpenAPI document (3.1).

use serde_json::{Map, Value as Json, json};

use crate::model::{OfferStatus, SchemeKind};

fn words<W: Copy + ToString>(all: &[W]) -> Json {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    json!({ "type": "string", "enum": words })
}

fn id(prefix: &str) -> Json {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    json!({ "type": "string", "pattern": pattern })
}

fn perhaps(schema: &Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn answers(schema: &str) -> Json {
    let reference = format!("#/components/schemas/{schema}");
    let content = json!({ "application/json": { "schema": { "$ref": reference } } });
    let mut all = Map::new();
    all.insert(
        "200".to_owned(),
        json!({ "description": "done", "content": content }),
    );
    for code in [
        "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    ] {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        all.insert(code.to_owned(), problem);
    }
    Json::Object(all)
}

/// An operation: its name, what it does, the prefix of the id in its path, its answer.
struct Operation<'o> {
    name: &'o str,
    summary: &'o str,
    of: &'o str,
    reply: &'o str,
}

impl Operation<'_> {
    fn json(&self, query: Vec<Json>, body: Option<Json>, writes: bool) -> Json {
        let mut parameters = query;
        if !self.of.is_empty() {
            parameters.push(json!({
                "name": "id", "in": "path", "required": true, "schema": id(self.of)
            }));
        }
        if writes {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "schema": { "type": "string", "minLength": 1, "maxLength": 128,
                            "pattern": "^[!-~]+$" }
            }));
        }
        let mut operation = json!({
            "operationId": self.name, "summary": self.summary, "tags": ["offer"],
            "parameters": parameters, "responses": answers(self.reply),
        });
        if let Some(schema) = body {
            operation["requestBody"] = json!({
                "required": true, "content": { "application/json": { "schema": schema } }
            });
        }
        operation
    }
}

fn object(required: &str, properties: &Json) -> Json {
    let required: Vec<&str> = required.split_whitespace().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required,
            "properties": properties })
}

fn paging() -> Vec<Json> {
    let query = |name: &str, schema: Json| {
        let place = "query";
        json!({ "name": name, "in": place, "required": false, "schema": schema })
    };
    vec![
        query("cursor", json!({ "type": "string" })),
        query(
            "limit",
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        ),
    ]
}

fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 2000 })
}

fn read<'o>(name: &'o str, summary: &'o str, of: &'o str, reply: &'o str) -> Operation<'o> {
    Operation {
        name,
        summary,
        of,
        reply,
    }
}

/// The operations by path and verb.
#[derive(Default)]
struct Paths(Map<String, Json>);

impl Paths {
    fn put(&mut self, path: &str, verb: &str, operation: Json) {
        let entry = self.0.entry(path.to_owned());
        entry.or_insert_with(|| json!({}))[verb] = operation;
    }
}

fn on_schemes(paths: &mut Paths) {
    let mut put = |path: &str, verb: &str, operation: Json| paths.put(path, verb, operation);
    let all = read(
        "list_schemes",
        "The published schemes with totals",
        "",
        "SchemeList",
    );
    put("/api/v1/schemes", "get", all.json(Vec::new(), None, false));
    let publish = read("publish_scheme", "Publish a scheme 公布", "", "SchemeId");
    let body = json!({ "$ref": "#/components/schemas/SchemeContent" });
    put(
        "/api/v1/schemes",
        "post",
        publish.json(Vec::new(), Some(body), true),
    );
    let run = read(
        "run_scheme",
        "Match all parties 匹配",
        "scheme",
        "SchemeRun",
    );
    put(
        "/api/v1/schemes/{id}/run",
        "post",
        run.json(Vec::new(), None, false),
    );
    let list = read(
        "draw_payment_list",
        "Draw up a payment list",
        "scheme",
        "PaymentList",
    );
    put(
        "/api/v1/schemes/{id}/list",
        "post",
        list.json(Vec::new(), None, true),
    );
    let mut query = paging();
    query.push(json!({ "name": "status", "in": "query", "required": false,
                       "schema": words(OfferStatus::ALL) }));
    let offers = read(
        "list_offers",
        "The offers of a scheme",
        "scheme",
        "OfferList",
    );
    put(
        "/api/v1/schemes/{id}/offers",
        "get",
        offers.json(query, None, false),
    );
}

fn on_offers(paths: &mut Paths) {
    let mut put = |path: &str, verb: &str, operation: Json| paths.put(path, verb, operation);
    let own = read("list_own_offers", "One's own offers", "", "OfferList");
    put("/api/v1/my/offers", "get", own.json(paging(), None, false));
    let one = read("show_offer", "An offer", "offer", "Offer");
    put(
        "/api/v1/offers/{id}",
        "get",
        one.json(Vec::new(), None, false),
    );
    let decision = object(
        "granted",
        &json!({ "granted": { "type": "boolean" }, "reason": perhaps(&text()) }),
    );
    let payment = object("", &json!({ "failed": perhaps(&text()) }));
    let finding = object(
        "upheld finding",
        &json!({ "upheld": { "type": "boolean" }, "finding": text() }),
    );
    for (verb, summary, body) in [
        ("confirm", "Say yes 一键确认", None),
        ("decline", "Say no", None),
        (
            "decide",
            "Grant or refuse; never by who ran the match",
            Some(decision),
        ),
        (
            "payment",
            "Record what the treasury answered",
            Some(payment),
        ),
        ("check", "Say what the check found", Some(finding)),
    ] {
        let name = format!("{verb}_offer");
        let operation = read(&name, summary, "offer", "Offer");
        let path = format!("/api/v1/offers/{{id}}/{verb}");
        put(&path, "post", operation.json(Vec::new(), body, true));
    }
}

fn schemas() -> Json {
    let day = json!({ "type": "string", "format": "date" });
    let fen = json!({ "type": "integer" });
    let plain = json!({ "type": "string" });
    let offer = object(
        "id kind scheme party period status amount table rules offered_on due decided_on list \
         paid_on number",
        &json!({
            "id": id("offer"), "kind": words(SchemeKind::ALL), "scheme": id("scheme"),
            "party": id("person"), "period": plain, "status": words(OfferStatus::ALL),
            "amount": perhaps(&fen), "table": plain,
            "rules": { "type": "array", "items": { "type": "integer" } },
            "offered_on": day, "due": perhaps(&day), "decided_on": perhaps(&day),
            "list": perhaps(&id("paymentlist")), "paid_on": perhaps(&day),
            "number": perhaps(&plain),
        }),
    );
    let list = |of: &str| {
        let item = json!({ "$ref": format!("#/components/schemas/{of}") });
        json!({ "type": "array", "items": item })
    };
    let total = object(
        "status count sum",
        &json!({ "status": words(OfferStatus::ALL), "count": fen, "sum": fen }),
    );
    let scheme = object(
        "id code kind content published_on closed_on left totals",
        &json!({
            "id": id("scheme"), "code": plain, "kind": words(SchemeKind::ALL),
            "content": { "$ref": "#/components/schemas/SchemeContent" },
            "published_on": day, "closed_on": perhaps(&day), "left": perhaps(&fen),
            "totals": { "type": "array", "items": total },
        }),
    );
    json!({
        "Offer": offer,
        "OfferList": object("items next", &json!({
            "items": list("Offer"), "next": perhaps(&plain) })),
        "Scheme": scheme,
        "SchemeList": object("items", &json!({ "items": list("Scheme") })),
        "SchemeContent": { "type": "object",
            "required": ["code", "kind", "name", "basis", "terms", "body", "answer_workdays",
                         "sample_percent"] },
        "SchemeId": object("id", &json!({ "id": id("scheme") })),
        "SchemeRun": object("looked made", &json!({ "looked": fen, "made": fen })),
        "PaymentList": object("id count total", &json!({
            "id": id("paymentlist"), "count": fen, "total": fen })),
    })
}

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let mut paths = Paths::default();
    on_schemes(&mut paths);
    on_offers(&mut paths);
    json!({ "paths": paths.0, "schemas": schemas() })
}
