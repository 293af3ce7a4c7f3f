/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/core.h"

#include "decide/proposal.h"
#include "decide/quota.h"

#include <assert.h>

/* Limits that lean on each other: what the core makes, the log takes; a record holds a refusal for every command. */
_Static_assert((int)ENTRY_SIZE_MAX == (int)RECOURSE_ENTRY_SIZE_MAX, "an entry's limit is one");
_Static_assert((int)ENTRY_SIZE_MAX <= (int)LOG_ENTRY_SIZE_MAX, "the log takes any entry");
_Static_assert(
	RECOURSE_REQUEST_SIZE_MAX + RECOURSE_COMMANDS_MAX * (sizeof(struct recourse_refusal) + 64) + 1024 <=
		LOG_REQUEST_SIZE_MAX,
	"the log takes any request with all its refusals");

enum recourse_error core_time(struct core *core, uint64_t received, uint64_t *time)
{
	struct record_ledger ledger;
	TRY(party_ledger(core->state, &ledger));
	*time = received + ledger.ahead;
	if (*time <= core->group->head.time)
		*time = core->group->head.time + 1;
	return RECOURSE_OK;
}

void core_free(struct core *core)
{
	arena_free(&core->arena);
	buffer_free(&core->decision.facts);
	buffer_free(&core->decision.consequences);
	buffer_free(&core->decision.approvals);
	buffer_free(&core->refusals);
	buffer_free(&core->parts);
}

/* ---- the request as a whole ---- */

static enum recourse_error find_actor(struct core *core, struct recourse_refusal *refusal)
{
	slice handle = core->given->key;
	struct record_ledger ledger;
	struct record_key key;
	struct key_public first;
	TRY(party_ledger(core->state, &ledger));
	if (ledger.origin[0] == '\0')
		return request_first_actor(core->request, handle, &core->actor, &first, refusal);
	if (!slice_equal(core->request->origin, RECORD_TEXT(ledger.origin)))
		return refusal_field(refusal, RECOURSE_ORIGIN_WRONG, "origin", ledger.origin);
	enum recourse_error error = party_actor(core->state, &core->arena, handle, &core->actor, &key);
	if (error == RECOURSE_KEY_UNKNOWN || error == RECOURSE_KEY_REVOKED)
		return refusal_field(refusal, error, "key", NULL);
	return error;
}

static enum recourse_error find_repetition(
	struct core *core, const struct record_path *path, uint64_t *number, struct recourse_refusal *refusal)
{
	struct record_request known;
	bool repeated;
	TRY(record_get_optional(core->state, path, &known, sizeof known, &repeated));
	if (!repeated)
		return RECOURSE_OK;
	if (memcmp(known.content, core->request->content.bytes, sizeof known.content) != 0)
		return refusal_field(
			refusal, RECOURSE_REQUEST_CONFLICT, "request", "a new id for new content");
	*number = known.number;
	return RECOURSE_OK;
}

/* ---- one command ---- */

/* What holds for all commands of a request is looked up once. */
static enum recourse_error look_around(struct core *core)
{
	struct decision *decision = &core->decision;
	struct record_path control = record_path_of(RECORD_CONTROL);
	struct record_path adopted = record_path_of(RECORD_RULE);
	decision->state = core->state;
	decision->actor = &core->actor;
	decision->arena = &core->arena;
	decision->rotated = false;
	decision->placed = false;
	decision->piece = (struct decision_piece){.file = 0};
	decision->commands = core->request->count;
	decision->each = core->request->each;
	TRY(record_exists(core->state, &control, &decision->limited));
	TRY(record_any(core->state, &adopted, &decision->adopted));
	core->noted = 0;
	return RECOURSE_OK;
}

/* A key that is rotated says nothing more, not even what follows in the request that rotates it. */
static enum recourse_error speaks_still(struct decision *decision)
{
	struct decision_actor actor;
	struct record_key key;
	if (!decision->rotated)
		return RECOURSE_OK;
	enum recourse_error error =
		party_actor(decision->state, decision->arena, decision->actor->handle, &actor, &key);
	return error == RECOURSE_KEY_REVOKED ? refuse_entry(decision, error, "key", key.revoked_entry)
					     : error;
}

/* Tried, and kept as a proposal where its row or the published limits ask for other people (H2). */
static enum recourse_error run_rule(
	struct decision *decision, const struct request_command *command, const struct command_rule **rule)
{
	const struct recourse_method *method = &command->command->method;
	uint32_t approvals = method->approvals;
	if ((decision->actor->roles & method->roles) == 0)
		return refuse_limit(
			decision, RECOURSE_ROLE_MISSING, "command", "%s needs another role", method->name);
	TRY(speaks_still(decision));
	TRY(version_in_force(decision, command->command, rule));
	TRY(area_deciding(decision, command->command, command->values));
	state_mark_t mark = state_mark(decision->state);
	TRY((*rule)->apply(decision, command->values));
	TRY(area_posted(decision));
	TRY(decision_settle(decision));
	TRY(area_balances_moved(decision));
	TRY(limits_check(decision, slice_text(method->name), &approvals));
	if (approvals == 0)
		return RECOURSE_OK;
	state_rollback(decision->state, mark);
	decision_forget(decision);
	return proposal_open(decision, command->command, command->values, approvals);
}

