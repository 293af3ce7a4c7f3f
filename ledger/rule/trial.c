/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/trial.h"

#include <string.h>

void trial_begin(const struct decision *decision, struct trial *trial)
{
	trial->state = state_mark(decision->state);
	trial->facts = decision->facts.size;
	trial->consequences = decision->consequences.size;
	trial->consequence_count = decision->consequence_count;
	trial->posting_count = decision->posting_count;
	memcpy(trial->postings, decision->postings, decision->posting_count * sizeof trial->postings[0]);
}

void trial_undo(struct decision *decision, const struct trial *trial)
{
	state_rollback(decision->state, trial->state);
	buffer_cut(&decision->facts, trial->facts);
	buffer_cut(&decision->consequences, trial->consequences);
	decision->consequence_count = trial->consequence_count;
	decision->posting_count = trial->posting_count;
	memcpy(decision->postings, trial->postings, trial->posting_count * sizeof trial->postings[0]);
}

bool trial_is_too_large(const struct decision *decision, enum recourse_error error)
{
	return error == RECOURSE_OK ? !decision_has_room(decision, 0) : error == RECOURSE_ENTRY_TOO_LARGE;
}
