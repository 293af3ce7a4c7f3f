/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "decide/quota.h"
#include "said.h"

#include <stdlib.h>

/*
 * A signed call on its way through the ledger: prepared by any thread, decided by the writer, answered by any thread.
 */
struct recourse_request {
	struct arena arena;
	struct request request;
	struct submission given;
	struct said said;
	/* queries */
	const struct query_row *row;
	struct value *values;
	struct decision_actor actor;
	/* submits, once decided */
	uint64_t number; /* of its record */
	bool first;      /* it is this one that made the record, and no repetition */
	struct recourse_refusal refusal;
	/* of a dry run, which has no record: what its record would have said */
	struct buffer refusals;
};

/* ---- preparing ---- */

static enum recourse_error copy_call(
	struct recourse_request *call, const struct recourse_signed *from, struct recourse_refusal *refusal)
{
	if (from->payload.size > RECOURSE_REQUEST_SIZE_MAX)
		return refusal_limit(
			refusal, RECOURSE_TOO_LARGE, "payload", "%d bytes", RECOURSE_REQUEST_SIZE_MAX);
	if (from->signature.size != CRYPTO_SIGNATURE_SIZE)
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "sig", "%d bytes", CRYPTO_SIGNATURE_SIZE);
	if (from->key.size < 1 || from->key.size > KEY_HANDLE_SIZE)
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "key", "1 to %d bytes", KEY_HANDLE_SIZE);
	TRY(arena_copy(&call->arena, from->key, &call->given.key));
	TRY(arena_copy(&call->arena, from->signature, &call->given.signature));
	return arena_copy(&call->arena, from->payload, &call->given.payload);
}

/* Verified against where the ledger does not know the key, for the time that it takes; any point of the curve does. */
static const uint8_t nobodys_key[CRYPTO_PUBLIC_SIZE] = {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

static enum recourse_error verify(
	const struct recourse_request *call, const uint8_t public_key[static CRYPTO_PUBLIC_SIZE])
{
	return crypto_verify(
		public_key, slice_text(REQUEST_LABEL), call->given.payload, call->given.signature.data);
}

/*
 * I3: whoever does not hold a key can not find out whether it is registered, or revoked: a signature that is not its
 * own and a key that is not there are one answer.
 */
static enum recourse_error check_key(const struct recourse_request *call, bool rehearsal,
	enum recourse_error found, const struct record_key *key, struct recourse_refusal *refusal)
{
	bool known = found == RECOURSE_OK || found == RECOURSE_KEY_REVOKED;
	if (!known && found != RECOURSE_KEY_UNKNOWN)
		return found;
	enum recourse_error own = rehearsal ? RECOURSE_OK : verify(call, known ? key->bytes : nobodys_key);
	if (own != RECOURSE_OK && own != RECOURSE_SIGNATURE_INVALID)
		return own;
	if (!known || own != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_KEY_UNKNOWN, "key",
			"one that is registered here, with its own signature of the payload");
	return found == RECOURSE_KEY_REVOKED ? refusal_field(refusal, found, "key", NULL) : RECOURSE_OK;
}

/* Before the ledger is opened only its opening can be said, and the key that signs it is the one it names. */
static enum recourse_error prepare_first(
	struct recourse_request *call, const struct recourse_signed *from, struct recourse_refusal *refusal)
{
	struct key_public key;
	TRY(request_decode(call->given.payload, &call->arena, &call->request, refusal));
	TRY(request_first_actor(&call->request, call->given.key, &call->actor, &key, refusal));
	enum recourse_error own = verify(call, key.bytes);
	if (own == RECOURSE_SIGNATURE_INVALID)
		return refusal_field(refusal, own, "sig", NULL);
	TRY(own);
	return said_take(&call->said, from, &call->request, refusal);
}

static enum recourse_error check_lifetime(
	const struct request *request, uint64_t now, struct recourse_refusal *refusal)
{
	uint64_t most = now + (uint64_t)RECOURSE_LIFETIME_MAX_HOURS * INSTANT_HOUR;
	if (request->expires > most)
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "expires", "at most %d hours ahead",
			RECOURSE_LIFETIME_MAX_HOURS);
	/* a submit may be a repetition, which is answered for ever: the core knows */
	if (!request->submit && request->expires < now)
		return refusal_field(
			refusal, RECOURSE_REQUEST_EXPIRED, "expires", "a time that has not passed");
	return RECOURSE_OK;
}

/* Where it is in doubt what time it is, either will do. */
static enum recourse_error check_expiry(struct state_view *view, const struct request *request, uint64_t now,
	struct recourse_refusal *refusal)
{
	uint64_t host;
	enum recourse_error error = check_lifetime(request, now, refusal);
	if (error == RECOURSE_OK)
		return error;
	TRY(clock_of_host(view, now, &host));
	struct recourse_refusal other;
	refusal_clear(&other);
	return check_lifetime(request, host, &other) == RECOURSE_OK ? RECOURSE_OK : error;
}

