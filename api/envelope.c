/* SPDX-License-Identifier: Apache-2.0 */
#include "envelope.h"

#include "base/try.h"
#include "base/refusal.h"
#include "base/transcode.h"
#include "members.h"

#include <assert.h>

enum {
	CODE_UNREADABLE = -32700,
	CODE_ENVELOPE = -32600,
	CODE_METHOD = -32601,
	CODE_PARAMS = -32602,
	BYTE_NULL = 0xf6,
	BYTE_MAP = 0xa0,
	BYTE_MAP_LAST = 0xbf,
	METHOD_SIZE_MAX = 64,
};

static const struct envelope_id id_null = {.bytes = {BYTE_NULL}, .size = 1};

static void id_set(struct envelope_id *id, slice encoded)
{
	assert(encoded.size <= sizeof id->bytes);
	memcpy(id->bytes, encoded.data, encoded.size);
	id->size = encoded.size;
}

struct envelope_id envelope_id_integer(int64_t value)
{
	struct envelope_id id = id_null;
	struct buffer encoded = {0};
	item_write_integer(&encoded, value);
	if (!buffer_failed(&encoded))
		id_set(&id, buffer_slice(&encoded));
	buffer_free(&encoded);
	return id;
}

static enum recourse_error read_id(slice encoded, struct envelope_id *id)
{
	slice reader = encoded;
	struct item item;
	TRY(item_read(&reader, &item));
	bool text = item.type == ITEM_TEXT && item.string.size <= ENVELOPE_ID_SIZE_MAX;
	if (!text && item.type != ITEM_INTEGER && item.type != ITEM_NULL)
		return RECOURSE_MALFORMED;
	id_set(id, encoded);
	return RECOURSE_OK;
}

/*
 * The whole message as one checked item, whatever it was written in. `*item` borrows from the message or from
 * `room`.
 */
static enum recourse_error read_item(slice message, enum envelope_codec codec, struct buffer *room,
	slice *item, struct transcode_problem *problem)
{
	if (codec == ENVELOPE_JSON) {
		enum recourse_error error = transcode_from_json(message, room, problem);
		*item = buffer_slice(room);
		return error;
	}
	slice reader = message;
	*problem = (struct transcode_problem){.reason = "not one CBOR item of the accepted form"};
	TRY(item_read_whole(&reader, item));
	return reader.size == 0 ? RECOURSE_OK : RECOURSE_MALFORMED;
}

/* How many bytes the string takes whose opening quote is first, the closing one included. */
static size_t string_size(slice json)
{
	size_t size = 1;
	while (size < json.size && json.data[size] != '"')
		size += json.data[size] == '\\' ? 2 : 1;
	return size < json.size ? size + 1 : json.size;
}

/* Each value but the first has a comma or a bracket before it, outside strings. */
static bool json_is_small(slice json)
{
	size_t items = 1;
	while (json.size > 0 && items <= ENVELOPE_ITEMS_MAX) {
		size_t size = json.data[0] == '"' ? string_size(json) : 1;
		items += json.data[0] == ',' || json.data[0] == '[' || json.data[0] == '{';
		json = slice_of(json.data + size, json.size - size);
	}
	return items <= ENVELOPE_ITEMS_MAX;
}

static bool cbor_is_small(slice cbor)
{
	slice reader = cbor;
	struct item item;
	size_t items = 0;
	while (reader.size > 0 && items <= 2 * ENVELOPE_ITEMS_MAX) {
		if (item_read(&reader, &item) != RECOURSE_OK)
			break;
		items++;
	}
	return items <= 2 * ENVELOPE_ITEMS_MAX; /* keys are items too */
}

static bool is_cbor(slice message)
{
	return message.size > 0 && message.data[0] >= BYTE_MAP && message.data[0] <= BYTE_MAP_LAST;
}

