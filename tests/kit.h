/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KIT_H
#define KIT_H

#include "recourse_ledger.h"
#include "support.h"

/*
 * A ledger in process, for tests of rules: keys by name, commands as JSON, a clock that the test moves. Keys are
 * made from their names, so that a ledger made twice is the same bytes twice.
 */
struct kit {
	struct support_directory directory;
	struct recourse_ledger *ledger;
	uint64_t now;
	uint64_t requests;
	uint64_t last_entry;             /* of the last accepted request */
	struct recourse_refusal refusal; /* of the last refused one */
	char origin[64];
	char log_key[SUPPORT_PATH_MAX];
	char system_key[SUPPORT_PATH_MAX];
};

/* Opened by admin of party P; a new directory. */
void kit_start(struct kit *kit);

/* Closes and removes it; leaves a recording where one is asked for: see recording.h. */
void kit_end(struct kit *kit);

/* Closes and opens again, as after a restart; with the state thrown away if asked. */
void kit_reopen(struct kit *kit, bool rebuild);

/* Registers a key of that name for a party, with roles as a JSON array. */
void kit_key(struct kit *kit, const char *name, const char *party, const char *roles);

/* Lets time pass, and clocks strike; returns how many did. */
uint64_t kit_wait(struct kit *kit, uint64_t seconds);

/* The parties, keys and terms of the golden case. */
void kit_golden(struct kit *kit);

/* Submits a JSON array of commands, all or nothing, under a new request id. */
enum recourse_error kit_submit(struct kit *kit, const char *key, const char *commands);

/* The same with everything said: params is the JSON of the submit, reply (may be NULL) its JSON. */
enum recourse_error kit_request(
	struct kit *kit, const char *key, const char *id, const char *params, char **reply);

/* One command as printf-style JSON; must be accepted, or refused with that error and field (NULL: any). */
void kit_accept(struct kit *kit, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void kit_refuse(struct kit *kit, enum recourse_error error, const char *field, const char *key,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A query's reply as JSON text, to be freed. */
enum recourse_error kit_query(
	struct kit *kit, const char *key, const char *method, const char *params, char **reply);

/* Fails unless the account stands at that amount; "0" also fits an account that is not there. */
void kit_balance(struct kit *kit, int code, const char *party, const char *reference, const char *unit,
	const char *amount);

/* Fails unless the reply of a query has that text somewhere. */
void kit_shows(struct kit *kit, const char *key, const char *method, const char *params, const char *text);

/* Runs the golden case from its first step up to and with that one. */
void kit_golden_steps(struct kit *kit, int first, int last);

/* All of it; after each request with the JSON array that was submitted. */
typedef void kit_visit(struct kit *kit, const char *commands, void *context);
void kit_golden_each(struct kit *kit, kit_visit *visit, void *context);

/* The offline audit must find nothing. */
void kit_audit(struct kit *kit);

#endif
