/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/attest.h"

#include "rule/party.h"
#include "rule/piece.h"
#include "rule/place.h"
#include "rule/unidentified.h"

static struct record_path line_path(const struct decision *decision, slice reference)
{
	return record_path_of_texts(RECORD_BANK_LINE, decision->actor->party, reference);
}

/* Begins a line of nothing, or sees that the one that is there is what is said of it. */
static enum recourse_error fit_line(struct decision *decision, const char *field, const struct unit *unit,
	enum bank_direction direction, bool there, struct record_bank_line *line)
{
	if (!there) {
		*line = (struct record_bank_line){.entry = decision->entry,
			.request = decision->request,
			.direction = (uint32_t)direction};
		memcpy(line->unit, unit->code, sizeof line->unit);
	}
	if (line->direction != (uint32_t)direction)
		return refuse(decision, RECOURSE_NOT_PERMITTED, field,
			direction == BANK_DEBIT ? "a line of the other direction: this one came in"
						: "a line of the other direction: this one went out");
	if (!slice_equal(RECORD_TEXT(line->unit), unit_code(unit)))
		return refuse_limit(decision, RECOURSE_UNIT_MISMATCH, field, "one in %s", line->unit);
	return RECOURSE_OK;
}

enum recourse_error attest_day(struct decision *decision, const char *field, slice text, uint64_t *day)
{
	uint64_t today;
	enum recourse_error error = day_parse(text, day);
	if (error != RECOURSE_OK)
		return refuse(decision, error, field, "a day such as 2016-05-04");
	TRY(place_today(decision, &today));
	return *day > today ? refuse(decision, RECOURSE_WINDOW_CLOSED, field, "a day that has begun")
			    : RECOURSE_OK;
}

enum recourse_error attest_whole(struct decision *decision, const struct value *line, const struct value *day)
{
	if (!day->present)
		return RECOURSE_OK;
	if (!line->present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "bank_reference", "the line of that day");
	TRY(attest_day(decision, "day", day->text, &decision->line_day));
	decision->line_whole = true;
	return RECOURSE_OK;
}

static enum recourse_error state_whole(struct decision *decision, const char *field, const struct unit *unit,
	int64_t steps, struct record_bank_line *line)
{
	line->amount = steps;
	line->stated = decision->entry;
	line->day = decision->line_day;
	return piece_takes(decision, field, unit, line->day, line);
}

static enum recourse_error take_line(struct decision *decision, slice reference, const struct unit *unit,
	enum bank_direction direction, int64_t steps, struct record_bank_line *line)
{
	static const char field[] = "bank_reference";
	struct record_path path = line_path(decision, reference);
	bool there;
	TRY(record_get_optional(decision->state, &path, line, sizeof *line, &there));
	bool others = line->stated == 0 && line->request != decision->request;
	if (there && (others || decision->line_whole))
		return refuse_entry(decision, RECOURSE_EXISTS, field, line->entry);
	TRY(fit_line(decision, field, unit, direction, there, line));
	if (decision->line_whole)
		TRY(state_whole(decision, field, unit, steps, line));
	int64_t left = line->amount - line->booked;
	if (line->stated != 0 && steps > left)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, field, unit, steps, left);
	if (line->stated == 0)
		TRY(amount_add_steps(line->amount, steps, &line->amount));
	line->booked += steps;
	line->named = decision->entry;
	if (line->stated != 0 && !decision->line_whole)
		decision_fact_integer(decision, "line", line->stated);
	return decision_put(decision, &path, line, sizeof *line);
}

/* As it will be when this entry's postings have moved it, shown on its side. */
static enum recourse_error find_standing(
	struct decision *decision, enum chart_code code, const struct unit *unit, int64_t *steps)
{
	slice custodian = decision->actor->party;
	TRY(account_balance(decision->state, code, custodian, slice_text(""), unit, steps));
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (posting->code == code && slice_equal(posting->party, custodian) &&
			posting->reference.size == 0 && unit_same(&posting->unit, unit))
			TRY(decision_sum(decision, steps, account_shown(code, posting->steps)));
	}
	return RECOURSE_OK;
}

static enum recourse_error move_overdrawn(struct decision *decision, const struct unit *unit, int64_t steps)
{
	slice custodian = decision->actor->party;
	TRY(decision_post(decision, CHART_CASH, custodian, slice_text(""), unit, steps));
	return decision_post(decision, CHART_OVERDRAWN, custodian, slice_text(""), unit, -steps);
}

