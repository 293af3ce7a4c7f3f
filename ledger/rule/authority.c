/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/authority.h"

#include "rule/area.h"
#include "rule/calendar.h"
#include "rule/command.h"
#include "rule/party.h"
#include "rule/publish.h"

static const char *const span_names[] = {"single", "day", "incident", NULL};
static const char *const break_glass_names[] = {"forbidden", "allowed", NULL};
enum {
	PROPOSAL_HOURS_PRESET = 168,
	CUSTODY_HOURS_PRESET = 48,
	REVIEW_HOURS_PRESET = 72,
	JUMP_SECONDS_PRESET = 300,
	GAP_HOURS_PRESET = 72,
	SUSPENSE_DAYS_PRESET = 30,
	FILE_HOURS_PRESET = 24,
	QUOTA_KEY_PRESET = 8 * 1024, /* MiB */
	QUOTA_PARTY_PRESET = 16 * 1024,
	QUOTA_MAX = 1 << 30,
};

enum recourse_error authority_read(struct state_view *view, struct record_control *control)
{
	struct record_path path = record_path_of(RECORD_CONTROL);
	bool published;
	TRY(record_get_optional(view, &path, control, sizeof *control, &published));
	if (published)
		return RECOURSE_OK;
	control->proposal_hours = PROPOSAL_HOURS_PRESET;
	control->custody_hours = CUSTODY_HOURS_PRESET;
	control->review_hours = REVIEW_HOURS_PRESET;
	control->quota_key = QUOTA_KEY_PRESET;
	control->quota_party = QUOTA_PARTY_PRESET;
	control->jump_seconds = JUMP_SECONDS_PRESET;
	control->gap_hours = GAP_HOURS_PRESET;
	control->suspense_days = SUSPENSE_DAYS_PRESET;
	control->file_hours = FILE_HOURS_PRESET;
	return RECOURSE_OK;
}

/* ---- control.publish ---- */

enum { LIMIT_COMMAND, LIMIT_SPAN, LIMIT_UNIT, LIMIT_AMOUNT, LIMIT_APPROVALS };
static const struct recourse_field limit_members[] = {
	[LIMIT_COMMAND] = FIELD(ID, "command", "the command that is limited"),
	[LIMIT_SPAN] = FIELD_CHOICE("span", span_names, "what is added up"),
	[LIMIT_UNIT] = FIELD(UNIT, "unit", "currency of the amount"),
	[LIMIT_AMOUNT] = FIELD(AMOUNT, "amount", "up to which one person decides"),
	[LIMIT_APPROVALS] =
		FIELD_INTEGER("approvals", 1, PROPOSAL_APPROVALS_MAX, "other people needed above it"),
};
enum { LIMIT_MEMBERS = sizeof limit_members / sizeof limit_members[0] };

enum { CEILING_UNIT, CEILING_AMOUNT, CEILING_MEMBERS };
static const struct recourse_field ceiling_members[CEILING_MEMBERS] = {
	[CEILING_UNIT] = FIELD(UNIT, "unit", "of the amount"),
	[CEILING_AMOUNT] = FIELD(AMOUNT, "amount", "that no command moves more than"),
};

enum {
	PUBLISH_VERSION,
	PUBLISH_HOURS,
	PUBLISH_CUSTODY,
	PUBLISH_BREAK_GLASS,
	PUBLISH_REVIEW,
	PUBLISH_JUMP,
	PUBLISH_GAP,
	PUBLISH_LIMITS,
	PUBLISH_CEILINGS,
	PUBLISH_QUOTA_KEY,
	PUBLISH_QUOTA_PARTY,
	PUBLISH_INTEREST,
	PUBLISH_CALENDAR,
	PUBLISH_SUSPENSE,
	PUBLISH_OWNER,
	PUBLISH_FILE,
};
static const struct recourse_field publish_fields[] = {
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[PUBLISH_HOURS] =
		FIELD_PRESET("proposal_hours", 1, 8760, PROPOSAL_HOURS_PRESET, "a proposal expires after"),
	[PUBLISH_CUSTODY] = FIELD_PRESET("custody_hours", 1, 8760, CUSTODY_HOURS_PRESET,
		"custody counts so long after the end of an attested day"),
	[PUBLISH_BREAK_GLASS] = FIELD_OPTIONAL_CHOICE("break_glass", break_glass_names,
		"whether a proposal may be carried out without all approvals; forbidden if absent"),
	[PUBLISH_REVIEW] = FIELD_PRESET(
		"review_hours", 1, 8760, REVIEW_HOURS_PRESET, "a use of break-glass is reviewed within"),
	[PUBLISH_JUMP] = FIELD_PRESET("clock_jump_seconds", 1, 86400, JUMP_SECONDS_PRESET,
		"clocks are held where the host's jumped further"),
	[PUBLISH_GAP] = FIELD_PRESET("clock_gap_hours", 1, 8760, GAP_HOURS_PRESET,
		"or ran on further while the service stood still"),
	[PUBLISH_LIMITS] = FIELD_LIST("limits", 0, AUTHORITY_LIMITS_MAX, limit_members,
		"all of them: what is not listed is not limited"),
	[PUBLISH_CEILINGS] = FIELD_OPTIONAL_LIST("ceilings", AUTHORITY_CEILINGS_MAX, ceiling_members,
		"amounts above which it is a slip, whoever agrees; none if absent"),
	[PUBLISH_QUOTA_KEY] = FIELD_PRESET(
		"quota_key_mib", 1, QUOTA_MAX, QUOTA_KEY_PRESET, "what a key may have stored in a day"),
	[PUBLISH_QUOTA_PARTY] = FIELD_PRESET("quota_party_mib", 1, QUOTA_MAX, QUOTA_PARTY_PRESET,
		"what all keys of a party may have stored in a day"),
	[PUBLISH_INTEREST] = FIELD_OPTIONAL(
		ID, "interest_to", "whom a bank's interest is owed to; unidentified if absent"),
	[PUBLISH_CALENDAR] =
		FIELD_OPTIONAL(ID, "calendar", "whose days are those that limits count; UTC's if absent"),
	[PUBLISH_SUSPENSE] = FIELD_PRESET("suspense_days", 1, 3650, SUSPENSE_DAYS_PRESET,
		"a receipt that nobody has identified is escalated after"),
	[PUBLISH_OWNER] = FIELD_OPTIONAL(
		ID, "suspense_owner", "who is to identify receipts; who runs the ledger if absent"),
	[PUBLISH_FILE] = FIELD_PRESET("bank_file_hours", 1, 8760, FILE_HOURS_PRESET,
		"a bank's file that was begun is in by then"),
};

