/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/owed_end.h"
#include "rules/recourse/owed_set_off.h"

#include "rule/blocker.h"
#include "rule/booked.h"
#include "rule/estate.h"
#include "rules/deposit/held.h"
#include "rules/incident/incident.h"
#include "rules/incident/given_back_bar.h"
#include "rules/incident/section.h"
#include "rules/recourse/written_off.h"

#include <stdio.h>

/* B6: receipts that nobody allocated, recourse that is neither paid nor written off, money that the funder has not had. */

static enum recourse_error read_account(
	struct blockers *list, enum chart_code code, slice party, struct record_account *account)
{
	const struct record_incident *incident = list->incident;
	struct record_path path =
		account_path(code, party, RECORD_TEXT(incident->id), unit_code(&incident->unit));
	return record_get_optional(list->view, &path, account, sizeof *account, NULL);
}

/* What stands on an account of the incident's. */
static enum recourse_error take_accounts(struct blockers *list)
{
	slice funder;
	TRY(party_name(list->view, list->arena, list->incident->funder, &funder));
	const struct {
		enum chart_code code;
		slice party;
		const char *what;
		const char *next;
		const char *by;
	} rows[] = {
		{CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), "recourse is not apportioned",
			"apportion it", "operator"},
		{CHART_COMMITMENT, funder, "commitment is not paid in",
			"pay in what is advanced, or give it up", "funder"},
		{CHART_DUE_TO_FUNDER, funder, "recovery is not remitted", "remit it to the funder",
			"custodian"},
		{CHART_ADVANCES, slice_text(""), "less is asked back than stands on claims' accounts",
			"it comes off them by itself", "clock"},
	};
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		struct record_account account;
		TRY(read_account(list, rows[row].code, rows[row].party, &account));
		struct blocker blocker = {rows[row].what, rows[row].party, account.last_entry,
			account_shown(rows[row].code, account.balance), rows[row].next, rows[row].by, 0};
		if (account.balance != 0)
			TRY(blocker_add(list, &blocker));
	}
	return RECOURSE_OK;
}

static enum recourse_error is_of_incident(
	struct blockers *list, const struct record_booked *booked, bool *same)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, booked->before);
	struct record_appeal appeal;
	*same = slice_equal(RECORD_TEXT(booked->reference), RECORD_TEXT(list->incident->id));
	if (booked->kind != BOOKED_RESTORED)
		return RECOURSE_OK;
	TRY(record_get_named(list->view, &path, &appeal, sizeof appeal));
	*same = appeal.incident == list->incident->number;
	return RECOURSE_OK;
}

/* What a part was taken back of is taken back whole. */
static enum recourse_error take_half_back(struct blockers *list)
{
	struct record_path prefix = record_path_of(RECORD_HALF_BACK);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct blocker blocker = {"only a part was taken back", .entry = walk.key.parts[0].number,
			.next = "take back the rest", .by = "custodian"};
		struct record_booked booked;
		bool same;
		TRY(booked_read(list->view, blocker.entry, &booked, NULL));
		TRY(is_of_incident(list, &booked, &same));
		if (!same)
			continue;
		TRY(arena_copy(list->arena, RECORD_TEXT(booked.id), &blocker.of));
		blocker.steps = booked.amount - booked.back;
		TRY(blocker_add(list, &blocker));
	}
	return walk.error;
}

/* What frozen money will pay when the incident ends, in all its sections: only the rest is in the way. */
struct ends {
	slice issuer;
	struct owed_end end; /* of whose money it is to be told */
	slice merchant;      /* of a section, and what is left of its own */
	int64_t frozen;
	struct owed owed;
	struct owed_set_off set_off;
	struct record_section section;
	slice from; /* the section that the page begins with; empty: it has begun */
};

/* A page that begins with a section's is told from one that begins with a receipt by what no id begins with. */
static const char section_mark[] = "@";

/* Of what a party owes back then: it was written off. */
static int64_t stood_for(const struct ends *ends, size_t row)
{
	return amount_least(
		ends->owed.list.rows[row].record.shortfall_off, ends->owed.section.parties[row].shortfall);
}

