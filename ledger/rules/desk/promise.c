/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/desk/breach.h"
#include "rules/desk/desk.h"
#include "rules/desk/promise.h"
#include "rules/incident/incident.h"

/* What was promised to a claimant, and by when (D5): promise.make, promise.keep, promise.withdraw, and the clock. */

struct promise {
	uint64_t entry;
	struct record_promise record;
	slice id; /* its claim's, in the arena */
	struct record_claim claim;
	struct record_desk desk;
};

static enum recourse_error find(struct decision *decision, uint64_t entry, struct promise *promise)
{
	struct record_path path = record_path_of_number(RECORD_PROMISE, entry);
	promise->entry = entry;
	TRY(decision_find(decision, "promise", &path, &promise->record, sizeof promise->record));
	TRY(arena_copy(decision->arena, RECORD_TEXT(promise->record.claim), &promise->id));
	TRY(claim_find(decision, promise->id, &promise->claim));
	return desk_load(decision->state, promise->id, &promise->desk);
}

static enum recourse_error save(struct decision *decision, struct promise *promise)
{
	struct record_path path = record_path_of_number(RECORD_PROMISE, promise->entry);
	TRY(decision_put(decision, &path, &promise->record, sizeof promise->record));
	return desk_save(decision, promise->id, &promise->claim, &promise->desk);
}

/* Also one whose day has passed: it is owed until it is kept or withdrawn. */
static enum recourse_error find_open(
	struct decision *decision, const struct value *entry, struct promise *promise)
{
	TRY(find(decision, (uint64_t)entry->integer, promise));
	uint64_t ended = promise->record.kept_entry + promise->record.withdrawn_entry;
	return ended == 0 ? RECOURSE_OK : refuse_entry(decision, RECOURSE_STATE_WRONG, "promise", ended);
}

/* ---- missed ---- */

static enum recourse_error miss(struct decision *decision, struct promise *promise)
{
	promise->record.missed_entry = decision->entry;
	promise->desk.promises_missed++;
	promise->desk.callbacks_missed += promise->record.kind == PROMISE_CALLBACK;
	return breach_count(decision, promise->id, &promise->claim, &(struct record_breach){.missed = 1});
}

/* Its day has passed and no clock has said so, as after a stop: then what ends it does. */
static enum recourse_error miss_if_late(struct decision *decision, struct promise *promise)
{
	if (promise->record.missed_entry != 0 || decision->time <= promise->record.due)
		return RECOURSE_OK;
	decision_fact_instant(decision, "missed", promise->record.due);
	return miss(decision, promise);
}

/* ---- promise.make ---- */

const char *const promise_kinds[] = {"callback", "answer", "payment", "other", NULL};
enum { MAKE_CLAIM, MAKE_KIND, MAKE_DUE, MAKE_AMOUNT, MAKE_NOTE };
static const struct recourse_field make_fields[] = {
	[MAKE_CLAIM] = FIELD(ID, "claim", "whose claimant was promised something"),
	[MAKE_KIND] = FIELD_CHOICE("kind", promise_kinds, "what"),
	[MAKE_DUE] = FIELD(TIME, "due", "by when"),
	[MAKE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "kind payment: how much"),
	[MAKE_NOTE] = FIELD_OPTIONAL(NOTE, "note", "what was said"),
};

static enum recourse_error check_due(
	struct decision *decision, const struct record_incident *incident, uint64_t due)
{
	struct record_policy policy;
	if (due <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "due", "a time to come");
	TRY(incident_policy(decision->state, incident, &policy));
	return terms_within(decision, "due", due, policy.promise_days);
}

static enum recourse_error read_amount(struct decision *decision, const struct record_incident *incident,
	const struct value *values, struct promise *promise)
{
	promise->record.unit = incident->unit;
	if (!values[MAKE_AMOUNT].present)
		return RECOURSE_OK;
	if (promise->record.kind != PROMISE_PAYMENT)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "amount", "with kind payment alone");
	return decision_amount(
		decision, "amount", values[MAKE_AMOUNT].text, &incident->unit, &promise->record.amount);
}

