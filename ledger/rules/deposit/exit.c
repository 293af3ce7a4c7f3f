/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/collateral/collateral.h"

int64_t exit_refundable(const struct record_exit *record, int64_t held)
{
	return amount_beyond(held, record->retained);
}

static enum recourse_error find(struct decision *decision, slice id, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	standing->id = id;
	TRY(decision_find(decision, "exit", &path, &standing->record, sizeof standing->record));
	TRY(party_name(decision->state, decision->arena, standing->record.merchant, &standing->merchant));
	return account_balance(decision->state, CHART_DEPOSIT_EXIT, standing->merchant, id,
		&standing->record.unit, &standing->held);
}

enum recourse_error exit_governing(struct decision *decision, slice id, struct exit_standing *standing)
{
	TRY(find(decision, id, standing));
	decision_policy(decision, RECORD_TEXT(standing->record.policy), standing->record.policy_version);
	return RECOURSE_OK;
}

/* ---- keeping it ---- */

/*
 * Once released, what can be paid has a day by which the custodian pays it; what can not be has none. A date counted in
 * working days is in the entry: the calendar may be published anew.
 */
static enum recourse_error keep_due(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	struct record_policy policy;
	bool released = record->state == EXIT_OFFSET || record->state == EXIT_REFUNDED;
	bool payable = released && exit_refundable(record, standing->held) > 0;
	if (payable == (record->due != 0))
		return RECOURSE_OK;
	record->due = 0;
	record->overdue_entry = 0;
	if (payable) {
		TRY(terms_policy(decision, RECORD_TEXT(record->policy), record->policy_version, &policy));
		slice calendar = RECORD_TEXT(policy.calendar);
		TRY(calendar_due(decision, calendar, decision->time, record->refund_days, &record->due));
		if (calendar.size > 0)
			decision_fact_instant(decision, "refund_due", record->due);
	}
	record->refund_clock = record->due;
	return RECOURSE_OK;
}

/* All that are overdue in the unit are counted and added up: whoever wants to know does not read all exits. */
static enum recourse_error keep_overdue(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	struct record_exit_overdue all;
	int64_t before = record->overdue;
	record->overdue = record->overdue_entry == 0 ? 0 : exit_refundable(record, standing->held);
	if (record->overdue == before)
		return RECOURSE_OK;
	struct record_path path = record_path_of_text(RECORD_EXIT_OVERDUE_SUM, unit_code(&record->unit));
	TRY(record_get_optional(decision->state, &path, &all, sizeof all, NULL));
	all.exits = all.exits + (record->overdue != 0) - (before != 0);
	if (amount_add_steps(all.steps, record->overdue - before, &all.steps) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, NULL, "overdue within 64 bits");
	return all.exits == 0 ? decision_remove(decision, &path)
			      : decision_put(decision, &path, &all, sizeof all);
}

enum recourse_error exit_save(struct decision *decision, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	TRY(keep_due(decision, standing));
	TRY(keep_overdue(decision, standing));
	TRY(decision_put(decision, &path, &standing->record, sizeof standing->record));
	TRY(decision_about(decision, RECORD_EXIT, standing->id));
	return decision_about(decision, RECORD_PARTY, standing->merchant);
}

/*
 * The state of a deposit follows its exit, where its life allows it; one that an incident has had is whole again
 * first.
 */
static enum recourse_error step_deposit(
	struct decision *decision, const struct exit_standing *standing, enum deposit_state to)
{
	const struct unit *unit = &standing->record.unit;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "merchant", standing->merchant, unit, &deposit));
	if (to == DEPOSIT_EXIT_HOLD)
		(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_FUNDED);
	/* who was paid and has lodged nothing since is not funded by what its exit keeps back */
	if (to != DEPOSIT_FUNDED || deposit.state != DEPOSIT_REFUNDED)
		(void)life_step(LIFE_DEPOSIT, &deposit.state, to);
	TRY(deposit_record_put(decision, standing->merchant, unit, &deposit));
	return collateral_change_refresh(decision, standing->merchant, unit);
}

/* Claims took all of it: nothing is left to pay, nobody to wait for. It ends, and is to be kept. */
static enum recourse_error end_empty(struct decision *decision, struct exit_standing *standing)
{
	struct record_exit *record = &standing->record;
	if (record->state == EXIT_OFFSET)
		TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_REFUNDED, "exit"));
	record->closed_entry = decision->entry;
	return step_deposit(decision, standing, DEPOSIT_REFUNDED);
}

