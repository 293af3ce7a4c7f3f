/* SPDX-License-Identifier: Apache-2.0 */
#include "books/chart.h"

static const struct chart_row rows[] = {
	{CHART_CASH, "custodian cash", CHART_DEBIT, CHART_CUSTODY},
	{CHART_COMMITMENT, "funder commitment receivable", CHART_DEBIT, CHART_CUSTODY},
	{CHART_RECOURSE, "recourse receivable", CHART_DEBIT, CHART_RECOURSE_BOOK},
	{CHART_INCHOATE, "inchoate recourse", CHART_DEBIT, CHART_RECOURSE_BOOK},
	{CHART_CLAWBACK, "claw-back receivable", CHART_DEBIT, CHART_RECOURSE_BOOK},
	{CHART_COSTS, "recoverable costs", CHART_DEBIT, CHART_COST_BOOK},
	{CHART_OWED_BY_PLATFORM, "owed by the platform to the trust", CHART_DEBIT, CHART_CUSTODY},
	{CHART_DEPOSIT, "deposit available", CHART_CREDIT, CHART_CUSTODY},
	{CHART_DEPOSIT_FROZEN, "deposit frozen", CHART_CREDIT, CHART_CUSTODY},
	{CHART_DEPOSIT_EXIT, "deposit exit hold", CHART_CREDIT, CHART_CUSTODY},
	{CHART_CALLED, "instrument called", CHART_CREDIT, CHART_CUSTODY},
	{CHART_CLAIMS, "claims approved", CHART_CREDIT, CHART_CUSTODY},
	{CHART_TRANSIT, "payouts in transit", CHART_CREDIT, CHART_CUSTODY},
	{CHART_RETURNED, "payouts returned", CHART_CREDIT, CHART_CUSTODY},
	{CHART_UNCLAIMED, "payouts unclaimed", CHART_CREDIT, CHART_CUSTODY},
	{CHART_SUSPENSE, "recovery suspense", CHART_CREDIT, CHART_CUSTODY},
	{CHART_OVER_RECOVERY, "over-recovery owed", CHART_CREDIT, CHART_CUSTODY},
	{CHART_UNIDENTIFIED, "unidentified receipts", CHART_CREDIT, CHART_CUSTODY},
	{CHART_DUE_TO_FUNDER, "due to funder", CHART_CREDIT, CHART_CUSTODY},
	{CHART_OVERDRAWN, "overdrawn at the bank", CHART_CREDIT, CHART_CUSTODY},
	{CHART_ADVANCES, "advances", CHART_CREDIT, CHART_RECOURSE_BOOK},
	{CHART_COST_ADVANCES, "cost advances", CHART_CREDIT, CHART_COST_BOOK},
	{CHART_UNITS_ISSUED, "units issued", CHART_CREDIT, CHART_UNIT_BOOK},
	{CHART_UNITS_CONSUMED, "units consumed", CHART_DEBIT, CHART_UNIT_BOOK},
	{CHART_UNITS_OUTSTANDING, "units outstanding", CHART_DEBIT, CHART_UNIT_BOOK},
	{CHART_UNITS_EXTINGUISHED, "units extinguished", CHART_DEBIT, CHART_UNIT_BOOK},
	{CHART_INSTRUMENT_LIMITS, "instrument limits", CHART_DEBIT, CHART_MEMO},
	{CHART_EXPOSURE, "exposure", CHART_DEBIT, CHART_MEMO},
	{CHART_WRITTEN_OFF, "written off but enforceable", CHART_DEBIT, CHART_MEMO},
	{CHART_RECOVERY_RESERVE, "recovery reserve", CHART_DEBIT, CHART_MEMO},
	{CHART_MEMO_CONTRA, "memo contra", CHART_CREDIT, CHART_MEMO},
};

/* They stand in the order of their codes. */
const struct chart_row *chart_find(int64_t code)
{
	size_t below = 0;
	size_t above = sizeof rows / sizeof rows[0];
	while (below < above) {
		size_t middle = (below + above) / 2;
		if (rows[middle].code == code)
			return &rows[middle];
		if (rows[middle].code < code)
			below = middle + 1;
		else
			above = middle;
	}
	return NULL;
}

const struct chart_row *chart_at(size_t index)
{
	return index < sizeof rows / sizeof rows[0] ? &rows[index] : NULL;
}

const char *chart_side_name(int64_t code)
{
	const struct chart_row *row = chart_find(code);
	return row != NULL && row->side == CHART_CREDIT ? "credit" : "debit";
}

const char *chart_book_name(enum chart_book book)
{
	static const char *const names[CHART_BOOKS] = {
		[CHART_CUSTODY] = "custody",
		[CHART_RECOURSE_BOOK] = "recourse",
		[CHART_COST_BOOK] = "costs",
		[CHART_UNIT_BOOK] = "units",
		[CHART_MEMO] = "memo",
	};
	return book < CHART_BOOKS ? names[book] : "unknown";
}
