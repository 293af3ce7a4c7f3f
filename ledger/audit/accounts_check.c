/* SPDX-License-Identifier: Apache-2.0 */
#include "books/account.h"
#include "books/life.h"
#include "rule/booked.h"
#include "rule/check.h"
#include "rule/party.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/*
 * B6: nothing stands on an account that no record explains. What a row says is held against its own account beside that
 * row; here the rows of all are added up and held against all accounts of a code, in each unit. Since no balance is below
 * zero (I4), an account that nobody's row is about has nothing then. Of deposits each account is looked at by itself.
 */

/* The codes that are explained in total. */
static uint32_t explained_as(uint32_t code)
{
	switch (code) {
	case CHART_COMMITMENT:
	case CHART_RECOURSE:
	case CHART_INCHOATE:
	case CHART_CLAWBACK:
	case CHART_COSTS:
	case CHART_CALLED:
	case CHART_CLAIMS:
	case CHART_TRANSIT:
	case CHART_RETURNED:
	case CHART_UNCLAIMED:
	case CHART_OVER_RECOVERY:
	case CHART_DUE_TO_FUNDER:
	case CHART_WRITTEN_OFF:
	case CHART_RECOVERY_RESERVE:
	case CHART_UNITS_ISSUED:
	case CHART_UNITS_CONSUMED:
	case CHART_UNITS_EXTINGUISHED:
		return code;
	default:
		return 0;
	}
}

struct explained {
	struct check_context *check;
	struct check_units sums; /* by code: what stands there, less what explains it */
};

static enum recourse_error add_accounts(struct explained *all)
{
	SCOPED(account_walk_end) struct account_walk walk = {.view = all->check->state};
	while (account_walk_next(&walk)) {
		uint32_t code = explained_as(walk.name.code);
		if (code != 0)
			TRY(check_add(all->check, &all->sums, code, walk.name.unit,
				account_shown(walk.name.code, walk.account.balance)));
	}
	return walk.error;
}

static enum recourse_error take(struct explained *all, enum chart_code code, slice unit, int64_t steps)
{
	return check_add(all->check, &all->sums, code, unit, -steps);
}

/* ---- what explains them ---- */

static enum recourse_error take_section(
	struct explained *all, const struct record_incident *incident, const struct record_section *section)
{
	const struct {
		enum chart_code code;
		int64_t steps;
	} rows[] = {
		{CHART_COMMITMENT, section->owed_back},
		{CHART_RECOURSE, settle_up_open(section) - section->written_off - section->nobodys_memo},
		{CHART_INCHOATE, section->advanced - section->repaid - section->perfected - section->clawed},
		{CHART_COSTS, -section->costs_served},
		{CHART_CLAIMS, section->pool_taken + section->advanced - section->repaid - section->paid},
		{CHART_OVER_RECOVERY, section->uncovered_collected + section->interest_collected},
		{CHART_DUE_TO_FUNDER, due_to_funder(section)},
		{CHART_WRITTEN_OFF, section->nobodys_memo},
	};
	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++)
		TRY(take(all, rows[index].code, unit_code(&incident->unit), rows[index].steps));
	return RECOURSE_OK;
}

static enum recourse_error take_sections(struct explained *all, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(take_section(all, incident, &section));
	return walk.error;
}

static enum recourse_error compare_funders(struct check_context *check,
	const struct record_incident *incident, enum chart_code code, slice party, amount_sum steps)
{
	int64_t balance;
	TRY(account_balance(check->state, code, party, RECORD_TEXT(incident->id), &incident->unit, &balance));
	return balance == steps ? RECOURSE_OK
				: check_wrong(check,
					  "I3: %u of incident %.*s is not what is to be recovered for its "
					  "funder",
					  code, SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
}

/* What comes off them by a clock stands there still; so much of it against nobody's 3110. */
static enum recourse_error take_lowered(struct explained *all, const struct record_incident *incident)
{
	amount_sum receivable = 0;
	struct record_path prefix = record_path_of_short(RECORD_LOWERED, incident->number);
	struct record_lowered lowered;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &lowered, sizeof lowered)) {
		TRY(take(all, CHART_CLAWBACK, unit_code(&incident->unit), lowered.receivable));
		TRY(take(all, CHART_WRITTEN_OFF, unit_code(&incident->unit), lowered.off));
		receivable += lowered.receivable;
	}
	TRY(walk.error);
	return compare_funders(all->check, incident, CHART_ADVANCES, slice_text(""), receivable);
}

