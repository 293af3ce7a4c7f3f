/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What a signed payload says, decoded: one map, as JSON text or CBOR item.
 *
 *   {"method": "submit", "params": {"mode": "all", "commands": [{"command": …}, …]},
 *    "origin": "example.com/ledger", "request": "01J…", "expires": "2026-11-22T12:00:00Z"}
 *
 * Everything borrows from the payload or the arena.
 */
struct request_command {
	const struct command *command;
	struct value *values;
};

struct request {
	struct crypto_hash hash;    /* of "recourse-request-v1\n" ‖ payload: what entries name */
	struct crypto_hash content; /* of method and params: what makes two requests the same */
	slice method;
	slice params; /* item */
	slice origin;
	slice id;
	uint64_t expires;
	bool submit;
	bool each; /* command for itself; or all take effect or none */
	bool brief;
	bool dry; /* said to know what would come: it is decided, and taken back */
	struct request_command *commands;
	size_t count;
};

/* The label that is signed and hashed in front of a payload. */
#define REQUEST_LABEL "recourse-request-v1\n"

/*
 * MALFORMED, FIELD_*, METHOD_UNKNOWN (a command), TOO_LARGE, MEMORY; the refusal names the member and, for a
 * command, its index. Queries are decoded as far as `params`.
 */
enum recourse_error request_decode(
	slice payload, struct arena *arena, struct request *request, struct recourse_refusal *refusal);

/*
 * The very first request opens the ledger: ledger.open and nothing else, for the origin that it opens, signed by the
 * key that it names as the first admin's. Who said it, and with which key; KEY_UNKNOWN with the refusal otherwise.
 */
enum recourse_error request_first_actor(const struct request *request, slice handle,
	struct decision_actor *actor, struct key_public *key, struct recourse_refusal *refusal);
