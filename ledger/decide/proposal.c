/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/proposal.h"

/* What becomes of one about a claim is in the claim's history. */
static enum recourse_error put_proposal(
	struct decision *decision, uint64_t number, const struct record_proposal *proposal)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	if (proposal->claim[0] != 0)
		TRY(decision_about(decision, RECORD_CLAIM, RECORD_TEXT(proposal->claim)));
	return decision_put(decision, &path, proposal, sizeof *proposal);
}

/* What the command names by that field; empty where it has no such field, or nothing is said. */
static slice named(const struct recourse_method *method, const struct value *values, const char *name)
{
	size_t field = field_index(method, name);
	bool there = field < method->field_count && method->fields[field].type == RECOURSE_FIELD_ID &&
		     values[field].present;
	return there ? values[field].text : slice_text("");
}

static enum recourse_error name_incident(
	struct decision *decision, slice id, struct record_proposal *proposal)
{
	struct record_path path = record_path_of_text(RECORD_INCIDENT_NAME, id);
	return id.size == 0 ? RECOURSE_OK
			    : record_get_optional(decision->state, &path, &proposal->incident,
				      sizeof proposal->incident, NULL);
}

static enum recourse_error name_party(struct decision *decision, slice id, struct record_proposal *proposal)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	if (id.size == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &party, sizeof party, NULL));
	proposal->party = party.number;
	return RECOURSE_OK;
}

/* One that names a claim is about it, and not one that would file it; else about an incident and a party that it names. */
static enum recourse_error name_subjects(struct decision *decision, const struct recourse_method *method,
	const struct value *values, struct record_proposal *proposal)
{
	slice claim = named(method, values, "claim");
	slice merchant = named(method, values, "merchant");
	struct record_path path = record_path_of_text(RECORD_CLAIM, claim);
	bool there = false;
	if (claim.size > 0)
		TRY(record_exists(decision->state, &path, &there));
	if (there) {
		record_text_set(proposal->claim, sizeof proposal->claim, claim);
		return RECOURSE_OK;
	}
	TRY(name_incident(decision, named(method, values, "incident"), proposal));
	return name_party(decision, merchant.size > 0 ? merchant : named(method, values, "party"), proposal);
}

static enum recourse_error get_proposal(
	struct decision *decision, uint64_t number, struct record_proposal *proposal)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	return refuse_absent(decision, record_get(decision->state, &path, proposal, sizeof *proposal),
		RECOURSE_NOT_FOUND, "proposal", "the entry of a proposal");
}

/* The command is kept as the map that it was submitted as. */
enum recourse_error proposal_open(struct decision *decision, const struct command *command,
	const struct value *values, uint32_t approvals)
{
	struct record_proposal proposal = {
		.maker = decision->actor->key, .state = PROPOSAL_OPEN, .needed = approvals};
	struct record_path path = record_path_of_number(RECORD_PROPOSED, decision->entry);
	SCOPED(buffer_free) struct buffer item = {0};
	struct item_map map = item_map_open(&item);
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	item_write_pair_text(&item, "command", slice_text(command->method.name));
	field_encode_pairs(command->method.fields, command->method.field_count, values, &item);
	item_map_close(map, &item);
	if (buffer_failed(&item))
		return RECOURSE_MEMORY;
	/* the limit is that of a proposal as a whole */
	if (item.size > STATE_VALUE_MAX - sizeof proposal)
		return refuse_limit(
			decision, RECOURSE_ENTRY_TOO_LARGE, NULL, "%d bytes in a proposal", STATE_VALUE_MAX);
	proposal.expires = decision->time + control.proposal_hours * INSTANT_HOUR;
	TRY(state_put(decision->state, record_path_slice(&path), buffer_slice(&item)));
	TRY(name_subjects(decision, &command->method, values, &proposal));
	TRY(put_proposal(decision, decision->entry, &proposal));
	decision_fact_integer(decision, "proposal", decision->entry);
	decision_fact_integer(decision, "approvals_needed", approvals);
	return RECOURSE_OK;
}

static enum recourse_error find_open(
	struct decision *decision, uint64_t number, struct record_proposal *proposal)
{
	TRY(get_proposal(decision, number, proposal));
	if (proposal->state != PROPOSAL_OPEN)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "proposal", proposal->closed_entry);
	return RECOURSE_OK;
}

static enum recourse_error close_proposal(struct decision *decision, uint64_t number,
	struct record_proposal *proposal, enum proposal_state state)
{
	proposal->state = state;
	proposal->expires = 0;
	proposal->closed_entry = decision->entry;
	return put_proposal(decision, number, proposal);
}

enum { APPROVE_PROPOSAL };
static const struct recourse_field approve_fields[] = {
	[APPROVE_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
};

/* The clock may not have struck yet, and a maker never carries out what he proposed. */
static enum recourse_error check_maker(struct decision *decision, const struct record_proposal *record)
{
	if (decision->time > record->expires)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "proposal", "one that has not expired");
	return person_differs(decision, &record->maker, 1, "proposal", "a maker does not check");
}

