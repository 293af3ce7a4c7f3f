/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/blocker.h"
#include "rule/rule.h"

/*
 * A deposit that its bank returned unpaid: its merchant owes the trust as much (1100, under the number of the entry that said
 * so first), and whatever is the merchant's makes up for it at once, whenever it is. See README.md.
 */

/* It is owed again so much: what made up for it is not there any more. Nothing is posted but that. */
enum recourse_error deposit_bounce_owe(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps);

/* So much is not owed after all: what of it was made good is the merchant's again. */
enum recourse_error deposit_bounce_owe_less(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps);

/* How much of what that entry brought made up for what is owed. */
enum recourse_error deposit_bounce_made_good(
	struct decision *decision, uint64_t entry, slice merchant, const struct unit *unit, int64_t *steps);

/* What this entry posts to a deposit of one who owes makes up for that, with all else that is there. A follower: area.h. */
enum recourse_error deposit_bounce_follow(struct decision *decision);

/* NOT_PERMITTED with the field and the entry under which it owes: nothing leaves its pool, and nothing is paid to it. */
enum recourse_error deposit_bounce_none(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit);

/* What is not made good of the pools of an incident. */
enum recourse_error deposit_bounce_blockers(struct blockers *list);
