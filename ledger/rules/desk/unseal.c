/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

#include "rules/claims/claim.h"

/* Reading and erasing what was said, and what keeps it from being erased (I2): see README.md. */

enum { UNSEAL_NOTE, UNSEAL_REASON };
static const struct recourse_field unseal_fields[] = {
	[UNSEAL_NOTE] = FIELD_INTEGER("note", 0, INT64_MAX, "the entry that it was said in"),
	[UNSEAL_REASON] = FIELD(ID, "reason", "reason code: what it is read for"),
};

/* The text comes with the answer and not out of the log: whoever has the log alone learns who read it, and when. */
static enum recourse_error apply_unseal(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_number(RECORD_NOTED, (uint64_t)values[UNSEAL_NOTE].integer);
	struct record_note note;
	uint64_t erased;
	TRY(refuse_absent(decision, record_get(decision->state, &path, &note, sizeof note),
		RECOURSE_NOT_FOUND, "note", "an entry with a note"));
	TRY(sealed_erased(decision->state, &note, &erased));
	if (erased != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "note", erased);
	decision_fact_text(decision, "claim", RECORD_TEXT(note.claim));
	return decision_about(decision, RECORD_CLAIM, RECORD_TEXT(note.claim));
}

enum { ERASE_CLAIM, ERASE_REASON };
static const struct recourse_field erase_fields[] = {
	[ERASE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[ERASE_REASON] = FIELD(ID, "reason", "reason code"),
};

/* One that stands, where the claim has any: the one whose id comes first. */
static enum recourse_error refuse_held(struct decision *decision, slice claim)
{
	struct record_path prefix = record_path_of_text(RECORD_LEGAL_HOLD, claim);
	struct record_legal_hold hold;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &hold, sizeof hold)) {
		if (hold.released_entry == 0)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", hold.placed_entry);
	}
	return walk.error;
}

static enum recourse_error apply_erase(struct decision *decision, const struct value *values)
{
	slice id = values[ERASE_CLAIM].text;
	struct record_claim claim;
	struct record_sealed sealed;
	struct record_note_key key;
	TRY(claim_find(decision, id, &claim));
	TRY(sealed_read(decision->state, id, &sealed));
	if (sealed.key == 0)
		return refuse(decision, RECOURSE_NOT_FOUND, "claim", "a claim of which something is sealed");
	struct record_path path = sealed_key_path(sealed.key);
	TRY(record_get_named(decision->state, &path, &key, sizeof key));
	if (key.erased_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", key.erased_entry);
	TRY(refuse_held(decision, id));
	key.erased_entry = decision->entry;
	decision->erased = true;
	TRY(decision_put(decision, &path, &key, sizeof key));
	decision_fact_integer(decision, "notes", key.notes);
	return sealed_put_about(decision, id, &sealed);
}

static const struct command rows[] = {
	COMMAND(COMMAND_UNSEAL, RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER,
		unseal_fields, apply_unseal, "read what was said; that you did is an entry",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG),
	COMMAND_FOR_GOOD("note.erase", RECOURSE_ROLE_OPERATOR, 1, erase_fields, apply_erase,
		"what was said about a claim can be read by nobody any more; another person approves",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group unseal_commands = COMMAND_GROUP(rows);
