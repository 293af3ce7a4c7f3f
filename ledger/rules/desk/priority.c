/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/sealed.h"
#include "rules/claims/claim.h"
#include "rules/desk/desk.h"

/* E4: what can not wait comes before all others: claim.prioritise. */

static const char *const priority_names[] = {"urgent", "ordinary", NULL};
enum { PRIORITY_URGENT, PRIORITY_ORDINARY };
enum { PRIORITISE_CLAIM, PRIORITISE_PRIORITY, PRIORITISE_REASON, PRIORITISE_NOTE };
static const struct recourse_field prioritise_fields[] = {
	[PRIORITISE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[PRIORITISE_PRIORITY] = FIELD_OPTIONAL_CHOICE("priority", priority_names,
		"urgent: before all others; ordinary: by its day again; urgent if absent"),
	[PRIORITISE_REASON] = FIELD(ID, "reason", "reason code, such as safety"),
	[PRIORITISE_NOTE] = FIELD_OPTIONAL(NOTE, "note", "what was said"),
};

static enum recourse_error apply_prioritise(struct decision *decision, const struct value *values)
{
	slice id = values[PRIORITISE_CLAIM].text;
	bool urgent = values[PRIORITISE_PRIORITY].integer == PRIORITY_URGENT;
	struct record_claim claim;
	struct record_desk desk;
	TRY(desk_find_waiting(decision, id, &claim));
	TRY(desk_load(decision->state, id, &desk));
	if (urgent == (desk.urgent_entry != 0))
		return refuse_state(decision, "claim", priority_names[values[PRIORITISE_PRIORITY].integer]);
	desk.urgent_entry = urgent ? decision->entry : 0;
	TRY(sealed_note(decision, id, &values[PRIORITISE_NOTE]));
	return desk_save(decision, id, &claim, &desk);
}

static const struct command rows[] = {
	COMMAND("claim.prioritise", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, prioritise_fields,
		apply_prioritise, "a claim that can not wait comes before all others", RECOURSE_STATE_WRONG),
};
const struct command_group priority_commands = COMMAND_GROUP(rows);
