/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

enum recourse_error collateral_known(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_collateral *record)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, merchant, unit_code(unit));
	return record_get_optional(decision->state, &path, record, sizeof *record, NULL);
}

enum recourse_error collateral_load(
	struct decision *decision, slice merchant, const struct unit *unit, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_party party;
	*collateral = (struct collateral){.merchant = merchant};
	TRY(collateral_known(decision, merchant, unit, record));
	collateral->before = *record;
	if (record->merchant != 0)
		return RECOURSE_OK;
	TRY(decision_party(decision, "merchant", merchant, &party));
	record->merchant = party.number;
	record->unit = *unit;
	return RECOURSE_OK;
}
