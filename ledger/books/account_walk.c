/* SPDX-License-Identifier: Apache-2.0 */
#include "books/account_walk.h"

#include "base/try.h"

static enum recourse_error take(struct account_walk *walk)
{
	TRY(record_read(tables_at(RECORD_ACCOUNT), walk->walk.value, &walk->account, sizeof walk->account));
	walk->key = walk->walk.key;
	return account_name_decode(walk->key, &walk->name);
}

/* The first account of the chart's row and those behind it that has any. */
static enum recourse_error seek(struct account_walk *walk, slice from)
{
	const struct chart_row *row;
	for (; (row = chart_at(walk->chart)) != NULL; walk->chart++) {
		struct record_path prefix;
		if (walk->code != 0 && row->code != walk->code)
			continue;
		record_path_start(&prefix, RECORD_ACCOUNT);
		record_path_short(&prefix, row->code);
		if (walk->one_party)
			record_path_text(&prefix, walk->party);
		enum recourse_error error =
			state_walk_first(&walk->walk, walk->view, record_path_slice(&prefix), from, STATE_UP);
		if (error != RECOURSE_QUERY_NOT_FOUND)
			return error == RECOURSE_OK ? take(walk) : error;
		state_walk_end(&walk->walk);
		from = slice_of(NULL, 0);
	}
	return RECOURSE_QUERY_NOT_FOUND;
}

bool account_walk_has(const struct account_walk *walk, const struct account_name *name)
{
	return (walk->code == 0 || walk->code == name->code) &&
	       (!walk->one_party || slice_equal(walk->party, name->party));
}

enum recourse_error account_walk_first(struct account_walk *walk, slice from)
{
	struct account_name name;
	walk->chart = 0;
	walk->walk = (struct state_walk){0};
	if (from.size == 0)
		return seek(walk, from);
	enum recourse_error error = account_name_decode(from, &name);
	if (error != RECOURSE_OK || !account_walk_has(walk, &name))
		return RECOURSE_QUERY_NOT_FOUND;
	while (chart_at(walk->chart) != NULL && chart_at(walk->chart)->code != name.code)
		walk->chart++;
	return seek(walk, from);
}

enum recourse_error account_walk_next(struct account_walk *walk)
{
	enum recourse_error error = state_walk_next(&walk->walk);
	if (error == RECOURSE_OK)
		return take(walk);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	state_walk_end(&walk->walk);
	walk->walk = (struct state_walk){0};
	walk->chart++;
	return seek(walk, slice_of(NULL, 0));
}

void account_walk_end(struct account_walk *walk)
{
	state_walk_end(&walk->walk);
	walk->walk = (struct state_walk){0};
}