/* What the funder owes back is set off with what falls to it then; who was paid out owes what its money lacks then. */
static int64_t owed_back_then(const struct ends *ends)
{
	const struct record_section *section = &ends->section;
	int64_t falls = ends->owed.section.advances_served - section->recourse_collected -
			section->costs_served + section->shortfall - ends->owed.section.shortfall;
	for (size_t row = 0; row < ends->owed.section.count; row++)
		falls += ends->owed.section.parties[row].costs_served - stood_for(ends, row);
	int64_t due = due_to_funder(section) + falls;
	return section->owed_back > due ? section->owed_back - due : 0;
}

static enum recourse_error add_owed_back(
	struct blockers *list, slice party, uint64_t entry, int64_t steps, const char *next)
{
	struct blocker blocker = {
		"what was paid out is owed back", party, entry, steps, next, "custodian", 0};
	return steps == 0 ? RECOURSE_OK : blocker_add(list, &blocker);
}

static enum recourse_error take_owed_back(struct blockers *list, const struct ends *ends)
{
	slice funder;
	TRY(party_name(list->view, list->arena, list->incident->funder, &funder));
	TRY(add_owed_back(
		list, funder, ends->section.owed_entry, owed_back_then(ends), "pay in what is owed back"));
	for (size_t row = 0; row < ends->owed.list.count; row++)
		TRY(add_owed_back(list, ends->owed.list.rows[row].party,
			ends->owed.list.rows[row].record.shortfall_entry,
			ends->owed.section.parties[row].shortfall - stood_for(ends, row),
			"pay in what is owed back, or write it off"));
	return RECOURSE_OK;
}

/* What is over-paid in other sections then serves what is open in this one: see set_off.c. */
static enum recourse_error find_set_off(struct blockers *list, struct ends *ends, slice party, int64_t *steps)
{
	struct record_estate estate;
	*steps = 0;
	TRY(estate_of(list->view, party, &estate));
	if (list->section != 0 || list->incident->sections < 2 || estate.entry != 0)
		return RECOURSE_OK;
	return owed_set_off_for(list->view, list->arena, list->incident, &ends->end, ends->merchant, party,
		&ends->set_off, steps);
}

static enum recourse_error take_liable(
	struct blockers *list, struct ends *ends, size_t row, int64_t written_off)
{
	slice party = ends->owed.list.rows[row].party;
	bool issuers = owed_by_issuer(list->incident, &ends->section) && slice_equal(party, ends->issuer);
	int64_t open = ends->owed.section.parties[row].open - written_off;
	int64_t served;
	struct record_account account;
	if (open == 0 || (list->section != 0 && issuers))
		return RECOURSE_OK;
	TRY(find_set_off(list, ends, party, &served));
	open = amount_beyond(
		open, amount_beyond(served, written_off)); /* what was written off comes back first */
	if (open == 0)
		return RECOURSE_OK;
	TRY(read_account(list, CHART_RECOURSE, party, &account));
	struct blocker blocker = {"recourse is open", party, account.last_entry, open,
		"collect it, or write it off", "operator", 0};
	return blocker_add(list, &blocker);
}

/* What later ranks gave in its place: its instruments, and the issuer's pool, but for what the funder bears of that. */
static int64_t later_ranks(const struct record_section *section)
{
	return section->from_instruments + section_issuers_part(section);
}

/* The issuer's secures them all, behind their own: which of them has what of it is for a round to say, not for what each is owed. */
static enum recourse_error find_others(struct blockers *list, int64_t *lacking)
{
	const struct owed_end own_alone = {.count = 0};
	struct record_path prefix = record_path_of_short(RECORD_SECTION, list->incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct owed owed;
		int64_t left;
		if (section.party == list->incident->issuer)
			continue;
		TRY(owed_end_section(
			list->view, list->arena, list->incident, &section, &own_alone, &owed, &left));
		int64_t behind = amount_beyond(owed_secured(&section, &owed.section), left);
		TRY(amount_add_steps(*lacking, behind, lacking));
	}
	return walk.error;
}

