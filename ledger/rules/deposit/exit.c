/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/exit.h"

#include "books/record_party.h"
#include "books/record_policy.h"
#include "base/try.h"
#include "rule/calendar.h"
#include "rule/clock.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rules/collateral/collateral_change.h"
#include "rule/terms.h"

static struct record_path open_path(slice merchant, const struct unit *unit)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_OPEN, merchant);
	record_path_text(&path, unit_code(unit));
	return path;
}

struct record_path exit_item_path(slice id, slice item)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_ITEM, id);
	record_path_text(&path, item);
	return path;
}

struct record_path exit_deposit_path(const struct exit_standing *standing)
{
	return record_path_of_texts(RECORD_DEPOSIT, standing->merchant, unit_code(&standing->record.unit));
}

int64_t exit_refundable(const struct record_exit *record, int64_t held)
{
	return held > record->retained ? held - record->retained : 0;
}

enum recourse_error exit_find(struct decision *decision, slice id, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	TRY(decision_find(decision, "exit", &path, &standing->record, sizeof standing->record));
	TRY(decision_party_name(decision, standing->record.merchant, &standing->merchant));
	TRY(decision_balance(decision, CHART_DEPOSIT_EXIT, standing->merchant, id, &standing->record.unit,
		&standing->held));
	standing->id = id;
	decision_policy(decision, RECORD_TEXT(standing->record.policy), standing->record.policy_version);
	return RECOURSE_OK;
}

/* A date counted in working days is in the entry: the calendar may be published anew. */
static enum recourse_error count_due(struct decision *decision, struct record_exit *record)
{
	struct record_policy policy;
	TRY(terms_policy(decision, RECORD_TEXT(record->policy), record->policy_version, &policy));
	slice calendar = RECORD_TEXT(policy.calendar);
	TRY(calendar_due(decision, calendar, decision->time, record->refund_days, &record->due));
	if (calendar.size > 0)
		decision_fact_instant(decision, "refund_due", record->due);
	return RECOURSE_OK;
}

/* Once released, what can be paid has a day by which the custodian pays it; what can not be has none. */
static enum recourse_error keep_due(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	bool released = record->state == EXIT_OFFSET || record->state == EXIT_REFUNDED;
	bool payable = released && exit_refundable(record, standing->held) > 0;
	if (payable && record->due == 0) {
		TRY(count_due(decision, record));
		TRY(clock_set(decision, CLOCK_EXIT_REFUND, standing->id, record->due));
	} else if (!payable && record->due != 0) {
		TRY(clock_cancel(decision, CLOCK_EXIT_REFUND, standing->id, record->due));
		record->due = 0;
		record->overdue_entry = 0;
	}
	return RECOURSE_OK;
}

struct record_path exit_overdue_path(slice merchant, slice id)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_OVERDUE, merchant);
	record_path_text(&path, id);
	return path;
}

static enum recourse_error add_overdue(
	struct decision *decision, const struct unit *unit, int64_t before, int64_t now)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_OVERDUE_SUM, unit_code(unit));
	struct record_exit_overdue all = {0};
	enum recourse_error error = record_get(decision->state, &path, &all, sizeof all);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	all.exits = all.exits + (now != 0) - (before != 0);
	if (amount_add_steps(all.steps, now - before, &all.steps) != RECOURSE_OK)
		return refusal_field(decision->refusal, RECOURSE_OVERFLOW, NULL, "overdue within 64 bits");
	return all.exits == 0 ? state_remove(decision->state, record_path_slice(&path))
			      : decision_put(decision, &path, &all, sizeof all);
}

/* Those that are overdue have an index of their own, and a sum: whoever looks for them does not read all exits. */
static enum recourse_error keep_overdue(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	struct record_path path = exit_overdue_path(standing->merchant, standing->id);
	int64_t now = record->overdue_entry == 0 ? 0 : exit_refundable(record, standing->held);
	if (now == record->overdue)
		return RECOURSE_OK;
	TRY(add_overdue(decision, &record->unit, record->overdue, now));
	record->overdue = now;
	return now == 0 ? state_remove(decision->state, record_path_slice(&path))
			: decision_put(decision, &path, &now, sizeof now);
}

