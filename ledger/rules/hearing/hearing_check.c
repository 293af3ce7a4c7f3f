/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/contest.h"

#include "books/record_desk.h"
#include "rule/rule.h"

/* A claim says of its hearing what that is, and has one where it says so. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path path = record_path_of_text(RECORD_HEARING, row->key->parts[0].text);
	bool there;
	if (claim->hearing == HEARING_NONE)
		return RECOURSE_OK;
	TRY(record_exists(check->state, &path, &there));
	return check_that(check, row, there, "D6: a claim's parties were heard, and nothing says how");
}

static enum recourse_error look_at_hearing(struct check_context *check, const struct check_row *row)
{
	const struct record_hearing *record = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	TRY(check_found(check, row, record_get(check->state, &path, &claim, sizeof claim),
		"D6: the parties of a claim that is not there were heard"));
	TRY(check_that(check, row, claim.hearing == hearing_waits_for(record),
		"D6: a claim waits for another thing than its parties were asked"));
	TRY(check_that(check, row, record->merchant == 0 || record->merchant == claim.section,
		"D6: another merchant than a claim's was heard"));
	bool answered = record->answer == ANSWERED_ACCEPT || record->answer == ANSWERED_DISPUTE;
	TRY(check_that(check, row,
		((record->own_words & OWN_ANSWER) == 0 || answered) &&
			((record->own_words & OWN_AGREED) == 0 || record->merchant_agreed != 0) &&
			((record->own_words & OWN_DECLINED) == 0 || record->proposal_ended != 0),
		"D6: a merchant said by its own key what it did not say"));
	TRY(check_that(check, row,
		record->consent != CONSENT_GIVEN ||
			(claim.decided_entry == record->proposal_ended && record->consumer_agreed != 0 &&
				(record->to_merchant == 0 || record->merchant_agreed != 0)),
		"D6: a ruling by consent is not what its parties agreed to"));
	TRY(check_that(check, row, record->top_up_advance >= 0 && record->top_up >= record->top_up_advance,
		"D7: an appeal gave less than is advanced for it"));
	return check_that(check, row, record->closed_entry == 0 || !record_claim_waits(&claim),
		"D10: a claim is closed, and something of it is to be done");
}

/* Whoever has a day has a clock, until something came or it struck. */
static enum recourse_error look_at_clocks(struct check_context *check, const struct check_row *row)
{
	const struct record_hearing *record = row->record;
	bool asked = record->answer == ANSWERED_OPEN;
	bool sought = record->consent == CONSENT_SOUGHT;
	bool appealed = record->appeal_entry != 0 && record->appeal_ended == 0;
	TRY(check_that(check, row,
		record->answer_clock == (asked ? record->answer_due : 0) &&
			(record->answer_entry == 0) == (asked || record->answer == ANSWERED_NOT),
		"D6: a merchant has time to answer without a clock, or none with one"));
	TRY(check_that(check, row,
		record->proposal_clock == (sought ? record->proposal_due : 0) &&
			(record->proposal_ended == 0) == (sought || record->consent == CONSENT_NONE),
		"D6: a proposal is open without a clock, or over with one"));
	return check_that(check, row,
		record->appeal_clock == (appealed && record->appeal_late == 0 ? record->appeal_due : 0),
		"D7: an appeal is open without a clock, or over with one");
}

/* Who agreed to less, or to another loss, agreed to nothing; and what all agreed to is not sought any more. */
static enum recourse_error look_at_consent(struct check_context *check, const struct check_row *row)
{
	const struct record_hearing *record = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	bool all = record->consumer_agreed != 0 && (record->to_merchant == 0 || record->merchant_agreed != 0);
	struct record_claim claim;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	TRY(check_that(check, row, record->consent != CONSENT_SOUGHT || !all,
		"D6: a proposal to which all agreed is open"));
	return check_that(check, row, record->consent != CONSENT_GIVEN || claim.loss <= record->proposed,
		"D6: a ruling by consent is for more than was proposed");
}

/* A refusal that is closed was given to its consumer, unless nobody can appeal it any more. */
static bool is_closed_unheard(const struct heard *heard)
{
	const struct record_hearing *record = &heard->record;
	uint64_t ruling = heard->claim.decided_entry;
	bool judged = record->appealed == ruling && record->appeal_ended != 0;
	bool given = record->ruling == ruling && record->final_at != 0;
	return record->closed_entry != 0 && heard->claim.state == CLAIM_REJECTED &&
	       !contest_is_final(heard) && !judged && !given;
}

static enum recourse_error look_at_served(struct check_context *check, const struct check_row *row)
{
	const struct record_hearing *record = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	bool appealed = record->appeal_entry != 0 && record->appeal_ended == 0;
	struct heard heard = {.record = *record};
	TRY(record_get_named(check->state, &path, &heard.claim, sizeof heard.claim));
	TRY(check_that(check, row,
		(record->final_at == 0) == (record->consumer_served == 0) &&
			(record->consumer_served == 0 || record->consumer_served > record->ruling) &&
			(record->merchant_served == 0 || record->merchant_served > record->ruling),
		"D7: the time for an appeal runs, and nobody was given the ruling"));
	TRY(check_that(check, row, !appealed || record->appealed == heard.claim.decided_entry,
		"D7: another ruling than a claim's is appealed"));
	/* who judged is kept where that is the ruling */
	const uint32_t keys[] = {record->appellant, heard.claim.decider};
	bool judged = record->appeal_ended != 0 && record->appeal_ended == heard.claim.decided_entry;
	bool differ = true;
	if (judged)
		TRY(check_differ(check, keys, 2, &differ));
	TRY(check_that(check, row, differ, "D7: one person lodged a consumer's appeal and judged it"));
	return check_that(
		check, row, !is_closed_unheard(&heard), "D10: a refusal is closed that was given to nobody");
}

/* Nothing is promised of one that is closed. */
static enum recourse_error look_at_closed(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path path = record_path_of_text(RECORD_HEARING, row->key->parts[0].text);
	struct record_hearing record;
	if (desk->promises_open == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(check->state, &path, &record, sizeof record, NULL));
	return check_that(check, row, record.closed_entry == 0,
		"D10: a claim is closed, and something of it is promised");
}

static int64_t appeals_counted(const void *section)
{
	return (int64_t)((const struct record_section *)section)->appeals;
}

static int64_t appeal_of(const void *record)
{
	const struct record_claim *claim = record;
	return claim->hearing == HEARING_APPEAL || claim->hearing == HEARING_TOP_UP;
}

static const struct check_totals appeals = {RECORD_SECTION, appeals_counted, RECORD_CLAIM, appeal_of,
	"D7: sections count other appeals than claims have"};

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_HEARING, .look = look_at_hearing},
	{.table = RECORD_HEARING, .look = look_at_clocks},
	{.table = RECORD_HEARING, .look = look_at_consent},
	{.table = RECORD_HEARING, .look = look_at_served},
	{.table = RECORD_DESK, .look = look_at_closed},
	{.look = check_totals, .of = &appeals},
};
const struct check_group hearing_check_rows = CHECK_GROUP(rows);
