/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/flag.h"

#include "rule/sealed.h"
#include "rules/claims/claim.h"
#include "rules/desk/desk.h"

/* More is asked for than all of the lot was bought for: whatever was used of it, and whenever that is recorded. */
static bool is_above_lot(const struct record_claim *claim, const struct record_entitlement *lot,
	const struct record_incident *incident)
{
	(void)incident;
	return claim->asked > lot->cost;
}

/* Recorded after the failure was declared, and said to be bought before. One that stands declares none. */
static bool is_dated_back(const struct record_claim *claim, const struct record_entitlement *lot,
	const struct record_incident *incident)
{
	(void)claim;
	return !record_incident_stands(incident) && lot->issue_entry > incident->entry && lot->issued != 0 &&
	       lot->issued < incident->declared;
}

const char *const flag_names[FLAG_KINDS + 1] = {[0] = "none",
	[FLAG_ABOVE_LOT] = "above-lot",
	[FLAG_DATED_BACK] = "dated-back",
	[FLAG_SHARED_PAYEE] = "shared-payee",
	[FLAG_PAYEE_CHANGED] = "payee-changed",
	[FLAG_ONE_ORIGIN] = "one-origin"};
const struct flag flag_table[FLAG_KINDS] = {
	[FLAG_ABOVE_LOT] = {"more is asked for than the lot was bought for", is_above_lot},
	[FLAG_DATED_BACK] = {"the lot was recorded after the failure was declared, as bought before",
		is_dated_back},
	[FLAG_SHARED_PAYEE] = {"the account was named for more holders than share one, as published", NULL},
	[FLAG_PAYEE_CHANGED] = {"it is paid to another account than was known when it was ruled on", NULL},
	[FLAG_ONE_ORIGIN] = {"more claims came from one origin than do, as published", NULL},
};

struct record_path flag_path(slice claim, enum flag_kind kind)
{
	struct record_path path = record_path_of_text(RECORD_FLAG, claim);
	record_path_short(&path, kind);
	return path;
}

enum recourse_error flag_count(struct state_view *view, slice claim, struct flag_sum *sum)
{
	struct record_path prefix = record_path_of_text(RECORD_FLAG, claim);
	struct record_flag flag;
	*sum = (struct flag_sum){.all = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &flag, sizeof flag)) {
		sum->all++;
		if (flag.cleared_entry != 0)
			continue;
		sum->open++;
		if (sum->due == 0 || flag.due < sum->due)
			sum->due = flag.due;
	}
	return walk.error;
}

/* The claim lies on the desk by the day of its flags. */
static enum recourse_error save(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_desk desk;
	struct flag_sum sum;
	TRY(desk_load(decision->state, id, &desk));
	TRY(flag_count(decision->state, id, &sum));
	desk.flags = sum.all;
	desk.flags_open = sum.open;
	desk.flag_due = sum.due;
	return desk_save(decision, id, claim, &desk);
}

/* Once of a kind, whatever it came to: who looked at it has done so. */
static enum recourse_error raise(struct decision *decision, slice id, const struct record_claim *claim,
	enum flag_kind kind, struct buffer *names)
{
	struct record_path path = flag_path(id, kind);
	struct record_flag flag = {.due = claim->due, .raised_entry = decision->entry};
	bool there;
	TRY(record_exists(decision->state, &path, &there));
	if (there)
		return RECOURSE_OK;
	buffer_append_format(names, "%s%s", names->size == 0 ? "" : " ", flag_names[kind]);
	return decision_put(decision, &path, &flag, sizeof flag);
}

enum recourse_error flag_raise(
	struct decision *decision, slice id, struct record_claim *claim, uint32_t shown)
{
	SCOPED(buffer_free) struct buffer names = {0};
	for (enum flag_kind kind = FLAG_ABOVE_LOT; kind < FLAG_KINDS; kind++) {
		if ((shown & FLAG_BIT(kind)) != 0)
			TRY(raise(decision, id, claim, kind, &names));
	}
	if (buffer_failed(&names))
		return RECOURSE_MEMORY;
	if (names.size == 0)
		return RECOURSE_OK;
	decision_fact_text(decision, "flags", slice_of(names.data, names.size));
	return save(decision, id, claim);
}

area_claim_placer flag_claim_placed;
enum recourse_error flag_claim_placed(struct decision *decision, slice id, struct record_claim *claim,
	const struct record_entitlement *lot, const struct record_incident *incident, uint32_t shown)
{
	for (enum flag_kind kind = FLAG_ABOVE_LOT; kind < FLAG_KINDS; kind++) {
		if (flag_table[kind].shown != NULL && flag_table[kind].shown(claim, lot, incident))
			shown |= FLAG_BIT(kind);
	}
	return flag_raise(decision, id, claim, shown);
}

/* ---- flag.clear ---- */

enum { CLEAR_CLAIM, CLEAR_FLAG, CLEAR_REASON, CLEAR_NOTE };
static const struct recourse_field clear_fields[] = {
	[CLEAR_CLAIM] = FIELD(ID, "claim", "that it is on"),
	[CLEAR_FLAG] = FIELD_CHOICE("flag", flag_names + FLAG_ABOVE_LOT, "which was looked at"),
	[CLEAR_REASON] = FIELD(ID, "reason", "reason code: what came of it"),
	[CLEAR_NOTE] = FIELD_OPTIONAL(NOTE, "note", "what was found"),
};

static enum recourse_error apply_clear(struct decision *decision, const struct value *values)
{
	slice id = values[CLEAR_CLAIM].text;
	struct record_path path = flag_path(id, FLAG_ABOVE_LOT + (enum flag_kind)values[CLEAR_FLAG].integer);
	struct record_claim claim;
	struct record_flag flag;
	TRY(claim_find(decision, id, &claim));
	TRY(decision_find(decision, "flag", &path, &flag, sizeof flag));
	if (flag.cleared_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "flag", flag.cleared_entry);
	TRY(person_differs(decision, &claim.filer, 1, "flag", "who filed a claim clears no flag of it"));
	flag.cleared_entry = decision->entry;
	flag.clearer = decision->actor->key;
	TRY(decision_put(decision, &path, &flag, sizeof flag));
	TRY(sealed_note(decision, id, &values[CLEAR_NOTE]));
	return save(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND("flag.clear", RECOURSE_ROLE_OPERATOR, clear_fields, apply_clear,
		"a flag of a claim was looked at by another person than who filed it", RECOURSE_NOT_FOUND,
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON),
};
const struct command_group flag_commands = COMMAND_GROUP(rows);