enum recourse_error exit_save(struct decision *decision, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	TRY(keep_due(decision, standing));
	TRY(keep_overdue(decision, standing));
	TRY(decision_put(decision, &path, &standing->record, sizeof standing->record));
	TRY(decision_subject(decision, RECORD_EXIT, standing->id));
	return decision_subject(decision, RECORD_PARTY, standing->merchant);
}

enum recourse_error exit_close(struct decision *decision, struct exit_standing *standing)
{
	struct record_path open = open_path(standing->merchant, &standing->record.unit);
	TRY(state_remove(decision->state, record_path_slice(&open)));
	return exit_save(decision, standing);
}

enum recourse_error exit_step_deposit(
	struct decision *decision, const struct exit_standing *standing, uint32_t to, uint32_t incident)
{
	struct record_path path = exit_deposit_path(standing);
	struct record_deposit deposit;
	TRY(decision_find(decision, "merchant", &path, &deposit, sizeof deposit));
	if (to == DEPOSIT_EXIT_HOLD && life_allows(LIFE_DEPOSIT, deposit.state, DEPOSIT_FUNDED))
		deposit.state = DEPOSIT_FUNDED;
	if (life_allows(LIFE_DEPOSIT, deposit.state, to))
		deposit.state = to;
	deposit.incident = incident;
	deposit.last_entry = decision->entry;
	TRY(decision_put(decision, &path, &deposit, sizeof deposit));
	return collateral_change_refresh(decision, standing->merchant, &standing->record.unit);
}

/* ---- what others do to an exit under way ---- */

enum recourse_error exit_open(struct decision *decision, slice merchant, const struct unit *unit,
	struct exit_standing *standing, bool *found)
{
	struct record_path path = open_path(merchant, unit);
	char id[TEXT_ID_SIZE];
	enum recourse_error error = record_get(decision->state, &path, id, sizeof id);
	*found = error == RECOURSE_OK;
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	size_t size = strnlen(id, sizeof id);
	uint8_t *copy = arena_allocate(decision->arena, size);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	memcpy(copy, id, size);
	return exit_find(decision, slice_of(copy, size), standing);
}

enum recourse_error exit_credit(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps, bool *taken)
{
	struct exit_standing standing;
	enum recourse_error error = exit_open(decision, merchant, unit, &standing, taken);
	if (error != RECOURSE_OK || !*taken)
		return error;
	/* the merchant was paid and comes back: this is a new deposit */
	if (standing.record.state == EXIT_REFUNDED) {
		*taken = false;
		return RECOURSE_OK;
	}
	decision_fact_text(decision, "held_by", standing.id);
	TRY(amount_add_steps(standing.held, steps, &standing.held));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, merchant, standing.id, unit, -steps));
	return exit_save(decision, &standing);
}

/* ---- exit.request ---- */

enum { REQUEST_EXIT, REQUEST_MERCHANT, REQUEST_UNIT, REQUEST_POLICY, REQUEST_VERSION };
static const struct recourse_field request_fields[] = {
	[REQUEST_EXIT] =
		FIELD(ID, "exit", "MERCHANT/NAME, never used again; NAME alone by an operator's key"),
	[REQUEST_MERCHANT] = FIELD(ID, "merchant", "who leaves; its own key, or an operator's"),
	[REQUEST_UNIT] = FIELD(UNIT, "unit", "currency of the deposit"),
	[REQUEST_POLICY] = FIELD(ID, "policy", "whose notice_days, tail_days and refund_days apply"),
	[REQUEST_VERSION] = FIELD_INTEGER("version", 1, 1000000, "of the policy, fixed for this exit"),
};

