/* SPDX-License-Identifier: Apache-2.0 */
#include "suggest.h"

enum { LENGTH_MAX = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance_between(slice a, slice b)
{
	size_t row[LENGTH_MAX + 1];
	for (size_t column = 0; column <= b.size; column++)
		row[column] = column;
	for (size_t line = 1; line <= a.size; line++) {
		size_t diagonal = row[0];
		row[0] = line;
		for (size_t column = 1; column <= b.size; column++) {
			size_t changed = diagonal + (a.data[line - 1] != b.data[column - 1]);
			diagonal = row[column];
			row[column] = least(changed, least(row[column], row[column - 1]) + 1);
		}
	}
	return row[b.size];
}

void suggest_consider(struct suggest *suggest, const char *candidate)
{
	slice name = slice_text(candidate);
	if (suggest->word.size > LENGTH_MAX || name.size > LENGTH_MAX)
		return;
	size_t distance = distance_between(suggest->word, name);
	if (suggest->best != NULL && distance >= suggest->distance)
		return;
	suggest->best = candidate;
	suggest->distance = distance;
}

const char *suggest_best(const struct suggest *suggest)
{
	size_t allowed = suggest->word.size / 3;
	if (allowed < 2)
		allowed = 2;
	if (suggest->best == NULL || suggest->distance > allowed || suggest->distance >= suggest->word.size)
		return NULL;
	return suggest->best;
}
