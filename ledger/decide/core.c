/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/core.h"

#include "decide/limits.h"
#include "decide/opening.h"
#include "decide/registry.h"
#include "decide/proposal.h"
#include "decide/rule_version.h"

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
	struct record_ledger ledger = {.ahead = 0};
	enum recourse_error error = party_ledger(core->state, &ledger);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		TRY(error);
	*time = received + ledger.ahead;
	if (*time <= core->group->head.time)
		*time = core->group->head.time + 1;
	return RECOURSE_OK;
}

void core_clear(struct core *core)
{
	arena_clear(&core->arena);
}

void core_free(struct core *core)
{
	arena_free(&core->arena);
	buffer_free(&core->facts);
	buffer_free(&core->consequences);
	buffer_free(&core->approvals);
	buffer_free(&core->refusals);
	entry_maker_free(&core->maker);
}

static bool is_fault(enum recourse_error error)
{
	return error >= RECOURSE_BUSY;
}

/* ---- the request as a whole ---- */

static enum recourse_error find_actor(struct core *core, const struct core_input *input,
	struct decision_actor *actor, struct recourse_refusal *refusal)
{
	struct record_ledger ledger;
	struct record_key key;
	struct key_public first;
	enum recourse_error error = party_ledger(core->state, &ledger);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return opening_actor(input->request, input->key, actor, &first, refusal);
	TRY(error);
	if (!slice_equal(input->request->origin, RECORD_TEXT(ledger.origin)))
		return refusal_field(refusal, RECOURSE_ORIGIN_WRONG, "origin", ledger.origin);
	error = party_actor(core->state, &core->arena, input->key, actor, &key);
	if (error == RECOURSE_KEY_UNKNOWN || error == RECOURSE_KEY_REVOKED)
		return refusal_field(refusal, error, "key", NULL);
	return error;
}

/* H5: a request id is taken for ever by the party that used it. */
static struct record_path request_path(const struct decision_actor *actor, slice id)
{
	struct record_path path = record_path_of_short(RECORD_REQUEST, actor->party_number);
	record_path_text(&path, id);
	return path;
}

static enum recourse_error find_repetition(struct core *core, const struct record_path *path,
	const struct request *request, struct core_outcome *outcome, struct recourse_refusal *refusal)
{
	struct record_request known;
	bool taken;
	TRY(record_get_optional(core->state, path, &known, sizeof known, &taken));
	if (!taken)
		return RECOURSE_OK;
	if (memcmp(known.content, request->content.bytes, sizeof known.content) != 0)
		return refusal_field(
			refusal, RECOURSE_REQUEST_CONFLICT, "request", "a new id for new content");
	outcome->repeated = true;
	outcome->number = known.number;
	return RECOURSE_OK;
}

/* ---- one command ---- */

/* The first entry of each day, for rules that ask how things stood when one ended. */
static enum recourse_error note_day(struct core *core, const struct decision *decision)
{
	uint64_t day = day_of(decision->time);
	if (day == core->day)
		return RECOURSE_OK;
	core->day = day;
	return day_note(core->state, day, decision->entry);
}

/* What holds for all commands of a request is looked up once. */
static enum recourse_error look_around(struct core *core, uint64_t time)
{
	bool noted;
	core->rotated = false;
	TRY(authority_published(core->state, &core->limited));
	TRY(rule_version_adopted(core->state, &core->adopted));
	TRY(day_noted(core->state, day_of(time), &noted));
	core->day = noted ? day_of(time) : UINT64_MAX;
	return RECOURSE_OK;
}

/* A key that is rotated says nothing more, not even what follows in the request that rotates it. */
static enum recourse_error speaks_still(struct decision *decision)
{
	struct decision_actor actor;
	struct record_key key;
	if (!*decision->rotated)
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
	TRY(rule_version_in_force(decision, command->command, rule));
	TRY(area_deciding(decision, command->command, command->values));
	state_mark_t mark = state_mark(decision->state);
	TRY((*rule)->apply(decision, command->values));
	TRY(decision_settle(decision));
	TRY(area_balances_moved(decision));
	TRY(limits_check(decision, slice_text(method->name), &approvals));
	if (approvals == 0)
		return RECOURSE_OK;
	state_rollback(decision->state, mark);
	decision_forget(decision);
	return proposal_open(decision, command->command, command->values, approvals);
}

static void begin(struct core *core, const struct core_input *input, const struct decision_actor *actor,
	size_t index, struct decision *decision)
{
	memset(decision, 0, offsetof(struct decision, postings));
	decision->posting_count = 0;
	decision->state = core->state;
	decision->areas = registry_areas;
	decision->actor = actor;
	decision->time = input->time + index;
	decision->entry = core->group->head.entries;
	decision->limited = &core->limited;
	decision->adopted = &core->adopted;
	decision->rotated = &core->rotated;
	decision->arena = &core->arena;
	decision->facts = &core->facts;
	decision->consequences = &core->consequences;
	decision->approvals = &core->approvals;
	buffer_clear(&core->facts);
	buffer_clear(&core->consequences);
	buffer_clear(&core->approvals);
}

static enum recourse_error run(
	struct core *core, const struct core_input *input, size_t index, struct decision *decision)
{
	struct entry_source source = {.request = input->request, .index = index, .salt = input->salt};
	const struct command_rule *rule;
	TRY(run_rule(decision, &input->request->commands[index], &rule));
	if (buffer_failed(&core->facts) || buffer_failed(&core->consequences) ||
		buffer_failed(&core->approvals))
		return RECOURSE_MEMORY;
	source.version = rule->version;
	TRY(entry_maker_add(&core->maker, core->group, &source, decision));
	return note_day(core, decision);
}

