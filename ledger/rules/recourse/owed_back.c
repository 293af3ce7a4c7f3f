/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed_back.h"

#include "base/split.h"
#include "rules/recourse/liability.h"

/* ---- to those it is owed to ---- */

/* Pays at most what is owed, and says how much it was. */
static enum recourse_error pay(struct decision *decision, const struct unit *unit,
	struct record_section *section, slice reference, int64_t steps, int64_t *paid)
{
	struct liabilities list;
	int64_t weights[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	*paid = steps < section->owed_back ? steps : section->owed_back;
	if (*paid == 0)
		return RECOURSE_OK;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++)
		weights[row] = list.rows[row].record.owed_back;
	TRY(split_all(*paid, weights, list.count, parts));
	section->owed_back -= *paid;
	for (size_t row = 0; row < list.count; row++) {
		struct record_liability *liability = &list.rows[row].record;
		liability->owed_back -= parts[row];
		if (parts[row] > 0)
			TRY(liability_put(decision, section, list.rows[row].party, liability));
		TRY(decision_post(
			decision, CHART_OVER_RECOVERY, list.rows[row].party, reference, unit, -parts[row]));
	}
	return RECOURSE_OK;
}

enum recourse_error owed_back_credit(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps)
{
	slice funder;
	int64_t paid;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(pay(decision, &incident->unit, section, reference, steps, &paid));
	return decision_post(decision, CHART_DUE_TO_FUNDER, funder, reference, &incident->unit, paid - steps);
}

/* ---- what is recourse no more ---- */

/* Out of each party's receivable, by what it owes; at most all of it. */
static enum recourse_error draw(struct decision *decision, const struct unit *unit,
	const struct record_section *section, slice reference, int64_t steps, int64_t *drawn)
{
	struct liabilities list;
	int64_t weights[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	int64_t open = 0;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		TRY(account_balance(decision->state, CHART_RECOURSE, list.rows[row].party, reference, unit,
			&weights[row]));
		open += weights[row];
	}
	*drawn = steps < open ? steps : open;
	TRY(split_all(*drawn, weights, list.count, parts));
	for (size_t row = 0; row < list.count; row++) {
		struct record_liability *liability = &list.rows[row].record;
		if (parts[row] == 0)
			continue;
		liability->liability -= parts[row];
		liability->recourse -= parts[row];
		TRY(liability_put(decision, section, list.rows[row].party, liability));
		TRY(decision_post(
			decision, CHART_RECOURSE, list.rows[row].party, reference, unit, -parts[row]));
	}
	return RECOURSE_OK;
}

/* By what the funder had from each. */
static enum recourse_error owe(struct decision *decision, struct record_section *section, int64_t steps)
{
	struct liabilities list;
	int64_t weights[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++)
		weights[row] = list.rows[row].record.received_recourse;
	TRY(split_all(steps, weights, list.count, parts));
	section->owed_back += steps;
	for (size_t row = 0; row < list.count; row++) {
		struct record_liability *liability = &list.rows[row].record;
		if (parts[row] == 0)
			continue;
		liability->liability -= parts[row];
		liability->recourse -= parts[row];
		liability->received_recourse -= parts[row];
		liability->owed_back += parts[row];
		TRY(liability_put(decision, section, list.rows[row].party, liability));
	}
	return RECOURSE_OK;
}

/* What the funder has not been paid out yet is theirs before it. */
static enum recourse_error pay_at_once(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice funder)
{
	const struct unit *unit = &incident->unit;
	int64_t due;
	int64_t paid;
	TRY(account_balance(decision->state, CHART_DUE_TO_FUNDER, funder, reference, unit, &due));
	TRY(pay(decision, unit, section, reference, due, &paid));
	return decision_post(decision, CHART_DUE_TO_FUNDER, funder, reference, unit, paid);
}

enum recourse_error owed_back_take(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps)
{
	const struct unit *unit = &incident->unit;
	slice unapportioned = slice_text(CHART_UNAPPORTIONED);
	slice funder;
	int64_t balance;
	int64_t drawn;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(account_balance(decision->state, CHART_RECOURSE, unapportioned, reference, unit, &balance));
	int64_t first = steps < balance ? steps : balance;
	TRY(decision_post(decision, CHART_RECOURSE, unapportioned, reference, unit, -first));
	TRY(draw(decision, unit, section, reference, steps - first, &drawn));
	int64_t rest = steps - first - drawn;
	if (rest == 0)
		return RECOURSE_OK;
	/* the funder lacks it again until it comes back, and has it from those until it gives it back */
	TRY(decision_post(decision, CHART_ADVANCES, funder, reference, unit, -rest));
	TRY(owe(decision, section, rest));
	return pay_at_once(decision, incident, section, reference, funder);
}
