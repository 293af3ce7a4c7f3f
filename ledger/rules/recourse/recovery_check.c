/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/* G4: what was received is in suspense until it is sent down the waterfall, and what waits there for something after it. */
static enum recourse_error add_recoveries(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_RECOVERY);
	struct record_recovery recovery;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		struct record_incident incident;
		if (recovery.allocated_entry != 0 || recovery.bounced_entry != 0)
			continue;
		TRY(incident_load(check->state, recovery.incident, &incident));
		TRY(check_add(check, sums, 0, unit_code(&incident.unit), recovery.amount));
	}
	return walk.error;
}

/* Money for the deposit of an insolvent merchant. */
static enum recourse_error add_top_ups(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_TOP_UP);
	struct record_top_up top_up;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &top_up, sizeof top_up)) {
		if (top_up.ended_entry == 0)
			TRY(check_add(check, sums, 0, unit_code(&top_up.unit), top_up.amount));
	}
	return walk.error;
}

static enum recourse_error add_waiting(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_SECTION);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct record_incident incident;
		TRY(incident_load(check->state, section.incident, &incident));
		TRY(check_add(check, sums, 0, unit_code(&incident.unit), section.waiting));
	}
	return walk.error;
}

static enum recourse_error look_at_suspense(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	SCOPED(account_walk_end) struct account_walk walk = {.view = check->state, .code = CHART_SUSPENSE};
	(void)row;
	while (account_walk_next(&walk))
		TRY(check_add(check, &sums, 0, walk.name.unit, walk.account.balance));
	TRY(walk.error);
	TRY(add_recoveries(check, &sums));
	TRY(add_waiting(check, &sums));
	TRY(add_top_ups(check, &sums));
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return check_wrong(check,
				"G4: 2140 in %s is not what was received and serves nobody yet",
				sums.rows[index].unit);
	}
	return RECOURSE_OK;
}

static const struct check rows[] = {{.look = look_at_suspense}};
const struct check_group recovery_check_rows = CHECK_GROUP(rows);
