/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A record of use, as whoever keeps it has it: its number there tells it from all others. */
struct use {
	slice source;
	slice reference;
	slice lot;
	int64_t steps;
};

/*
 * C2: it counts once. EXISTS with field "reference" and the entry that has it where it came before. With another quantity
 * for the same lot it is in dispute: `*disputed` is the entry that has it, and nothing is to be counted. 0 otherwise.
 */
enum recourse_error use_count(struct decision *decision, const struct use *use, uint64_t *disputed);
