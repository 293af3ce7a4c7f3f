/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/*
 * H2: nobody approves what he proposed, nor anything twice, and what was approved has as many people as it needed. H6:
 * each use of break-glass closed the proposal that it names, is by another than its maker, and was reviewed by a third
 * person or waits for it.
 */

/* ---- proposals ---- */

static enum recourse_error look_at_proposal(struct check_context *check, const struct check_row *row)
{
	const struct record_proposal *proposal = row->record;
	struct record_path path = record_path_of_number(RECORD_BREAK_GLASS, proposal->closed_entry);
	bool there = true;
	bool fits = proposal->given <= PROPOSAL_APPROVALS_MAX && proposal->given <= proposal->needed &&
		    (proposal->state == PROPOSAL_APPROVED) == (proposal->given == proposal->needed);
	TRY(check_that(
		check, row, fits, "H2: a proposal and the number of its approvals contradict each other"));
	if (proposal->state == PROPOSAL_BREAK_GLASS)
		TRY(record_exists(check->state, &path, &there));
	return there ? RECOURSE_OK
		     : check_wrong_entry(check, proposal->closed_entry,
			       "H6: a proposal was carried out by a use of break-glass that is not there");
}

/* What its command names by a field that is an id; empty where it names nothing by it. */
static slice said(slice item, const struct recourse_method *method, const char *name)
{
	size_t field = field_index(method, name);
	slice text = slice_text("");
	if (field == method->field_count || method->fields[field].type != RECOURSE_FIELD_ID ||
		item_find_text(item, name, &text) != RECOURSE_OK)
		return slice_text("");
	return text;
}

/* 0: there was none by then. */
static enum recourse_error incident_then(
	struct check_context *check, slice id, uint64_t entry, uint32_t *number)
{
	struct record_path path = record_path_of_text(RECORD_INCIDENT_NAME, id);
	struct record_incident incident;
	*number = 0;
	if (id.size > 0)
		TRY(record_get_optional(check->state, &path, number, sizeof *number, NULL));
	path = record_path_of_short(RECORD_INCIDENT, *number);
	TRY(record_get_optional(check->state, &path, &incident, sizeof incident, NULL));
	*number = incident.entry < entry ? *number : 0;
	return RECOURSE_OK;
}

static enum recourse_error party_then(struct check_context *check, slice id, uint64_t entry, uint32_t *number)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party = {.number = 0};
	if (id.size > 0)
		TRY(record_get_optional(check->state, &path, &party, sizeof party, NULL));
	*number = party.entry < entry ? party.number : 0;
	return RECOURSE_OK;
}

static enum recourse_error claim_then(struct check_context *check, slice id, uint64_t entry, bool *there)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	*there = false;
	if (id.size > 0)
		TRY(record_get_optional(check->state, &path, &claim, sizeof claim, there));
	*there = *there && claim.filed_entry < entry;
	return RECOURSE_OK;
}

static enum recourse_error read_proposed(
	struct check_context *check, uint64_t entry, slice *item, const struct command **command)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSED, entry);
	slice value;
	slice name;
	*command = NULL;
	enum recourse_error error = state_get(check->state, record_path_slice(&path), &value);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	TRY(error);
	TRY(arena_copy(check->arena, value, item));
	if (item_find_text(*item, "command", &name) == RECOURSE_OK)
		*command = area_command(name);
	return RECOURSE_OK;
}

/* It is found by the claim that its command names, or the incident and the party, as they were there by then. */
static enum recourse_error look_at_subjects(struct check_context *check, const struct check_row *row)
{
	const struct record_proposal *proposal = row->record;
	const struct command *command;
	slice item;
	TRY(read_proposed(check, row->entry, &item, &command));
	TRY(check_that(check, row, command != NULL, "H2: a proposal is of no command"));
	slice claim = said(item, &command->method, "claim");
	slice party = said(item, &command->method, "merchant");
	uint32_t incident_number = 0;
	uint32_t party_number = 0;
	bool there;
	if (party.size == 0)
		party = said(item, &command->method, "party");
	TRY(claim_then(check, claim, row->entry, &there));
	if (!there) {
		claim = slice_text("");
		TRY(incident_then(
			check, said(item, &command->method, "incident"), row->entry, &incident_number));
		TRY(party_then(check, party, row->entry, &party_number));
	}
	return check_that(check, row,
		slice_equal(RECORD_TEXT(proposal->claim), claim) && proposal->incident == incident_number &&
			proposal->party == party_number,
		"H2: a proposal is about another claim, incident or party than its command names");
}

static const struct check_persons people = {
	.keys = {{offsetof(struct record_proposal, maker), 1},
		{offsetof(struct record_proposal, approvers), PROPOSAL_APPROVALS_MAX}},
	.what = "H2: one person proposed and approved, or approved twice",
};

/* ---- break-glass ---- */

static const struct check_named proposed = {
	.table = RECORD_PROPOSAL,
	.member = offsetof(struct record_break_glass, proposal),
	.what = "H6: a use of break-glass did not close the proposal that it names",
};
static const struct check_persons users = {
	.keys = {{offsetof(struct record_break_glass, maker), 1},
		{offsetof(struct record_break_glass, user), 1},
		{offsetof(struct record_break_glass, reviewer), 1}},
	.what = "H6: one person made, carried out or reviewed what takes three",
};

static enum recourse_error look_at_use(struct check_context *check, const struct check_row *row)
{
	const struct record_break_glass *use = row->record;
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, use->proposal);
	struct record_proposal proposal;
	uint32_t keys[PROPOSAL_APPROVALS_MAX + 1] = {use->reviewer};
	bool differ;
	TRY(record_get_named(check->state, &path, &proposal, sizeof proposal));
	bool closed = proposal.state == PROPOSAL_BREAK_GLASS && proposal.closed_entry == row->entry;
	TRY(check_that(check, row, closed, proposed.what));
	bool same = use->maker == proposal.maker && use->given == proposal.given &&
		    use->missing == proposal.needed - proposal.given;
	TRY(check_that(check, row, same, "H6: a use of break-glass and its proposal contradict each other"));
	/* who agreed to it does not review it */
	memcpy(keys + 1, proposal.approvers, sizeof proposal.approvers);
	TRY(check_differ(check, keys, PROPOSAL_APPROVALS_MAX + 1, &differ));
	TRY(check_that(check, row, differ, users.what));
	/* it waits for its review, or has one: never neither, never both */
	bool open = use->review_entry == 0;
	bool reviewed = open == (use->reviewer == 0) && open == (use->finding == BREAK_GLASS_OPEN);
	return check_that(
		check, row, reviewed, "H6: a use of break-glass and its review contradict each other");
}

static const struct check rows[] = {
	{.table = RECORD_PROPOSAL, .look = look_at_proposal},
	{.table = RECORD_PROPOSAL, .look = look_at_subjects},
	{.table = RECORD_PROPOSAL, .look = check_persons, .of = &people},
	{.table = RECORD_BREAK_GLASS, .look = check_named, .of = &proposed},
	{.table = RECORD_BREAK_GLASS, .look = look_at_use},
	{.table = RECORD_BREAK_GLASS, .look = check_persons, .of = &users},
};
const struct check_group proposal_check_rows = CHECK_GROUP(rows);
