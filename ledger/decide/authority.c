/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/authority.h"

#include "base/try.h"
#include "decide/registry.h"
#include "base/instant.h"

static const char *const span_names[] = {"single", "day", "incident", NULL};
static const char *const break_glass_names[] = {"forbidden", "allowed", NULL};
enum { PROPOSAL_HOURS_PRESET = 168, CUSTODY_HOURS_PRESET = 48, REVIEW_HOURS_PRESET = 72 };

static struct record_path authority_path(void)
{
	struct record_path path;
	record_path_start(&path, RECORD_CONTROL);
	return path;
}

static enum recourse_error read_control(struct decision *decision, struct record_control *control)
{
	struct record_path path = authority_path();
	enum recourse_error error = record_get(decision->state, &path, control, sizeof *control);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	memset(control, 0, sizeof *control);
	control->proposal_hours = PROPOSAL_HOURS_PRESET;
	control->custody_hours = CUSTODY_HOURS_PRESET;
	control->review_hours = REVIEW_HOURS_PRESET;
	return RECOURSE_OK;
}

enum recourse_error authority_published(struct state_view *view, bool *published)
{
	struct record_path path = authority_path();
	slice value;
	enum recourse_error error = state_get(view, record_path_slice(&path), &value);
	*published = error == RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error authority_proposal_time(struct decision *decision, uint64_t *time)
{
	struct record_control control;
	TRY(read_control(decision, &control));
	*time = control.proposal_hours * INSTANT_HOUR;
	return RECOURSE_OK;
}

enum recourse_error authority_custody_time(struct decision *decision, uint64_t *time)
{
	struct record_control control;
	TRY(read_control(decision, &control));
	*time = control.custody_hours * INSTANT_HOUR;
	return RECOURSE_OK;
}

enum recourse_error authority_break_glass(struct decision *decision, bool *allowed, uint64_t *review_time)
{
	struct record_control control;
	TRY(read_control(decision, &control));
	*allowed = control.break_glass == AUTHORITY_ALLOWED;
	*review_time = control.review_hours * INSTANT_HOUR;
	return RECOURSE_OK;
}

/* ---- counting ---- */

/* Memo accounts count as well: what one registers, uses up or writes off there, others get or lose in money later. */
static int64_t money_of(const struct decision *decision, const struct unit *unit)
{
	int64_t most = 0;
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		enum chart_book book = chart_find(posting->code)->book;
		int64_t steps = posting->steps < 0 ? -posting->steps : posting->steps;
		if (book != CHART_UNIT_BOOK && unit_same(&posting->unit, unit) && steps > most)
			most = steps;
	}
	return most;
}

int64_t authority_amount(const struct decision *decision, struct unit *unit)
{
	memset(unit, 0, sizeof *unit);
	for (size_t index = 0; index < decision->posting_count; index++) {
		int64_t most = money_of(decision, &decision->postings[index].unit);
		if (most > 0) {
			*unit = decision->postings[index].unit;
			return most;
		}
	}
	return 0;
}

static slice incident_of(const struct decision *decision)
{
	for (size_t index = 0; index < decision->posting_count; index++) {
		if (decision->postings[index].reference.size > 0)
			return decision->postings[index].reference;
	}
	return slice_text("");
}

static struct record_path used_path(const struct decision *decision, const struct record_limit *limit)
{
	struct record_path path = record_path_of_text(RECORD_USED, RECORD_TEXT(limit->command));
	record_path_text(&path, unit_code(&limit->unit));
	record_path_short(&path, limit->span);
	if (limit->span == AUTHORITY_DAY)
		record_path_number(&path, decision->time / INSTANT_DAY);
	else
		record_path_text(&path, incident_of(decision));
	return path;
}

/* What the limit's span comes to with this command; the command alone where it counts single ones. */
static enum recourse_error sum_used(
	struct decision *decision, const struct record_limit *limit, int64_t amount, int64_t *sum)
{
	struct record_path path = used_path(decision, limit);
	int64_t used = 0;
	*sum = amount;
	if (limit->span == AUTHORITY_SINGLE)
		return RECOURSE_OK;
	enum recourse_error error = record_get(decision->state, &path, &used, sizeof used);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	if (amount_add_steps(used, amount, sum) != RECOURSE_OK)
		*sum = INT64_MAX;
	return RECOURSE_OK;
}

/* Limits in steps, 100.00 with one other person and 1,000.00 with two, count the same thing: once. */
static bool counted_before(const struct record_control *control, size_t index)
{
	const struct record_limit *limit = &control->limits[index];
	for (size_t other = 0; other < index; other++) {
		const struct record_limit *with = &control->limits[other];
		if (with->span == limit->span && unit_same(&with->unit, &limit->unit) &&
			slice_equal(RECORD_TEXT(with->command), RECORD_TEXT(limit->command)))
			return true;
	}
	return false;
}