static enum recourse_error decode_fields(const struct query_row *row, slice params, struct arena *arena,
	struct value **values, struct recourse_refusal *refusal)
{
	size_t count = row->method.field_count;
	*values = arena_allocate(arena, (count + 1) * sizeof **values);
	if (*values == NULL)
		return RECOURSE_MEMORY;
	return field_decode(row->method.fields, count, NULL, &params, arena, *values, refusal);
}

static enum recourse_error prepare_query(
	struct recourse_request *call, const struct recourse_signed *from, struct recourse_refusal *refusal)
{
	call->row = area_query(call->request.method);
	if (call->row == NULL || call->row->method.kind != RECOURSE_METHOD_QUERY)
		return refusal_field(
			refusal, RECOURSE_METHOD_UNKNOWN, "method", "submit or a query: see rpc.discover");
	if ((call->actor.roles & call->row->method.roles) == 0)
		return refusal_limit(refusal, RECOURSE_ROLE_MISSING, "method", "%s needs another role",
			call->row->method.name);
	TRY(said_take(&call->said, from, &call->request, refusal));
	return decode_fields(call->row, call->request.params, &call->arena, &call->values, refusal);
}

/* What was taken before is answered for ever, and what was said with it is sealed already. */
static enum recourse_error prepare_submit(struct state_view *view, struct recourse_request *call,
	const struct recourse_signed *from, uint64_t time, bool notes_lost, struct recourse_refusal *refusal)
{
	struct record_path path = record_path_of_short(RECORD_REQUEST, call->actor.party_number);
	bool repeated;
	record_path_text(&path, call->request.id);
	TRY(record_exists(view, &path, &repeated));
	if (repeated)
		return RECOURSE_OK;
	TRY(said_take(&call->said, from, &call->request, refusal));
	if (call->said.count > 0 && notes_lost)
		return refusal_field(refusal, RECOURSE_STORE_FAILED, "texts",
			"none, while the files of sealed texts are damaged");
	return quota_check(view, &call->actor, time, refusal);
}

static enum recourse_error prepare(struct recourse_ledger *ledger, struct recourse_request *call,
	const struct recourse_signed *from, uint64_t now, struct recourse_refusal *refusal)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct record_ledger record;
	struct record_key key;
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(party_ledger(view, &record));
	if (record.origin[0] == '\0')
		return prepare_first(call, from, refusal);
	enum recourse_error error = party_actor(view, &call->arena, call->given.key, &call->actor, &key);
	TRY(check_key(call, ledger->rehearsal, error, &key, refusal));
	TRY(request_decode(call->given.payload, &call->arena, &call->request, refusal));
	if (!slice_equal(call->request.origin, RECORD_TEXT(record.origin)))
		return refusal_field(refusal, RECOURSE_ORIGIN_WRONG, "origin", record.origin);
	TRY(check_expiry(view, &call->request, now, refusal));
	return call->request.submit
		       ? prepare_submit(view, call, from, now + record.ahead, ledger->notes.lost, refusal)
		       : prepare_query(call, from, refusal);
}