static enum recourse_error read_limit(
	struct decision *decision, const struct value *member, struct record_limit *limit)
{
	const struct command *command = area_command(member[LIMIT_COMMAND].text);
	if (command == NULL || (command->method.roles & RECOURSE_ROLE_OPERATOR) == 0)
		return refuse(decision, RECOURSE_POLICY_WRONG, "limits", "commands that an operator gives");
	TRY(decision_unit(decision, "limits", member[LIMIT_UNIT].text, &limit->unit));
	TRY(decision_amount_published(
		decision, "limits", member[LIMIT_AMOUNT].text, &limit->unit, &limit->steps));
	limit->span = (uint32_t)member[LIMIT_SPAN].integer;
	limit->approvals = (uint32_t)member[LIMIT_APPROVALS].integer;
	record_text_set(limit->command, sizeof limit->command, member[LIMIT_COMMAND].text);
	return RECOURSE_OK;
}

static enum recourse_error read_ceilings(
	struct decision *decision, const struct value *list, struct record_ceiling *ceilings)
{
	for (size_t row = 0; row < list->list.count; row++) {
		const struct value *member = list->list.values + row * CEILING_MEMBERS;
		struct record_ceiling *ceiling = &ceilings[row];
		TRY(decision_unit(decision, "ceilings", member[CEILING_UNIT].text, &ceiling->unit));
		TRY(decision_amount_published(
			decision, "ceilings", member[CEILING_AMOUNT].text, &ceiling->unit, &ceiling->steps));
	}
	return RECOURSE_OK;
}

/* No custodian has another part in what it keeps. */
static enum recourse_error read_others(
	struct decision *decision, const struct value *values, struct record_control *next)
{
	const struct value *interest = &values[PUBLISH_INTEREST];
	const struct value *owner = &values[PUBLISH_OWNER];
	uint32_t number = 0;
	if (owner->present)
		TRY(party_apart(decision, "suspense_owner", owner->text, &number));
	next->suspense_owner = number;
	return interest->present ? party_apart(decision, "interest_to", interest->text, &next->interest_to)
				 : RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of(RECORD_CONTROL);
	struct record_control last;
	struct record_control next = {
		.entry = decision->entry,
		.version = (uint64_t)values[PUBLISH_VERSION].integer,
		.proposal_hours = (uint64_t)values[PUBLISH_HOURS].integer,
		.custody_hours = (uint64_t)values[PUBLISH_CUSTODY].integer,
		.review_hours = (uint64_t)values[PUBLISH_REVIEW].integer,
		.break_glass = (uint64_t)values[PUBLISH_BREAK_GLASS].integer,
		.quota_key = (uint64_t)values[PUBLISH_QUOTA_KEY].integer,
		.quota_party = (uint64_t)values[PUBLISH_QUOTA_PARTY].integer,
		.jump_seconds = (uint64_t)values[PUBLISH_JUMP].integer,
		.gap_hours = (uint64_t)values[PUBLISH_GAP].integer,
		.suspense_days = (uint64_t)values[PUBLISH_SUSPENSE].integer,
		.file_hours = (uint64_t)values[PUBLISH_FILE].integer,
		.count = values[PUBLISH_LIMITS].list.count,
	};
	TRY(authority_read(decision->state, &last));
	TRY(publish_next(decision, next.version, last.version));
	for (size_t row = 0; row < next.count; row++)
		TRY(read_limit(decision, values[PUBLISH_LIMITS].list.values + row * LIMIT_MEMBERS,
			&next.limits[row]));
	TRY(read_ceilings(decision, &values[PUBLISH_CEILINGS], next.ceilings));
	TRY(read_others(decision, values, &next));
	TRY(calendar_place(decision, &values[PUBLISH_CALENDAR], next.calendar, &next.east));
	TRY(decision_put(decision, &path, &next, sizeof next));
	decision->limited = true;
	return RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("control.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish the limits up to which one person decides alone", RECOURSE_POLICY_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group authority_commands = COMMAND_GROUP(rows);
