/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/suspense/suspense.h"

#include <assert.h>

/*
 * ---- receipt.identify: what a receipt is ----
 *
 * It stands for the command by which its custodian would have attested the money, had it known: that command decides, for
 * that custodian and the receipt's line, so that what is refused and posted is the same but for 2160 in the place of 1010.
 */
static const char *const as_names[] = {
	"recovery", "deposit", "funding", "instrument", "return", "clawback", "restoration", "fee", NULL};
static const char *const as_commands[] = {"recovery.receive", "deposit.receive", "funding.receive",
	"instrument.pay", "payout.return", "clawback.receive", "appeal.fund", "bank.fee_repaid"};
_Static_assert(sizeof as_names / sizeof as_names[0] == sizeof as_commands / sizeof as_commands[0] + 1,
	"a command for each");

/* From the fourth on they are the other commands' fields, by their names. */
enum { IDENTIFY_RECEIPT, IDENTIFY_AS, IDENTIFY_AMOUNT, IDENTIFY_OTHERS };
static const struct recourse_field fields[] = {
	[IDENTIFY_RECEIPT] = SUSPENSE_RECEIPT,
	[IDENTIFY_AS] = FIELD_CHOICE("as", as_names,
		"what it is: fields and rule are of recovery.receive, deposit.receive, funding.receive, "
		"instrument.pay, payout.return, clawback.receive, appeal.fund, bank.fee_repaid"),
	[IDENTIFY_AMOUNT] =
		FIELD_OPTIONAL(AMOUNT, "amount", "how much of it is that; all that is left if absent"),
	FIELD_OPTIONAL(ID, "recovery", "the id that the recovery gets"),
	FIELD_OPTIONAL(ID, "incident", "of a recovery, funding or an instrument's payment"),
	FIELD_OPTIONAL(ID, "payer", "of a recovery: the party that paid, or for which was paid"),
	FIELD_OPTIONAL(ID, "section",
		"of a recovery: the merchant, where the incident has several; where most is open if absent"),
	FIELD_OPTIONAL_CHOICE(
		"dividend", query_no_yes, "of a recovery: yes, of what the payer's estate accepted"),
	FIELD_OPTIONAL(ID, "merchant", "of a deposit"),
	FIELD_OPTIONAL(ID, "instrument", "that its provider paid"),
	FIELD_OPTIONAL(ID, "claim", "whose payout came back, or that was paid too much"),
	FIELD_WITH(INTEGER, "appeal", "whose restoration the funder pays: the entry that lodged it",
		.optional = true, .minimum = 1, .maximum = INT64_MAX, .preset = -1),
	FIELD_OPTIONAL(ID, "reason", "of a return: ISO 20022 reason, such as AC04"),
	FIELD_WITH(INTEGER, "order", "of a return: the entry that ordered the payment", .optional = true,
		.minimum = 1, .maximum = INT64_MAX, .preset = -1),
};
enum { IDENTIFY_FIELDS = sizeof fields / sizeof fields[0] };

struct identified {
	struct record_unidentified receipt;
	const struct command *command;
	slice custodian;
	slice line;
	int64_t steps;
	struct value values[COMMAND_FIELDS_MAX]; /* of the command */
};

static size_t find_field(const struct recourse_field *list, size_t count, const char *name)
{
	size_t index = 0;
	while (index < count && strcmp(list[index].name, name) != 0)
		index++;
	return index;
}

/* What the receipt says by itself: its line, its currency, and how much. */
static enum recourse_error take_own(
	struct decision *decision, struct identified *identified, const char *name, struct value *value)
{
	char text[AMOUNT_TEXT_SIZE];
	const struct unit *unit = &identified->receipt.unit;
	value->present = true;
	if (strcmp(name, "bank_reference") == 0) {
		value->text = identified->line;
		return RECOURSE_OK;
	}
	if (strcmp(name, "unit") == 0)
		return arena_copy(decision->arena, unit_code(unit), &value->text);
	size_t size = amount_format(unit, identified->steps, text);
	return arena_copy(decision->arena, slice_of(text, size), &value->text);
}

