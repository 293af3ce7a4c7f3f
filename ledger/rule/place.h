/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/decision.h"

/* Whose days a custodian's are (custody.place): UTC's, all zeroes, where nobody placed it. */
enum recourse_error place_read(struct state_view *view, slice custodian, struct record_place *place);

/* Where a day of its was: minutes east of UTC. */
int32_t place_east(const struct record_place *place, uint64_t day);

/* The day that it is for the actor, a custodian. */
enum recourse_error place_today(struct decision *decision, uint64_t *day);
