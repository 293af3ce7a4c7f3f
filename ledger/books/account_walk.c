/* SPDX-License-Identifier: Apache-2.0 */
#include "books/account_walk.h"

bool account_walk_has(const struct account_walk *walk, const struct account_name *name)
{
	return (walk->code == 0 || walk->code == name->code) &&
	       (!walk->one_party || slice_equal(walk->party, name->party));
}

/* The chart's row of the account to begin with; one behind the last for no account of this walk. */
static size_t row_of(const struct account_walk *walk, slice from)
{
	struct account_name name;
	bool has = account_name_decode(from, &name) == RECOURSE_OK && account_walk_has(walk, &name);
	size_t row = 0;
	while (chart_at(row) != NULL && !(has && chart_at(row)->code == name.code))
		row++;
	return row;
}

static void enter_row(struct account_walk *walk, uint16_t code)
{
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, code);
	if (walk->one_party)
		record_path_text(&prefix, walk->party);
	walk->walk = record_walk_from(walk->view, &prefix, &walk->from, STATE_UP);
	walk->within = true;
	walk->from.size = 0;
}

bool account_walk_next(struct account_walk *walk)
{
	const struct chart_row *row;
	if (walk->from.size > 0)
		walk->chart = row_of(walk, record_path_slice(&walk->from));
	for (; walk->error == RECOURSE_OK && (row = chart_at(walk->chart)) != NULL; walk->chart++) {
		if (walk->code != 0 && row->code != walk->code)
			continue;
		if (!walk->within)
			enter_row(walk, row->code);
		if (record_walk_next(&walk->walk, &walk->account, sizeof walk->account)) {
			walk->name = account_name(&walk->walk.key);
			walk->key = walk->walk.bytes;
			return true;
		}
		walk->error = walk->walk.error;
		account_walk_end(walk);
	}
	return false;
}

void account_walk_end(struct account_walk *walk)
{
	if (walk->within)
		record_walk_end(&walk->walk);
	walk->within = false;
}
