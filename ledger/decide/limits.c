/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/proposal.h"

/* Memo accounts count as well: what one registers, uses up or writes off there, others get or lose in money later. */
static int64_t money_of(const struct decision *decision, const struct unit *unit)
{
	int64_t most = unit_same(&decision->counted, unit) ? decision->counted_steps : 0;
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		enum chart_book book = chart_find(posting->code)->book;
		int64_t steps = posting->steps < 0 ? -posting->steps : posting->steps;
		if (book != CHART_UNIT_BOOK && unit_same(&posting->unit, unit) && steps > most)
			most = steps;
	}
	return most;
}

int64_t limits_amount(const struct decision *decision, struct unit *unit)
{
	memset(unit, 0, sizeof *unit);
	if (decision->counted_steps > 0) {
		*unit = decision->counted;
		return money_of(decision, unit);
	}
	for (size_t index = 0; index < decision->posting_count; index++) {
		int64_t most = money_of(decision, &decision->postings[index].unit);
		if (most > 0) {
			*unit = decision->postings[index].unit;
			return most;
		}
	}
	return 0;
}

static slice incident_of(const struct decision *decision)
{
	for (size_t index = 0; index < decision->posting_count; index++) {
		if (decision->postings[index].reference.size > 0)
			return decision->postings[index].reference;
	}
	return slice_text("");
}

/* A day is one of the place whose calendar was published with the limits. */
static struct record_path used_path(
	const struct record_control *control, const struct record_limit *limit, uint64_t time, slice incident)
{
	struct record_path path = record_path_of_text(RECORD_USED, RECORD_TEXT(limit->command));
	record_path_text(&path, unit_code(&limit->unit));
	record_path_short(&path, limit->span);
	if (limit->span == AUTHORITY_DAY)
		record_path_number(&path, day_of(time, control->east));
	else
		record_path_text(&path, incident);
	return path;
}

/* What the limit's span comes to with this command; the command alone where it counts single ones. */
static enum recourse_error sum_used(struct decision *decision, const struct record_control *control,
	const struct record_limit *limit, int64_t amount, int64_t *sum)
{
	struct record_path path = used_path(control, limit, decision->time, incident_of(decision));
	int64_t used;
	*sum = amount;
	if (limit->span == AUTHORITY_SINGLE)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &used, sizeof used, NULL));
	if (amount_add_steps(used, amount, sum) != RECOURSE_OK)
		*sum = INT64_MAX;
	return RECOURSE_OK;
}

/* Limits in steps, 100.00 with one other person and 1,000.00 with two, count the same thing: once. */
static bool counted_before(const struct record_control *control, size_t index)
{
	const struct record_limit *limit = &control->limits[index];
	for (size_t other = 0; other < index; other++) {
		const struct record_limit *with = &control->limits[other];
		if (with->span == limit->span && unit_same(&with->unit, &limit->unit) &&
			slice_equal(RECORD_TEXT(with->command), RECORD_TEXT(limit->command)))
			return true;
	}
	return false;
}

static enum recourse_error count_limits(
	struct decision *decision, const struct record_control *control, slice command)
{
	for (size_t index = 0; index < control->count; index++) {
		const struct record_limit *limit = &control->limits[index];
		int64_t amount = money_of(decision, &limit->unit);
		int64_t sum;
		if (limit->span == AUTHORITY_SINGLE || amount == 0 ||
			!slice_equal(command, RECORD_TEXT(limit->command)) || counted_before(control, index))
			continue;
		struct record_path path = used_path(control, limit, decision->time, incident_of(decision));
		TRY(sum_used(decision, control, limit, amount, &sum));
		TRY(decision_put(decision, &path, &sum, sizeof sum));
	}
	return RECOURSE_OK;
}

enum recourse_error limits_count(struct decision *decision, slice command)
{
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	return count_limits(decision, &control, command);
}

enum recourse_error limits_check(struct decision *decision, slice command, uint32_t *approvals)
{
	struct record_control control;
	/* what a maker decides alone; a day's sum would tell a merchant what others have moved (I3) */
	bool own = (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0 || decision->counted_steps > 0;
	if (!decision->limited || !own)
		return RECOURSE_OK;
	TRY(authority_read(decision->state, &control));
	for (size_t index = 0; index < control.count; index++) {
		const struct record_limit *limit = &control.limits[index];
		int64_t sum;
		if (!slice_equal(command, RECORD_TEXT(limit->command)))
			continue;
		TRY(sum_used(decision, &control, limit, money_of(decision, &limit->unit), &sum));
		if (sum > limit->steps && limit->approvals > *approvals)
			*approvals = limit->approvals;
	}
	if (*approvals == 0)
		TRY(count_limits(decision, &control, command));
	return RECOURSE_OK;
}

/* Of what was moved in several parts the largest was counted, which moves back by now. */
static int64_t counted_of(const struct decision *decision, const struct record_booked *correction)
{
	int64_t most = money_of(decision, &correction->unit);
	return most > 0 && most < correction->amount ? most : correction->amount;
}

/* What is taken back is not used any more, of the day or the incident that it was counted in. */
static enum recourse_error count_back(struct decision *decision, const struct record_control *control,
	const struct record_limit *limit, const struct record_booked *correction, uint64_t instant)
{
	struct record_path path = used_path(control, limit, instant, RECORD_TEXT(correction->reference));
	int64_t used;
	bool counted;
	TRY(record_get_optional(decision->state, &path, &used, sizeof used, &counted));
	if (!counted && correction->takes_back != 0)
		return RECOURSE_OK; /* it was not limited then */
	if (correction->takes_back != 0)
		used = amount_beyond(used, counted_of(decision, correction));
	else if (amount_add_steps(used, correction->amount, &used) != RECOURSE_OK)
		used = INT64_MAX;
	return decision_put(decision, &path, &used, sizeof used);
}

enum recourse_error limits_corrected(
	struct decision *decision, const struct record_booked *correction, uint64_t instant)
{
	slice command = slice_text(booked_kind_names[correction->kind]);
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	for (size_t index = 0; index < control.count; index++) {
		const struct record_limit *limit = &control.limits[index];
		if (limit->span != AUTHORITY_SINGLE && slice_equal(command, RECORD_TEXT(limit->command)) &&
			unit_same(&limit->unit, &correction->unit) && !counted_before(&control, index))
			TRY(count_back(decision, &control, limit, correction, instant));
	}
	return RECOURSE_OK;
}
