//! This room's part of the OpenAPI document (3.1).

use serde_json::{Value as Json, json};

/// Paths and schemas of this room.
#[must_use]
pub fn openapi() -> Json {
    let text = || json!({ "type": ["string", "null"] });
    let day = || json!({ "type": ["string", "null"], "format": "date" });
    let problem = || json!({ "$ref": "#/components/responses/Problem" });
    let states = [
        "valid",
        "changed",
        "revoked",
        "cancelled",
        "expired",
        "suspended",
        "withdrawn",
        "penalty_revoked",
        "unknown",
    ];
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": [
            "ecert_id", "state", "state_since", "article", "name", "number", "organ", "holder",
            "issued_on", "valid_from", "valid_until", "successor"
        ],
        "properties": {
            "ecert_id": { "type": "string", "description": "电子证照标识 (GB/T 36904)" },
            "state": { "type": "string", "enum": states },
            "state_since": day(),
            "article": text(),
            "name": text(),
            "number": text(),
            "organ": text(),
            "holder": { "type": ["string", "null"], "description": "a person's name is masked" },
            "issued_on": day(),
            "valid_from": day(),
            "valid_until": day(),
            "successor": text(),
        }
    });
    let operation = json!({
        "operationId": "show_certificate",
        "summary": "Verify a certificate by its identifier 证照核验",
        "tags": ["certificate"],
        "parameters": [{
            "name": "ecert_id",
            "in": "path",
            "required": true,
            "description": "1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 }
        }],
        "responses": {
            "200": {
                "description": "where the certificate stands; unknown when it is not of this hall",
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/CertificateStanding" }
                } }
            },
            "400": problem(),
            "404": problem(),
            "422": problem(),
            "429": problem(),
            "503": problem(),
        }
    });
    json!({
        "paths": { "/api/v1/certificates/{ecert_id}": { "get": operation } },
        "schemas": { "CertificateStanding": schema },
    })
}
