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
 * One that was taken back counts anew, for whatever lot.
 */
enum recourse_error use_count(struct decision *decision, const struct use *use, uint64_t *disputed);

/* What an entry said of a lot: a record of use, or another quantity for one. */
struct use_said {
	struct record_path path;
	struct record_use record;
	bool dispute;
};

/* By that entry; `*there` says whether it did say one, of which is known still what it was. */
enum recourse_error use_said_by(
	struct decision *decision, slice lot, uint64_t entry, struct use_said *said, bool *there);

/* All that was said of a lot that is not there any more, which its numbers are free for. */
enum recourse_error use_forget(struct decision *decision, slice lot);

/* It was a slip: neither it counts, nor what was said against it. Then: it does again, from this entry on. */
enum recourse_error use_take_back(struct decision *decision, struct use_said *said);
enum recourse_error use_count_again(struct decision *decision, struct use_said *said);
