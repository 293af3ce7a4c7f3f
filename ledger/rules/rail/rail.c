/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/rail.h"

const char *const rail_kinds[] = {"iso20022", "bank-csv", "wechat", "alipay", NULL};

const char *const rail_group_statuses[] = {"unread", "stands", "exceptions", NULL};

struct record_path rail_path(slice rail)
{
	return record_path_of_text(RECORD_RAIL, rail);
}

enum recourse_error rail_read(struct state_view *view, slice id, struct record_rail *rail, bool *there)
{
	struct record_path path = rail_path(id);
	return record_get_optional(view, &path, rail, sizeof *rail, there);
}

enum recourse_error rail_payment_id(struct state_view *view, slice id, const struct record_rail *rail,
	uint64_t number, char text[static PAYMENT_ID_MAX + 1])
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger;
	TRY(record_get_named(view, &path, &ledger, sizeof ledger));
	return payment_id_make(RECORD_TEXT(ledger.origin), id, number,
		(enum payment_id_alphabet)rail->id_alphabet, rail->id_length, text);
}

/* ---- rail.publish ---- */

enum {
	PUBLISH_RAIL,
	PUBLISH_VERSION,
	PUBLISH_CUSTODIAN,
	PUBLISH_UNIT,
	PUBLISH_KIND,
	PUBLISH_LENGTH,
	PUBLISH_ALPHABET,
	PUBLISH_LINES,
	PUBLISH_QUERY,
	PUBLISH_AWAITING,
	PUBLISH_LEAST,
	PUBLISH_MOST,
	PUBLISH_GROUP,
};
static const struct recourse_field publish_fields[] = {
	[PUBLISH_RAIL] = FIELD(ID, "rail", "as payees name it, such as bank"),
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last of that rail"),
	[PUBLISH_CUSTODIAN] = FIELD(ID, "custodian", "who pays by it; every version says the same"),
	[PUBLISH_UNIT] = FIELD(UNIT, "unit", "in which; every version says the same"),
	[PUBLISH_KIND] = FIELD_CHOICE("kind", rail_kinds, "what its files are; every version says the same"),
	[PUBLISH_LENGTH] = FIELD_INTEGER("id_length", PAYMENT_ID_MIN, PAYMENT_ID_MAX,
		"characters of a payment's id; every version says the same"),
	[PUBLISH_ALPHABET] = FIELD_CHOICE("id_alphabet", payment_id_alphabets,
		"that they are of: upper and lower are letters and digits; every version says the same"),
	[PUBLISH_LINES] = FIELD_INTEGER("lines", 1, RAIL_LINES_MAX, "most payments of one file"),
	[PUBLISH_QUERY] = FIELD_INTEGER(
		"query_days", 1, RAIL_DAYS_MAX, "for which the rail says what became of a payment"),
	[PUBLISH_AWAITING] = FIELD_INTEGER("awaiting_hours", 1, RAIL_HOURS_MAX,
		"for which a payee may take a payment that waits for that"),
	[PUBLISH_LEAST] = FIELD_OPTIONAL(AMOUNT, "least", "of a payment"),
	[PUBLISH_MOST] = FIELD_OPTIONAL(AMOUNT, "most", "of a payment"),
	[PUBLISH_GROUP] = FIELD_OPTIONAL_CHOICE("group_status", rail_group_statuses,
		"of who pays: stands for each payment named beside it without its own; exceptions: of those "
		"not "
		"named, too; unread if absent"),
};

/* What payments are called, and who pays which money, is as it was when they were ordered. */
static enum recourse_error check_same(
	struct decision *decision, const struct record_rail *last, const struct record_rail *rail)
{
	const struct {
		const char *field;
		bool same;
	} fixed[] = {
		{"custodian", last->custodian == rail->custodian},
		{"unit", unit_same(&last->unit, &rail->unit)},
		{"kind", last->kind == rail->kind},
		{"id_length", last->id_length == rail->id_length},
		{"id_alphabet", last->id_alphabet == rail->id_alphabet},
	};
	for (size_t index = 0; index < sizeof fixed / sizeof fixed[0]; index++) {
		if (!fixed[index].same)
			return refuse(decision, RECOURSE_POLICY_WRONG, fixed[index].field,
				"as its first version said");
	}
	return RECOURSE_OK;
}

static enum recourse_error read_bound(struct decision *decision, const char *field, const struct value *value,
	const struct unit *unit, int64_t *steps)
{
	*steps = 0;
	return value->present ? decision_amount(decision, field, value->text, unit, steps) : RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	slice id = values[PUBLISH_RAIL].text;
	struct record_path path = rail_path(id);
	struct record_rail last;
	struct record_rail rail = {.entry = decision->entry,
		.version = (uint32_t)values[PUBLISH_VERSION].integer,
		.kind = (uint32_t)values[PUBLISH_KIND].integer,
		.id_length = (uint32_t)values[PUBLISH_LENGTH].integer,
		.id_alphabet = (uint32_t)values[PUBLISH_ALPHABET].integer,
		.lines = (uint32_t)values[PUBLISH_LINES].integer,
		.query_days = (uint32_t)values[PUBLISH_QUERY].integer,
		.awaiting_hours = (uint32_t)values[PUBLISH_AWAITING].integer};
	if (values[PUBLISH_GROUP].present)
		rail.group_status = (uint32_t)values[PUBLISH_GROUP].integer;
	TRY(rail_read(decision->state, id, &last, NULL));
	TRY(publish_next(decision, rail.version, last.version));
	rail.from = last.from;
	rail.withdrawn_entry = last.withdrawn_entry;
	TRY(party_custodian(decision, "custodian", values[PUBLISH_CUSTODIAN].text));
	TRY(decision_party(decision, "custodian", values[PUBLISH_CUSTODIAN].text, &rail.custodian));
	TRY(decision_unit(decision, "unit", values[PUBLISH_UNIT].text, &rail.unit));
	TRY(read_bound(decision, "least", &values[PUBLISH_LEAST], &rail.unit, &rail.least));
	TRY(read_bound(decision, "most", &values[PUBLISH_MOST], &rail.unit, &rail.most));
	if (rail.most > 0 && rail.most < rail.least)
		return refuse_amount(
			decision, RECOURSE_AMOUNT_RANGE, "most", &rail.unit, rail.most, rail.least);
	if (last.version > 0)
		TRY(check_same(decision, &last, &rail));
	return decision_put(decision, &path, &rail, sizeof rail);
}

static const struct command rows[] = {
	COMMAND("rail.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish how a custodian is told to pay: the form of its payments' ids, its files' limits, "
		"how long it can be asked",
		RECOURSE_POLICY_WRONG, RECOURSE_AMOUNT_RANGE, RECOURSE_NOT_PERMITTED),
};
const struct command_group rail_commands = COMMAND_GROUP(rows);