static enum recourse_error apply_make(struct decision *decision, const struct value *values)
{
	struct promise promise = {
		.entry = decision->entry,
		.id = values[MAKE_CLAIM].text,
		.record = {.due = values[MAKE_DUE].instant,
			.clock = values[MAKE_DUE].instant,
			.kind = (uint32_t)values[MAKE_KIND].integer,
			.maker = decision->actor->key},
	};
	struct record_incident incident;
	TRY(claim_find(decision, promise.id, &promise.claim));
	TRY(desk_check_lives(decision, &promise.claim));
	TRY(incident_load(decision->state, promise.claim.incident, &incident));
	TRY(check_due(decision, &incident, promise.record.due));
	TRY(read_amount(decision, &incident, values, &promise));
	TRY(sealed_note(decision, promise.id, &values[MAKE_NOTE]));
	TRY(desk_load(decision->state, promise.id, &promise.desk));
	promise.desk.promises++;
	promise.desk.promises_open++;
	promise.desk.callbacks += promise.record.kind == PROMISE_CALLBACK;
	record_text_set(promise.record.claim, sizeof promise.record.claim, promise.id);
	return save(decision, &promise);
}

/* ---- promise.keep ---- */

enum { KEEP_PROMISE, KEEP_BY };
static const struct recourse_field keep_fields[] = {
	[KEEP_PROMISE] = FIELD_INTEGER("promise", 1, INT64_MAX, "the entry that made it"),
	[KEEP_BY] = FIELD_INTEGER("by", 1, INT64_MAX,
		"the entry by which it was kept: the settled payout; else a contact, direction out"),
};

static enum recourse_error check_contact(
	struct decision *decision, uint64_t by, const struct promise *promise)
{
	struct record_path path = record_path_of_text(RECORD_CONTACT, promise->id);
	struct record_contact contact = {.direction = CONTACT_IN};
	bool there;
	record_path_number(&path, by);
	TRY(record_get_optional(decision->state, &path, &contact, sizeof contact, &there));
	return there && contact.direction == CONTACT_OUT
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_FOUND, "by",
				 "contact.record direction=out of the claim");
}

static enum recourse_error check_payment(
	struct decision *decision, uint64_t by, const struct promise *promise)
{
	const struct record_claim *claim = &promise->claim;
	if (claim->payout != PAYOUT_SETTLED || claim->settled_entry != by)
		return refuse(decision, RECOURSE_NOT_FOUND, "by", "the payout of the claim that was settled");
	return claim->paid >= promise->record.amount
		       ? RECOURSE_OK
		       : refuse_amount(decision, RECOURSE_INSUFFICIENT, "by", &promise->record.unit,
				 promise->record.amount, claim->paid);
}

/* What was done of that claim since it was promised: nothing is kept by saying so. */
static enum recourse_error check_by(struct decision *decision, uint64_t by, const struct promise *promise)
{
	TRY((promise->record.kind == PROMISE_PAYMENT ? check_payment : check_contact)(decision, by, promise));
	return by > promise->entry
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_PERMITTED, "by", "an entry after the promise");
}

static enum recourse_error keep(struct decision *decision, uint64_t by, struct promise *promise)
{
	TRY(miss_if_late(decision, promise));
	promise->record.kept_entry = decision->entry;
	promise->record.kept_by = by;
	promise->record.clock = 0;
	promise->desk.promises_open--;
	promise->desk.promises_kept++;
	promise->desk.callbacks_kept += promise->record.kind == PROMISE_CALLBACK;
	return save(decision, promise);
}

enum recourse_error promise_keep(struct decision *decision, slice claim, const struct value *named)
{
	struct promise promise;
	if (named->integer == 0)
		return RECOURSE_OK;
	TRY(find_open(decision, named, &promise));
	if (!slice_equal(promise.id, claim))
		return refuse(decision, RECOURSE_NOT_FOUND, "promise", "one to the claim's claimant");
	if (promise.record.kind != PROMISE_OTHER)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "promise", "of kind other");
	return keep(decision, decision->entry, &promise);
}

static enum recourse_error apply_keep(struct decision *decision, const struct value *values)
{
	struct promise promise;
	TRY(find_open(decision, &values[KEEP_PROMISE], &promise));
	uint64_t by = (uint64_t)values[KEEP_BY].integer;
	TRY(check_by(decision, by, &promise));
	return keep(decision, by, &promise);
}

/* ---- promise.withdraw ---- */

