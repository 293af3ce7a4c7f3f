/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

/* Batches of lots (B1): who sold of one, how many, and what is left of them, which an incident on it is about. */
enum recourse_error batch_add(
	struct decision *decision, const struct record_entitlement *entitlement, uint64_t lots, int64_t steps)
{
	struct record_path path;
	struct record_batch record;
	slice issuer;
	slice merchant;
	if (entitlement->batch[0] == '\0')
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, entitlement->issuer, &issuer));
	TRY(party_name(decision->state, decision->arena, entitlement->merchant, &merchant));
	path = record_path_of_texts(RECORD_BATCH, issuer, RECORD_TEXT(entitlement->batch));
	record_path_text(&path, unit_code(&entitlement->currency));
	record_path_text(&path, merchant);
	TRY(record_get_optional(decision->state, &path, &record, sizeof record, NULL));
	record.lots += lots;
	record.exposure += steps; /* a part of what the merchant sold: within 64 bits */
	return decision_put(decision, &path, &record, sizeof record);
}