enum recourse_error recourse_request_prepare(struct recourse_ledger *ledger,
	const struct recourse_signed *from, uint64_t now, struct recourse_request **request,
	struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	struct recourse_request *call = calloc(1, sizeof *call);
	if (call == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = copy_call(call, from, refusal);
	if (error == RECOURSE_OK)
		error = prepare(ledger, call, from, now, refusal);
	refusal->error = error;
	if (error == RECOURSE_OK)
		*request = call;
	else
		recourse_request_release(call);
	return error;
}

void recourse_request_release(struct recourse_request *request)
{
	if (request == NULL)
		return;
	buffer_free(&request->refusals);
	said_free(&request->said);
	arena_free(&request->arena);
	free(request);
}

bool recourse_request_is_submit(const struct recourse_request *request)
{
	return request->request.submit;
}

size_t recourse_request_command_count(const struct recourse_request *request)
{
	return request->request.count;
}

uint32_t recourse_request_party(const struct recourse_request *request)
{
	return request->actor.party_number;
}

uint32_t recourse_request_key(const struct recourse_request *request)
{
	return request->actor.key;
}

/* ---- deciding ---- */

/*
 * By the rules, in its turn, and taken back: what the next request finds is what this one found. It has no record, so none
 * repeats it, and where its id was used that was for other content.
 */
static enum recourse_error decide_dry(struct recourse_request *call, struct core *core)
{
	struct group_mark group_before = group_mark(core->group);
	state_mark_t state_before = state_mark(core->state);
	bool erased = core->decision.erased;
	enum recourse_error error =
		core_decide(core, &call->request, &call->given, &call->number, &call->refusal);
	if (error == RECOURSE_OK) {
		buffer_clear(&call->refusals);
		buffer_append(&call->refusals, core->refusals.data, core->refusals.size);
		error = buffer_failed(&call->refusals) ? RECOURSE_MEMORY : RECOURSE_OK;
	}
	group_rollback(core->group, &group_before);
	state_rollback(core->state, state_before);
	core->decision.erased = erased;
	return error;
}

enum recourse_error call_decide(
	struct recourse_request *call, struct core *core, uint64_t received, uint64_t time, slice salt)
{
	call->given.salt = salt;
	call->given.time = time;
	call->given.received = received;
	refusal_clear(&call->refusal);
	uint64_t next = core->group->head.requests;
	enum recourse_error error = call->request.dry ? decide_dry(call, core)
						      : core_decide(core, &call->request, &call->given,
								&call->number, &call->refusal);
	call->refusal.error = error;
	call->first = error == RECOURSE_OK && call->number == next;
	return error >= RECOURSE_BUSY ? error : RECOURSE_OK;
}

enum recourse_error call_note(
	const struct recourse_request *call, const struct core *core, uint64_t first, struct buffer *out)
{
	return said_note(&call->said, core->state, first, core->group->head.entries, out);
}

/* ---- answering ---- */

void recourse_bytes_free(struct recourse_bytes *bytes)
{
	if (bytes->data != NULL)
		crypto_wipe(bytes->data, bytes->size);
	free(bytes->data);
	*bytes = (struct recourse_bytes){0};
}

static enum recourse_error build_reply(struct recourse_ledger *ledger, const struct recourse_request *request,
	bool ahead, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer out = {.secret = true};
	const struct reply_form form = {
		.all = !request->request.each,
		.brief = request->request.brief,
		.first = request->first,
		.ahead = ahead,
	};
	*refusal = request->refusal;
	TRY(refusal->error);
	refusal->error = request->request.dry ? reply_dry(&request->request, request->given.time,
							buffer_slice(&request->refusals), &out, refusal)
					      : reply_build(ledger, request->number, &form, &out, refusal);
	TRY(refusal->error);
	return buffer_give(&out, result);
}

enum recourse_error recourse_request_reply(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	return build_reply(ledger, request, false, result, refusal);
}

enum recourse_error recourse_request_reply_ahead(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	return build_reply(ledger, request, true, result, refusal);
}

static enum recourse_error answer(struct query *query, const struct query_row *row)
{
	struct state_position position;
	TRY(query_renew(query));
	state_position(query->state, &position);
	query->entries = position.entries;
	return view_run(query, row);
}

static enum recourse_error run_query(struct recourse_ledger *ledger, const struct query_row *row,
	struct query *query, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer out = {0};
	query->state_store = ledger->state;
	query->log_store = ledger->log;
	query->out = &out;
	query->refusal = refusal;
	refusal->error = answer(query, row);
	log_read_close(query->log);
	state_snapshot_close(query->state);
	TRY(refusal->error);
	return buffer_give(&out, result);
}

enum recourse_error recourse_ledger_entry(
	struct recourse_ledger *ledger, uint64_t number, struct recourse_bytes *bytes)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	SCOPED(buffer_free) struct buffer out = {0};
	slice entry;
	*bytes = (struct recourse_bytes){0};
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(log_read_entry(log, number, &entry));
	buffer_append(&out, entry.data, entry.size);
	return buffer_give(&out, bytes);
}

enum recourse_error recourse_request_query(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	SCOPED(arena_free) struct arena arena = {0};
	struct query query = {.actor = &request->actor, .values = request->values, .arena = &arena};
	refusal_clear(refusal);
	return run_query(ledger, request->row, &query, result, refusal);
}

enum recourse_error recourse_ledger_public(struct recourse_ledger *ledger, slice method, slice params,
	struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	static const uint8_t empty_map = 0xa0;
	const struct query_row *row = area_query(method);
	SCOPED(arena_free) struct arena arena = {0};
	struct value *values;
	refusal_clear(refusal);
	bool known = row != NULL || area_command(method) != NULL || slice_is(method, "submit");
	if (row == NULL || row->method.kind != RECOURSE_METHOD_PUBLIC)
		return refusal_field(refusal, known ? RECOURSE_SIGNATURE_REQUIRED : RECOURSE_METHOD_UNKNOWN,
			"method", NULL);
	if (params.size == 0)
		params = slice_of(&empty_map, 1);
	refusal->error = decode_fields(row, params, &arena, &values, refusal);
	TRY(refusal->error);
	struct query query = {.values = values, .arena = &arena};
	return run_query(ledger, row, &query, result, refusal);
}