static bool is_own(const char *name)
{
	return strcmp(name, "bank_reference") == 0 || strcmp(name, "unit") == 0 ||
	       strcmp(name, "amount") == 0;
}

static enum recourse_error take_values(
	struct decision *decision, const struct value *said, struct identified *identified)
{
	const struct recourse_method *method = &identified->command->method;
	for (size_t index = 0; index < method->field_count; index++) {
		const struct recourse_field *field = &method->fields[index];
		struct value *value = &identified->values[index];
		*value = (struct value){.present = false};
		if (is_own(field->name)) {
			TRY(take_own(decision, identified, field->name, value));
			continue;
		}
		size_t own = find_field(fields, IDENTIFY_FIELDS, field->name);
		assert(own >= IDENTIFY_OTHERS && own < IDENTIFY_FIELDS && fields[own].type == field->type);
		if (said[own].present)
			*value = said[own];
		else if (!field->optional)
			return refuse(decision, RECOURSE_FIELD_MISSING, fields[own].name, field->help);
	}
	return RECOURSE_OK;
}

/* What the command does not ask for was meant for another one. */
static enum recourse_error check_others(
	struct decision *decision, const struct value *said, const struct identified *identified)
{
	const struct recourse_method *method = &identified->command->method;
	for (size_t own = IDENTIFY_OTHERS; own < IDENTIFY_FIELDS; own++) {
		if (said[own].present && find_field(method->fields, method->field_count, fields[own].name) ==
						 method->field_count)
			return refuse_limit(decision, RECOURSE_FIELD_UNKNOWN, fields[own].name,
				"%s has no such field", method->name);
	}
	return RECOURSE_OK;
}

/* As if its custodian had said it; who did is in the entry. */
static enum recourse_error decide_for(struct decision *decision, const struct identified *identified)
{
	const struct decision_actor *said_by = decision->actor;
	struct decision_actor actor = *said_by;
	const struct command_rule *rule;
	actor.party = identified->custodian;
	actor.party_number = identified->receipt.custodian;
	TRY(version_in_force(decision, identified->command, &rule));
	TRY(area_deciding(decision, identified->command, identified->values));
	decision->actor = &actor;
	enum recourse_error error = rule->apply(decision, identified->values);
	decision->actor = said_by;
	if (error == RECOURSE_OK && rule->version != 1)
		decision_fact_integer(decision, "identified_version", rule->version);
	return error;
}

static enum recourse_error apply_identify(struct decision *decision, const struct value *values)
{
	struct identified identified = {
		.command = area_command(slice_text(as_commands[values[IDENTIFY_AS].integer]))};
	struct record_unidentified *receipt = &identified.receipt;
	assert(identified.command != NULL);
	TRY(suspense_find_free(decision, &values[IDENTIFY_RECEIPT], receipt));
	TRY(decision_amount_or_all(decision, "amount", &values[IDENTIFY_AMOUNT], &receipt->unit,
		receipt->left, &identified.steps));
	TRY(party_name(decision->state, decision->arena, receipt->custodian, &identified.custodian));
	TRY(arena_copy(decision->arena, RECORD_TEXT(receipt->line), &identified.line));
	TRY(check_others(decision, values, &identified));
	TRY(take_values(decision, values, &identified));
	TRY(decide_for(decision, &identified));

	decision_fact_amount(decision, "identified", &receipt->unit, identified.steps);
	decision_fact_amount(decision, "left", &receipt->unit, receipt->left - identified.steps);
	return decision_about(decision, RECORD_PARTY, identified.custodian);
}

static const struct command rows[] = {
	COMMAND_CHECKED("receipt.identify", RECOURSE_ROLE_OPERATOR, 1, fields, apply_identify,
		"say what a receipt is, or a part of it; another person approves", RECOURSE_FIELD_MISSING,
		RECOURSE_FIELD_UNKNOWN, COMMAND_ANY_REFUSAL),
};
const struct command_group identify_commands = COMMAND_GROUP(rows);