static enum recourse_error decide_command(struct core *core, const struct core_input *input,
	const struct decision_actor *actor, size_t index, struct recourse_refusal *refusal)
{
	struct group_mark group_before = group_mark(core->group);
	state_mark_t state_before = state_mark(core->state);
	struct decision decision;
	begin(core, input, actor, index, &decision);
	decision.refusal = refusal;
	refusal_clear(refusal);
	enum recourse_error error = run(core, input, index, &decision);
	if (error != RECOURSE_OK) {
		group_rollback(core->group, &group_before);
		state_rollback(core->state, state_before);
		refusal->error = error;
		refusal->command = (int64_t)index;
	}
	return error;
}

/* ---- all commands ---- */

/* Refusals go into the record one after another; the array's head is written when their number is known. */
static enum recourse_error decide_each(struct core *core, const struct core_input *input,
	const struct decision_actor *actor, uint64_t *refused)
{
	struct recourse_refusal refusal;
	for (size_t index = 0; index < input->request->count; index++) {
		enum recourse_error error = decide_command(core, input, actor, index, &refusal);
		if (is_fault(error))
			return error;
		if (error != RECOURSE_OK) {
			refusal_encode(&refusal, &core->refusals);
			++*refused;
		}
	}
	return RECOURSE_OK;
}

static enum recourse_error decide_until_refused(struct core *core, const struct core_input *input,
	const struct decision_actor *actor, struct recourse_refusal *refusal)
{
	for (size_t index = 0; index < input->request->count; index++)
		TRY(decide_command(core, input, actor, index, refusal));
	return RECOURSE_OK;
}

static enum recourse_error decide_all(struct core *core, const struct core_input *input,
	const struct decision_actor *actor, uint64_t *refused)
{
	struct group_mark group_before = group_mark(core->group);
	state_mark_t state_before = state_mark(core->state);
	struct recourse_refusal refusal;
	enum recourse_error error = decide_until_refused(core, input, actor, &refusal);
	if (error == RECOURSE_OK || is_fault(error))
		return error;
	group_rollback(core->group, &group_before);
	state_rollback(core->state, state_before);
	refusal_encode(&refusal, &core->refusals);
	*refused = 1;
	return RECOURSE_OK;
}

static enum recourse_error add_record(
	struct core *core, const struct core_input *input, uint64_t first_entry, uint64_t refused)
{
	struct group *group = core->group;
	SCOPED(buffer_free) struct buffer refusals = {0};
	item_write_array(&refusals, refused);
	buffer_append(&refusals, core->refusals.data, core->refusals.size);
	if (buffer_failed(&refusals) || buffer_failed(&core->refusals))
		return RECOURSE_MEMORY;
	struct submission submission = {
		.received = input->received,
		.time = input->time,
		.salt = input->salt,
		.previous = group->link,
		.key = input->key,
		.payload = input->request->payload,
		.signature = input->signature,
		.first_entry = first_entry,
		.accepted = group->head.entries - first_entry,
		.refusals = buffer_slice(&refusals),
	};
	struct crypto_hash link;
	submission_link(&submission, &input->request->hash, &link);
	size_t start = group->bytes.size;
	submission_encode(&submission, &group->bytes);
	/* the last command's time is spent whether it was accepted or not */
	return group_add_request(group, start, input->time + input->request->count - 1, &link);
}

/* From both sides: what somebody signed can be dated to the day of its signing only, and no earlier. */
static enum recourse_error check_received_in_time(
	const struct core_input *input, struct recourse_refusal *refusal)
{
	const uint64_t lifetime = RECOURSE_LIFETIME_MAX_HOURS * INSTANT_HOUR;
	if (input->received > input->request->expires)
		return refusal_field(refusal, RECOURSE_REQUEST_EXPIRED, "expires",
			"a time that has not passed: sign again, same id");
	if (input->request->expires - input->received > lifetime)
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "expires", "at most %d hours ahead",
			RECOURSE_LIFETIME_MAX_HOURS);
	return RECOURSE_OK;
}

enum recourse_error core_decide(struct core *core, const struct core_input *input,
	struct core_outcome *outcome, struct recourse_refusal *refusal)
{
	struct decision_actor actor;
	uint64_t first_entry = core->group->head.entries;
	uint64_t refused = 0;
	assert(input->time > core->group->head.time && input->request->submit &&
		input->salt.size == RECOURSE_SALT_SIZE);
	*outcome = (struct core_outcome){.number = core->group->head.requests};
	TRY(find_actor(core, input, &actor, refusal));
	struct record_path path = request_path(&actor, input->request->id);
	TRY(find_repetition(core, &path, input->request, outcome, refusal));
	if (outcome->repeated)
		return RECOURSE_OK;
	TRY(check_received_in_time(input, refusal));

	TRY(look_around(core, input->time));
	buffer_clear(&core->refusals);
	TRY(input->request->mode == REQUEST_EACH ? decide_each(core, input, &actor, &refused)
						 : decide_all(core, input, &actor, &refused));
	TRY(add_record(core, input, first_entry, refused));
	struct record_request taken = {.number = outcome->number};
	memcpy(taken.content, input->request->content.bytes, sizeof taken.content);
	return record_put(core->state, &path, &taken, sizeof taken);
}
