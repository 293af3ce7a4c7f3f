/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/proposal.h"

#include "decide/rule_version.h"

#include "base/try.h"
#include "decide/limits.h"
#include "base/instant.h"
#include "rule/area.h"
#include "rule/authority.h"
#include "rule/clock.h"
#include "rule/person.h"
#include "books/clock_subject.h"

/* The stored form: the record, then the command as the map it was submitted as. */
struct stored_proposal {
	struct record_proposal record;
	slice command;
};

static enum recourse_error put_proposal(
	struct decision *decision, uint64_t number, const struct stored_proposal *proposal)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	struct buffer value = {0};
	buffer_append(&value, &proposal->record, sizeof proposal->record);
	buffer_append(&value, proposal->command.data, proposal->command.size);
	enum recourse_error error = RECOURSE_MEMORY;
	if (!buffer_failed(&value))
		error = value.size > STATE_VALUE_MAX
				? refusal_limit(decision->refusal, RECOURSE_ENTRY_TOO_LARGE, NULL,
					  "%d bytes in a proposal", STATE_VALUE_MAX)
				: state_put(decision->state, record_path_slice(&path), buffer_slice(&value));
	buffer_free(&value);
	return error;
}

static enum recourse_error get_proposal(
	struct decision *decision, uint64_t number, struct stored_proposal *proposal)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	slice value;
	enum recourse_error error = state_get(decision->state, record_path_slice(&path), &value);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return refusal_field(
			decision->refusal, RECOURSE_NOT_FOUND, "proposal", "the entry of a proposal");
	TRY(error);
	if (value.size < sizeof proposal->record)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&proposal->record, value.data, sizeof proposal->record);
	size_t size = value.size - sizeof proposal->record;
	uint8_t *copy = arena_allocate(decision->arena, size);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	memcpy(copy, value.data + sizeof proposal->record, size);
	proposal->command = slice_of(copy, size);
	return RECOURSE_OK;
}

static enum recourse_error set_expiry(struct decision *decision, struct record_proposal *record)
{
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	struct record_control control;
	TRY(authority_read(decision, &control));
	record->expires = decision->time + control.proposal_hours * INSTANT_HOUR;
	return clock_set(
		decision, CLOCK_PROPOSAL, clock_subject_of_entry(decision->entry, text), record->expires);
}

enum recourse_error proposal_open(struct decision *decision, const struct command *command,
	const struct value *values, uint32_t approvals)
{
	struct stored_proposal proposal = {
		.record = {.maker = decision->actor->key, .state = PROPOSAL_OPEN, .needed = approvals}};
	struct buffer item = {0};
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "command", slice_text(command->method.name));
	field_encode_pairs(command->method.fields, command->method.field_count, values, &item);
	item_map_close(map, &item);
	proposal.command = buffer_slice(&item);
	enum recourse_error error = set_expiry(decision, &proposal.record);
	if (error == RECOURSE_OK)
		error = buffer_failed(&item) ? RECOURSE_MEMORY
					     : put_proposal(decision, decision->entry, &proposal);
	buffer_free(&item);
	decision_fact_integer(decision, "proposal", decision->entry);
	decision_fact_integer(decision, "approvals_needed", approvals);
	return error;
}

static enum recourse_error find_open(
	struct decision *decision, uint64_t number, struct stored_proposal *proposal)
{
	TRY(get_proposal(decision, number, proposal));
	if (proposal->record.state != PROPOSAL_OPEN)
		return refusal_entry(
			decision->refusal, RECOURSE_STATE_WRONG, "proposal", proposal->record.closed_entry);
	return RECOURSE_OK;
}

static enum recourse_error close_proposal(struct decision *decision, uint64_t number,
	struct stored_proposal *proposal, enum proposal_state state)
{
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	proposal->record.state = state;
	proposal->record.closed_entry = decision->entry;
	TRY(put_proposal(decision, number, proposal));
	return clock_cancel(
		decision, CLOCK_PROPOSAL, clock_subject_of_entry(number, text), proposal->record.expires);
}

static enum recourse_error read_command(
	struct decision *decision, slice item, const struct command **command, struct value *values)
{
	struct item_reader reader = {.data = item.data, .size = item.size};
	struct item map;
	enum recourse_error error = item_read_type(&reader, ITEM_MAP, &map);
	for (uint64_t pair = 0; error == RECOURSE_OK && pair < map.count; pair++) {
		struct item key;
		struct item name;
		slice whole;
		error = item_read_type(&reader, ITEM_TEXT, &key);
		if (error == RECOURSE_OK && slice_is(key.string, "command")) {
			error = item_read_type(&reader, ITEM_TEXT, &name);
			*command = error == RECOURSE_OK ? area_command(decision->areas, name.string) : NULL;
			break;
		}
		if (error == RECOURSE_OK)
			error = item_read_whole(&reader, &whole);
	}
	if (error != RECOURSE_OK || *command == NULL)
		return RECOURSE_STORE_CORRUPT;
	reader.offset = 0;
	return field_decode((*command)->method.fields, (*command)->method.field_count, "command", &reader,
		decision->arena, values, decision->refusal);
}

