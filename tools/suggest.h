/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * The name that was probably meant: fewest single-letter changes. Start with the word and the rest zero, show
 * each candidate, then ask.
 */
struct suggest {
	slice word;
	const char *best;
	size_t distance;
};

void suggest_consider(struct suggest *suggest, const char *candidate);

/* NULL when none is near: more than a third of the letters, and more than two, would have to change. */
const char *suggest_best(const struct suggest *suggest);
