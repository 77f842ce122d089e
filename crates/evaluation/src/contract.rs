//! The routes of the interface as OpenAPI 3.1 states them; the roof joins the rooms' parts.

use serde_json::{Value, json};

use crate::model::{Aspect, Grade, RatingChannel, RatingStatus, TagSet};
use crate::use_cases::TEXT_CHARS_MAX;

/// The paths and schemas of this room.
#[must_use]
pub fn openapi() -> Value {
    let item = "/api/v1/items/{code}/ratings";
    json!({
        "paths": {
            "/api/v1/ratings/{token}": {
                "get": {
                    "operationId": "show_rating",
                    "summary": "The rating behind a link 查看评价",
                    "parameters": [token()],
                    "responses": replies("RatingReply", &["400", "404", "429", "503"]),
                },
                "post": write("rate", "Answers an invitation 评价", "RateBody"),
            },
            "/api/v1/ratings/{token}/supplement": {
                "post": write("supplement_rating", "Adds to a rating, once 追评", "SupplementBody"),
            },
            item: {
                "get": {
                    "operationId": "show_item_ratings",
                    "summary": "How the ratings of an item stand 事项评价",
                    "parameters": [{
                        "name": "code", "in": "path", "required": true,
                        "description": "Any code of a published item",
                        "schema": {"type": "string", "minLength": 1, "maxLength": 60},
                    }],
                    "responses": replies("RatingSummary", &["400", "404", "429", "503"]),
                },
            },
        },
        "schemas": {
            "Grade": words(Grade::ALL.iter().map(|word| word.as_str())),
            "RatingStatus": words(RatingStatus::ALL.iter().map(|word| word.as_str())),
            "RatingAspect": words(Aspect::ALL.iter().map(|word| word.as_str())),
            "RatingChannel": words(RatingChannel::ALL.iter().map(|word| word.as_str())),
            "RatingTagSet": words(TagSet::ALL.iter().map(|word| word.as_str())),
            "RateBody": rate_body(),
            "SupplementBody": supplement_body(),
            "RatingReply": rating_reply(),
            "RatingSummary": summary(),
        },
    })
}

fn token() -> Value {
    json!({
        "name": "token", "in": "path", "required": true,
        "description": "The secret of the link",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    })
}

fn write(operation: &str, summary: &str, body: &str) -> Value {
    let refused = &[
        "400", "403", "404", "409", "413", "415", "422", "429", "503",
    ];
    json!({
        "operationId": operation,
        "summary": summary,
        "parameters": [token(), {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
        }],
        "requestBody": {"required": true, "content": {"application/json": {"schema": of(body)}}},
        "responses": replies("RatingReply", refused),
    })
}

fn of(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn or_null(schema: &str) -> Value {
    json!({"anyOf": [of(schema), {"type": "null"}]})
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> Value {
    json!({"type": "string", "enum": words.collect::<Vec<_>>()})
}

/// The good answer and the problems that can come instead.
fn replies(schema: &str, problems: &[&str]) -> Value {
    let mut replies = serde_json::Map::new();
    let good = json!({
        "description": "As asked",
        "content": {"application/json": {"schema": of(schema)}},
    });
    replies.insert("200".to_owned(), good);
    for status in problems {
        let problem = json!({"$ref": "#/components/responses/Problem"});
        replies.insert((*status).to_owned(), problem);
    }
    Value::Object(replies)
}

fn tags() -> Value {
    json!({"type": "array", "items": of("RatingAspect"), "maxItems": 7})
}

fn rate_body() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["grade"],
        "properties": {
            "grade": of("Grade"),
            "tags": tags(),
            "text": {"type": "string", "maxLength": TEXT_CHARS_MAX},
            "real_name": {"type": "boolean"},
            "channel": or_null("RatingChannel"),
        },
    })
}

fn supplement_body() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "grade": or_null("Grade"),
            "text": {"type": "string", "maxLength": TEXT_CHARS_MAX},
        },
    })
}

fn rating_reply() -> Value {
    let (date, text) = (
        json!({"type": "string", "format": "date"}),
        json!({"type": "string"}),
    );
    let yes = json!({"type": "boolean"});
    let words = json!({"type": ["string", "null"]});
    let given = json!({
        "type": ["object", "null"],
        "required": ["grade", "is_default", "tags", "text", "channel", "real_name", "rated_on"],
        "properties": {
            "grade": of("Grade"), "is_default": yes, "tags": tags(), "text": words,
            "channel": or_null("RatingChannel"), "real_name": yes,
            "rated_on": {"type": ["string", "null"], "format": "date"},
        },
    });
    let supplement = json!({
        "type": ["object", "null"],
        "required": ["grade", "text", "supplemented_on"],
        "properties": {"grade": or_null("Grade"), "text": words, "supplemented_on": date},
    });
    json!({
        "type": "object",
        "required": [
            "status", "item_code", "item_name", "organ_name", "invited_on", "expires_on",
            "tag_set", "tags", "can_rate", "can_supplement", "can_sign", "rating", "supplement",
        ],
        "properties": {
            "status": of("RatingStatus"),
            "item_code": text, "item_name": text, "organ_name": text,
            "invited_on": date, "expires_on": date,
            "tag_set": of("RatingTagSet"), "tags": tags(),
            "can_rate": yes, "can_supplement": yes, "can_sign": yes,
            "rating": given, "supplement": supplement,
        },
    })
}

fn summary() -> Value {
    let (count, text) = (
        json!({"type": "integer", "minimum": 0}),
        json!({"type": "string"}),
    );
    let share = json!({"type": ["integer", "null"], "minimum": 0, "maximum": 1000});
    let grades = Grade::ALL
        .iter()
        .map(|grade| (grade.to_string(), count.clone()));
    let grades: serde_json::Map<String, Value> = grades.collect();
    json!({
        "type": "object",
        "required": [
            "item_code", "item_name", "count", "active", "defaults", "open", "supplemented",
            "response_permille", "satisfaction_permille", "per_grade",
        ],
        "properties": {
            "item_code": text, "item_name": text,
            "count": count, "active": count, "defaults": count, "open": count,
            "supplemented": count,
            "response_permille": share, "satisfaction_permille": share,
            "per_grade": {"type": "object", "properties": grades},
        },
    })
}
