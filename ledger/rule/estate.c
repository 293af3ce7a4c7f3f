/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/estate.h"

enum recourse_error estate_of(struct state_view *view, slice party, struct record_estate *estate)
{
	struct record_path path = record_path_of_text(RECORD_ESTATE, party);
	return record_get_optional(view, &path, estate, sizeof *estate, NULL);
}

enum recourse_error estate_holds(struct state_view *view, slice party, uint64_t instant, uint64_t *entry)
{
	struct record_estate estate;
	TRY(estate_of(view, party, &estate));
	*entry = instant >= estate.accepted_at ? estate.entry : 0;
	return RECOURSE_OK;
}

enum recourse_error estate_payee(struct decision *decision, slice party)
{
	struct record_estate estate;
	slice liquidator;
	TRY(estate_of(decision->state, party, &estate));
	if (estate.entry == 0)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, estate.liquidator, &liquidator));
	decision_fact_text(decision, "paid_to", liquidator);
	return decision_about(decision, RECORD_PARTY, liquidator);
}
