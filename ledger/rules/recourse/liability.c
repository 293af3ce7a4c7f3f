/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/liability.h"

#include "base/split.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/collateral/instrument.h"

#include <assert.h>

static struct record_path liability_path(const struct record_section *section, slice party)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	record_path_text(&path, party);
	return path;
}

enum recourse_error liability_get(struct state_view *view, const struct record_section *section, slice party,
	struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	return record_get_optional(view, &path, liability, sizeof *liability, NULL);
}

enum recourse_error liability_put(struct decision *decision, const struct record_section *section,
	slice party, const struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	/* I6: the excess of a receipt goes to 2150, never here */
	assert(liability->received_recourse <= liability->recourse);
	assert(liability->received_uncovered <= liability->uncovered);
	assert(liability->received_interest <= liability->interest);
	return decision_put(decision, &path, liability, sizeof *liability);
}

/* NOT_FOUND with field "party". */
static enum recourse_error find_liable(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	return decision_find(decision, "party", &path, liability, sizeof *liability);
}

enum recourse_error liability_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct liabilities *list)
{
	struct record_path prefix =
		record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	struct liability_row row;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	list->count = 0;
	while (record_walk_next(&walk, &row.record, sizeof row.record)) {
		assert(list->count < LIABILITY_PARTIES_MAX);
		TRY(arena_copy(arena, walk.key.parts[2].text, &row.party));
		list->rows[list->count++] = row;
	}
	return walk.error;
}

/* ---- apportionment ---- */

static const char *const mode_names[] = {"several", "joint-and-several", NULL};
enum { SHARE_PARTY, SHARE_SHARE };
static const struct recourse_field share_members[] = {
	[SHARE_PARTY] = FIELD(ID, "party", "a liable party"),
	[SHARE_SHARE] = FIELD(PERCENT, "share", "of the whole loss"),
};
enum { APPORTION_INCIDENT, APPORTION_MODE, APPORTION_BASIS, APPORTION_SHARES };
static const struct recourse_field apportion_fields[] = {
	[APPORTION_INCIDENT] = FIELD(ID, "incident", "whose recourse is apportioned"),
	[APPORTION_MODE] = FIELD_CHOICE("mode", mode_names, "of the liability"),
	[APPORTION_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the judgment or agreement"),
	[APPORTION_SHARES] = FIELD_LIST(
		"shares", 1, LIABILITY_PARTIES_MAX, share_members, "party and share; they sum up to 100.00"),
};

static enum recourse_error read_shares(
	struct decision *decision, const struct value *list, struct liabilities *plan)
{
	int64_t sum = 0;
	plan->count = list->list.count;
	for (size_t row = 0; row < plan->count; row++) {
		const struct value *member = list->list.values + row * 2;
		struct record_liability *record = &plan->rows[row].record;
		TRY(party_concerned(
			decision, "shares", member[SHARE_PARTY].text, PARTY_LIABLE, &record->party));
		for (size_t other = 0; other < row; other++) {
			if (plan->rows[other].record.party == record->party)
				return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "each party once");
		}
		plan->rows[row].party = member[SHARE_PARTY].text;
		record->share = member[SHARE_SHARE].integer;
		sum += record->share;
		if (record->share == 0)
			return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "each above zero");
	}
	if (sum != 10000)
		return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "a sum of 100.00");
	return RECOURSE_OK;
}

/*
 * What was paid for each party before anything was advanced. The deposit counts as the merchant's payment; so does what
 * an instrument paid, which is the merchant's security, unless its provider is liable itself. The issuer's pool is the
 * issuer's.
 */
static enum recourse_error read_credits(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, struct liabilities *plan)
{
	struct instrument_calls calls;
	int64_t merchants = section->pool_taken - section->from_issuer - section->restored;
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	for (size_t row = 0; row < plan->count; row++) {
		struct record_liability *record = &plan->rows[row].record;
		record->credited = instrument_call_used(&calls, record->party);
		merchants -= record->credited;
	}
	for (size_t row = 0; row < plan->count; row++) {
		struct record_liability *record = &plan->rows[row].record;
		if (record->party == section->party)
			record->credited = merchants;
		if (record->party == incident->issuer)
			record->credited += section->from_issuer;
	}
	return RECOURSE_OK;
}

