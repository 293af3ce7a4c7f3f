/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOURSE_CLIENT_H
#define RECOURSE_CLIENT_H

#include "recourse.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"

/*
 * The client library: connect, sign, submit, query, verify proofs, remember the last checkpoint and
 * refuse a history that goes back on it. The command line uses nothing else.
 *
 * Thread use: a client may be shared; its calls may be made from many threads at once.
 */
struct recourse_client;

struct recourse_client_options {
	const char *url;         /* tcp://host:port or tls+tcp://host:port */
	const char *key_file;    /* secret key to sign with; NULL: public methods only */
	const char *log_key;     /* the log's vkey; NULL: checkpoints are not verified (and not remembered) */
	const char *memory;      /* file that remembers the last verified checkpoint; NULL: process only */
	const char *tls_ca_file; /* PEM with the authority to trust, for tls+tcp */
	const char *tls_server_name; /* name in the server's certificate; NULL: the URL's host */
	uint32_t timeout_ms;         /* for one call, and for connecting; 0: 30,000 */
	bool json;                   /* talk JSON rather than CBOR */
	struct recourse_refusal
		*refusal; /* where it is told why it can not be reached: `limit`; NULL: nowhere */
};

/* MALFORMED (url), KEY_MALFORMED, NOT_PERMITTED (key file open to others), CONNECTION, IO, MEMORY. */
enum recourse_error recourse_client_open(
	const struct recourse_client_options *options, struct recourse_client **client);
void recourse_client_close(struct recourse_client *client);

/*
 * Calls a public method; `params` is a CBOR map or of size 0. The result is a CBOR item, to be freed by
 * recourse_bytes_free(). Errors of the service come back as they are, with `refusal` filled in.
 */
enum recourse_error recourse_client_call(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal);

/* The same for a query, signed, good for a minute. */
enum recourse_error recourse_client_query(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal);

enum recourse_mode { RECOURSE_MODE_ALL, RECOURSE_MODE_EACH };

/*
 * What a field of the type note is given, for a text of 1 byte to RECOURSE_TEXT_SIZE_MAX of UTF-8, without control
 * characters but tab and line ends (FIELD_FORMAT): the commitment to it, as hexadecimal digits, and the random that goes with
 * the text. They follow from the client's key, the request's id, `index`, which says which of its notes it is, from 0 on, and
 * the text, and from nothing else: who lost the answer, and all else, sends the same request again. That is why nothing is
 * drawn; without the key nobody can tell it from what is, nor that two notes have the same words, in one request or in two.
 * SIGNATURE_REQUIRED without a key.
 */
struct recourse_note {
	uint8_t random[RECOURSE_TEXT_RANDOM_SIZE];
	char commitment[65];
};
enum recourse_error recourse_client_note(struct recourse_client *client, const char *request_id, size_t index,
	struct recourse_slice text, struct recourse_note *note);

/*
 * Submits commands: `commands` is a CBOR array of maps {"command": name, field: value …}. `request_id` names
 * the request for ever: the same id with the same content gets the same reply, so retry with the very
 * same arguments (`expires` included) until there is one. TIMED_OUT, CONNECTION, OUTCOME_UNKNOWN and BUSY
 * say: retry.
 */
struct recourse_submission {
	const char *request_id;
	enum recourse_mode mode;
	bool brief;       /* reply lists refused commands only */
	bool dry_run;     /* nothing is done: the reply lists what would be refused */
	uint64_t expires; /* nanoseconds since 1970 */
	struct recourse_slice commands;
	const struct recourse_text *texts; /* one for each note of theirs */
	size_t text_count;
};
enum recourse_error recourse_client_submit(struct recourse_client *client,
	const struct recourse_submission *submission, struct recourse_bytes *result,
	struct recourse_refusal *refusal);

/*
 * The same in two halves, to keep many in flight and to sign before the clock runs: make the message, then
 * send it. A message may be sent again and again.
 */
enum recourse_error recourse_client_sign_submission(struct recourse_client *client,
	const struct recourse_submission *submission, struct recourse_bytes *message);

/* Of a query, to be sent and waited for likewise. */
enum recourse_error recourse_client_sign_query(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *message);

struct recourse_pending;
enum recourse_error recourse_client_send(
	struct recourse_client *client, struct recourse_slice message, struct recourse_pending **pending);
/* Waits for the reply and frees `pending`. */
enum recourse_error recourse_client_wait(
	struct recourse_pending *pending, struct recourse_bytes *result, struct recourse_refusal *refusal);

/*
 * Fetches the newest checkpoint, verifies it with the log's key, proves it consistent with the last one
 * remembered, and remembers it. ROLLBACK or FORK: the service denies what it signed before; nothing is
 * remembered then. The note is freed by recourse_bytes_free().
 */
enum recourse_error recourse_client_checkpoint(struct recourse_client *client, struct recourse_bytes *note);

/*
 * The receipt of an entry, verified before it is handed out: tlog-proof text with the exact entry bytes.
 * Waits up to the time-out for a checkpoint that covers the entry.
 */
enum recourse_error recourse_client_receipt(struct recourse_client *client, uint64_t entry,
	struct recourse_bytes *receipt, struct recourse_refusal *refusal);

/* Verifies a receipt with no service at all. `entry` (may be NULL) takes the exact entry bytes. */
struct recourse_receipt_facts {
	char origin[128];
	uint64_t index;
	uint64_t tree_size;
	uint8_t root[32];
};
enum recourse_error recourse_receipt_verify(struct recourse_slice receipt, struct recourse_slice log_vkey,
	struct recourse_slice entry_beside, struct recourse_receipt_facts *facts,
	struct recourse_bytes *entry);

/* JSON text to a CBOR item and back (indented), for programs that would rather speak JSON. */
enum recourse_error recourse_item_from_json(
	struct recourse_slice json, struct recourse_bytes *item, struct recourse_refusal *refusal);
enum recourse_error recourse_item_to_json(
	struct recourse_slice item, bool indented, struct recourse_bytes *json);

/* An entry's bytes as a CBOR map with named members, for people and programs. */
enum recourse_error recourse_entry_describe(struct recourse_slice entry, struct recourse_bytes *item);

/* Makes a key pair: PATH (secret, 0600) and PATH.pub. Never overwrites (EXISTS). */
enum recourse_error recourse_key_create(const char *path, const char *name);

/* The vkey of a secret or public key file, as text to be freed. */
enum recourse_error recourse_key_vkey(const char *path, struct recourse_bytes *vkey);

#endif
