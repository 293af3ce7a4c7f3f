/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/reckon_ask.h"

#include "base/amount.h"
#include "base/try.h"

enum recourse_error reckon_ask_all(struct reckon *in)
{
	TRY(amount_add_steps(in->reserved, in->late, &in->reserved));
	TRY(amount_add_steps(in->reserved_uncovered, in->late_uncovered, &in->reserved_uncovered));
	TRY(amount_add_steps(in->loss, in->reserved, &in->loss));
	TRY(amount_add_steps(in->loss, in->reserved_uncovered, &in->loss));
	TRY(amount_add_steps(in->settled, in->unsettled, &in->settled));
	TRY(amount_add_steps(in->settled, in->reserved, &in->settled));
	TRY(amount_add_steps(in->uncovered, in->reserved_uncovered, &in->uncovered));
	in->stays = in->unsettled = 0;
	in->reserved = in->late = 0;
	in->reserved_uncovered = in->late_uncovered = 0;
	in->claims_open = false;
	in->undecided = false;
	in->claimable = false;
	return RECOURSE_OK;
}