static enum recourse_error take_liabilities(struct explained *all, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	slice unit = unit_code(&incident->unit);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		TRY(take(all, CHART_COMMITMENT, unit, liability.shortfall - liability.shortfall_off));
		TRY(take(all, CHART_COSTS, unit, liability.costs));
		TRY(take(all, CHART_OVER_RECOVERY, unit,
			liability.returned - liability.paid_out - liability.subrogated));
		TRY(take(all, CHART_WRITTEN_OFF, unit, liability.written_off + liability.shortfall_off));
	}
	return walk.error;
}

static enum recourse_error take_calls(struct explained *all, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_CALL, incident->number);
	slice unit = unit_code(&incident->unit);
	struct record_instrument_call call;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &call, sizeof call)) {
		TRY(take(all, CHART_COMMITMENT, unit, instrument_call_unpaid(&call)));
		TRY(take(all, CHART_CALLED, unit,
			instrument_call_unpaid(&call) + instrument_call_unused(&call)));
		TRY(take(all, CHART_OVER_RECOVERY, unit, call.returned - call.paid_out));
	}
	return walk.error;
}

/* What the funder is committed to is held against what is advanced in F1; here it is enough that it is the funder's. */
static enum recourse_error take_commitment(struct explained *all, const struct record_incident *incident)
{
	slice funder;
	int64_t steps;
	TRY(party_name(all->check->state, all->check->arena, incident->funder, &funder));
	TRY(account_balance(all->check->state, CHART_COMMITMENT, funder, RECORD_TEXT(incident->id),
		&incident->unit, &steps));
	return take(all, CHART_COMMITMENT, unit_code(&incident->unit), steps);
}

static enum recourse_error take_incidents(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_INCIDENT);
	struct record_incident incident;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &incident, sizeof incident)) {
		TRY(take_commitment(all, &incident));
		TRY(take_sections(all, &incident));
		TRY(take_lowered(all, &incident));
		TRY(take_liabilities(all, &incident));
		TRY(take_calls(all, &incident));
	}
	return walk.error;
}

/* What its merchant owes of a deposit that was returned unpaid. */
static enum recourse_error take_deposits(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_DEPOSIT);
	struct record_deposit deposit;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &deposit, sizeof deposit))
		TRY(take(all, CHART_COMMITMENT, walk.key.parts[1].text, deposit.bounced));
	return walk.error;
}

/* What was ordered out, and is not paid, is owed to claims no less for that: it is where its payment is. */
static enum recourse_error take_payment(
	struct explained *all, const struct record_claim *claim, enum claim_money money, slice unit)
{
	static const enum chart_code codes[] = {
		[CLAIM_MONEY_TRANSIT] = CHART_TRANSIT,
		[CLAIM_MONEY_BACK] = CHART_RETURNED,
		[CLAIM_MONEY_UNCLAIMED] = CHART_UNCLAIMED,
	};
	int64_t steps = claim->deposit_part + claim->advance_part;
	int64_t beside = claim->back_deposit + claim->back_advance;
	TRY(take(all, codes[money], unit, steps));
	TRY(take(all, CHART_RETURNED, unit, beside));
	return take(all, CHART_CLAIMS, unit, -steps - beside);
}

static enum recourse_error take_claims(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_CLAIM);
	struct record_claim claim;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &claim, sizeof claim)) {
		struct record_incident incident;
		enum claim_money money = record_claim_money(&claim);
		if (claim.clawed == 0 && claim.clawed_off_rest == 0 && money == CLAIM_MONEY_NONE)
			continue;
		TRY(incident_load(all->check->state, claim.incident, &incident));
		slice unit = unit_code(&incident.unit);
		if (money != CLAIM_MONEY_NONE)
			TRY(take_payment(all, &claim, money, unit));
		TRY(take(all, CHART_CLAWBACK, unit, claim.clawed - claim.clawed_off));
		TRY(take(all, CHART_WRITTEN_OFF, unit, claim.clawed_off + claim.clawed_off_rest));
	}
	return walk.error;
}