static enum recourse_error name_person(struct decision *decision, uint32_t key)
{
	slice handle;
	TRY(person_speaks(decision, "proposal", key, &handle));
	item_write_text(&decision->approvals, handle);
	decision->approval_count++;
	return RECOURSE_OK;
}

/* The entry names all who had a part in it before the one that signs it: the maker, then those who agreed. */
static enum recourse_error name_people(struct decision *decision, const struct record_proposal *record)
{
	TRY(name_person(decision, record->maker));
	for (uint32_t given = 0; given < record->given; given++)
		TRY(name_person(decision, record->approvers[given]));
	return RECOURSE_OK;
}

static enum recourse_error read_command(struct decision *decision, uint64_t number, slice *item,
	const struct command **command, struct value *values)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSED, number);
	slice value;
	slice name;
	enum recourse_error error = state_get(decision->state, record_path_slice(&path), &value);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	TRY(arena_copy(decision->arena, value, item));
	*command = item_find_text(*item, "command", &name) == RECOURSE_OK ? area_command(name) : NULL;
	if (*command == NULL)
		return RECOURSE_STORE_CORRUPT;
	slice reader = *item;
	return field_decode((*command)->method.fields, (*command)->method.field_count, "command", &reader,
		decision->arena, values, decision->refusal);
}

/* H1: records that keep who did something keep the maker; whoever signs, or agreed before, must differ from whom he must differ, too. */
static enum recourse_error apply_for(struct decision *decision, uint32_t maker,
	const struct command_rule *rule, const struct value *values)
{
	const struct decision_actor *checker = decision->actor;
	struct record_key key;
	struct decision_actor actor;
	TRY(person_key(decision->state, maker, &key));
	actor = (struct decision_actor){
		.key = maker, .person = key.person, .party_number = key.party, .roles = key.roles};
	TRY(party_key_name(decision->state, decision->arena, maker, &actor.handle));
	TRY(party_name(decision->state, decision->arena, key.party, &actor.party));
	decision->carried = true;
	decision->actor = &actor;
	decision->checker = checker;
	enum recourse_error error = rule->apply(decision, values);
	decision->actor = checker;
	decision->checker = NULL;
	return error;
}

static enum recourse_error carry_out(
	struct decision *decision, uint64_t number, const struct record_proposal *proposal, slice *name)
{
	struct value inner[COMMAND_FIELDS_MAX];
	const struct command *command;
	const struct command_rule *rule;
	slice item;
	TRY(read_command(decision, number, &item, &command, inner));
	TRY(version_in_force(decision, command, &rule));
	*name = slice_text(command->method.name);
	decision->agreed = proposal->approvers;
	decision->agreed_count = proposal->given;
	TRY(apply_for(decision, proposal->maker, rule, inner));
	decision->agreed_count = 0;
	TRY(limits_count(decision, *name));
	item_write_key(&decision->facts, "carried_out");
	buffer_append(&decision->facts, item.data, item.size);
	if (rule->version != 1)
		decision_fact_integer(decision, "carried_version", rule->version);
	return RECOURSE_OK;
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[APPROVE_PROPOSAL].integer;
	struct record_proposal proposal;
	slice name;
	TRY(find_open(decision, number, &proposal));
	TRY(check_maker(decision, &proposal));
	TRY(person_differs(decision, proposal.approvers, proposal.given, "proposal", "each person once"));
	TRY(name_people(decision, &proposal));
	proposal.approvers[proposal.given++] = decision->actor->key;
	decision_fact_integer(decision, "approvals_given", proposal.given);
	decision_fact_integer(decision, "approvals_needed", proposal.needed);
	if (proposal.given < proposal.needed)
		return put_proposal(decision, number, &proposal);
	TRY(carry_out(decision, number, &proposal, &name));
	return close_proposal(decision, number, &proposal, PROPOSAL_APPROVED);
}

enum recourse_error proposal_break_glass(
	struct decision *decision, uint64_t number, struct record_proposal *record, slice *command)
{
	TRY(find_open(decision, number, record));
	TRY(check_maker(decision, record));
	TRY(name_people(decision, record));
	TRY(carry_out(decision, number, record, command));
	if (area_command(*command)->for_good)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "proposal",
			"a command whose effect can be made good afterwards");
	return close_proposal(decision, number, record, PROPOSAL_BREAK_GLASS);
}

enum recourse_error proposal_differs(
	struct decision *decision, uint64_t number, const char *field, const char *limit)
{
	struct record_proposal proposal;
	TRY(get_proposal(decision, number, &proposal));
	TRY(person_differs(decision, &proposal.maker, 1, field, limit));
	return person_differs(decision, proposal.approvers, proposal.given, field, limit);
}

enum { REJECT_PROPOSAL, REJECT_REASON };
static const struct recourse_field reject_fields[] = {
	[REJECT_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
	[REJECT_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_reject(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[REJECT_PROPOSAL].integer;
	struct record_proposal proposal;
	TRY(find_open(decision, number, &proposal));
	return close_proposal(decision, number, &proposal, PROPOSAL_REJECTED);
}

enum recourse_error proposal_expired(struct decision *decision, slice text)
{
	struct record_proposal proposal;
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