/*
 * I3: that an id is taken would tell a merchant that somebody else leaves. So what is named up to the last slash is
 * whose id it is, and a merchant's key meets its own ids alone. The last slash, since ids of parties may have some.
 */
static enum recourse_error check_id(struct decision *decision, const struct exit_standing *standing)
{
	slice id = standing->id;
	slice merchant = standing->merchant;
	size_t owner = id.size;
	while (owner > 0 && id.data[owner - 1] != '/')
		owner--;
	if (owner == 0 && (decision->carried || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0))
		return RECOURSE_OK;
	if (owner > 0 && owner < id.size && slice_equal(slice_of(id.data, owner - 1), merchant))
		return RECOURSE_OK;
	return refusal_limit(decision->refusal, RECOURSE_NOT_PERMITTED, "exit",
		"%.*s/ and a name without a slash", SLICE_ARGUMENTS(merchant));
}

static enum recourse_error check_merchant(
	struct decision *decision, const struct value *values, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	struct record_deposit deposit;
	struct record_party party;
	struct exit_standing other;
	bool found;
	TRY(decision_own(decision, "merchant", standing->merchant));
	TRY(check_id(decision, standing));
	TRY(decision_absent(decision, "exit", &path));
	TRY(decision_party(decision, "merchant", standing->merchant, &party));
	TRY(decision_unit(decision, "unit", values[REQUEST_UNIT].text, &standing->record.unit));
	struct record_path home = exit_deposit_path(standing);
	standing->record.merchant = party.number;
	TRY(decision_find(decision, "merchant", &home, &deposit, sizeof deposit));
	TRY(exit_open(decision, standing->merchant, &standing->record.unit, &other, &found));
	if (found)
		return refusal_entry(
			decision->refusal, RECOURSE_NOT_PERMITTED, "merchant", other.record.entry);
	return incident_none(decision, "merchant", standing->merchant);
}

/* E1: a merchant does not choose an older version, whose tail may be shorter. An operator may, and answers for it. */
static enum recourse_error check_in_force(struct decision *decision, slice policy, uint32_t version)
{
	struct record_path newer = terms_policy_path(policy, version + 1);
	slice value;
	if (decision->carried || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0)
		return RECOURSE_OK;
	enum recourse_error error = state_get(decision->state, record_path_slice(&newer), &value);
	if (error == RECOURSE_OK)
		return refusal_field(
			decision->refusal, RECOURSE_POLICY_WRONG, "version", "the last one of the policy");
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_terms(
	struct decision *decision, const struct value *values, struct record_exit *record)
{
	struct record_policy policy;
	slice id = values[REQUEST_POLICY].text;
	uint32_t version = (uint32_t)values[REQUEST_VERSION].integer;
	TRY(terms_policy(decision, id, version, &policy));
	TRY(check_in_force(decision, id, version));
	if (!unit_same(&policy.unit, &record->unit))
		return refusal_field(
			decision->refusal, RECOURSE_POLICY_WRONG, "policy", "one in the deposit's unit");
	decision_policy(decision, id, version);
	record_text_set(record->policy, sizeof record->policy, id);
	record->policy_version = version;
	record->notice_ends = decision->time + (uint64_t)policy.notice_days * INSTANT_DAY;
	record->tail_ends = record->notice_ends + (uint64_t)policy.tail_days * INSTANT_DAY;
	record->refund_days = policy.refund_days;
	return RECOURSE_OK;
}

static enum recourse_error open_exit(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	struct record_path open = open_path(standing->merchant, &record->unit);
	struct record_path listed = record_path_of_text(RECORD_EXIT_LIST, standing->merchant);
	char id[TEXT_ID_SIZE];
	record_text_set(id, sizeof id, standing->id);
	record_path_text(&listed, standing->id);
	TRY(decision_put(decision, &open, id, sizeof id));
	TRY(decision_put(decision, &listed, &decision->entry, sizeof decision->entry));
	TRY(exit_step_deposit(decision, standing, DEPOSIT_EXIT_HOLD, 0));
	TRY(clock_set(decision, CLOCK_EXIT_NOTICE, standing->id, record->notice_ends));
	TRY(clock_set(decision, CLOCK_EXIT_TAIL, standing->id, record->tail_ends));
	return exit_save(decision, standing);
}

static enum recourse_error apply_request(struct decision *decision, const struct value *values)
{
	struct exit_standing standing = {
		.id = values[REQUEST_EXIT].text,
		.merchant = values[REQUEST_MERCHANT].text,
		.record = {.entry = decision->entry, .requested = decision->time},
	};
	struct record_exit *record = &standing.record;
	const slice none = slice_text("");
	TRY(check_merchant(decision, values, &standing));
	TRY(check_terms(decision, values, record));
	TRY(decision_balance(
		decision, CHART_DEPOSIT, standing.merchant, none, &record->unit, &standing.held));
	if (standing.held == 0)
		return refusal_amount(
			decision->refusal, RECOURSE_INSUFFICIENT, "merchant", &record->unit, 1, 0);
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_REQUESTED, "exit"));
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_NOTICE, "exit"));

	/* held from the request on: what was given notice of is there for those who claim until the tail's end */
	decision_fact_instant(decision, "notice_ends", record->notice_ends);
	decision_fact_instant(decision, "tail_ends", record->tail_ends);
	decision_fact_amount(decision, "held", &record->unit, standing.held);
	TRY(decision_post(decision, CHART_DEPOSIT, standing.merchant, none, &record->unit, standing.held));
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, &record->unit, -standing.held));
	return open_exit(decision, &standing);
}

