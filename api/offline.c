/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "base/try.h"
#include "entry/entry.h"
#include "proof/receipt.h"
#include "base/refusal.h"
#include "base/transcode.h"

#include <stdio.h>

/* What of the client library needs no service. */

enum recourse_error recourse_receipt_verify(struct recourse_slice receipt, struct recourse_slice log_vkey,
	struct recourse_slice entry_beside, struct recourse_receipt_facts *facts,
	struct recourse_bytes *entry)
{
	SCOPED(buffer_free) struct buffer exact = {0};
	struct key_public log_key;
	struct checkpoint checkpoint;
	*facts = (struct recourse_receipt_facts){0};
	if (entry != NULL)
		*entry = (struct recourse_bytes){0};
	TRY(crypto_start());
	TRY(key_parse(log_vkey, &log_key));
	TRY(receipt_verify(
		receipt, &log_key, entry_beside, &checkpoint, &facts->index, entry == NULL ? NULL : &exact));
	snprintf(facts->origin, sizeof facts->origin, "%s", checkpoint.origin);
	facts->tree_size = checkpoint.size;
	memcpy(facts->root, checkpoint.root.bytes, sizeof facts->root);
	return entry == NULL ? RECOURSE_OK : buffer_give(&exact, entry);
}

enum recourse_error recourse_item_from_json(
	struct recourse_slice json, struct recourse_bytes *item, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer out = {.secret = true};
	struct transcode_problem problem;
	refusal_clear(refusal);
	*item = (struct recourse_bytes){0};
	enum recourse_error error = transcode_from_json(json, &out, &problem);
	if (error == RECOURSE_OK)
		return buffer_give(&out, item);
	if (problem.line == 0)
		return refusal_field(refusal, error, NULL, problem.reason);
	return refusal_limit(
		refusal, error, NULL, "%s, line %d, column %d", problem.reason, problem.line, problem.column);
}

enum recourse_error recourse_item_to_json(
	struct recourse_slice item, bool indented, struct recourse_bytes *json)
{
	SCOPED(buffer_free) struct buffer out = {.secret = true};
	*json = (struct recourse_bytes){0};
	TRY(transcode_to_json(item, indented ? TRANSCODE_INDENTED : TRANSCODE_COMPACT, &out));
	return buffer_give(&out, json);
}

enum recourse_error recourse_entry_describe(struct recourse_slice entry, struct recourse_bytes *item)
{
	SCOPED(buffer_free) struct buffer out = {0};
	*item = (struct recourse_bytes){0};
	TRY(entry_describe(entry, &out));
	return buffer_give(&out, item);
}

enum recourse_error recourse_key_create(const char *path, const char *name)
{
	struct key_public key;
	TRY(crypto_start());
	return key_create(path, slice_text(name), &key);
}

/* A secret key file opens only as one, so the public form is tried after it. */
static enum recourse_error read_key(const char *path, struct key_public *key)
{
	struct key_secret secret;
	enum recourse_error error = key_read_public(path, key);
	if (error != RECOURSE_KEY_MALFORMED)
		return error;
	TRY(key_open_file(path, &secret));
	*key = secret.public_key;
	key_close(&secret);
	return RECOURSE_OK;
}

enum recourse_error recourse_key_vkey(const char *path, struct recourse_bytes *vkey)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct key_public key;
	char text[KEY_TEXT_SIZE];
	*vkey = (struct recourse_bytes){0};
	TRY(crypto_start());
	TRY(read_key(path, &key));
	buffer_append(&out, text, key_format(&key, text));
	return buffer_give(&out, vkey);
}