static enum recourse_error read_member(
	struct envelope_request *request, slice key, slice value, struct recourse_refusal *refusal)
{
	slice text;
	if (slice_is(key, "jsonrpc")) {
		if (members_text(value, &text) && slice_is(text, "2.0"))
			return RECOURSE_OK;
		return refusal_field(refusal, RECOURSE_MALFORMED, "jsonrpc", "the text 2.0");
	}
	if (slice_is(key, "method")) {
		if (members_text(value, &request->method) && request->method.size > 0 &&
			request->method.size <= METHOD_SIZE_MAX)
			return RECOURSE_OK;
		return refusal_field(refusal, RECOURSE_MALFORMED, "method", "a text of 1 to 64 bytes");
	}
	if (slice_is(key, "params")) {
		request->params = value;
		struct members members;
		if (members_open(value, &members))
			return RECOURSE_OK;
		return refusal_field(refusal, RECOURSE_MALFORMED, "params", "members by name");
	}
	if (slice_is(key, "id")) {
		if (read_id(value, &request->id) == RECOURSE_OK)
			return RECOURSE_OK;
		return refusal_field(
			refusal, RECOURSE_MALFORMED, "id", "an integer, a text of at most 64 bytes, or null");
	}
	return refusal_field(refusal, RECOURSE_MALFORMED, NULL, "jsonrpc, method, params and id only");
}

/* All members are looked at even after a wrong one: the reply should carry the id. */
static enum recourse_error read_members(
	slice item, struct envelope_request *request, struct recourse_refusal *refusal)
{
	struct members members;
	if (!members_open(item, &members))
		return refusal_field(refusal, RECOURSE_MALFORMED, NULL, "one request, no batch");
	enum recourse_error first = RECOURSE_OK;
	unsigned required = 0;
	slice key;
	slice value;
	while (members_next(&members, &key, &value)) {
		struct recourse_refusal found;
		refusal_clear(&found);
		enum recourse_error error = read_member(request, key, value, &found);
		required += slice_is(key, "jsonrpc") || slice_is(key, "method") || slice_is(key, "id");
		if (error == RECOURSE_OK || first != RECOURSE_OK)
			continue;
		first = error;
		*refusal = found;
	}
	if (first == RECOURSE_OK && required != 3)
		first = refusal_field(
			refusal, RECOURSE_MALFORMED, NULL, "jsonrpc, method and id are required");
	return first;
}

void envelope_begin_request(slice message, struct envelope_request *request)
{
	request->codec = is_cbor(message) ? ENVELOPE_CBOR : ENVELOPE_JSON;
	request->readable = false;
	request->id = id_null;
	request->method = request->params = (slice){0};
	request->item.secret = request->bytes.secret = true; /* what people say beside a request */
}

enum recourse_error envelope_read_request(
	slice message, struct envelope_request *request, struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	envelope_begin_request(message, request);
	if (message.size > ENVELOPE_SIZE_MAX)
		return refusal_field(refusal, RECOURSE_TOO_LARGE, NULL, "2 MiB");
	/* before anything is built of it: a tree of millions of small values takes a second and half a gigabyte */
	if (request->codec == ENVELOPE_CBOR ? !cbor_is_small(message) : !json_is_small(message))
		return refusal_limit(
			refusal, RECOURSE_TOO_LARGE, NULL, "%d values in the envelope", ENVELOPE_ITEMS_MAX);

	slice item;
	struct transcode_problem problem = {0};
	enum recourse_error error = read_item(message, request->codec, &request->item, &item, &problem);
	if (error != RECOURSE_OK && problem.line > 0)
		return refusal_limit(refusal, error, NULL, "%s, line %d, column %d", problem.reason,
			problem.line, problem.column);
	if (error != RECOURSE_OK)
		return refusal_field(refusal, error, NULL, problem.reason);
	request->readable = true;
	return read_members(item, request, refusal);
}

void envelope_request_free(struct envelope_request *request)
{
	buffer_free(&request->item);
	buffer_free(&request->bytes);
	*request = (struct envelope_request){0};
}