static enum recourse_error run(struct core *core, size_t index, struct recourse_refusal *refusal)
{
	struct decision *decision = &core->decision;
	const struct command_rule *rule;
	decision->time = core->given->time + index;
	decision->entry = core->group->head.entries;
	decision->request = core->group->head.requests;
	decision->refusal = refusal;
	decision->first = index == 0;
	decision->carried = false;
	decision->checker = NULL;
	decision->agreed_count = 0;
	decision->policy[0] = '\0';
	decision_forget(decision);
	TRY(run_rule(decision, &core->request->commands[index], &rule));
	TRY(entry_maker_add(core, index, rule->version));
	/* the first entry of each day, for rules that ask how things stood when one ended */
	if (decision->time < core->noted && !decision->placed)
		return RECOURSE_OK;
	return day_note_all(core->state, decision->time, decision->entry, &core->noted);
}

static enum recourse_error decide_command(struct core *core, size_t index, struct recourse_refusal *refusal)
{
	struct group_mark group_before = group_mark(core->group);
	state_mark_t state_before = state_mark(core->state);
	refusal_clear(refusal);
	enum recourse_error error = run(core, index, refusal);
	if (error != RECOURSE_OK) {
		group_rollback(core->group, &group_before);
		state_rollback(core->state, state_before);
		refusal->error = error;
		refusal->command = (int64_t)index;
	}
	return error;
}

/* ---- all commands ---- */

/* What can be seen of all of them together only. Refused with it is the first one, which said so. */
static enum recourse_error look_back(struct core *core, struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	core->decision.refusal = refusal;
	refusal->error = area_request_decided(&core->decision);
	refusal->command = 0;
	return refusal->error;
}

/*
 * Refusals go into the record one after another; the array's head is written when their number is known. In mode `all`
 * the first one ends it, and takes back what went before.
 */
static enum recourse_error decide_commands(struct core *core)
{
	size_t refusals = core->refusals.size;
	struct group_mark group_before = group_mark(core->group);
	state_mark_t state_before = state_mark(core->state);
	bool all = !core->request->each;
	uint64_t refused = 0;
	size_t count = core->request->count;
	for (size_t index = 0; index < count + all && !(all && refused > 0); index++) {
		struct recourse_refusal refusal;
		enum recourse_error error = index == count ? look_back(core, &refusal)
							   : decide_command(core, index, &refusal);
		if (error >= RECOURSE_BUSY)
			return error;
		if (error == RECOURSE_OK)
			continue;
		refusal_encode(&refusal, &core->refusals);
		refused++;
	}
	if (all && refused > 0) {
		group_rollback(core->group, &group_before);
		state_rollback(core->state, state_before);
	}
	item_array_close(refusals, refused, &core->refusals);
	return buffer_failed(&core->refusals) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error add_record(struct core *core, uint64_t first_entry)
{
	struct group *group = core->group;
	struct submission record = *core->given;
	struct crypto_hash link;
	size_t start = group->bytes.size;
	record.previous = group->link;
	record.first_entry = first_entry;
	record.accepted = group->head.entries - first_entry;
	record.refusals = buffer_slice(&core->refusals);
	submission_link(&record, &core->request->hash, &link);
	submission_encode(&record, &group->bytes);
	/* the last command's time is spent whether it was accepted or not */
	return group_add_request(group, start, record.time + core->request->count - 1, &link);
}

static bool in_time(uint64_t expires, uint64_t received)
{
	return received <= expires && expires - received <= RECOURSE_LIFETIME_MAX_HOURS * INSTANT_HOUR;
}

/*
 * From both sides: what somebody signed can be dated to the day of its signing only, and no earlier. Where it is in
 * doubt which day that is, either will do.
 */
static enum recourse_error check_received_in_time(const struct core *core, struct recourse_refusal *refusal)
{
	uint64_t expires = core->request->expires;
	uint64_t host;
	if (in_time(expires, core->given->received))
		return RECOURSE_OK;
	TRY(clock_of_host(core->state, core->given->received, &host));
	if (in_time(expires, host))
		return RECOURSE_OK;
	if (core->given->received > expires)
		return refusal_field(refusal, RECOURSE_REQUEST_EXPIRED, "expires",
			"a time that has not passed: sign again, same id");
	return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "expires", "at most %d hours ahead",
		RECOURSE_LIFETIME_MAX_HOURS);
}

enum recourse_error core_decide(struct core *core, const struct request *request,
	const struct submission *given, uint64_t *number, struct recourse_refusal *refusal)
{
	uint64_t first_entry = core->group->head.entries;
	size_t stored = core->group->bytes.size;
	assert(given->time > core->group->head.time && request->submit &&
		given->salt.size == RECOURSE_SALT_SIZE);
	core->request = request;
	core->given = given;
	*number = core->group->head.requests;
	TRY(find_actor(core, refusal));
	/* H5: a request id is taken for ever by the party that used it */
	struct record_path path = record_path_of_short(RECORD_REQUEST, core->actor.party_number);
	record_path_text(&path, request->id);
	TRY(find_repetition(core, &path, number, refusal));
	if (*number < core->group->head.requests)
		return RECOURSE_OK;
	TRY(check_received_in_time(core, refusal));

	TRY(look_around(core));
	buffer_clear(&core->refusals);
	TRY(decide_commands(core));
	TRY(add_record(core, first_entry));
	struct record_request taken = {.number = *number};
	memcpy(taken.content, request->content.bytes, sizeof taken.content);
	TRY(record_put(core->state, &path, &taken, sizeof taken));
	return quota_note(core->state, &core->actor, given->time, core->group->bytes.size - stored);
}

struct state_position core_position(const struct group *group)
{
	const struct log_head *head = &group->head;
	struct state_position position = {.entries = head->entries, .requests = head->requests};
	memcpy(position.log_id, head->last.bytes, sizeof position.log_id);
	return position;
}
