/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

#include "rules/claims/claim.h"
#include "rules/claims/claim_move.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

enum { CANCEL_INCIDENT, CANCEL_REASON };
static const struct recourse_field cancel_fields[] = {
	[CANCEL_INCIDENT] = FIELD(ID, "incident", "that was declared by mistake"),
	[CANCEL_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error refuse_resting(struct decision *decision, uint64_t entry)
{
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "incident", entry);
}

/* The first ruling of any of its sections; 0: there is none. */
static enum recourse_error find_ruling(
	struct decision *decision, const struct record_incident *incident, uint64_t *entry)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*entry = 0;
	while (*entry == 0 && record_walk_next(&walk, &section, sizeof section))
		*entry = section.first_ruling;
	return walk.error;
}

/* The last entry of a party's money that came, served or not; and of costs, which stay noted when they are paid. */
static enum recourse_error find_last(
	struct decision *decision, const struct record_incident *incident, uint32_t number, uint64_t *entry)
{
	static const enum chart_code codes[] = {CHART_SUSPENSE, CHART_OVER_RECOVERY, CHART_COSTS};
	struct record_account account;
	slice party;
	*entry = incident->entry;
	TRY(party_name(decision->state, decision->arena, number, &party));
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		struct record_path path =
			account_path(codes[index], codes[index] == CHART_COSTS ? slice_text("") : party,
				RECORD_TEXT(incident->id), unit_code(&incident->unit));
		TRY(record_get_optional(decision->state, &path, &account, sizeof account, NULL));
		if (account.last_entry > *entry)
			*entry = account.last_entry;
	}
	return RECOURSE_OK;
}

/* The first of its parties of whom money came, waiting or served, or for whom it was spent; 0: there is none. */
static enum recourse_error find_money(
	struct decision *decision, const struct record_incident *incident, uint64_t *entry)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_liability liability;
	bool any = false;
	*entry = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (!any && record_walk_next(&walk, &liability, sizeof liability))
		any = liability.received > 0 || liability.costs > 0;
	TRY(walk.error);
	return any ? find_last(decision, incident, liability.party, entry) : RECOURSE_OK;
}

/* Nothing rests on it: no ruling, no money that came or was spent for it. */
static enum recourse_error check_unused(struct decision *decision, const struct record_incident *incident)
{
	struct blocker first;
	uint64_t entry;
	bool any;
	TRY(find_ruling(decision, incident, &entry));
	if (entry != 0)
		return refuse_resting(decision, entry);
	TRY(blocker_first(decision->state, decision->arena, incident, decision->time, true, &first, &any));
	if (any)
		return refuse_resting(decision, first.entry);
	TRY(find_money(decision, incident, &entry));
	return entry == 0 ? RECOURSE_OK : refuse_resting(decision, entry);
}

static enum recourse_error apply_cancel(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	TRY(incident_concerned(decision, values[CANCEL_INCIDENT].text, &incident));
	TRY(check_unused(decision, &incident));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_CANCELLED, "incident"));

	incident.clock = 0;
	incident.widening = 0;
	incident.close_clock = 0;
	incident.sweep = INCIDENT_UNDONE;
	return ending_go_on(decision, &incident);
}

/* ---- its claims ---- */

/* Withdrawn by one entry: each is told in it, and the longest ids fit. */
enum { CLAIMS_STEP = 48 };

static void tell(struct decision *decision, slice id, const char *what)
{
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text(what));
	item_write_pair_text(out, "claim", id);
	item_map_close(map, out);
}

/* Only their ids: nothing may be put while they are walked. */
static enum recourse_error list_claims(struct decision *decision, const struct record_incident *incident,
	slice ids[static CLAIMS_STEP], size_t *count)
{
	struct record_path prefix = record_path_of_short(RECORD_CLAIM_OPEN, incident->number);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*count = 0;
	while (*count < CLAIMS_STEP && record_walk_next(&walk, NULL, 0))
		TRY(arena_copy(decision->arena, walk.key.parts[2].text, &ids[(*count)++]));
	return walk.error;
}

enum recourse_error cancel_claims(
	struct decision *decision, const struct record_incident *incident, bool *more)
{
	slice ids[CLAIMS_STEP];
	size_t count;
	struct record_path open = record_path_of_short(RECORD_CLAIM_OPEN, incident->number);
	TRY(list_claims(decision, incident, ids, &count));
	for (size_t index = 0; index < count; index++) {
		bool moved;
		TRY(claim_move_back(decision, ids[index], &moved));
		if (!moved)
			TRY(claim_withdraw(decision, ids[index]));
		tell(decision, ids[index], moved ? "claim moved" : "claim withdrawn");
	}
	/* also those that stepped in where another one of their lot was withdrawn */
	return record_any(decision->state, &open, more);
}

/* ---- its pools ---- */

enum recourse_error cancel_section(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	slice merchant;
	int64_t left;
	TRY(ending_frozen(decision, incident, section, &merchant, &left));
	struct record_pool pool;
	TRY(section_frozen_pool(decision->state, incident, section, &pool));
	TRY(section_close(decision, incident, section));
	TRY(withdrawal_thaw(decision, pool.withdrawal, incident, merchant, &left));
	return unfreeze_section(decision, incident, section, merchant, true, left);
}

static const struct command rows[] = {
	COMMAND_CHECKED("incident.cancel", RECOURSE_ROLE_OPERATOR, 1, cancel_fields, apply_cancel,
		"an incident was declared by mistake, and nothing was decided: all is as before; another "
		"person "
		"approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group cancel_commands = COMMAND_GROUP(rows);