static enum recourse_error take_appeals(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_DEDUCTION);
	struct record_deduction deduction;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &deduction, sizeof deduction)) {
		struct record_path path = record_path_of_number(RECORD_APPEAL, deduction.appeal);
		struct record_appeal appeal;
		struct record_incident incident;
		if (deduction.appeal == 0)
			continue;
		TRY(record_get_named(all->check->state, &path, &appeal, sizeof appeal));
		TRY(incident_load(all->check->state, deduction.incident, &incident));
		TRY(take(all, CHART_COMMITMENT, unit_code(&incident.unit), appeal.restored - appeal.funded));
	}
	return walk.error;
}

/* Interest of the bank is owed to whom it was published for: on 2150 of no incident. */
static int64_t interest_of(const struct record_booked *record)
{
	if (record->takes_back != BOOKED_BOOKS || record->corrected_by != 0)
		return 0;
	return record->kind == BOOKED_INTEREST        ? record->amount
	       : record->kind == BOOKED_INTEREST_PAID ? -record->amount
						      : 0;
}

static enum recourse_error take_interest(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_BOOKED);
	struct record_booked record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &record, sizeof record))
		TRY(take(all, CHART_OVER_RECOVERY, unit_code(&record.unit), interest_of(&record)));
	return walk.error;
}

static enum recourse_error take_lots(struct explained *all)
{
	struct record_path prefix = record_path_of(RECORD_ENTITLEMENT);
	struct record_entitlement lot;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(all->check->state, &prefix);
	while (record_walk_next(&walk, &lot, sizeof lot)) {
		slice unit = unit_code(&lot.unit);
		TRY(take(all, CHART_UNITS_ISSUED, unit, lot.quantity));
		TRY(take(all, CHART_UNITS_CONSUMED, unit, lot.consumed));
		TRY(take(all, CHART_UNITS_EXTINGUISHED, unit, lot.extinguished));
	}
	return walk.error;
}

static enum recourse_error look_at_totals(struct check_context *check, const struct check_row *row)
{
	struct explained all = {.check = check, .sums = {.count = 0}};
	(void)row;
	TRY(add_accounts(&all));
	TRY(take_incidents(&all));
	TRY(take_deposits(&all));
	TRY(take_claims(&all));
	TRY(take_appeals(&all));
	TRY(take_interest(&all));
	TRY(take_lots(&all));
	const struct check_unit *left = check_remainder(&all.sums);
	return left == NULL ? RECOURSE_OK
			    : check_wrong(check, "B6: accounts %u in %s are not what their records say",
				      left->kind, left->unit);
}

/* ---- what the funder is owed out of recoveries: an incident's ---- */

static enum recourse_error add_clawbacks(
	struct check_context *check, const struct record_incident *incident, amount_sum *steps)
{
	SCOPED(account_walk_end) struct account_walk walk = {.view = check->state, .code = CHART_CLAWBACK};
	while (account_walk_next(&walk)) {
		bool same = slice_equal(walk.name.reference, RECORD_TEXT(incident->id));
		*steps += same ? walk.account.balance : 0;
	}
	return walk.error;
}

/* I3, by incident. What 1110 and 1130 are is held against its parties (recourse/liability_check.c). */
static enum recourse_error look_at_funder(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path sections = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	amount_sum advances = 0;
	int64_t clawed = 0;
	int64_t lowered;
	int64_t costs;
	slice funder;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &sections);
	while (record_walk_next(&walk, &section, sizeof section)) {
		advances += (amount_sum)settle_up_open(&section) - section.written_off - section.nobodys_memo;
		advances +=
			(amount_sum)section.advanced - section.repaid - section.perfected - section.clawed;
		clawed += section.clawed;
	}
	TRY(walk.error);
	TRY(party_name(check->state, check->arena, incident->funder, &funder));
	TRY(account_balance(check->state, CHART_ADVANCES, slice_text(""), RECORD_TEXT(incident->id),
		&incident->unit, &lowered));
	if (clawed != 0 || lowered != 0)
		TRY(add_clawbacks(check, incident, &advances));
	TRY(compare_funders(check, incident, CHART_ADVANCES, funder, advances - lowered));
	TRY(account_balance(check->state, CHART_COSTS, slice_text(""), RECORD_TEXT(incident->id),
		&incident->unit, &costs));
	return compare_funders(check, incident, CHART_COST_ADVANCES, funder, costs);
}

/* ---- deposits, one account after the other ---- */

