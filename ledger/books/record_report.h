/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/*
 * What was said last of a claim's payment beyond that it was ordered or made: by who pays, or that it came back. Only of such a
 * claim is there a row, whose member `reported` says so.
 */
struct record_report {
	uint64_t entry; /* that said it */
	uint64_t
		since; /* instant of the order where it names a payee, or of what was said of it first; of its return */
	uint64_t clock;          /* when who pays is to be asked; 0: it is not, or it was marked */
	uint64_t marked;         /* the clock's entry, while nothing was said since; 0: none */
	uint32_t state;          /* enum payout_state, where that is one that was said and is so; else 0 */
	uint32_t before;         /* what it was before that ended it: for its way back */
	uint32_t instalment;     /* that it is of */
	uint32_t awaiting_hours; /* that its payee has, */
	uint32_t query_days;     /* and for which who pays can be asked: as published by then */
	uint32_t came_back; /* how often that left and was back: one that never did can be taken back whole */
	char code[TEXT_ID_SIZE];
};

/* Of a batch of payments that went out: that there is an answer to each is looked at, until there is. */
struct record_unanswered {
	uint64_t since;  /* its first file went out */
	uint64_t clock;  /* when that is looked at */
	uint64_t marked; /* the clock's entry that found some last; 0: none did */
	uint64_t open;   /* so many */
	uint64_t from;   /* the order from which the next look goes on; 0: from its first */
};
