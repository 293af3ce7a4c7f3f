/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"
#include "rule/command.h"
#include "rule/publish.h"
#include "rule/query.h"

/* Reason codes (D7): what they are is in README.md. Of an empty code the version of the list in force. All zeroes where nothing was published. */
area_texts_reader reason_texts;
enum recourse_error reason_texts(
	struct state_view *view, slice command, slice code, struct record_texts *reason)
{
	struct record_path path = record_path_of_texts(RECORD_REASON_CODE, command, code);
	return record_get_optional(view, &path, reason, sizeof *reason, NULL);
}

/* NOT_FOUND with "reason" for a code that the list in force does not have. */
area_decider reason_deciding;
enum recourse_error reason_deciding(
	struct decision *decision, const struct command *command, const struct value *values)
{
	slice name = slice_text(command->method.name);
	size_t field = field_index(&command->method, "reason");
	struct record_texts list;
	struct record_texts reason;
	if (field == command->method.field_count || !values[field].present)
		return RECOURSE_OK;
	TRY(reason_texts(decision->state, name, slice_text(""), &list));
	if (list.version == 0)
		return RECOURSE_OK;
	TRY(reason_texts(decision->state, name, values[field].text, &reason));
	if (reason.version != list.version)
		return refuse(
			decision, RECOURSE_NOT_FOUND, "reason", "one of the codes published for the command");
	return RECOURSE_OK;
}

enum { MEMBER_CODE, MEMBER_ZH, MEMBER_EN, MEMBER_DENIES_LOSS, MEMBERS };
static const struct recourse_field members[MEMBERS] = {
	[MEMBER_CODE] = FIELD(ID, "code", "what the command's reason says"),
	[MEMBER_ZH] = FIELD_TEXT("zh", RECORD_TEXTS_MAX, "what people read, in Chinese"),
	[MEMBER_EN] = FIELD_TEXT("en", RECORD_TEXTS_MAX, "and in English"),
	[MEMBER_DENIES_LOSS] = FIELD_OPTIONAL_CHOICE("denies_loss", query_no_yes,
		"of claim.decide and claim.void: whether it says that nothing was lost, or less; yes if "
		"absent"),
};
enum { PUBLISH_FOR, PUBLISH_VERSION, PUBLISH_REASONS };
static const struct recourse_field publish_fields[] = {
	[PUBLISH_FOR] = FIELD(ID, "for", "the command whose reasons they are"),
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[PUBLISH_REASONS] = FIELD_LIST("reasons", 1, 32, members, "all that are in force then"),
};

static enum recourse_error put_reason(
	struct decision *decision, slice command, uint64_t version, const struct value *member)
{
	slice code = member[MEMBER_CODE].text;
	struct record_path path = record_path_of_texts(RECORD_REASON_CODE, command, code);
	struct record_texts reason;
	TRY(reason_texts(decision->state, command, code, &reason));
	if (reason.version == version)
		return refuse(decision, RECOURSE_FIELD_DUPLICATE, "reasons", "each code once");
	const struct value *denies = &member[MEMBER_DENIES_LOSS];
	reason = (struct record_texts){
		.version = version, .denies_loss = !denies->present || denies->integer != 0};
	record_text_set(reason.zh, sizeof reason.zh, member[MEMBER_ZH].text);
	record_text_set(reason.en, sizeof reason.en, member[MEMBER_EN].text);
	return decision_put(decision, &path, &reason, sizeof reason);
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	static const struct value none[MEMBERS]; /* of the list itself: an empty code */
	slice name = values[PUBLISH_FOR].text;
	const struct command *command = area_command(name);
	const struct value *list = &values[PUBLISH_REASONS];
	uint64_t version = (uint64_t)values[PUBLISH_VERSION].integer;
	struct record_texts last;
	if (command == NULL || field_index(&command->method, "reason") == command->method.field_count)
		return refuse(decision, RECOURSE_NOT_FOUND, "for", "a command that has a reason");
	TRY(reason_texts(decision->state, name, slice_text(""), &last));
	TRY(publish_next(decision, version, last.version));
	for (size_t row = 0; row < list->list.count; row++)
		TRY(put_reason(decision, name, version, list->list.values + row * MEMBERS));
	return put_reason(decision, name, version, none);
}

static const struct command rows[] = {
	COMMAND("reason.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish the reason codes of a command, with what people read", RECOURSE_POLICY_WRONG),
};
const struct command_group reason_commands = COMMAND_GROUP(rows);
