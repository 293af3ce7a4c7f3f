/* SPDX-License-Identifier: Apache-2.0 */
#include "envelope_signed.h"

#include "base/crypto.h"
#include "base/refusal.h"
#include "base/try.h"
#include "members.h"

#include <stdio.h>

enum { HANDLE_SIZE_MAX = 109 };

/* ---- reading ---- */

/* Canonical base64 to bytes behind those that are there; room was made before, so nothing moves. */
static enum recourse_error decode_base64(struct buffer *bytes, slice text, slice *decoded)
{
	uint8_t *room = bytes->data + bytes->size;
	size_t size = 0;
	TRY(crypto_base64_decode(text, room, bytes->capacity - bytes->size, &size));
	bytes->size += size;
	*decoded = slice_of(room, size);
	return RECOURSE_OK;
}

static enum recourse_error read_bytes(struct envelope_request *request, const char *name, slice value,
	slice *bytes, struct recourse_refusal *refusal)
{
	slice reader = value;
	bool json = request->codec == ENVELOPE_JSON;
	struct item item;
	enum recourse_error error = item_read_type(&reader, json ? ITEM_TEXT : ITEM_BYTES, &item);
	if (error != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, name, json ? "base64 text" : "bytes");
	*bytes = item.string;
	if (json && decode_base64(&request->bytes, item.string, bytes) != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_FORMAT, name, "canonical base64 with padding");
	return RECOURSE_OK;
}

/* Whether it fits its note the ledger says. */
static enum recourse_error read_text(struct envelope_request *request, slice row, size_t index,
	struct recourse_text *text, struct recourse_refusal *refusal)
{
	struct members members;
	char field[32];
	slice key;
	slice value;
	snprintf(field, sizeof field, "texts[%zu]", index);
	*text = (struct recourse_text){.text = {0}};
	if (!members_open(row, &members))
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, field, "random and text");
	while (members_next(&members, &key, &value)) {
		if (slice_is(key, "random"))
			TRY(read_bytes(request, field, value, &text->random, refusal));
		else if (!slice_is(key, "text"))
			return refusal_field(refusal, RECOURSE_FIELD_UNKNOWN, field, "random and text only");
		else if (!members_text(value, &text->text))
			return refusal_field(refusal, RECOURSE_FIELD_TYPE, field, "text: UTF-8");
	}
	if (text->random.data == NULL || text->text.data == NULL)
		return refusal_field(refusal, RECOURSE_FIELD_MISSING, field, "random and text");
	return RECOURSE_OK;
}

static enum recourse_error read_texts(struct envelope_request *request, slice value,
	struct recourse_signed *call, struct recourse_refusal *refusal)
{
	struct item array;
	if (item_read_type(&value, ITEM_ARRAY, &array) != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, "texts", "an array");
	if (array.count > RECOURSE_TEXTS_MAX)
		return refusal_limit(
			refusal, RECOURSE_FIELD_LIMIT, "texts", "at most %d", RECOURSE_TEXTS_MAX);
	call->texts = request->texts;
	for (; call->text_count < array.count; call->text_count++) {
		slice row;
		TRY(item_read_whole(&value, &row));
		TRY(read_text(request, row, call->text_count, &request->texts[call->text_count], refusal));
	}
	return RECOURSE_OK;
}

static enum recourse_error read_signed_member(struct envelope_request *request, slice key, slice value,
	struct recourse_signed *call, struct recourse_refusal *refusal)
{
	if (slice_is(key, "key")) {
		if (!members_text(value, &call->key))
			return refusal_field(refusal, RECOURSE_FIELD_TYPE, "key", "text: name+hex8");
		if (call->key.size == 0 || call->key.size > HANDLE_SIZE_MAX)
			return refusal_field(refusal, RECOURSE_FIELD_LIMIT, "key", "1 to 109 bytes");
		return RECOURSE_OK;
	}
	if (slice_is(key, "payload"))
		return read_bytes(request, "payload", value, &call->payload, refusal);
	if (slice_is(key, "sig"))
		return read_bytes(request, "sig", value, &call->signature, refusal);
	if (slice_is(key, "texts"))
		return read_texts(request, value, call, refusal);
	return refusal_field(refusal, RECOURSE_FIELD_UNKNOWN, NULL, "key, payload, sig and texts only");
}

static enum recourse_error check_signed(const struct recourse_signed *call, struct recourse_refusal *refusal)
{
	if (call->key.data == NULL)
		return refusal_field(refusal, RECOURSE_FIELD_MISSING, "key", NULL);
	if (call->payload.data == NULL)
		return refusal_field(refusal, RECOURSE_FIELD_MISSING, "payload", NULL);
	if (call->signature.data == NULL)
		return refusal_field(refusal, RECOURSE_FIELD_MISSING, "sig", NULL);
	if (call->signature.size != CRYPTO_SIGNATURE_SIZE)
		return refusal_field(refusal, RECOURSE_FIELD_LIMIT, "sig", "64 bytes");
	if (call->payload.size == 0 || call->payload.size > RECOURSE_REQUEST_SIZE_MAX)
		return refusal_field(refusal, RECOURSE_TOO_LARGE, "payload", "1 byte to 1 MiB");
	return RECOURSE_OK;
}

enum recourse_error envelope_signed_read(
	struct envelope_request *request, struct recourse_signed *call, struct recourse_refusal *refusal)
{
	*call = (struct recourse_signed){0};
	struct members members = {0};
	if (request->params.size > 0 && !members_open(request->params, &members))
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, "params", "members by name");
	/* What base64 decodes to is smaller than its text, which is part of the params. */
	buffer_clear(&request->bytes);
	if (request->codec == ENVELOPE_JSON &&
		buffer_reserve(&request->bytes, request->params.size + 1) == NULL)
		return RECOURSE_MEMORY;
	slice key;
	slice value;
	while (members_next(&members, &key, &value))
		TRY(read_signed_member(request, key, value, call, refusal));
	return check_signed(call, refusal);
}

/* ---- writing ---- */

static void write_texts(const struct recourse_signed *call, struct buffer *out)
{
	item_write_key(out, "texts");
	item_write_array(out, call->text_count);
	for (size_t index = 0; index < call->text_count; index++) {
		item_write_map(out, 2);
		item_write_pair_text(out, "text", call->texts[index].text);
		item_write_key(out, "random");
		item_write_bytes(out, call->texts[index].random);
	}
}

/* As base64 texts in JSON: that is how bytes of an item are written there anyway. */
enum recourse_error envelope_signed_write(enum envelope_codec codec, const struct recourse_signed *call,
	const struct envelope_id *id, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer params = {.secret = true};
	item_write_map(&params, call->text_count > 0 ? 4 : 3);
	item_write_pair_text(&params, "key", call->key);
	item_write_key(&params, "sig");
	item_write_bytes(&params, call->signature);
	if (call->text_count > 0)
		write_texts(call, &params);
	item_write_key(&params, "payload");
	item_write_bytes(&params, call->payload);
	if (buffer_failed(&params))
		return RECOURSE_MEMORY;
	return envelope_write_request(codec, slice_text("signed"), buffer_slice(&params), id, out);
}