/* ---- what others do to an exit under way ---- */

/* The exit under way from that deposit; one without an id where there is none. */
static enum recourse_error find_under_way(
	struct decision *decision, uint32_t merchant, const struct unit *unit, struct exit_standing *standing)
{
	struct record_path prefix = record_path_of_short_text(RECORD_EXIT_OPEN, merchant, unit_code(unit));
	slice id;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	standing->id = slice_text("");
	if (!record_walk_next(&walk, NULL, 0))
		return walk.error;
	TRY(arena_copy(decision->arena, walk.key.parts[2].text, &id));
	return find(decision, id, standing);
}

enum recourse_error exit_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps)
{
	struct exit_standing standing;
	TRY(find_under_way(decision, deposit->merchant, unit, &standing));
	/* who was paid and comes back has a new deposit, which the old exit's terms say nothing of */
	if (standing.id.size == 0 || standing.record.state == EXIT_REFUNDED)
		return decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, -steps);
	decision_policy(decision, RECORD_TEXT(standing.record.policy), standing.record.policy_version);
	decision_fact_text(decision, "held_by", standing.id);
	TRY(amount_add_steps(standing.held, steps, &standing.held));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, unit, -steps));
	return exit_save(decision, &standing);
}

enum recourse_error exit_take(
	struct decision *decision, uint32_t merchant, const struct unit *unit, int64_t *left)
{
	struct exit_standing standing;
	TRY(find_under_way(decision, merchant, unit, &standing));
	if (standing.id.size == 0)
		return RECOURSE_OK;
	TRY(decision_balance(
		decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, unit, &standing.held));
	int64_t part = amount_least(standing.held, *left);
	if (part == 0)
		return RECOURSE_OK;
	standing.held -= part;
	*left -= part;
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, unit, part));
	return exit_save(decision, &standing);
}

enum recourse_error exit_take_back(struct decision *decision, const struct booked *booked)
{
	const struct unit *unit = &booked->record.unit;
	struct exit_standing standing;
	int64_t needed;
	TRY(find(decision, booked->reference, &standing));
	TRY(amount_add_steps(booked->record.amount, standing.record.retained, &needed));
	TRY(booked_rests(
		decision, booked->entry, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, unit, needed));
	standing.held -= booked->record.amount;
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, unit, booked->record.amount));
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
	return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "exit", "%.*s/ and a name without a slash",
		SLICE_ARGUMENTS(merchant));
}

static enum recourse_error check_merchant(
	struct decision *decision, const struct value *values, struct exit_standing *standing)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	struct record_deposit deposit;
	struct exit_standing other;
	TRY(decision_own(decision, "merchant", standing->merchant));
	TRY(check_id(decision, standing));
	TRY(decision_absent(decision, "exit", &path));
	TRY(decision_party(decision, "merchant", standing->merchant, &standing->record.merchant));
	TRY(decision_unit(decision, "unit", values[REQUEST_UNIT].text, &standing->record.unit));
	TRY(deposit_record_find(decision, "merchant", standing->merchant, &standing->record.unit, &deposit));
	TRY(find_under_way(decision, standing->record.merchant, &standing->record.unit, &other));
	if (other.id.size > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "merchant", other.record.entry);
	return scope_none(decision, "merchant", standing->merchant);
}

static enum recourse_error check_terms(
	struct decision *decision, const struct value *values, struct record_exit *record)
{
	struct record_policy policy;
	slice id = values[REQUEST_POLICY].text;
	uint32_t version = (uint32_t)values[REQUEST_VERSION].integer;
	struct record_path newer = publish_path(RECORD_POLICY, id, version + 1);
	bool superseded;
	TRY(terms_policy(decision, id, version, &policy));
	TRY(record_exists(decision->state, &newer, &superseded));
	/* E1: a merchant does not choose an older version, whose tail may be shorter; an operator answers for it */
	if (superseded && !decision->carried && (decision->actor->roles & RECOURSE_ROLE_OPERATOR) == 0)
		return refuse(decision, RECOURSE_POLICY_WRONG, "version", "the last one of the policy");
	if (!unit_same(&policy.unit, &record->unit))
		return refuse(decision, RECOURSE_POLICY_WRONG, "policy", "one in the deposit's unit");
	decision_policy(decision, id, version);
	record_text_set(record->policy, sizeof record->policy, id);
	record->policy_version = version;
	record->notice_ends = decision->time + (uint64_t)policy.notice_days * INSTANT_DAY;
	record->tail_ends = record->notice_ends + (uint64_t)policy.tail_days * INSTANT_DAY;
	record->notice_clock = record->notice_ends;
	record->tail_clock = record->tail_ends;
	record->refund_days = policy.refund_days;
	return RECOURSE_OK;
}

