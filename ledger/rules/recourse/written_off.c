/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/written_off.h"

/* ---- in total ---- */

static amount_sum least(amount_sum one, amount_sum other)
{
	return one < other ? one : other;
}

/* Of all that was written off, when so much has served the advances: see the drawing. */
static int64_t brought_back(const struct record_section *section, int64_t all, int64_t served)
{
	const amount_sum rises = (amount_sum)served - section->off_from;
	const amount_sum before = least(section->off_before, rises + section->off_beyond);
	const amount_sum back = least(all, rises > before ? rises : before);
	return back > 0 ? (int64_t)back : 0;
}

/* From here on what serves brings back more: what served beyond what was written off by now does not. */
static void begin(struct record_section *section, int64_t all)
{
	const int64_t served = section->recourse_collected;
	const amount_sum rises = (amount_sum)served - section->off_from;
	const int64_t back = brought_back(section, all, served);
	amount_sum beyond = section->off_beyond;
	if (rises == back && back >= section->off_before)
		return;
	beyond += rises > all ? rises - all : rises - section->off_before;
	section->off_beyond = beyond > 0 ? (int64_t)beyond : 0;
	section->off_from = served - back;
	section->off_before = back;
}

/* ---- whose it is ---- */

/* By what each is, as far as it goes, and as far as there is something to bring back. */
static enum recourse_error bring_back(
	size_t count, const int64_t *weights, int64_t *left, struct written_off *off)
{
	int64_t sum;
	int64_t parts[SPREAD_MAX];
	TRY(spread_sum(count, weights, &sum));
	const int64_t steps = amount_least(*left, sum);
	TRY(spread_split(steps, count, weights, parts));
	for (size_t row = 0; row < count; row++) {
		off->enforceable[row] -= parts[row];
		off->reinstated[row] += parts[row];
	}
	*left -= steps;
	return RECOURSE_OK;
}

static enum recourse_error find(const struct record_section *section, const struct liabilities *list,
	int64_t served, const int64_t *open, struct written_off *off)
{
	int64_t all;
	int64_t weights[SPREAD_MAX];
	for (size_t row = 0; row < list->count; row++) {
		const struct record_liability *record = &list->rows[row].record;
		TRY(amount_add_steps(record->enforceable, record->reinstated, &off->enforceable[row]));
		off->reinstated[row] = 0;
		weights[row] = amount_beyond(off->enforceable[row], open[row]);
	}
	TRY(spread_sum(list->count, off->enforceable, &all));
	int64_t left = brought_back(section, all, served);
	TRY(bring_back(list->count, weights, &left, off));
	for (size_t row = 0; row < list->count; row++)
		weights[row] = amount_beyond(list->rows[row].record.reinstated, off->reinstated[row]);
	TRY(bring_back(list->count, weights, &left, off));
	memcpy(weights, off->enforceable, sizeof weights);
	TRY(bring_back(list->count, weights, &left, off));
	for (size_t row = 0; row < list->count; row++)
		off->memo[row] = amount_least(off->enforceable[row], open[row]);
	return RECOURSE_OK;
}

enum recourse_error written_off_then(const struct record_section *section, const struct liabilities *list,
	const struct reckon *reckoned, struct written_off *off)
{
	int64_t open[SPREAD_MAX];
	for (size_t row = 0; row < list->count; row++)
		open[row] = reckoned->parties[row].open;
	return find(section, list, reckoned->advances_served, open, off);
}

enum recourse_error written_off_now(
	const struct record_section *section, const struct liabilities *list, struct written_off *off)
{
	int64_t open[SPREAD_MAX];
	for (size_t row = 0; row < list->count; row++)
		open[row] = list->rows[row].record.open;
	return find(section, list, section->recourse_collected, open, off);
}

/* ---- what is given up ---- */

enum recourse_error written_off_post(struct decision *decision, const struct record_incident *incident,
	enum chart_code receivable, slice party, slice reference, int64_t steps)
{
	slice funder;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(decision_move(
		decision, &incident->unit, steps, CHART_ADVANCES, funder, receivable, party, reference));
	return decision_move(decision, &incident->unit, steps, CHART_WRITTEN_OFF, party, CHART_MEMO_CONTRA,
		party, reference);
}

/* What was brought back by now stays whose it was. */
static enum recourse_error keep_as_it_is(struct record_section *section, struct liabilities *list, bool more)
{
	struct written_off off;
	int64_t left;
	int64_t back;
	TRY(written_off_now(section, list, &off));
	for (size_t row = 0; row < list->count; row++) {
		list->rows[row].record.enforceable = off.enforceable[row];
		list->rows[row].record.reinstated = off.reinstated[row];
	}
	TRY(spread_sum(list->count, off.enforceable, &left));
	TRY(spread_sum(list->count, off.reinstated, &back));
	TRY(amount_add_steps(left, back, &left));
	if (more)
		begin(section, left);
	return RECOURSE_OK;
}

static enum recourse_error keep_row(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct liability_row *row, int64_t memo)
{
	slice reference;
	const int64_t more = memo - row->record.written_off;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(written_off_post(decision, incident, CHART_RECOURSE, row->party, reference, more));
	section->written_off += more;
	row->record.written_off = memo;
	return liability_put(decision, section, row->party, &row->record);
}

enum recourse_error written_off_add(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t steps)
{
	struct liabilities list;
	struct written_off off;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	struct liability_row *given_up = liability_among(&list, party);
	if (given_up == NULL)
		return RECOURSE_STORE_CORRUPT;
	TRY(keep_as_it_is(section, &list, steps > 0));
	TRY(amount_add_steps(given_up->record.enforceable, steps, &given_up->record.enforceable));
	TRY(written_off_now(section, &list, &off));
	for (size_t row = 0; row < list.count; row++)
		TRY(keep_row(decision, incident, section, &list.rows[row], off.memo[row]));
	return RECOURSE_OK;
}
