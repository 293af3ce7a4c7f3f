/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/reckoned.h"

/*
 * Of a party's money what is for its own claims alone, costs and interest: they have it behind what serves them by rank, and
 * nobody else has a part of it.
 *
 *   own_claims_set_apart(in, &apart);      all else is reckoned without it
 *   TRY(own_claims_serve(in, &apart));     and then with it; what they do not need is the party's again,
 *                                            less what it owes back
 */
struct own_money {
	int64_t told;        /* as it is told */
	int64_t all;         /* of which is there */
	int64_t costs_final; /* of it: served its costs, and was paid out */
	int64_t interest_final;
};
struct own_claims {
	struct own_money parties[SPREAD_MAX];
};
void own_claims_set_apart(struct reckon *in, struct own_claims *apart);
enum recourse_error own_claims_serve(struct reckon *in, const struct own_claims *apart);

/* What of them is not served, and has a rank; at most so much. */
int64_t own_claims_left(const struct reckon *in, size_t index, int64_t most);
