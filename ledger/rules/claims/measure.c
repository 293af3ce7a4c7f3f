/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/measure.h"

#include "rules/claims/hearing.h"

#include "rule/sealed.h"

/* ---- how long claims wait ---- */

static const uint32_t waited_hours[] = {1, 24, 72, 168};

static void add_waited(struct record_waited *waited, uint32_t waited_and_one, int64_t times)
{
	size_t step = 0;
	if (waited_and_one == 0)
		return;
	uint32_t seconds = waited_and_one - 1;
	while (step < WAITED_STEPS - 1 && seconds > waited_hours[step] * 3600)
		step++;
	waited->claims[step] += (uint64_t)times;
	waited->seconds += (uint64_t)times * seconds;
}

void measure_add_claim(struct record_section *section, const struct record_claim *claim, int64_t times)
{
	add_waited(&section->answered, claim->answered_in, times);
	add_waited(&section->settled, claim->paid_in, times);
	section->restarts += (uint64_t)times * claim->restarts;
}

static uint32_t seconds_of(uint64_t instant)
{
	uint64_t seconds = instant / INSTANT_SECOND;
	return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

/* No clock of the ledger runs back. */
static uint32_t since_filing(const struct decision *decision, const struct record_claim *claim)
{
	uint32_t seconds = seconds_of(decision->time) - claim->filed_at;
	return seconds < UINT32_MAX ? seconds + 1 : UINT32_MAX;
}

void measure_filed(const struct decision *decision, struct record_claim *claim)
{
	claim->filed_at = seconds_of(decision->time);
}

void measure_answered(
	const struct decision *decision, struct record_section *section, struct record_claim *claim)
{
	if (claim->answered_in != 0)
		return;
	claim->answered_in = since_filing(decision, claim);
	add_waited(&section->answered, claim->answered_in, 1);
}

void measure_paid(const struct decision *decision, struct record_section *section, struct record_claim *claim)
{
	claim->paid_first = claim->paid_in == 0;
	if (claim->paid_first == 0)
		return;
	claim->paid_in = since_filing(decision, claim);
	add_waited(&section->settled, claim->paid_in, 1);
}

void measure_unpaid(struct record_section *section, struct record_claim *claim)
{
	if (claim->paid_first == 0)
		return;
	add_waited(&section->settled, claim->paid_in, -1);
	claim->paid_in = claim->paid_first = 0;
}

enum recourse_error measure_restart(
	struct decision *decision, slice fallen, struct record_section *section, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, fallen);
	struct record_claim before;
	if (fallen.size == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &before, sizeof before));
	claim->restarts = before.state == CLAIM_WITHDRAWN;
	section->restarts += claim->restarts;
	return RECOURSE_OK;
}

/* ---- what people do ---- */

enum { MEASURES = sizeof(struct record_measure) / sizeof(int64_t) };
_Static_assert(sizeof(struct record_measure) == MEASURES * sizeof(int64_t), "of figures alone");

void measure_add(struct record_measure *sum, const struct record_measure *measure, int64_t times)
{
	int64_t sums[MEASURES];
	int64_t figures[MEASURES];
	memcpy(sums, sum, sizeof sums);
	memcpy(figures, measure, sizeof figures);
	for (size_t index = 0; index < MEASURES; index++)
		sums[index] += times * figures[index];
	memcpy(sum, sums, sizeof sums);
}

void measure_of_desk(const struct record_desk *desk, struct record_measure *measure)
{
	measure->repeats = desk->repeats;
	measure->hand_overs = desk->hand_overs;
	measure->bounces = desk->bounces;
	measure->overdues = desk->overdues;
	measure->promises = desk->promises;
	measure->promises_open = desk->promises_open;
	measure->promises_kept = desk->promises_kept;
	measure->promises_missed = desk->promises_missed;
	measure->callbacks = desk->callbacks;
	measure->callbacks_kept = desk->callbacks_kept;
	measure->callbacks_missed = desk->callbacks_missed;
}

enum recourse_error measure_of(
	struct state_view *view, slice id, const struct record_claim *claim, struct record_measure *measure)
{
	struct record_path path = record_path_of_text(RECORD_DESK, id);
	struct record_desk desk;
	struct record_sealed sealed;
	struct record_hearing hearing;
	*measure = (struct record_measure){.contacts = 0};
	TRY(sealed_read(view, id, &sealed));
	TRY(hearing_load(view, id, claim, &hearing));
	if (claim->desk != 0) {
		TRY(record_get_named(view, &path, &desk, sizeof desk));
		measure_of_desk(&desk, measure);
	}
	measure->contacts = (int64_t)sealed.came;
	measure->repeat_contacts = sealed.came > 1 ? (int64_t)sealed.came - 1 : 0;
	measure->appeals = hearing.appeals;
	measure->upheld = hearing.upheld;
	measure->varied = hearing.varied;
	measure->reversed = hearing.reversed;
	return RECOURSE_OK;
}

enum recourse_error measure_change(struct decision *decision, uint32_t incident,
	const struct record_measure *before, const struct record_measure *after)
{
	static const struct record_measure nothing;
	struct record_path path = record_path_of_short(RECORD_MEASURE, incident);
	struct record_measure change = nothing;
	struct record_measure sum;
	if (after != NULL)
		measure_add(&change, after, 1);
	if (before != NULL)
		measure_add(&change, before, -1);
	if (memcmp(&change, &nothing, sizeof change) == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &sum, sizeof sum, NULL));
	measure_add(&sum, &change, 1);
	return decision_put(decision, &path, &sum, sizeof sum);
}

/* ---- a claim that goes on in another incident ---- */

enum recourse_error measure_leave(
	struct decision *decision, slice id, const struct record_claim *claim, struct record_section *section)
{
	struct record_measure measure;
	measure_add_claim(section, claim, -1);
	TRY(measure_of(decision->state, id, claim, &measure));
	return measure_change(decision, section->incident, &measure, NULL);
}

enum recourse_error measure_enter(
	struct decision *decision, slice id, const struct record_claim *claim, struct record_section *section)
{
	struct record_measure measure;
	measure_add_claim(section, claim, 1);
	TRY(measure_of(decision->state, id, claim, &measure));
	return measure_change(decision, section->incident, NULL, &measure);
}
