/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit_record.h"

static struct record_path path_of(slice merchant, const struct unit *unit)
{
	return record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
}

enum recourse_error deposit_record_find(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit)
{
	struct record_path path = path_of(merchant, unit);
	return decision_find(decision, field, &path, deposit, sizeof *deposit);
}

enum recourse_error deposit_record_kept(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit)
{
	TRY(deposit_record_find(decision, field, merchant, unit, deposit));
	if (deposit->custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, field, NULL);
	return RECOURSE_OK;
}

enum recourse_error deposit_record_begin(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t party, uint32_t custodian, struct record_deposit *deposit)
{
	struct record_path path = path_of(merchant, unit);
	bool there;
	TRY(record_get_optional(decision->state, &path, deposit, sizeof *deposit, &there));
	if (!there)
		*deposit = (struct record_deposit){
			.first_entry = decision->entry, .merchant = party, .custodian = custodian};
	return RECOURSE_OK;
}

enum recourse_error deposit_record_put(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_deposit *deposit)
{
	struct record_path path = path_of(merchant, unit);
	deposit->last_entry = decision->entry;
	return decision_put(decision, &path, deposit, sizeof *deposit);
}

void deposit_record_step(struct record_deposit *deposit, enum deposit_state to)
{
	(void)life_step(LIFE_DEPOSIT, &deposit->state, to);
}
