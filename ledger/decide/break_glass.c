/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/proposal.h"

/* ---- break_glass.use ---- */

enum { USE_PROPOSAL, USE_REASON, USE_HASH };
static const struct recourse_field use_fields[] = {
	[USE_PROPOSAL] = FIELD_INTEGER("proposal", 0, INT64_MAX, "the entry that proposed it"),
	[USE_REASON] = FIELD(ID, "reason", "reason code: why nobody could approve"),
	[USE_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what shows the emergency"),
};

static enum recourse_error apply_use(struct decision *decision, const struct value *values)
{
	struct record_break_glass use = {
		.proposal = (uint64_t)values[USE_PROPOSAL].integer,
		.used = decision->time,
		.user = decision->actor->key,
	};
	struct record_path path = record_path_of_number(RECORD_BREAK_GLASS, decision->entry);
	struct record_proposal proposal;
	struct record_control control;
	slice command;
	TRY(authority_read(decision->state, &control));
	if (control.break_glass != AUTHORITY_ALLOWED)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "command",
			"where control.publish says break_glass: allowed");
	TRY(proposal_break_glass(decision, use.proposal, &proposal, &command));

	use.due = use.clock = decision->time + control.review_hours * INSTANT_HOUR;
	use.maker = proposal.maker;
	use.given = proposal.given;
	use.missing = proposal.needed - proposal.given;
	use.amount = limits_amount(decision, &use.unit);
	record_text_set(use.command, sizeof use.command, command);
	record_text_set(use.reason, sizeof use.reason, values[USE_REASON].text);
	decision_fact_integer(decision, "approvals_given", use.given);
	decision_fact_integer(decision, "approvals_needed", proposal.needed);
	decision_fact_integer(decision, "approvals_missing", use.missing);
	decision_fact_instant(decision, "review_due", use.due);
	return decision_put(decision, &path, &use, sizeof use);
}

/* ---- break_glass.review ---- */

static const char *const finding_names[] = {"justified", "unjustified", NULL};
enum { REVIEW_USE, REVIEW_FINDING, REVIEW_REASON, REVIEW_HASH };
static const struct recourse_field review_fields[] = {
	[REVIEW_USE] = FIELD_INTEGER("use", 0, INT64_MAX, "the entry of break_glass.use"),
	[REVIEW_FINDING] = FIELD_CHOICE("finding", finding_names, "of the review"),
	[REVIEW_REASON] = FIELD(ID, "reason", "reason code"),
	[REVIEW_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of the review's text"),
};

/*
 * Who agreed to the command does not find that it was justified, no more than who made it or carried it out. Late is
 * better than never: an overdue use is reviewed all the same, and stays marked.
 */
static enum recourse_error apply_review(struct decision *decision, const struct value *values)
{
	static const char limit[] = "neither the maker, nor who approved, nor who broke the glass";
	struct record_path path =
		record_path_of_number(RECORD_BREAK_GLASS, (uint64_t)values[REVIEW_USE].integer);
	struct record_break_glass use;
	TRY(decision_find(decision, "use", &path, &use, sizeof use));
	if (use.review_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "use", use.review_entry);
	TRY(proposal_differs(decision, use.proposal, "use", limit));
	TRY(person_differs(decision, &use.user, 1, "use", limit));

	use.clock = 0;
	use.review_entry = decision->entry;
	use.reviewer = decision->actor->key;
	use.finding = BREAK_GLASS_JUSTIFIED + (uint32_t)values[REVIEW_FINDING].integer;
	record_text_set(use.review_reason, sizeof use.review_reason, values[REVIEW_REASON].text);
	decision_fact_text(decision, "review", slice_text(decision->time <= use.due ? "in-time" : "overdue"));
	return decision_put(decision, &path, &use, sizeof use);
}

enum recourse_error break_glass_overdue(struct decision *decision, slice subject)
{
	struct record_break_glass use;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	struct record_path path = record_path_of_number(RECORD_BREAK_GLASS, entry);
	TRY(decision_find(decision, "subject", &path, &use, sizeof use));
	use.overdue_entry = decision->entry;
	decision_fact_text(decision, "review", slice_text("overdue"));
	return decision_put(decision, &path, &use, sizeof use);
}

static const struct command rows[] = {
	COMMAND("break_glass.use", RECOURSE_ROLE_ADMIN, use_fields, apply_use,
		"carry out a proposal without the approvals that are missing; it will be reviewed",
		COMMAND_ANY_REFUSAL),
	COMMAND("break_glass.review", RECOURSE_ROLE_APPROVER, review_fields, apply_review,
		"a third person says whether break-glass was justified", RECOURSE_STATE_WRONG,
		RECOURSE_SAME_PERSON),
};
const struct command_group break_glass_commands = COMMAND_GROUP(rows);
