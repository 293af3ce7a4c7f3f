/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

void share_of(const struct record_collateral *record, int64_t exposure, struct record_share *share)
{
	int64_t total = record->exposure;
	*share = (struct record_share){0};
	if (total == 0)
		return;
	share->cash = (int64_t)((__int128)record->held * exposure / total);
	share->instruments = (int64_t)((__int128)record->instruments * exposure / total);
}

/* Whatever is summed over an issuer's merchants fits in 64 bits, or what would be too much is refused. */
enum recourse_error share_add(struct decision *decision, const struct collateral *collateral, slice issuer,
	int64_t exposure, const struct record_share *share)
{
	struct record_path path =
		record_path_of_texts(RECORD_ISSUER, issuer, unit_code(&collateral->record.unit));
	struct record_issuer record;
	bool known;
	TRY(record_get_optional(decision->state, &path, &record, sizeof record, &known));
	if (!known) {
		TRY(decision_party(decision, "issuer", issuer, &record.issuer));
		record.unit = collateral->record.unit;
	}
	TRY(amount_add_steps(record.exposure, exposure, &record.exposure));
	TRY(amount_add_steps(record.cash, share->cash, &record.cash));
	TRY(amount_add_steps(record.instruments, share->instruments, &record.instruments));
	return decision_put(decision, &path, &record, sizeof record);
}

enum recourse_error share_put(
	struct decision *decision, const struct collateral *collateral, slice issuer, int64_t exposure)
{
	const struct record_collateral *record = &collateral->record;
	struct record_path path = record_path_of_texts(RECORD_SHARE, issuer, unit_code(&record->unit));
	struct record_share share;
	struct record_share old;
	int64_t cash;
	bool known;
	record_path_text(&path, collateral->merchant);
	share_of(record, exposure, &share);
	TRY(record_get_optional(decision->state, &path, &old, sizeof old, &known));
	if (known && memcmp(&old, &share, sizeof old) == 0)
		return RECOURSE_OK;
	const struct record_share more = {share.cash - old.cash, share.instruments - old.instruments};
	TRY(decision_put(decision, &path, &share, sizeof share));
	if (more.cash != 0) {
		path = record_path_of_texts(RECORD_ISSUER_CASH, issuer, unit_code(&record->unit));
		record_path_short(&path, record->custodian);
		TRY(record_get_optional(decision->state, &path, &cash, sizeof cash, NULL));
		TRY(amount_add_steps(cash, more.cash, &cash));
		TRY(decision_put(decision, &path, &cash, sizeof cash));
	}
	if (more.cash != 0 || more.instruments != 0)
		TRY(share_add(decision, collateral, issuer, 0, &more));
	return RECOURSE_OK;
}