/*
 * Of the whole loss each party bears its share, and is credited with what was paid for it. What is then open weighs how
 * the recourse, and the loss that no scheme covered, fall on each.
 */
static enum recourse_error split_parts(
	const struct record_section *section, int64_t unapportioned, struct liabilities *plan)
{
	int64_t weights[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	int64_t uncovered[LIABILITY_PARTIES_MAX];
	for (size_t row = 0; row < plan->count; row++)
		weights[row] = plan->rows[row].record.share;
	TRY(split_all(section->loss, weights, plan->count, parts));
	for (size_t row = 0; row < plan->count; row++) {
		struct record_liability *record = &plan->rows[row].record;
		record->liability = parts[row];
		record->credited = record->credited < parts[row] ? record->credited : parts[row];
		weights[row] = record->liability - record->credited;
	}
	TRY(split_all(unapportioned, weights, plan->count, parts));
	TRY(split_all(
		section->loss - section->promised - section->elsewhere, weights, plan->count, uncovered));
	for (size_t row = 0; row < plan->count; row++) {
		plan->rows[row].record.recourse = parts[row];
		plan->rows[row].record.uncovered = uncovered[row];
	}
	return RECOURSE_OK;
}

static enum recourse_error assign(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice reference, struct liabilities *plan)
{
	for (size_t index = 0; index < plan->count; index++) {
		slice party = plan->rows[index].party;
		struct record_liability *record = &plan->rows[index].record;
		TRY(decision_step(decision, LIFE_RECOURSE, &record->state, RECOURSE_PERFECTED, "shares"));
		TRY(liability_put(decision, section, party, record));
		TRY(decision_move(decision, unit, record->recourse, CHART_RECOURSE, party, CHART_RECOURSE,
			slice_text(CHART_UNAPPORTIONED), reference));
	}
	return RECOURSE_OK;
}

static enum recourse_error unapportioned_balance(
	struct decision *decision, const struct unit *unit, slice reference, int64_t *steps)
{
	TRY(account_balance(
		decision->state, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), reference, unit, steps));
	if (*steps == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "incident", unit, 1, 0);
	return RECOURSE_OK;
}

static enum recourse_error apply_apportion(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct liabilities plan = {0};
	const struct unit *unit = &incident.unit;
	slice reference = values[APPORTION_INCIDENT].text;
	int64_t unapportioned;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(section_named(decision, "section", NULL, &incident, &section));
	if (section.apportioned_entry != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "incident", section.apportioned_entry);
	TRY(read_shares(decision, &values[APPORTION_SHARES], &plan));
	TRY(unapportioned_balance(decision, unit, reference, &unapportioned));
	TRY(read_credits(decision, &incident, &section, &plan));
	enum recourse_error error = split_parts(&section, unapportioned, &plan);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "shares", "parties that still owe something");
	/* what moved after the end has reopened the money: it is there already */
	if (incident.state != INCIDENT_RECOVERY)
		TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_RECOVERY, "incident"));

	section.apportioned_entry = decision->entry;
	section.joint = (uint32_t)values[APPORTION_MODE].integer;
	decision_fact_amount(decision, "loss", unit, section.loss);
	/* what appeals gave back to the deposit it does not bear: the funder does */
	decision_fact_amount(decision, "deposit_credited", unit,
		section.pool_taken - section.from_instruments - section.from_issuer - section.restored);
	decision_fact_amount(decision, "instruments_credited", unit, section.from_instruments);
	decision_fact_amount(decision, "recourse", unit, unapportioned);
	TRY(assign(decision, &section, unit, reference, &plan));
	TRY(section_save(decision, &section));
	return incident_save(decision, &incident);
}

/* ---- liability.extend: what has perfected since, by the same shares ---- */

/* A party that has paid all owes something again. */
static void reopen(struct record_liability *liability)
{
	if (liability->state == RECOURSE_SATISFIED)
		(void)life_step(LIFE_RECOURSE, &liability->state, RECOURSE_PARTIAL);
}

