/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* The record of a deposit: one for a merchant and a unit, at one custodian for ever, with a life of its own. */

/* NOT_FOUND with that field. */
enum recourse_error deposit_record_find(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit) RECOURSE_CHECK;

/* I3: the same, and NOT_FOUND unless the actor's party keeps it, as if it were not there. */
enum recourse_error deposit_record_kept(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit) RECOURSE_CHECK;

/* As it stands; where there is none, one that begins with this entry, of that party and that custodian. */
enum recourse_error deposit_record_begin(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t party, uint32_t custodian, struct record_deposit *deposit) RECOURSE_CHECK;

/* Keeps it, as this entry leaves it. */
enum recourse_error deposit_record_put(struct decision *decision, slice merchant, const struct unit *unit,
	struct record_deposit *deposit) RECOURSE_CHECK;

/* Takes a step of its life where that is listed; stays as it is where it is not. */
void deposit_record_step(struct record_deposit *deposit, enum deposit_state to);
