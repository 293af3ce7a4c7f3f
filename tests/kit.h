/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/key.h"
#include "recourse_ledger.h"
#include "support.h"

/*
 * A ledger in process, for tests of what a scenario can not say: it is brought somewhere by lines of a scenario, then
 * looked at, damaged, or sent what no scenario sends. The clock is the test's. Keys are made from their names, as a
 * scenario makes them, so that a ledger made twice is the same bytes twice.
 */
struct kit {
	struct support_directory directory;
	struct recourse_ledger *ledger;
	uint64_t now;
	uint64_t requests;
	uint64_t last_entry;               /* of the last accepted request */
	struct recourse_refusal refusal;   /* of the last refused one */
	const struct recourse_text *texts; /* that go beside the requests from here on; NULL */
	size_t text_count;
	bool once; /* what is sent is answered once alone, before the state is written where it may be */
	const char *world; /* what kit_play() includes for its words; NULL */
	char origin[64];
	char log_key[SUPPORT_PATH_MAX];
	char system_key[SUPPORT_PATH_MAX];
};

/* Set-up and tear-down of a cmocka test, whose state is then a struct kit with the world of tests/rules/world.case. */
int kit_setup(void **state);
int kit_teardown(void **state);
#define KIT_TEST(test) cmocka_unit_test_setup_teardown(test, kit_setup, kit_teardown)

/* Opened by admin of party P; a new directory. */
void kit_start(struct kit *kit);

/* Closes and removes it; leaves a recording where one is asked for: see recording.h. */
void kit_end(struct kit *kit);

/* Closes it, and opens it again, as after a restart; with the state thrown away if asked. */
void kit_close(struct kit *kit);
void kit_reopen(struct kit *kit, bool rebuild);

/* Lets time pass, and clocks strike; returns how many did. */
uint64_t kit_wait(struct kit *kit, uint64_t seconds);

/* The offline audit must find nothing. */
void kit_audit(struct kit *kit);

/* A file of one ledger, "log/data.mdb", as a file of one, which may be another: while both are closed. */
void kit_copy(const struct kit *from, const char *name, const struct kit *to, const char *as);

/* A digest of all records but those of requests, which a refusal leaves on purpose. */
void kit_digest(const struct kit *kit, uint8_t digest[static 32]);
uint64_t kit_entries(const struct kit *kit);

/* ---- scenarios (kit_play.c) ---- */

/* Plays a file of tests/rules/ that only has steps and definitions; one more begins with including the one before. */
void kit_world(struct kit *kit, const char *file);

/*
 * Plays the lines of a scenario, printf-style, which must all come as they say (tools/PLAY.md). They know the words of
 * the kit's world, and $last.
 */
void kit_play(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A command in the words of a scenario: as JSON, and as a submit of it alone. To be freed. */
char *kit_command(const struct kit *kit, const char *words);
char *kit_words(const struct kit *kit, const char *id, const char *words, uint64_t expires);

/* The words that open the kit's ledger, with the log key of that origin and what more there is to say. To be freed. */
char *kit_opening(const struct kit *kit, const char *log_origin, const char *more);

/* The parties, keys and terms of the golden case, with the words of its steps. */
void kit_golden(struct kit *kit);

/* Runs the golden case from its first step up to and with that one. */
void kit_golden_steps(struct kit *kit, int first, int last);

/* All of it; after each request with the JSON array that was submitted. */
typedef void kit_visit(struct kit *kit, const char *commands, void *context);
void kit_golden_each(struct kit *kit, kit_visit *visit, void *context);

/* ---- requests ---- */

/* Submits a JSON array of commands, all or nothing, under a new request id. */
enum recourse_error kit_submit(struct kit *kit, const char *key, const char *commands);

/* The same with everything said: params is the JSON of the submit, reply (may be NULL) its JSON. */
enum recourse_error kit_request(
	struct kit *kit, const char *key, const char *id, const char *params, char **reply);

/* A query's reply as it is, and as JSON text; to be freed. */
enum recourse_error kit_ask(struct kit *kit, const char *key, const char *method, const char *params,
	struct recourse_bytes *reply);
enum recourse_error kit_query(
	struct kit *kit, const char *key, const char *method, const char *params, char **reply);

/* What is signed for a call of any method; a submit with an expiry of its own. To be freed. And sending exactly those bytes. `reply` may be NULL. */
char *kit_call(
	const struct kit *kit, const char *method, const char *id, const char *params, uint64_t expires);
char *kit_payload(const struct kit *kit, const char *id, const char *params, uint64_t expires);
enum recourse_error kit_send(struct kit *kit, const char *key, const char *payload, char **reply);

/* Signed and prepared, to be committed and released by the test; what became of it then, as kit_send() says it. */
enum recourse_error kit_prepare(
	struct kit *kit, const char *key, const char *payload, struct recourse_request **request);
enum recourse_error kit_reply(struct kit *kit, const struct recourse_request *request, char **reply);

/* ---- keys ---- */

/* The key of that name; key_close() it. */
void kit_open_key(const char *origin, const char *name, struct key_secret *key);

/* Its public text, under another ledger's name if asked, and its handle. */
void kit_vkey(const char *origin, const char *name, char vkey[static KEY_TEXT_SIZE]);
void kit_handle(const char *origin, const char *name, char handle[static KEY_HANDLE_SIZE + 1]);

/* Writes the key of that name to a file beside the ledger, for those who want one. */
void kit_key_file(const struct kit *kit, const char *name, char path[static SUPPORT_PATH_MAX]);

/* As kit_vkey() for the log's own key, whose name is the origin. */
void kit_log_vkey(const char *origin, char vkey[static KEY_TEXT_SIZE]);
