/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/heard.h"

#include "rules/claims/claim.h"

enum recourse_error heard_find(struct decision *decision, slice id, struct heard *heard)
{
	heard->id = id;
	TRY(claim_find(decision, id, &heard->claim));
	return hearing_load(decision->state, id, &heard->claim, &heard->record);
}

enum recourse_error heard_save(struct decision *decision, struct heard *heard)
{
	TRY(hearing_put(decision, heard->id, &heard->record, &heard->claim));
	return claim_put_about(decision, heard->id, &heard->claim);
}
