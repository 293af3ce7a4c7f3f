/* SPDX-License-Identifier: Apache-2.0 */
#include "proposal.h"

#include "party.h"

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
	if (error != RECOURSE_OK)
		return error;
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

/* Whether it could be carried out now; whatever it would change is undone. */
static enum recourse_error try_command(
	struct decision *decision, const struct command *command, const struct value *values)
{
	struct buffer facts = {0};
	struct buffer approvals = {0};
	struct decision trial = *decision;
	trial.facts = &facts;
	trial.approvals = &approvals;
	state_mark_t mark = state_mark(decision->state);
	enum recourse_error error = command->apply(&trial, values);
	if (error == RECOURSE_OK)
		error = decision_settle(&trial);
	state_rollback(decision->state, mark);
	buffer_free(&facts);
	buffer_free(&approvals);
	return error;
}

enum recourse_error proposal_open(
	struct decision *decision, const struct command *command, const struct value *values)
{
	struct stored_proposal proposal = {.record = {.maker = decision->actor->key, .state = PROPOSAL_OPEN}};
	struct buffer item = {0};
	enum recourse_error error = try_command(decision, command, values);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "command", slice_text(command->method.name));
	field_encode_pairs(command->method.fields, command->method.field_count, values, &item);
	item_map_close(map, &item);
	proposal.command = buffer_slice(&item);
	error = buffer_failed(&item) ? RECOURSE_MEMORY : put_proposal(decision, decision->entry, &proposal);
	buffer_free(&item);
	decision_fact_integer(decision, "proposal", decision->entry);
	decision_fact_integer(decision, "approvals_needed", command->method.approvals);
	return error;
}

static enum recourse_error find_open(
	struct decision *decision, uint64_t number, struct stored_proposal *proposal)
{
	enum recourse_error error = get_proposal(decision, number, proposal);
	if (error != RECOURSE_OK)
		return error;
	if (proposal->record.state != PROPOSAL_OPEN)
		return refusal_entry(
			decision->refusal, RECOURSE_STATE_WRONG, "proposal", proposal->record.closed_entry);
	return RECOURSE_OK;
}

static enum recourse_error close_proposal(struct decision *decision, uint64_t number,
	struct stored_proposal *proposal, enum proposal_state state)
{
	proposal->record.state = state;
	proposal->record.closed_entry = decision->entry;
	return put_proposal(decision, number, proposal);
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
			*command = error == RECOURSE_OK ? command_find(name.string) : NULL;
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

/* A proposal speaks for its maker until it is closed: once the key is revoked, it speaks for nobody. */
static enum recourse_error check_maker(struct decision *decision, uint32_t number, slice *handle)
{
	struct record_key key;
	enum recourse_error error = party_key_name(decision->state, decision->arena, number, handle);
	if (error != RECOURSE_OK)
		return error;
	struct record_path path = record_path_of_text(RECORD_KEY, *handle);
	error = record_get(decision->state, &path, &key, sizeof key);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_STORE_CORRUPT;
	if (error == RECOURSE_OK && key.revoked != 0)
		error = refusal_entry(decision->refusal, RECOURSE_KEY_REVOKED, "proposal", key.revoked_entry);
	return error;
}

enum { APPROVE_PROPOSAL };
static const struct recourse_field approve_fields[] = {
	[APPROVE_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
};

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[APPROVE_PROPOSAL].integer;
	struct value inner[COMMAND_FIELDS_MAX];
	const struct command *command = NULL;
	struct stored_proposal proposal;
	slice maker;
	enum recourse_error error = find_open(decision, number, &proposal);
	if (error != RECOURSE_OK)
		return error;
	if (proposal.record.maker == decision->actor->key)
		return refusal_field(
			decision->refusal, RECOURSE_SAME_PERSON, "proposal", "a maker does not check");
	error = read_command(decision, proposal.command, &command, inner);
	if (error == RECOURSE_OK)
		error = check_maker(decision, proposal.record.maker, &maker);
	if (error == RECOURSE_OK)
		error = command->apply(decision, inner);
	if (error == RECOURSE_OK)
		error = close_proposal(decision, number, &proposal, PROPOSAL_APPROVED);
	if (error != RECOURSE_OK)
		return error;
	item_write_text(decision->approvals, maker);
	decision->approval_count++;
	item_write_key(decision->facts, "carried_out");
	buffer_append(decision->facts, proposal.command.data, proposal.command.size);
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
	enum recourse_error error = find_open(decision, number, &proposal);
	if (error == RECOURSE_OK)
		error = close_proposal(decision, number, &proposal, PROPOSAL_REJECTED);
	return error;
}

static const struct command rows[] = {
	COMMAND("proposal.approve", RECOURSE_ROLE_APPROVER, approve_fields, apply_approve,
		"agree to what another person proposed; it is carried out now"),
	COMMAND("proposal.reject", RECOURSE_ROLE_APPROVER, reject_fields, apply_reject,
		"refuse what another person proposed"),
};
const struct command_group proposal_commands = COMMAND_GROUP(rows);
