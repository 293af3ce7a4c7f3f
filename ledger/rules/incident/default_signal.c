/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"

enum recourse_error default_signal_none(
	struct decision *decision, enum recourse_error error, const char *field, slice merchant)
{
	struct record_path path = record_path_of_text(RECORD_SIGNAL, merchant);
	struct record_signal signal;
	TRY(record_get_optional(decision->state, &path, &signal, sizeof signal, NULL));
	return signal.entry != 0 ? refuse_entry(decision, error, field, signal.entry) : RECOURSE_OK;
}

enum { RAISE_MERCHANT, RAISE_REASON, RAISE_HASH, RAISE_EXPIRES };
static const struct recourse_field raise_fields[] = {
	[RAISE_MERCHANT] = FIELD(ID, "merchant", "of whom default is feared"),
	[RAISE_REASON] = FIELD(ID, "reason", "reason code, such as unreachable"),
	[RAISE_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what it rests on"),
	[RAISE_EXPIRES] = FIELD_OPTIONAL(TIME, "expires", "when it ends by itself; open-ended if absent"),
};

static enum recourse_error apply_raise(struct decision *decision, const struct value *values)
{
	slice merchant = values[RAISE_MERCHANT].text;
	struct record_path path = record_path_of_text(RECORD_SIGNAL, merchant);
	struct record_signal signal = {.entry = decision->entry, .expires = values[RAISE_EXPIRES].instant};
	uint32_t party;
	TRY(party_apart(decision, "merchant", merchant, &party));
	TRY(default_signal_none(decision, RECOURSE_EXISTS, "merchant", merchant));
	if (values[RAISE_EXPIRES].present && signal.expires <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "expires", "in the future");

	record_text_set(signal.reason, sizeof signal.reason, values[RAISE_REASON].text);
	TRY(decision_put(decision, &path, &signal, sizeof signal));
	return decision_about(decision, RECORD_PARTY, merchant);
}

static enum recourse_error end_signal(struct decision *decision, const char *field, slice merchant)
{
	struct record_path path = record_path_of_text(RECORD_SIGNAL, merchant);
	struct record_signal signal;
	TRY(decision_find(decision, field, &path, &signal, sizeof signal));
	decision_fact_integer(decision, "signal", signal.entry);
	TRY(decision_remove(decision, &path));
	return decision_about(decision, RECORD_PARTY, merchant);
}

enum { CLEAR_MERCHANT, CLEAR_REASON, CLEAR_HASH };
static const struct recourse_field clear_fields[] = {
	[CLEAR_MERCHANT] = FIELD(ID, "merchant", "of whom default is feared no more"),
	[CLEAR_REASON] = FIELD(ID, "reason", "reason code"),
	[CLEAR_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what it rests on"),
};

static enum recourse_error apply_clear(struct decision *decision, const struct value *values)
{
	slice merchant = values[CLEAR_MERCHANT].text;
	uint32_t party;
	TRY(decision_party(decision, "merchant", merchant, &party));
	TRY(decision_not_own(decision, "merchant", party));
	return end_signal(decision, "merchant", merchant);
}

enum recourse_error default_signal_expired(struct decision *decision, slice merchant)
{
	return end_signal(decision, "subject", merchant);
}

static const struct command rows[] = {
	COMMAND("signal.raise", RECOURSE_ROLE_OPERATOR, raise_fields, apply_raise,
		"a sign of default: nothing of the merchant's is paid out while it stands", RECOURSE_EXISTS,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("signal.clear", RECOURSE_ROLE_APPROVER, clear_fields, apply_clear,
		"a sign of default was nothing, or is over", RECOURSE_NOT_PERMITTED),
};
const struct command_group default_signal_commands = COMMAND_GROUP(rows);