enum { APPROVE_PROPOSAL };
static const struct recourse_field approve_fields[] = {
	[APPROVE_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
};

/* The clock may not have struck yet, and a maker never carries out what he proposed. */
static enum recourse_error check_maker(struct decision *decision, const struct record_proposal *record)
{
	bool maker;
	if (decision->time > record->expires)
		return refusal_field(
			decision->refusal, RECOURSE_WINDOW_CLOSED, "proposal", "one that has not expired");
	TRY(person_is_actor(decision, record->maker, &maker));
	if (maker)
		return refusal_field(
			decision->refusal, RECOURSE_SAME_PERSON, "proposal", "a maker does not check");
	return RECOURSE_OK;
}

/* Different people: neither the maker nor anybody twice. */
static enum recourse_error check_approver(struct decision *decision, const struct record_proposal *record)
{
	TRY(check_maker(decision, record));
	for (uint32_t given = 0; given < record->given; given++) {
		bool same;
		TRY(person_is_actor(decision, record->approvers[given], &same));
		if (same)
			return refusal_field(
				decision->refusal, RECOURSE_SAME_PERSON, "proposal", "each person once");
	}
	return RECOURSE_OK;
}

/* The entry names all who had a part in it before the one that signs it: the maker, then those who agreed. */
static enum recourse_error name_people(struct decision *decision, const struct record_proposal *record)
{
	slice handle;
	enum recourse_error error = person_speaks(decision, "proposal", record->maker, &handle);
	for (uint32_t given = 0; error == RECOURSE_OK; given++) {
		item_write_text(decision->approvals, handle);
		decision->approval_count++;
		if (given == record->given)
			break;
		error = person_speaks(decision, "proposal", record->approvers[given], &handle);
	}
	return error;
}

static enum recourse_error carry_out(struct decision *decision, slice item, slice *name)
{
	struct value inner[COMMAND_FIELDS_MAX];
	const struct command *command = NULL;
	const struct command_rule *rule;
	TRY(read_command(decision, item, &command, inner));
	TRY(rule_version_in_force(decision, command, &rule));
	*name = slice_text(command->method.name);
	decision->carried = true;
	TRY(rule->apply(decision, inner));
	TRY(limits_count(decision, *name));
	item_write_key(decision->facts, "carried_out");
	buffer_append(decision->facts, item.data, item.size);
	if (rule->version != 1)
		decision_fact_integer(decision, "carried_version", rule->version);
	return RECOURSE_OK;
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[APPROVE_PROPOSAL].integer;
	struct stored_proposal proposal;
	struct record_proposal *record = &proposal.record;
	slice name;
	TRY(find_open(decision, number, &proposal));
	TRY(check_approver(decision, record));
	TRY(name_people(decision, record));
	record->approvers[record->given++] = decision->actor->key;
	decision_fact_integer(decision, "approvals_given", record->given);
	decision_fact_integer(decision, "approvals_needed", record->needed);
	if (record->given < record->needed)
		return put_proposal(decision, number, &proposal);
	TRY(carry_out(decision, proposal.command, &name));
	return close_proposal(decision, number, &proposal, PROPOSAL_APPROVED);
}

enum recourse_error proposal_break_glass(
	struct decision *decision, uint64_t number, struct record_proposal *record, slice *command)
{
	struct stored_proposal proposal = {0};
	TRY(find_open(decision, number, &proposal));
	TRY(check_maker(decision, &proposal.record));
	TRY(name_people(decision, &proposal.record));
	TRY(carry_out(decision, proposal.command, command));
	TRY(close_proposal(decision, number, &proposal, PROPOSAL_BREAK_GLASS));
	*record = proposal.record;
	return RECOURSE_OK;
}

enum recourse_error proposal_has_actor(struct decision *decision, uint64_t number, bool *has)
{
	struct stored_proposal proposal;
	TRY(get_proposal(decision, number, &proposal));
	TRY(person_is_actor(decision, proposal.record.maker, has));
	for (uint32_t given = 0; !*has && given < proposal.record.given; given++)
		TRY(person_is_actor(decision, proposal.record.approvers[given], has));
	return RECOURSE_OK;
}

enum { REJECT_PROPOSAL, REJECT_REASON };
static const struct recourse_field reject_fields[] = {
	[REJECT_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
	[REJECT_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_reject(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[REJECT_PROPOSAL].integer;
	struct stored_proposal proposal;
	TRY(find_open(decision, number, &proposal));
	return close_proposal(decision, number, &proposal, PROPOSAL_REJECTED);
}

enum recourse_error proposal_expired(struct decision *decision, slice text)
{
	struct stored_proposal proposal;
	uint64_t number;
	TRY(clock_subject_read_entry(decision, text, &number));
	TRY(find_open(decision, number, &proposal));
	return close_proposal(decision, number, &proposal, PROPOSAL_EXPIRED);
}

static const struct command rows[] = {
	COMMAND("proposal.approve", RECOURSE_ROLE_APPROVER, approve_fields, apply_approve,
		"agree to what another person proposed; it is carried out now", COMMAND_ANY_REFUSAL),
	COMMAND("proposal.reject", RECOURSE_ROLE_APPROVER, reject_fields, apply_reject,
		"refuse what another person proposed", RECOURSE_STATE_WRONG),
};
const struct command_group proposal_commands = COMMAND_GROUP(rows);
