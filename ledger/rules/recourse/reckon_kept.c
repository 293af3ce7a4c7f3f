/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/reckon_kept.h"

#include "base/try.h"

enum recourse_error reckon_kept(struct reckon *in)
{
	struct reckon made = *in;
	TRY(reckon(in));
	in->inchoate = 0;
	if (in->kept == 0)
		return RECOURSE_OK;
	made.settled -= in->kept;
	made.kept = 0;
	TRY(amount_add_steps(made.unsettled, in->kept, &made.unsettled));
	TRY(reckon(&made));
	in->inchoate = in->settled - in->own - in->freed - in->advances_served - made.unborne;
	in->unborne = made.unborne;
	for (size_t index = 0; index < in->count; index++) {
		in->parties[index].open = made.parties[index].open;
		in->inchoate -= made.parties[index].open;
	}
	return RECOURSE_OK;
}
