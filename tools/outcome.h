/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/item.h"
#include "recourse_ledger.h"

/* The reply to a submission, read member by member; members that are not known here are passed over. */
struct outcome {
	uint64_t accepted;
	uint64_t request;
	slice results; /* the array; size 0 when there is none */
};

/* One of the results. */
struct outcome_result {
	bool refused;
	uint64_t index;    /* of the command in the request */
	uint64_t entry;    /* accepted */
	slice balances;    /* accepted: an array of maps; size 0 when there is none */
	slice review_due;  /* accepted, without all approvals: when it is reviewed at the latest; or size 0 */
	uint64_t repeated; /* claim.file: the entry of the claim that it repeats; 0: of none */
	slice note;        /* of note.unseal: a map of state, text, random; or size 0 */
	struct recourse_refusal refusal;
};

/* MALFORMED when it is not such a reply. Slices borrow from `reply`. */
enum recourse_error outcome_read(slice reply, struct outcome *outcome);

/* Calls for each result, in order. MALFORMED; whatever else the function returns stops the walk. */
typedef enum recourse_error (*outcome_visit)(void *context, const struct outcome_result *result);
enum recourse_error outcome_each(const struct outcome *outcome, outcome_visit visit, void *context);
