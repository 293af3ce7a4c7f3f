/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/unidentified.h"

#include "base/instant.h"
#include "rule/authority.h"
#include "rule/party.h"

struct record_path unidentified_path(uint64_t stated)
{
	return record_path_of_number(RECORD_UNIDENTIFIED, stated);
}

static enum recourse_error read_receipt(
	struct decision *decision, uint64_t stated, struct record_unidentified *receipt)
{
	struct record_path path = unidentified_path(stated);
	return record_get_named(decision->state, &path, receipt, sizeof *receipt);
}

/* Somebody always is: whom control.publish names, else who runs the ledger. */
static enum recourse_error find_owner(
	struct decision *decision, const struct record_control *control, uint32_t *owner)
{
	struct record_party own;
	*owner = (uint32_t)control->suspense_owner;
	if (*owner != 0)
		return RECOURSE_OK;
	TRY(party_own(decision->state, decision->arena, &own));
	*owner = own.number;
	return RECOURSE_OK;
}

enum recourse_error unidentified_begin(struct decision *decision, slice line, const struct unit *unit)
{
	struct record_path path = unidentified_path(decision->entry);
	struct record_unidentified receipt = {.unit = *unit,
		.since = decision->time,
		.last_entry = decision->entry,
		.custodian = decision->actor->party_number};
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	TRY(find_owner(decision, &control, &receipt.owner));
	receipt.due = decision->time + control.suspense_days * INSTANT_DAY;
	record_text_set(receipt.line, sizeof receipt.line, line);
	return decision_put(decision, &path, &receipt, sizeof receipt);
}

enum recourse_error unidentified_move(
	struct decision *decision, uint64_t stated, const struct unit *unit, int64_t steps)
{
	struct record_path path = unidentified_path(stated);
	struct record_unidentified receipt;
	slice reference;
	TRY(read_receipt(decision, stated, &receipt));
	/* two people said how much of it is sent back */
	if (steps > 0 && receipt.sending_entry != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", receipt.sending_entry);
	receipt.left += steps;
	receipt.clock = receipt.left > 0 && receipt.escalated_entry == 0 ? receipt.due : 0;
	receipt.last_entry = decision->entry;
	TRY(decision_put(decision, &path, &receipt, sizeof receipt));
	TRY(account_reference_make(decision->arena, stated, &reference));
	return decision_post(decision, CHART_UNIDENTIFIED, slice_text(""), reference, unit, -steps);
}

enum recourse_error unidentified_end(struct decision *decision, uint64_t stated)
{
	struct record_path path = unidentified_path(stated);
	return decision_remove(decision, &path);
}

enum recourse_error unidentified_free(struct decision *decision, uint64_t stated)
{
	struct record_unidentified receipt;
	TRY(read_receipt(decision, stated, &receipt));
	return receipt.sending_entry == 0 ? RECOURSE_OK
					  : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "bank_reference",
						    receipt.sending_entry);
}
