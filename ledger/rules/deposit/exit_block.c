/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/incident/incident.h"

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

enum recourse_error exit_block_freeze(
	struct decision *decision, slice merchant, slice reference, const struct record_incident *incident)
{
	struct exit_standing standing;
	const struct unit *unit = &incident->unit;
	TRY(exit_under_way(decision, incident->merchant, unit, &standing));
	if (standing.id.size == 0)
		return RECOURSE_OK;
	struct record_path block = block_path(standing.id, incident->number);
	decision_fact_text(decision, "blocks_exit", standing.id);
	decision_fact_amount(decision, "exit_frozen", unit, standing.held);
	TRY(decision_put(decision, &block, &decision->entry, sizeof decision->entry));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, merchant, standing.id, unit, standing.held));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, -standing.held));
	standing.held = 0;
	standing.record.blocks++;
	return exit_save(decision, &standing);
}

enum { RESUME_EXIT, RESUME_INCIDENT, RESUME_REASON };
static const struct recourse_field resume_fields[] = {
	[RESUME_EXIT] = FIELD(ID, "exit", "the exit that was blocked"),
	[RESUME_INCIDENT] = FIELD(ID, "incident", "that blocks it, and needs the deposit no more"),
	[RESUME_REASON] = FIELD(ID, "reason", "reason code"),
};

/*
 * What the incident left comes back to the exit hold. A merchant that was refunded and had lodged a new deposit gets
 * the latter back as such: only what was retained is the exit's.
 */
static enum recourse_error give_back(struct decision *decision, struct exit_standing *standing, int64_t left)
{
	const struct unit *unit = &standing->record.unit;
	int64_t back = left;
	if (standing->record.state == EXIT_REFUNDED && left > standing->record.retained)
		back = standing->record.retained;
	TRY(amount_add_steps(standing->held, back, &standing->held));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, standing->merchant, standing->id, unit, -back));
	TRY(decision_post(decision, CHART_DEPOSIT, standing->merchant, slice_text(""), unit, back - left));
	decision_fact_amount(decision, "given_back", unit, left);
	return RECOURSE_OK;
}

/* What comes next of an exit that `blocker`, where there is one, blocks still. */
static enum recourse_error go_on(struct decision *decision, struct exit_standing *standing, uint32_t blocker)
{
	struct record_exit *record = &standing->record;
	struct record_path path = record_path_of_text(RECORD_EXIT, standing->id);
	enum deposit_state back = record->state == EXIT_REFUNDED ? DEPOSIT_FUNDED : DEPOSIT_EXIT_HOLD;
	TRY(exit_step_deposit(decision, standing, blocker != 0 ? DEPOSIT_FROZEN : back, blocker));
	if (record->state == EXIT_TAIL) {
		/* it strikes again, set by this entry: whether it struck in vain, or is still to come */
		record->tail_clock = 0;
		TRY(decision_put(decision, &path, record, sizeof *record));
		record->tail_clock = record->tail_ends;
		return RECOURSE_OK;
	}
	return blocker == 0 && standing->held == 0 && record->state != EXIT_NOTICE
		       ? exit_end_empty(decision, standing)
		       : RECOURSE_OK;
}

static enum recourse_error apply_resume(struct decision *decision, const struct value *values)
{
	slice id = values[RESUME_INCIDENT].text;
	struct exit_standing standing;
	struct record_incident incident;
	uint64_t entry;
	uint32_t blocker;
	int64_t left;
	TRY(exit_governing(decision, values[RESUME_EXIT].text, &standing));
	TRY(incident_governing(decision, "incident", id, &incident));
	/* nobody can claim any more, and whoever did has an answer and its money */
	TRY(incident_decided(decision, &incident));
	if (incident.claims_paid != incident.claims_decided)
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident.state));
	struct record_path block = block_path(standing.id, incident.number);
	TRY(decision_find(decision, "incident", &block, &entry, sizeof entry));

	standing.record.blocks--;
	TRY(decision_remove(decision, &block));
	TRY(exit_block_first(decision->state, standing.id, &blocker));
	const struct unit *unit = &standing.record.unit;
	TRY(decision_balance(decision, CHART_DEPOSIT_FROZEN, standing.merchant, id, unit, &left));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, standing.merchant, id, unit, left));
	if (blocker == 0) {
		TRY(give_back(decision, &standing, left));
	} else {
		/* it is the next one's, as long as one blocks: that one's claims have to be served as well */
		decision_fact_amount(decision, "passed_on", unit, left);
		TRY(deposit_freeze(decision, blocker, standing.merchant, unit, left));
	}
	TRY(go_on(decision, &standing, blocker));
	return exit_save(decision, &standing);
}

static const struct command rows[] = {
	COMMAND("exit.resume", RECOURSE_ROLE_OPERATOR, resume_fields, apply_resume,
		"an incident is done with an exit that it blocked: what is left is held again",
		RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED),
};
const struct command_group exit_block_commands = COMMAND_GROUP(rows);