/* What its pool secures and has not paid, or what a later rank paid: a round can give it, whoever is liable; also out of what is held. */
static enum recourse_error take_secured(struct blockers *list, const struct ends *ends)
{
	const struct record_section *section = &ends->section;
	bool issuers = list->incident->merchant == 0 && section->party == list->incident->issuer;
	struct given_back_bar bar;
	int64_t held;
	int64_t lacking = owed_secured(section, &ends->owed.section) + later_ranks(section);
	int64_t there = ends->frozen + (issuers ? owed_parts_sum(&ends->end.parts) : 0);
	TRY(held_sum(list->view, ends->merchant, &list->incident->unit, &held));
	if (issuers && list->section == 0 && (there > 0 || held > 0))
		TRY(find_others(list, &lacking));
	if (lacking == 0)
		return RECOURSE_OK;
	TRY(given_back_bar_find(list->view, section, issuers, &bar));
	int64_t kept = amount_beyond(bar.restored - bar.instead, bar.others);
	int64_t left = amount_least(lacking, amount_beyond(there, amount_beyond(kept, bar.room)));
	bool shared = section->last_round_entry != 0; /* an issuer's own may have had none */
	struct blocker blocker = {"pool can pay more of what it secures", ends->merchant,
		shared ? section->last_round_entry : list->incident->entry, left, "approve the distribution",
		"approver", 0};
	if (left > 0)
		TRY(blocker_add(list, &blocker));
	return held > 0 ? held_blockers(list, ends->merchant, lacking - left) : RECOURSE_OK;
}

static enum recourse_error take_rows(struct blockers *list, struct ends *ends)
{
	struct written_off off;
	TRY(take_secured(list, ends));
	TRY(take_owed_back(list, ends));
	TRY(written_off_then(&ends->section, &ends->owed.list, &ends->owed.section, &off));
	for (size_t row = 0; row < ends->owed.list.count; row++)
		TRY(take_liable(list, ends, row, off.memo[row]));
	return RECOURSE_OK;
}

/* Nothing says what is open there, but that it can not end so. */
static enum recourse_error take_overflow(struct blockers *list, const struct ends *ends)
{
	struct blocker blocker = {"sums are beyond 64 bits", ends->merchant, list->incident->entry, VIEW_NONE,
		"take back what was booked", "operator", 0};
	return blocker_add(list, &blocker);
}

static enum recourse_error end_before(struct blockers *list, const struct ends *ends)
{
	char text[1 + TEXT_ID_SIZE];
	int size = snprintf(text, sizeof text, "%s%.*s", section_mark, SLICE_ARGUMENTS(ends->merchant));
	return blocker_end_page(list, slice_of(text, (size_t)size));
}

/* A section comes whole. */
static enum recourse_error take_section(struct blockers *list, struct ends *ends)
{
	TRY(party_name(list->view, list->arena, ends->section.party, &ends->merchant));
	if (slice_equal(ends->from, ends->merchant))
		ends->from = slice_text("");
	if (ends->from.size > 0)
		return RECOURSE_OK;
	if (list->count >= list->most)
		return end_before(list, ends);
	enum recourse_error error = owed_end_section(list->view, list->arena, list->incident, &ends->section,
		&ends->end, &ends->owed, &ends->frozen);
	if (error == RECOURSE_OK)
		error = take_rows(list, ends);
	return error == RECOURSE_OVERFLOW ? take_overflow(list, ends) : error;
}

/* All of it; or only what of the issuer's pool is for whom. */
static enum recourse_error find_end(struct blockers *list, struct ends *ends, bool all)
{
	const struct record_incident *incident = list->incident;
	TRY(party_name(list->view, list->arena, incident->issuer, &ends->issuer));
	ends->merchant = ends->issuer;
	enum recourse_error error =
		all ? owed_end_find(list->view, list->arena, incident, &ends->end)
		    : owed_parts_find(list->view, list->arena, incident, &ends->end.parts);
	if (error != RECOURSE_OVERFLOW)
		return error;
	return list->from.size == 0 ? take_overflow(list, ends) : RECOURSE_OK;
}