static enum recourse_error keep_requested(struct decision *decision, const struct exit_standing *standing)
{
	struct record_booked booked = {.unit = standing->record.unit,
		.amount = standing->held,
		.kind = BOOKED_EXIT_REQUEST,
		.account = CHART_DEPOSIT_EXIT};
	record_text_set(booked.id, sizeof booked.id, standing->id);
	record_text_set(booked.reference, sizeof booked.reference, standing->id);
	return booked_keep(decision, &booked);
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
	TRY(account_balance(
		decision->state, CHART_DEPOSIT, standing.merchant, none, &record->unit, &standing.held));
	if (standing.held == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "merchant", &record->unit, 1, 0);
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_REQUESTED, "exit"));
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_NOTICE, "exit"));

	/* held from the request on: what was given notice of is there for those who claim until the tail's end */
	decision_fact_instant(decision, "notice_ends", record->notice_ends);
	decision_fact_instant(decision, "tail_ends", record->tail_ends);
	decision_fact_amount(decision, "held", &record->unit, standing.held);
	TRY(decision_post(decision, CHART_DEPOSIT, standing.merchant, none, &record->unit, standing.held));
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, &record->unit, -standing.held));
	TRY(step_deposit(decision, &standing, DEPOSIT_EXIT_HOLD));
	TRY(keep_requested(decision, &standing));
	return exit_save(decision, &standing);
}

/* ---- it was not ---- */

/* What was kept back of it rests on it, and what an incident took; what was paid, too. */
static enum recourse_error check_untouched(struct decision *decision, const struct exit_standing *standing)
{
	const struct record_exit *record = &standing->record;
	struct record_path items = record_path_of_text(RECORD_EXIT_ITEM, standing->id);
	struct record_path blocks = record_path_of_text(RECORD_EXIT_BLOCK, standing->id);
	struct record_exit_item item;
	uint64_t block = 0;
	SCOPED(record_walk_end) struct record_walk item_walk = record_walk_over(decision->state, &items);
	SCOPED(record_walk_end) struct record_walk block_walk = record_walk_over(decision->state, &blocks);
	if (record->refunded > 0 || record->closed_entry != 0)
		return booked_went_on(decision, CHART_DEPOSIT_EXIT, standing->merchant, standing->id,
			&record->unit, BOOKED_DEBIT);
	if (record_walk_next(&block_walk, &block, sizeof block))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", block);
	while (record_walk_next(&item_walk, &item, sizeof item)) {
		if (item.released_entry == 0)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", item.entry);
	}
	return block_walk.error != RECOURSE_OK ? block_walk.error : item_walk.error;
}

enum recourse_error exit_reverse_request(struct decision *decision, const struct booked *booked)
{
	struct exit_standing standing;
	struct record_exit *record = &standing.record;
	TRY(exit_governing(decision, booked->id, &standing));
	TRY(check_untouched(decision, &standing));
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_CANCELLED, "entry"));
	record->notice_clock = record->tail_clock = 0;
	record->closed_entry = decision->entry;
	decision_fact_amount(decision, "released", &record->unit, standing.held);
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, standing.merchant, standing.id, &record->unit, standing.held));
	TRY(decision_post(
		decision, CHART_DEPOSIT, standing.merchant, slice_text(""), &record->unit, -standing.held));
	standing.held = 0;
	TRY(step_deposit(decision, &standing, DEPOSIT_FUNDED));
	return exit_save(decision, &standing);
}

/* ---- clocks ---- */

enum recourse_error exit_notice_ended(struct decision *decision, slice id)
{
	struct exit_standing standing;
	TRY(exit_governing(decision, id, &standing));
	TRY(decision_step(decision, LIFE_EXIT, &standing.record.state, EXIT_TAIL, "subject"));
	return exit_save(decision, &standing);
}

enum recourse_error exit_tail_ended(struct decision *decision, slice id)
{
	struct exit_standing standing;
	struct record_exit *record = &standing.record;
	TRY(exit_governing(decision, id, &standing));
	if (record->blocks > 0) {
		decision_fact_integer(decision, "blocked", record->blocks);
		return exit_save(decision, &standing);
	}
	TRY(decision_step(decision, LIFE_EXIT, &record->state, EXIT_OFFSET, "subject"));
	decision_fact_amount(decision, "held", &record->unit, standing.held);
	decision_fact_amount(decision, "retained", &record->unit, record->retained);
	decision_fact_amount(decision, "refundable", &record->unit, exit_refundable(record, standing.held));
	if (standing.held == 0)
		TRY(end_empty(decision, &standing));
	return exit_save(decision, &standing);
}