/* What comes in makes up first for what the account is overdrawn by. */
static enum recourse_error post_cash(struct decision *decision, const struct unit *unit, int64_t steps)
{
	int64_t overdrawn;
	TRY(decision_post(decision, CHART_CASH, decision->actor->party, slice_text(""), unit, steps));
	if (steps <= 0)
		return RECOURSE_OK;
	TRY(find_standing(decision, CHART_OVERDRAWN, unit, &overdrawn));
	return move_overdrawn(decision, unit, -amount_least(overdrawn, steps));
}

/* What is not there. */
static enum recourse_error overdraw(struct decision *decision, const struct unit *unit)
{
	int64_t cash;
	TRY(find_standing(decision, CHART_CASH, unit, &cash));
	return cash < 0 ? move_overdrawn(decision, unit, -cash) : RECOURSE_OK;
}

/*
 * Cash of a line that was stated is the bank's of the day on which the bank booked it. Where the entry is of a later one,
 * that is noted, so that what is attested of the days between is held against it.
 */
static enum recourse_error post_stated(
	struct decision *decision, uint64_t day, const struct unit *unit, int64_t steps)
{
	struct record_path path = record_path_of_texts(RECORD_LATER, decision->actor->party, unit_code(unit));
	uint64_t today;
	int64_t later;
	TRY(place_today(decision, &today));
	TRY(post_cash(decision, unit, steps));
	if (day >= today)
		return RECOURSE_OK;
	record_path_number(&path, today);
	record_path_number(&path, day);
	TRY(record_get_optional(decision->state, &path, &later, sizeof later, NULL));
	TRY(amount_add_steps(later, steps, &later));
	return decision_put(decision, &path, &later, sizeof later);
}

enum recourse_error attest_later(
	struct state_view *view, slice custodian, slice unit, uint64_t day, int64_t *steps)
{
	struct record_path prefix = record_path_of_texts(RECORD_LATER, custodian, unit);
	struct record_path from = prefix;
	int64_t later;
	record_path_number(&from, day + 1);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &prefix, &from, STATE_UP);
	*steps = 0;
	while (record_walk_next(&walk, &later, sizeof later)) {
		if (walk.key.parts[3].number <= day)
			TRY(amount_add_steps(*steps, later, steps));
	}
	return walk.error;
}

enum recourse_error attest_cash(
	struct decision *decision, const struct value *line, const struct unit *unit, int64_t steps)
{
	struct record_bank_line record = {.stated = 0};
	enum bank_direction direction = steps < 0 ? BANK_DEBIT : BANK_CREDIT;
	if (line->present)
		TRY(take_line(decision, line->text, unit, direction, steps < 0 ? -steps : steps, &record));
	TRY(piece_names(decision, line->present ? &record : NULL));
	decision->line = record.entry;
	if (record.stated == 0)
		return post_cash(decision, unit, steps);
	if (direction == BANK_DEBIT)
		return post_stated(decision, record.day, unit, steps);
	TRY(unidentified_free(decision, record.stated));
	return unidentified_move(decision, record.stated, unit, -steps);
}

enum recourse_error attest_taken(
	struct decision *decision, const struct value *line, const struct unit *unit, int64_t steps)
{
	TRY(attest_cash(decision, line, unit, -steps));
	return overdraw(decision, unit);
}

enum recourse_error attest_received(struct decision *decision, const struct value *line,
	const struct unit *unit, int64_t steps, enum chart_code credit, slice party, slice reference)
{
	TRY(attest_cash(decision, line, unit, steps));
	return decision_post(decision, credit, party, reference, unit, -steps);
}

enum recourse_error attest_paid(struct decision *decision, const struct value *line, const struct unit *unit,
	int64_t steps, enum chart_code debit, slice party, slice reference)
{
	TRY(decision_post(decision, debit, party, reference, unit, steps));
	return attest_cash(decision, line, unit, -steps);
}

static enum recourse_error free_line(
	struct decision *decision, slice reference, int64_t steps, struct record_bank_line *line)
{
	struct record_path path = line_path(decision, reference);
	TRY(record_get_named(decision->state, &path, line, sizeof *line));
	line->booked -= steps;
	line->named = decision->entry;
	if (line->stated == 0)
		line->amount -= steps;
	return line->amount == 0 ? decision_remove(decision, &path)
				 : decision_put(decision, &path, line, sizeof *line);
}