/* Turns what was appended from `start` on into the codec of the wire. */
static enum recourse_error finish(enum envelope_codec codec, struct buffer *item, struct buffer *out)
{
	if (buffer_failed(item))
		return RECOURSE_MEMORY;
	if (codec == ENVELOPE_JSON)
		return transcode_to_json(buffer_slice(item), TRANSCODE_COMPACT, out);
	buffer_append(out, item->data, item->size);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* Members are written in RFC 8949 §4.2.1 order by hand: id, error, result, jsonrpc; nothing is moved. */
static void write_head(struct buffer *out, const struct envelope_id *id)
{
	item_write_map(out, 3);
	item_write_key(out, "id");
	buffer_append(out, id->bytes, id->size);
}

enum recourse_error envelope_write_result(
	const struct envelope_request *request, slice result, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer whole = {.secret = true};
	struct buffer *item = request->codec == ENVELOPE_CBOR ? out : &whole;
	write_head(item, &request->id);
	item_write_key(item, "result");
	buffer_append(item, result.data, result.size);
	item_write_pair_text(item, "jsonrpc", slice_text("2.0"));
	if (buffer_failed(item))
		return RECOURSE_MEMORY;
	if (item == out)
		return RECOURSE_OK;
	enum recourse_error error = finish(request->codec, &whole, out);
	return error == RECOURSE_OK || error == RECOURSE_MEMORY ? error : RECOURSE_INTERNAL;
}

enum recourse_error envelope_write_kept(
	const struct envelope_request *request, slice item, slice json, struct buffer *out)
{
	if (request->codec == ENVELOPE_CBOR)
		return envelope_write_result(request, item, out);
	buffer_append_text(out, "{\"id\":");
	TRY(transcode_to_json(slice_of(request->id.bytes, request->id.size), TRANSCODE_COMPACT, out));
	buffer_append_text(out, ",\"result\":");
	buffer_append(out, json.data, json.size);
	buffer_append_text(out, ",\"jsonrpc\":\"2.0\"}");
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

int64_t envelope_error_code(enum recourse_error error)
{
	if (error == RECOURSE_MALFORMED)
		return CODE_ENVELOPE;
	if (error == RECOURSE_METHOD_UNKNOWN)
		return CODE_METHOD;
	return error >= RECOURSE_FIELD_UNKNOWN && error <= RECOURSE_TOO_LARGE ? CODE_PARAMS : (int64_t)error;
}

static void write_optional(struct buffer *out, const char *key, const char *text)
{
	if (*text != '\0')
		item_write_pair_text(out, key, slice_text(text));
}

static void write_data(struct buffer *out, const struct recourse_refusal *refusal)
{
	struct item_map data = item_map_open(out);
	item_write_pair_integer(out, "code", refusal->error);
	item_write_pair_text(out, "name", slice_text(recourse_error_name(refusal->error)));
	item_write_key(out, "retry");
	item_write_boolean(out, recourse_error_retry(refusal->error));
	if (refusal->command >= 0)
		item_write_pair_integer(out, "command", refusal->command);
	if (refusal->entry_known)
		item_write_pair_integer(out, "entry", (int64_t)refusal->entry);
	write_optional(out, "field", refusal->field);
	write_optional(out, "limit", refusal->limit);
	write_optional(out, "account", refusal->account);
	write_optional(out, "needed", refusal->needed);
	write_optional(out, "available", refusal->available);
	write_optional(out, "state", refusal->state);
	item_map_close(data, out);
}

enum recourse_error envelope_write_error(
	const struct envelope_request *request, const struct recourse_refusal *refusal, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer item = {0};
	struct envelope_id id = request->id.size > 0 ? request->id : id_null;
	bool unreadable = refusal->error == RECOURSE_MALFORMED && !request->readable;
	write_head(&item, &id);
	item_write_key(&item, "error");
	item_write_map(&item, 3);
	item_write_pair_integer(
		&item, "code", unreadable ? CODE_UNREADABLE : envelope_error_code(refusal->error));
	item_write_key(&item, "data");
	write_data(&item, refusal);
	item_write_pair_text(&item, "message", slice_text(recourse_error_text(refusal->error)));
	item_write_pair_text(&item, "jsonrpc", slice_text("2.0"));
	return finish(request->codec, &item, out);
}

enum recourse_error envelope_write_request(enum envelope_codec codec, slice method, slice params,
	const struct envelope_id *id, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer item = {.secret = true};
	item_write_map(&item, params.size > 0 ? 4 : 3);
	item_write_key(&item, "id");
	buffer_append(&item, id->bytes, id->size);
	item_write_key(&item, "method");
	item_write_text(&item, method);
	if (params.size > 0) {
		item_write_key(&item, "params");
		buffer_append(&item, params.data, params.size);
	}
	item_write_pair_text(&item, "jsonrpc", slice_text("2.0"));
	return finish(codec, &item, out);
}

static void take_text(slice key, slice text, struct recourse_refusal *refusal)
{
	const struct {
		const char *name;
		char *room;
		size_t size;
	} members[] = {
		{"field", refusal->field, sizeof refusal->field},
		{"limit", refusal->limit, sizeof refusal->limit},
		{"account", refusal->account, sizeof refusal->account},
		{"needed", refusal->needed, sizeof refusal->needed},
		{"available", refusal->available, sizeof refusal->available},
		{"state", refusal->state, sizeof refusal->state},
	};
	for (size_t index = 0; index < sizeof members / sizeof members[0]; index++)
		if (slice_is(key, members[index].name) && text.size > 0 && text.size < members[index].size)
			memcpy(members[index].room, text.data, text.size);
}

static void take_integer(slice key, int64_t value, struct recourse_refusal *refusal)
{
	if (slice_is(key, "code") && value > 0 && value < 1000)
		refusal->error = (enum recourse_error)value;
	if (slice_is(key, "command") && value >= 0)
		refusal->command = value;
	if (slice_is(key, "entry") && value >= 0) {
		refusal->entry_known = true;
		refusal->entry = (uint64_t)value;
	}
}

/* Members of a newer service that are not known here are passed over. */
static void take_data(slice data, struct recourse_refusal *refusal)
{
	struct members members = {0};
	if (!members_open(data, &members))
		return;
	slice key;
	slice value;
	while (members_next(&members, &key, &value)) {
		slice reader = value;
		struct item item = {0};
		if (item_read(&reader, &item) != RECOURSE_OK)
			continue;
		if (item.type == ITEM_TEXT)
			take_text(key, item.string, refusal);
		if (item.type == ITEM_INTEGER)
			take_integer(key, item.integer, refusal);
	}
}

static enum recourse_error read_failure(slice encoded, struct envelope_reply *reply)
{
	struct members members;
	if (!members_open(encoded, &members))
		return RECOURSE_MALFORMED;
	slice key;
	slice value;
	while (members_next(&members, &key, &value))
		if (slice_is(key, "data"))
			take_data(value, &reply->refusal);
	return reply->refusal.error == RECOURSE_OK ? RECOURSE_MALFORMED : RECOURSE_OK;
}

static enum recourse_error read_reply_member(
	struct envelope_reply *reply, slice key, slice value, bool *identified, slice *version)
{
	if (slice_is(key, "id")) {
		*identified = true;
		return read_id(value, &reply->id);
	}
	if (slice_is(key, "result")) {
		reply->result = value;
		return RECOURSE_OK;
	}
	if (slice_is(key, "error")) {
		reply->failed = true;
		return read_failure(value, reply);
	}
	return slice_is(key, "jsonrpc") && members_text(value, version) ? RECOURSE_OK : RECOURSE_MALFORMED;
}

static enum recourse_error read_reply_members(slice item, struct envelope_reply *reply)
{
	struct members members;
	if (!members_open(item, &members) || members.left != 3)
		return RECOURSE_MALFORMED;
	bool identified = false;
	slice version = {0};
	slice key;
	slice value;
	while (members_next(&members, &key, &value))
		TRY(read_reply_member(reply, key, value, &identified, &version));
	/* Three members, none twice: id, version, and so either a result or an error. */
	return identified && slice_is(version, "2.0") ? RECOURSE_OK : RECOURSE_MALFORMED;
}

enum recourse_error envelope_read_reply(slice message, struct envelope_reply *reply)
{
	refusal_clear(&reply->refusal);
	reply->id = id_null;
	reply->failed = false;
	reply->result = (slice){0};
	reply->item.secret = true;
	slice item;
	struct transcode_problem problem = {0};
	enum envelope_codec codec = is_cbor(message) ? ENVELOPE_CBOR : ENVELOPE_JSON;
	enum recourse_error error = read_item(message, codec, &reply->item, &item, &problem);
	if (error == RECOURSE_OK)
		error = read_reply_members(item, reply);
	return error == RECOURSE_OK || error == RECOURSE_MEMORY ? error : RECOURSE_MALFORMED;
}

void envelope_reply_free(struct envelope_reply *reply)
{
	buffer_free(&reply->item);
	*reply = (struct envelope_reply){0};
}