enum recourse_error exit_overdue(struct decision *decision, slice id)
{
	struct exit_standing standing;
	TRY(exit_governing(decision, id, &standing));
	decision_fact_amount(
		decision, "overdue", &standing.record.unit, exit_refundable(&standing.record, standing.held));
	standing.record.overdue_entry = decision->entry;
	return exit_save(decision, &standing);
}

/* ---- incidents (B1) ---- */

static struct record_path block_path(slice id, uint32_t incident)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_BLOCK, id);
	record_path_number(&path, incident);
	return path;
}

enum recourse_error exit_block_first(struct state_view *view, slice id, uint32_t *incident)
{
	struct record_path prefix = record_path_of_text(RECORD_EXIT_BLOCK, id);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*incident = record_walk_next(&walk, NULL, 0) ? (uint32_t)walk.key.parts[1].number : 0;
	return walk.error;
}

enum recourse_error exit_block_freeze(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant, struct deposit_frozen *frozen)
{
	const struct unit *unit = &incident->unit;
	struct exit_standing standing;
	TRY(find_under_way(decision, section->party, unit, &standing));
	if (standing.id.size == 0)
		return RECOURSE_OK;
	struct record_path block = block_path(standing.id, section->incident);
	frozen->exit = standing.id;
	frozen->held = standing.held;
	TRY(decision_put(decision, &block, &decision->entry, sizeof decision->entry));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, merchant, standing.id, unit, standing.held));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, -standing.held));
	standing.held = 0;
	standing.record.blocks++;
	return exit_save(decision, &standing);
}

/*
 * What the incident left comes back to the exit hold. A merchant that was refunded and had lodged a new deposit gets
 * the latter back as such: only what was retained is the exit's.
 */
static enum recourse_error give_back(struct decision *decision, struct exit_standing *standing, int64_t *left)
{
	const struct unit *unit = &standing->record.unit;
	int64_t back = *left;
	if (standing->record.state == EXIT_REFUNDED && back > standing->record.retained)
		back = standing->record.retained;
	*left -= back;
	TRY(amount_add_steps(standing->held, back, &standing->held));
	decision_fact_amount(decision, "given_back", unit, back);
	return decision_post(decision, CHART_DEPOSIT_EXIT, standing->merchant, standing->id, unit, -back);
}

/* What comes next of an exit that another incident, where one has the deposit frozen, blocks still. */
static enum recourse_error go_on(struct decision *decision, struct exit_standing *standing, bool frozen)
{
	struct record_exit *record = &standing->record;
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	if (!frozen)
		TRY(step_deposit(decision, standing,
			record->state == EXIT_REFUNDED ? DEPOSIT_FUNDED : DEPOSIT_EXIT_HOLD));
	if (record->state == EXIT_TAIL) {
		/* it strikes again, set by this entry: whether it struck in vain, or is still to come */
		record->tail_clock = 0;
		TRY(decision_put(decision, &path, record, sizeof *record));
		record->tail_clock = record->tail_ends;
		return RECOURSE_OK;
	}
	return !frozen && standing->held == 0 && record->state != EXIT_NOTICE ? end_empty(decision, standing)
									      : RECOURSE_OK;
}

enum recourse_error exit_unblock(struct decision *decision, const struct record_section *section,
	const struct unit *unit, bool frozen, int64_t *left)
{
	struct exit_standing standing;
	bool blocked;
	TRY(find_under_way(decision, section->party, unit, &standing));
	struct record_path block = block_path(standing.id, section->incident);
	TRY(record_exists(decision->state, &block, &blocked));
	if (!blocked)
		return RECOURSE_OK;
	standing.record.blocks--;
	TRY(decision_remove(decision, &block));
	if (!frozen)
		TRY(give_back(decision, &standing, left));
	TRY(go_on(decision, &standing, frozen));
	return exit_save(decision, &standing);
}

static const struct command rows[] = {
	COMMAND("exit.request", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, request_fields,
		apply_request, "a merchant leaves: its deposit is held until the tail's end", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_POLICY_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group exit_commands = COMMAND_GROUP(rows);