/* ---- clocks ---- */

enum recourse_error exit_end_empty(struct decision *decision, struct exit_standing *standing)
{
	enum recourse_error error = RECOURSE_OK;
	if (standing->record.state == EXIT_OFFSET)
		error = decision_step(decision, LIFE_EXIT, &standing->record.state, EXIT_REFUNDED, "exit");
	if (error == RECOURSE_OK)
		error = exit_step_deposit(decision, standing, DEPOSIT_REFUNDED, 0);
	return error == RECOURSE_OK ? exit_close(decision, standing) : error;
}

enum recourse_error exit_notice_ended(struct decision *decision, slice id)
{
	struct exit_standing standing;
	TRY(exit_find(decision, id, &standing));
	TRY(decision_step(decision, LIFE_EXIT, &standing.record.state, EXIT_TAIL, "subject"));
	return exit_save(decision, &standing);
}

enum recourse_error exit_tail_ended(struct decision *decision, slice id)
{
	struct exit_standing standing;
	struct record_exit *record = &standing.record;
	TRY(exit_find(decision, id, &standing));
	if (record->blocks > 0) {
		decision_fact_integer(decision, "blocked", record->blocks);
		return exit_save(decision, &standing);
	}
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_OFFSET, "subject"));
	decision_fact_amount(decision, "held", &record->unit, standing.held);
	decision_fact_amount(decision, "retained", &record->unit, record->retained);
	decision_fact_amount(decision, "refundable", &record->unit, exit_refundable(record, standing.held));
	return standing.held > 0 ? exit_save(decision, &standing) : exit_end_empty(decision, &standing);
}

enum recourse_error exit_overdue(struct decision *decision, slice id)
{
	struct exit_standing standing;
	TRY(exit_find(decision, id, &standing));
	decision_fact_amount(
		decision, "overdue", &standing.record.unit, exit_refundable(&standing.record, standing.held));
	standing.record.overdue_entry = decision->entry;
	return exit_save(decision, &standing);
}

static const struct command rows[] = {
	COMMAND("exit.request", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, request_fields,
		apply_request, "a merchant leaves: its deposit is held until the tail's end", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_POLICY_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group exit_commands = COMMAND_GROUP(rows);
