/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/person.h"

#include "rule/check.h"

/* H1: a person's keys follow one another: one that was rotated ended where the next began, of the same person. */
static enum recourse_error look_at_key(struct check_context *check, const struct check_row *row)
{
	const struct record_key *key = row->record;
	struct record_key next;
	struct record_key first;
	TRY(person_key(check->state, key->person, &first));
	if (key->rotated_to == 0 && first.current != key->number)
		return check_wrong_entry(
			check, row->entry, "H1: a person has two keys that were not rotated");
	if (key->rotated_to == 0)
		return RECOURSE_OK;
	TRY(person_key(check->state, key->rotated_to, &next));
	if (key->revoked == 0 || next.entry != key->revoked_entry || next.person != key->person ||
		next.party != key->party || next.roles != key->roles)
		return check_wrong_entry(check, row->entry,
			"H1: a key that was rotated and the one in its place contradict each other");
	return RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_KEY, .entry = offsetof(struct record_key, entry), .look = look_at_key},
};
const struct check_group person_check_rows = CHECK_GROUP(rows);