/* Whose an account of a deposit is by its reference; 0: no record has something there. */
static enum recourse_error find_waiting(
	struct check_context *check, const struct account_name *name, uint64_t entry, uint32_t *merchant)
{
	struct record_path withdrawals = record_path_of_number(RECORD_WITHDRAWAL, entry);
	struct record_path appeals = record_path_of_number(RECORD_APPEAL, entry);
	struct record_withdrawal withdrawal = {.merchant = 0};
	struct record_appeal appeal = {.merchant = 0};
	if (name->code == CHART_DEPOSIT_FROZEN) {
		TRY(record_get_optional(check->state, &appeals, &appeal, sizeof appeal, NULL));
		*merchant = appeal.merchant;
		return RECOURSE_OK;
	}
	TRY(record_get_optional(check->state, &withdrawals, &withdrawal, sizeof withdrawal, NULL));
	*merchant = slice_equal(unit_code(&withdrawal.unit), name->unit) ? withdrawal.merchant : 0;
	return RECOURSE_OK;
}

static enum recourse_error find_exits(
	struct check_context *check, const struct account_name *name, uint32_t *merchant)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, name->reference);
	struct record_exit record = {.merchant = 0};
	TRY(record_get_optional(check->state, &path, &record, sizeof record, NULL));
	bool open = record.closed_entry == 0 && slice_equal(unit_code(&record.unit), name->unit);
	*merchant = open ? record.merchant : 0;
	return RECOURSE_OK;
}

/* Holds and incidents share the references of 2020, and no id is one of each. */
static enum recourse_error find_frozen(
	struct check_context *check, const struct account_name *name, uint32_t party, uint32_t *merchant)
{
	struct record_path path = record_path_of_text(RECORD_HOLD, name->reference);
	struct record_path incidents = record_path_of_text(RECORD_INCIDENT_NAME, name->reference);
	struct record_hold hold;
	uint32_t number = 0;
	bool there;
	TRY(record_get_optional(check->state, &path, &hold, sizeof hold, &there));
	if (there) {
		*merchant = slice_equal(RECORD_TEXT(hold.unit), name->unit) ? hold.merchant : 0;
		return RECOURSE_OK;
	}
	TRY(record_get_optional(check->state, &incidents, &number, sizeof number, NULL));
	path = record_path_of_shorts(RECORD_SECTION, number, party);
	TRY(record_exists(check->state, &path, &there));
	*merchant = there ? party : 0;
	return RECOURSE_OK;
}

static enum recourse_error look_at_code(struct check_context *check, enum chart_code code)
{
	SCOPED(account_walk_end) struct account_walk walk = {.view = check->state, .code = code};
	while (account_walk_next(&walk)) {
		struct record_path path = record_path_of_text(RECORD_PARTY, walk.name.party);
		struct record_party party;
		uint64_t entry;
		uint32_t merchant;
		if (walk.account.balance == 0)
			continue;
		TRY(record_get_named(check->state, &path, &party, sizeof party));
		if (account_reference_read(walk.name.reference, &entry))
			TRY(find_waiting(check, &walk.name, entry, &merchant));
		else if (code == CHART_DEPOSIT_EXIT)
			TRY(find_exits(check, &walk.name, &merchant));
		else
			TRY(find_frozen(check, &walk.name, party.number, &merchant));
		if (merchant != party.number)
			return check_wrong(check, "B6: %u/%.*s/%.*s is of no record", code,
				SLICE_ARGUMENTS(walk.name.party), SLICE_ARGUMENTS(walk.name.reference));
	}
	return walk.error;
}

static enum recourse_error look_at_deposits(struct check_context *check, const struct check_row *row)
{
	(void)row;
	TRY(look_at_code(check, CHART_DEPOSIT_FROZEN));
	return look_at_code(check, CHART_DEPOSIT_EXIT);
}

/* The other way round; of appeals this is payout/appeal_check.c. */
static enum recourse_error compare_kept(struct check_context *check, const struct check_row *row,
	enum chart_code code, uint32_t party, slice reference, const struct unit *unit, int64_t steps)
{
	slice merchant;
	int64_t balance;
	TRY(party_name(check->state, check->arena, party, &merchant));
	TRY(account_balance(check->state, code, merchant, reference, unit, &balance));
	return check_that(
		check, row, balance == steps, "B6: what is held of a deposit is not on its account");
}

