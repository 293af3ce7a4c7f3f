/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_H
#define RULES_H

#include "kit.h"

/*
 * What the tests of the rules share: the world of the golden case with a few strangers in it, the way from a
 * deposit to a settled payout in one line each, and the check that a refusal touches nothing.
 *
 *   parties   P platform and funder, M merchant, Y issuer, G guarantor, bank, N and bank-2 strangers, auditor
 *   keys      agent maker payer checker bank merchant auditor, and: n (N), teller (bank-2), boss (P: agent
 *             and operator at once)
 *   policies  fuel-card/1 of the golden case: everything is paid, costs before advances before interest
 */
#define RULES_HASH "\"abababababababababababababababababababababababababababababababab\""

/* Set-up and tear-down of a cmocka test, whose state is then a struct kit. */
int rules_setup(void **state);
int rules_teardown(void **state);
#define RULES_TEST(test) cmocka_unit_test_setup_teardown(test, rules_setup, rules_teardown)

/*
 * One command must be refused with that error, field and account (NULL: any), in mode `all` and in mode `each`,
 * and nothing of it may be left: not in any record of the state, not in the log's entries, not in the tree.
 */
void rules_refuse(struct kit *kit, enum recourse_error error, const char *field, const char *key,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same for a list of commands as they are. */
struct rules_row {
	enum recourse_error error;
	const char *field;
	const char *key;
	const char *command;
};
void rules_refuse_rows(struct kit *kit, const struct rules_row *rows, size_t count);
#define RULES_REFUSE(kit, rows) rules_refuse_rows(kit, rows, sizeof(rows) / sizeof(rows)[0])

/* The entry with named members, as JSON to be freed. */
char *rules_describe(const struct kit *kit, uint64_t entry);

/* The last entry has that text somewhere. */
void rules_says(const struct kit *kit, const char *text);

/* The checker agrees with the last entry, a proposal. */
void rules_approve(struct kit *kit);

/* The audit finds nothing, nor after the state was made again. */
void rules_audit_twice(struct kit *kit);

/*
 * What the audit's invariants say of the state as it stands in the writer's overlay, which is forgotten then: that text
 * within; NULL: nothing is wrong.
 */
void rules_invariants(const struct kit *kit, const char *text);

/* A digest of all records but those of requests, which a refusal leaves on purpose. */
void rules_digest(const struct kit *kit, uint8_t digest[static 32]);
uint64_t rules_entries(const struct kit *kit);

/* A submit with an expiry of its own, to be freed; and sending exactly those bytes. `reply` may be NULL. */
char *rules_payload(const struct kit *kit, const char *id, const char *params, uint64_t expires);
enum recourse_error rules_send(struct kit *kit, const char *key, const char *payload, char **reply);

/* A key ends and another takes its place, by that signer. */
void rules_rotate(struct kit *kit, const char *signer, const char *old, const char *replacement);

/* Signed and prepared, to be committed and released by the test. */
enum recourse_error rules_prepare(struct kit *kit, const char *key, const char *payload,
	struct recourse_request **request) RECOURSE_CHECK;

/* The key that the kit calls by that name; key_close() it. */
struct key_secret;
void rules_open_key(const char *origin, const char *name, struct key_secret *key);

/* The public text of the key that the kit calls by that name, under another ledger's name if asked. */
void rules_vkey(const char *origin, const char *name, char vkey[static 256]);

/* The handle of the key that the kit calls by that name. */
void rules_handle(const char *origin, const char *name, char handle[static 256]);

/* As rules_vkey() for the log's own key, whose name is the origin. */
void rules_log_vkey(const char *origin, char vkey[static 256]);

/* Submits of that id, committed together as one group; replies as JSON where there is no error. */
void rules_send_group(struct kit *kit, const char *key, const char *id, const char *const *params,
	size_t count, enum recourse_error *errors, char **replies);

/* Each step must be accepted. */
void rules_deposit(struct kit *kit, const char *merchant, const char *amount, const char *bank_reference);
void rules_policy(struct kit *kit, const char *policy, const char *scheme, const char *waterfall);
void rules_declare(struct kit *kit, const char *incident, const char *merchant, const char *policy);
void rules_declare_without_deposit(struct kit *kit, const char *incident, const char *policy);

/* One litre for that price; a complete source says that none of it was used. */
void rules_card(struct kit *kit, const char *card, const char *cost);
void rules_file(struct kit *kit, const char *claim, const char *incident, const char *card);

/* card, claim and ruling; the card is called claim-card. */
void rules_claim(struct kit *kit, const char *claim, const char *incident, const char *loss);
void rules_distribute(struct kit *kit, const char *incident);
void rules_fund(struct kit *kit, const char *incident, const char *amount);
void rules_instruct(struct kit *kit, const char *claim);
void rules_settle(struct kit *kit, const char *claim);
void rules_apportion(struct kit *kit, const char *incident, const char *mode, const char *shares);
void rules_receive(
	struct kit *kit, const char *recovery, const char *incident, const char *payer, const char *amount);
void rules_allocate(struct kit *kit, const char *recovery);

/*
 * An incident of that name at M without any deposit, one claim "INCIDENT-1" of that loss, settled with the
 * funder's money.
 */
void rules_settled(struct kit *kit, const char *incident, const char *loss);

#endif