/* So much of what is open with `from` falls on the row's party. */
static enum recourse_error bear(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice from, slice reference, struct liability_row *row, int64_t recourse,
	int64_t uncovered)
{
	struct record_liability *liability = &row->record;
	if (recourse + uncovered == 0)
		return RECOURSE_OK;
	liability->recourse += recourse;
	liability->uncovered += uncovered;
	/* the loss counted an advance before it became recourse: only what is beyond adds */
	int64_t borne = liability->credited + liability->recourse + liability->uncovered;
	liability->liability = liability->liability < borne ? borne : liability->liability;
	reopen(liability);
	TRY(liability_put(decision, section, row->party, liability));
	return decision_move(
		decision, unit, recourse, CHART_RECOURSE, row->party, CHART_RECOURSE, from, reference);
}

/*
 * Adds parts of the recourse and of the uncovered loss to the liable parties but the one left out, by their
 * shares. UNECONOMIC ones bear nothing more.
 */
static enum recourse_error spread(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice from, slice reference, int64_t recourse, int64_t uncovered)
{
	struct liabilities list;
	int64_t weights[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	int64_t uncovered_parts[LIABILITY_PARTIES_MAX];
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		bool bears = !slice_equal(list.rows[row].party, from) &&
			     list.rows[row].record.state != RECOURSE_UNECONOMIC;
		weights[row] = bears ? list.rows[row].record.share : 0;
	}
	enum recourse_error error = split_all(recourse, weights, list.count, parts);
	if (error == RECOURSE_OK)
		error = split_all(uncovered, weights, list.count, uncovered_parts);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "incident", "another party that is still liable");
	for (size_t row = 0; row < list.count; row++)
		TRY(bear(decision, section, unit, from, reference, &list.rows[row], parts[row],
			uncovered_parts[row]));
	return RECOURSE_OK;
}

enum { EXTEND_INCIDENT };
static const struct recourse_field extend_fields[] = {
	[EXTEND_INCIDENT] = FIELD(ID, "incident", "whose recourse has grown since it was apportioned"),
};

static enum recourse_error apply_extend(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	slice reference = values[EXTEND_INCIDENT].text;
	int64_t unapportioned;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(section_named(decision, "section", NULL, &incident, &section));
	if (section.apportioned_entry == 0)
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident.state));
	TRY(unapportioned_balance(decision, &incident.unit, reference, &unapportioned));
	return spread(decision, &section, &incident.unit, slice_text(CHART_UNAPPORTIONED), reference,
		unapportioned, 0);
}

/* ---- liability.respread: a joint party's shortfall falls on the others ---- */