static enum recourse_error look_at_hold(struct check_context *check, const struct check_row *row)
{
	const struct record_hold *hold = row->record;
	struct unit unit = {.digits = 0};
	memcpy(unit.code, hold->unit, sizeof unit.code);
	return compare_kept(
		check, row, CHART_DEPOSIT_FROZEN, hold->merchant, row->key->parts[0].text, &unit, hold->held);
}

static enum recourse_error look_at_withdrawal(struct check_context *check, const struct check_row *row)
{
	const struct record_withdrawal *withdrawal = row->record;
	slice reference;
	TRY(account_reference_make(check->arena, row->entry, &reference));
	return compare_kept(check, row, CHART_DEPOSIT_EXIT, withdrawal->merchant, reference,
		&withdrawal->unit, withdrawal->state == WITHDRAWAL_REQUESTED ? withdrawal->amount : 0);
}

/* What of the bank's interest is owed to one party stands under no reference. */
static enum recourse_error look_at_interest(struct check_context *check, const struct check_row *row)
{
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state, .code = CHART_OVER_RECOVERY};
	(void)row;
	while (account_walk_next(&walk)) {
		struct record_path prefix = record_path_of(RECORD_BOOKED);
		struct record_booked record;
		amount_sum left = account_shown(CHART_OVER_RECOVERY, walk.account.balance);
		if (walk.name.reference.size > 0)
			continue;
		SCOPED(record_walk_end) struct record_walk each = record_walk_over(check->state, &prefix);
		while (record_walk_next(&each, &record, sizeof record)) {
			if (slice_equal(RECORD_TEXT(record.id), walk.name.party) &&
				slice_equal(unit_code(&record.unit), walk.name.unit))
				left -= interest_of(&record);
		}
		TRY(each.error);
		if (left != 0)
			return check_wrong(check, "B6: 2150/%.*s is not the interest that is owed to it",
				SLICE_ARGUMENTS(walk.name.party));
	}
	return walk.error;
}

/* Overdrawn is an account of which nothing is left. */
static enum recourse_error look_at_overdrawn(
	struct check_context *check, const struct check_row *row, const struct account_name *name)
{
	const struct record_account *overdrawn = row->record;
	struct record_path path = account_path(CHART_CASH, name->party, slice_text(""), name->unit);
	struct record_account cash;
	struct record_party party;
	struct record_path custodian = record_path_of_text(RECORD_PARTY, name->party);
	TRY(record_get_named(check->state, &custodian, &party, sizeof party));
	TRY(record_get_optional(check->state, &path, &cash, sizeof cash, NULL));
	return check_that(check, row,
		party_is_custodian(&party) && name->reference.size == 0 &&
			(overdrawn->balance == 0 || cash.balance == 0),
		"I13: 2180 is of no custodian whose cash has run out");
}

/* Each of a merchant that lodged, and 1160 is of who runs the ledger. */
static enum recourse_error look_at_account(struct check_context *check, const struct check_row *row)
{
	const struct account_name name = account_name(row->key);
	struct record_path deposit = record_path_of_texts(RECORD_DEPOSIT, name.party, name.unit);
	bool there = true;
	slice platform;
	if (name.code == CHART_DEPOSIT)
		TRY(record_exists(check->state, &deposit, &there));
	if (name.code == CHART_OWED_BY_PLATFORM) {
		TRY(party_own_name(check->state, check->arena, &platform));
		there = slice_equal(name.party, platform);
	}
	if (name.code == CHART_OVERDRAWN)
		return look_at_overdrawn(check, row, &name);
	bool whole = (name.code != CHART_DEPOSIT && name.code != CHART_OWED_BY_PLATFORM) ||
		     name.reference.size == 0;
	return check_that(check, row, there && whole, "B6: an account of a deposit, or of fees, is nobody's");
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_funder},
	{.table = RECORD_HOLD, .entry = offsetof(struct record_hold, entry), .look = look_at_hold},
	{.table = RECORD_WITHDRAWAL, .look = look_at_withdrawal},
	{.table = RECORD_ACCOUNT,
		.entry = offsetof(struct record_account, last_entry),
		.look = look_at_account},
	{.look = look_at_deposits},
	{.look = look_at_interest},
	{.look = look_at_totals},
};
const struct check_group accounts_check_rows = CHECK_GROUP(rows);