static enum recourse_error count_limits(
	struct decision *decision, const struct record_control *control, slice command)
{
	for (size_t index = 0; index < control->count; index++) {
		const struct record_limit *limit = &control->limits[index];
		int64_t amount = money_of(decision, &limit->unit);
		int64_t sum;
		if (limit->span == AUTHORITY_SINGLE || amount == 0 ||
			!slice_equal(command, RECORD_TEXT(limit->command)) || counted_before(control, index))
			continue;
		struct record_path path = used_path(decision, limit);
		TRY(sum_used(decision, limit, amount, &sum));
		TRY(decision_put(decision, &path, &sum, sizeof sum));
	}
	return RECOURSE_OK;
}

enum recourse_error authority_count(struct decision *decision, slice command)
{
	struct record_control control;
	TRY(read_control(decision, &control));
	return count_limits(decision, &control, command);
}

enum recourse_error authority_check(struct decision *decision, slice command, uint32_t *approvals)
{
	struct record_control control;
	/* what a maker decides alone; a day's sum would tell a merchant what others have moved (I3) */
	if (!*decision->limited || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) == 0)
		return RECOURSE_OK;
	TRY(read_control(decision, &control));
	for (size_t index = 0; index < control.count; index++) {
		const struct record_limit *limit = &control.limits[index];
		int64_t sum;
		if (!slice_equal(command, RECORD_TEXT(limit->command)))
			continue;
		TRY(sum_used(decision, limit, money_of(decision, &limit->unit), &sum));
		if (sum > limit->steps && limit->approvals > *approvals)
			*approvals = limit->approvals;
	}
	if (*approvals == 0)
		TRY(count_limits(decision, &control, command));
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

enum {
	PUBLISH_VERSION,
	PUBLISH_HOURS,
	PUBLISH_CUSTODY,
	PUBLISH_BREAK_GLASS,
	PUBLISH_REVIEW,
	PUBLISH_LIMITS,
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
	[PUBLISH_LIMITS] = {.name = "limits",
		.type = RECOURSE_FIELD_LIST,
		.minimum = 0,
		.maximum = AUTHORITY_LIMITS_MAX,
		.members = limit_members,
		.member_count = LIMIT_MEMBERS,
		.help = "all of them: what is not listed is not limited"},
};

static enum recourse_error read_limit(
	struct decision *decision, const struct value *member, struct record_limit *limit)
{
	const struct command *command = registry_command(member[LIMIT_COMMAND].text);
	if (command == NULL || (command->method.roles & RECOURSE_ROLE_OPERATOR) == 0)
		return refusal_field(decision->refusal, RECOURSE_POLICY_WRONG, "limits",
			"commands that an operator gives");
	TRY(decision_unit(decision, "limits", member[LIMIT_UNIT].text, &limit->unit));
	TRY(decision_amount(decision, "limits", member[LIMIT_AMOUNT].text, &limit->unit, &limit->steps));
	limit->span = (uint32_t)member[LIMIT_SPAN].integer;
	limit->approvals = (uint32_t)member[LIMIT_APPROVALS].integer;
	record_text_set(limit->command, sizeof limit->command, member[LIMIT_COMMAND].text);
	return RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	struct record_path path = authority_path();
	struct record_control last;
	struct record_control next = {
		.entry = decision->entry,
		.version = (uint64_t)values[PUBLISH_VERSION].integer,
		.proposal_hours = (uint64_t)values[PUBLISH_HOURS].integer,
		.custody_hours = (uint64_t)values[PUBLISH_CUSTODY].integer,
		.review_hours = (uint64_t)values[PUBLISH_REVIEW].integer,
		.count = values[PUBLISH_LIMITS].list.count,
	};
	TRY(read_control(decision, &last));
	if (values[PUBLISH_BREAK_GLASS].present)
		next.break_glass = (uint64_t)values[PUBLISH_BREAK_GLASS].integer;
	if (next.version != last.version + 1)
		return refusal_limit(decision->refusal, RECOURSE_POLICY_WRONG, "version", "%llu",
			(unsigned long long)last.version + 1);
	for (size_t row = 0; row < next.count; row++)
		TRY(read_limit(decision, values[PUBLISH_LIMITS].list.values + row * LIMIT_MEMBERS,
			&next.limits[row]));
	TRY(decision_put(decision, &path, &next, sizeof next));
	*decision->limited = true;
	return RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("control.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish the limits up to which one person decides alone"),
};
const struct command_group authority_commands = COMMAND_GROUP(rows);