/* The issuer's own section comes last, with what is left of its pool. */
static enum recourse_error take_liabilities(struct blockers *list, slice from)
{
	const struct record_incident *incident = list->incident;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_path last = record_path_of_shorts(RECORD_SECTION, incident->number, incident->issuer);
	struct ends ends = {.end = {.count = 0}, .from = from};
	bool there = false;
	if (incident->merchant == 0)
		TRY(find_end(list, &ends, true));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (!list->full && record_walk_next(&walk, &ends.section, sizeof ends.section)) {
		if (incident->merchant != 0 || owed_by_issuer(incident, &ends.section))
			TRY(take_section(list, &ends));
	}
	TRY(walk.error);
	if (!list->full && incident->merchant == 0)
		TRY(record_get_optional(list->view, &last, &ends.section, sizeof ends.section, &there));
	if (there)
		TRY(take_section(list, &ends));
	return ends.from.size == 0 ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}

/* Apportioned it is what parties owe: see take_accounts(). */
static enum recourse_error take_unapportioned(struct blockers *list, const struct record_section *section)
{
	struct blocker blocker = {"recourse is not apportioned", slice_text(CHART_UNAPPORTIONED),
		section->last_round_entry, section_recourse(section), "apportion it", "operator", 0};
	return section->apportioned_entry != 0 || blocker.steps == 0 ? RECOURSE_OK
								     : blocker_add(list, &blocker);
}

/* For its merchant: of the issuer's pool only the issuer knows, and what others have frozen is not told. */
static enum recourse_error take_own_section(struct blockers *list)
{
	const struct record_incident *incident = list->incident;
	struct ends ends = {.end = {.count = 0}};
	TRY(section_load(list->view, incident->number, list->section, &ends.section));
	TRY(party_name(list->view, list->arena, incident->issuer, &ends.issuer));
	if (incident->merchant == 0 && list->section == incident->issuer)
		TRY(find_end(list, &ends, false));
	TRY(take_unapportioned(list, &ends.section));
	return take_section(list, &ends);
}

static enum recourse_error take_receipts(struct blockers *list)
{
	struct record_path prefix = record_path_of_short(RECORD_RECOVERY_WAITING, list->incident->number);
	struct record_path from = prefix;
	if (list->from.size > 0)
		record_path_text(&from, list->from);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(list->view, &prefix, &from, STATE_UP);
	while (!list->full && record_walk_next(&walk, NULL, 0)) {
		slice id = walk.key.parts[1].text;
		struct record_path path = recovery_id_path(id, list->incident->custodian);
		struct record_recovery recovery;
		TRY(record_get_named(list->view, &path, &recovery, sizeof recovery));
		if (list->section != 0 && list->section != recovery.section)
			continue;
		struct blocker blocker = {"receipt is not allocated", id, recovery.entry, recovery.amount,
			"allocate the receipt", "operator", 0};
		if (recovery.allocated_entry != 0)
			blocker = (struct blocker){"only a part of the receipt is back", id,
				recovery.back_entry, recovery.amount, "take back the rest", "custodian", 0};
		TRY(blocker_page(list, &blocker));
	}
	return walk.error;
}

enum recourse_error recourse_blockers(struct blockers *list)
{
	slice section = list->from;
	bool marked = slice_take(&section, section_mark);
	if (list->section != 0)
		TRY(take_own_section(list));
	if (list->section == 0 && list->from.size == 0) {
		TRY(take_half_back(list));
		TRY(take_accounts(list));
	}
	if (list->section == 0 && (list->from.size == 0 || marked))
		TRY(take_liabilities(list, marked ? section : slice_text("")));
	if (marked)
		list->from = slice_text("");
	return list->full ? RECOURSE_OK : take_receipts(list);
}