enum recourse_error attest_back(
	struct decision *decision, slice reference, const struct unit *unit, int64_t steps)
{
	struct record_bank_line line = {.stated = 0};
	TRY(piece_takes_back(decision));
	if (reference.size > 0)
		TRY(free_line(decision, reference, steps < 0 ? -steps : steps, &line));
	if (line.stated != 0 && line.direction == BANK_CREDIT)
		return unidentified_move(decision, line.stated, unit, steps);
	TRY(line.stated == 0 ? post_cash(decision, unit, -steps)
			     : post_stated(decision, line.day, unit, -steps));
	return overdraw(decision, unit);
}

enum recourse_error attest_line_is(struct decision *decision, slice reference, uint64_t entry, bool *same)
{
	struct record_path path = line_path(decision, reference);
	struct record_bank_line line = {.entry = 0};
	TRY(record_get_optional(decision->state, &path, &line, sizeof line, NULL));
	*same = line.entry == entry;
	return RECOURSE_OK;
}

enum recourse_error attest_state(struct decision *decision, const char *field, slice reference,
	const struct unit *unit, enum bank_direction direction, int64_t steps, uint64_t day)
{
	struct record_path path = line_path(decision, reference);
	struct record_bank_line line;
	bool there;
	TRY(record_get_optional(decision->state, &path, &line, sizeof line, &there));
	if (there && line.stated != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, field, line.entry);
	TRY(fit_line(decision, field, unit, direction, there, &line));
	int64_t left = steps - line.booked;
	if (left < 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, field, unit, line.booked, steps);
	line.amount = steps;
	line.stated = decision->entry;
	line.day = day;
	line.early = line.booked;
	TRY(piece_takes(decision, field, unit, day, &line));
	TRY(decision_put(decision, &path, &line, sizeof line));
	if (direction == BANK_DEBIT)
		return RECOURSE_OK;
	TRY(post_stated(decision, day, unit, left));
	TRY(unidentified_begin(decision, reference, unit));
	return unidentified_move(decision, line.stated, unit, left);
}

enum recourse_error attest_said_before(struct decision *decision, const char *field, slice reference,
	const struct unit *unit, enum bank_direction direction, int64_t steps, uint64_t day, bool *before)
{
	struct record_path path = line_path(decision, reference);
	struct record_bank_line line;
	TRY(record_get_optional(decision->state, &path, &line, sizeof line, NULL));
	*before = piece_is(decision) && line.stated != 0;
	if (!*before)
		return RECOURSE_OK;
	TRY(fit_line(decision, field, unit, direction, true, &line));
	if (line.amount != steps)
		return refuse_amount(decision, RECOURSE_EXISTS, "amount", unit, steps, line.amount);
	if (line.day != day)
		return refuse_entry(decision, RECOURSE_EXISTS, "day", line.stated);
	TRY(piece_takes(decision, field, unit, day, &line));
	decision_fact_integer(decision, "stated", line.stated);
	return decision_put(decision, &path, &line, sizeof line);
}

enum recourse_error attest_unstate(
	struct decision *decision, const char *field, slice reference, const struct unit *unit)
{
	struct record_path path = line_path(decision, reference);
	struct record_bank_line line;
	TRY(piece_takes_back(decision));
	TRY(record_get_named(decision->state, &path, &line, sizeof line));
	int64_t left = line.amount - line.booked;
	uint64_t stated = line.stated;
	uint64_t day = line.day;
	if (line.named > stated)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, line.named);
	TRY(piece_holds(decision, field, &line));
	line.amount = line.booked;
	line.stated = line.day = 0;
	line.early = 0;
	TRY(line.amount == 0 ? decision_remove(decision, &path)
			     : decision_put(decision, &path, &line, sizeof line));
	if (line.direction == BANK_DEBIT)
		return RECOURSE_OK;
	TRY(unidentified_move(decision, stated, unit, -left));
	TRY(unidentified_end(decision, stated));
	TRY(post_stated(decision, day, unit, -left));
	return overdraw(decision, unit);
}

enum recourse_error attest_fee(struct decision *decision, const struct unit *unit, int64_t steps)
{
	slice platform;
	TRY(party_own_name(decision->state, decision->arena, &platform));
	return decision_post(decision, CHART_OWED_BY_PLATFORM, platform, slice_text(""), unit, steps);
}