enum { WITHDRAW_PROMISE, WITHDRAW_REASON };
static const struct recourse_field withdraw_fields[] = {
	[WITHDRAW_PROMISE] = FIELD_INTEGER("promise", 1, INT64_MAX, "the entry that made it"),
	[WITHDRAW_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_withdraw(struct decision *decision, const struct value *values)
{
	struct promise promise;
	TRY(find_open(decision, &values[WITHDRAW_PROMISE], &promise));
	TRY(miss_if_late(decision, &promise));
	promise.record.withdrawn_entry = decision->entry;
	promise.record.clock = 0;
	promise.desk.promises_open--;
	return save(decision, &promise);
}

/* ---- its claim fell: what is owed of it is owed of the one that the lot is by now ---- */

struct owed {
	uint64_t entry;
	struct record_promise record;
};

/* The state is not written while it is walked. */
static enum recourse_error list_owed(struct decision *decision, slice id, struct buffer *list)
{
	struct record_path prefix = record_path_of_text(RECORD_PROMISE_OWED, id);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct owed owed = {.entry = walk.key.parts[2].number};
		struct record_path path = record_path_of_number(RECORD_PROMISE, owed.entry);
		TRY(record_get_named(decision->state, &path, &owed.record, sizeof owed.record));
		buffer_append(list, &owed, sizeof owed);
	}
	return buffer_failed(list) ? RECOURSE_MEMORY : walk.error;
}

static enum recourse_error pass_on(struct decision *decision, const struct owed *owed, slice id,
	struct record_desk *from, struct record_desk *to)
{
	struct record_path path = record_path_of_number(RECORD_PROMISE, owed->entry);
	struct record_promise record = owed->record;
	uint32_t missed = record.missed_entry != 0;
	uint32_t callback = record.kind == PROMISE_CALLBACK;
	from->promises--;
	from->promises_open--;
	from->promises_missed -= missed;
	from->callbacks -= callback;
	from->callbacks_missed -= callback & missed;
	to->promises++;
	to->promises_open++;
	to->promises_missed += missed;
	to->callbacks += callback;
	to->callbacks_missed += callback & missed;
	record_text_set(record.claim, sizeof record.claim, id);
	return decision_put(decision, &path, &record, sizeof record);
}

area_claim_heir promise_pass_on;
enum recourse_error promise_pass_on(struct decision *decision, slice fallen, slice id)
{
	struct record_claim claims[2];
	struct record_desk desks[2];
	SCOPED(buffer_free) struct buffer list = {0};
	TRY(desk_load(decision->state, fallen, &desks[0]));
	if (desks[0].promises_open == 0)
		return RECOURSE_OK;
	TRY(claim_find(decision, fallen, &claims[0]));
	TRY(claim_find(decision, id, &claims[1]));
	TRY(desk_load(decision->state, id, &desks[1]));
	TRY(list_owed(decision, fallen, &list));
	const struct owed *owed = (const void *)list.data;
	for (size_t row = 0; row < list.size / sizeof *owed; row++)
		TRY(pass_on(decision, &owed[row], id, &desks[0], &desks[1]));
	TRY(desk_save(decision, fallen, &claims[0], &desks[0]));
	return desk_save(decision, id, &claims[1], &desks[1]);
}

/* ---- the clock ---- */

/* It is owed as before, and stays one that was missed. */
area_strike promise_miss;
enum recourse_error promise_miss(struct decision *decision, slice subject)
{
	struct promise promise;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	TRY(find(decision, entry, &promise));
	TRY(miss(decision, &promise));
	decision_fact_text(decision, "claim", promise.id);
	decision_fact_text(decision, "promised", slice_text(promise_kinds[promise.record.kind]));
	return save(decision, &promise);
}

static const struct command rows[] = {
	COMMAND("promise.make", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, make_fields, apply_make,
		"promise a claimant something by a day: to call back, to answer, to pay",
		RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED, RECOURSE_AMOUNT_RANGE),
	COMMAND("promise.keep", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, keep_fields, apply_keep,
		"what was promised was done, by that entry", RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED, RECOURSE_INSUFFICIENT),
	COMMAND_CHECKED("promise.withdraw", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, withdraw_fields,
		apply_withdraw, "what was promised is not to be done after all; another person approves",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG),
};
const struct command_group promise_commands = COMMAND_GROUP(rows);