enum { RESPREAD_INCIDENT, RESPREAD_PARTY, RESPREAD_REASON };
static const struct recourse_field respread_fields[] = {
	[RESPREAD_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[RESPREAD_PARTY] = FIELD(ID, "party", "who will pay no more"),
	[RESPREAD_REASON] = FIELD(ID, "reason", "reason code, such as final-dividend"),
};

static enum recourse_error apply_respread(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	const struct unit *unit = &incident.unit;
	slice reference = values[RESPREAD_INCIDENT].text;
	slice party = values[RESPREAD_PARTY].text;
	int64_t recourse;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(section_named(decision, "section", NULL, &incident, &section));
	if (section.joint == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "incident", "joint and several liability");
	TRY(find_liable(decision, &section, party, &liability));
	TRY(decision_step(decision, LIFE_RECOURSE, &liability.state, RECOURSE_UNECONOMIC, "party"));
	TRY(account_balance(decision->state, CHART_RECOURSE, party, reference, unit, &recourse));

	int64_t uncovered = liability.uncovered - liability.received_uncovered;
	if (recourse + uncovered == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "party", unit, 1, 0);
	liability.liability -= recourse + uncovered;
	liability.recourse -= recourse;
	liability.uncovered -= uncovered;
	decision_fact_amount(decision, "shortfall", unit, recourse + uncovered);
	TRY(liability_put(decision, &section, party, &liability));
	return spread(decision, &section, unit, party, reference, recourse, uncovered);
}

/* ---- interest.adjudge: what a court adds for the consumers; owed by the party, on no balance until it pays ---- */

enum { INTEREST_INCIDENT, INTEREST_PARTY, INTEREST_AMOUNT, INTEREST_BASIS };
static const struct recourse_field interest_fields[] = {
	[INTEREST_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[INTEREST_PARTY] = FIELD(ID, "party", "who owes it"),
	[INTEREST_AMOUNT] = FIELD(AMOUNT, "amount", "adjudged to the consumers"),
	[INTEREST_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the judgment"),
};

static enum recourse_error apply_interest(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	slice party = values[INTEREST_PARTY].text;
	int64_t steps;
	TRY(incident_concerned(decision, values[INTEREST_INCIDENT].text, &incident));
	TRY(incident_open(decision, "incident", &incident));
	TRY(section_named(decision, "section", NULL, &incident, &section));
	TRY(find_liable(decision, &section, party, &liability));
	TRY(decision_amount(decision, "amount", values[INTEREST_AMOUNT].text, &incident.unit, &steps));
	if (amount_add_steps(liability.interest, steps, &liability.interest) != RECOURSE_OK ||
		amount_add_steps(section.interest, steps, &section.interest) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "amount", "64 bits");
	reopen(&liability);
	TRY(liability_put(decision, &section, party, &liability));
	return section_save(decision, &section);
}

/* ---- un-perfecting ---- */

/* At most what is open: what the parties have paid already is not taken back from the receivable. */
static enum recourse_error draw_from_parties(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice reference, int64_t steps, int64_t *drawn)
{
	struct liabilities list;
	int64_t balances[LIABILITY_PARTIES_MAX];
	int64_t parts[LIABILITY_PARTIES_MAX];
	int64_t open = 0;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		TRY(account_balance(decision->state, CHART_RECOURSE, list.rows[row].party, reference, unit,
			&balances[row]));
		open += balances[row];
	}
	*drawn = steps < open ? steps : open;
	TRY(split_all(*drawn, balances, list.count, parts));
	for (size_t row = 0; row < list.count; row++) {
		if (parts[row] == 0)
			continue;
		list.rows[row].record.liability -= parts[row];
		list.rows[row].record.recourse -= parts[row];
		TRY(liability_put(decision, section, list.rows[row].party, &list.rows[row].record));
		TRY(decision_move(decision, unit, parts[row], CHART_INCHOATE, slice_text(""), CHART_RECOURSE,
			list.rows[row].party, reference));
	}
	return RECOURSE_OK;
}

enum recourse_error liability_unperfect(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice reference, int64_t steps, int64_t *unperfected)
{
	slice unapportioned = slice_text(CHART_UNAPPORTIONED);
	int64_t drawn = 0;
	int64_t balance;
	TRY(account_balance(decision->state, CHART_RECOURSE, unapportioned, reference, unit, &balance));
	int64_t first = steps < balance ? steps : balance;
	TRY(decision_move(decision, unit, first, CHART_INCHOATE, slice_text(""), CHART_RECOURSE,
		unapportioned, reference));
	if (first < steps)
		TRY(draw_from_parties(decision, section, unit, reference, steps - first, &drawn));
	*unperfected = first + drawn;
	return RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("liability.apportion", RECOURSE_ROLE_OPERATOR, apportion_fields, apply_apportion,
		"apportion the recourse to the liable parties", RECOURSE_EXISTS, RECOURSE_INSUFFICIENT,
		RECOURSE_SHARES_WRONG),
	COMMAND("liability.extend", RECOURSE_ROLE_OPERATOR, extend_fields, apply_extend,
		"apportion what has perfected since, by the same shares", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT),
	COMMAND("liability.respread", RECOURSE_ROLE_OPERATOR, respread_fields, apply_respread,
		"spread a joint party's shortfall over the others", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_SHARES_WRONG, RECOURSE_NOT_PERMITTED),
	COMMAND("interest.adjudge", RECOURSE_ROLE_OPERATOR, interest_fields, apply_interest,
		"record interest that a court adjudged to the consumers", RECOURSE_STATE_WRONG),
};
const struct command_group liability_commands = COMMAND_GROUP(rows);
