/* SPDX-License-Identifier: Apache-2.0 */
#include "books/row_index.h"

#include "books/life.h"
#include "books/record_bank.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "books/record_rail.h"
#include "books/record_report.h"

/* The most urgent first. */
bool row_index_open_duty(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_collateral *collateral = record;
	record_path_number(path, collateral->due);
	record_path_text(path, row->parts[0].text);
	record_path_text(path, row->parts[1].text);
	return collateral->duty != 0;
}

/* In the order in which they are drawn: by rank, then by id. */
bool row_index_live_instrument(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_instrument *instrument = record;
	record_path_short(path, instrument->merchant);
	record_path_text(path, unit_code(&instrument->unit));
	record_path_short(path, instrument->draw);
	record_path_text(path, row->parts[0].text);
	return instrument->ended_entry == 0;
}

bool row_index_merchants_instrument(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_instrument *)record)->merchant);
	record_path_text(path, row->parts[0].text);
	return true;
}

bool row_index_providers_instrument(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_instrument *)record)->provider);
	record_path_text(path, row->parts[0].text);
	return true;
}

bool row_index_instruments_call(const struct table_key *row, const void *record, struct record_path *path)
{
	(void)record;
	record_path_text(path, row->parts[3].text);
	record_path_short(path, (uint32_t)row->parts[0].number);
	return true;
}

bool row_index_staying_appeal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_appeal *appeal = record;
	record_path_short(path, appeal->incident);
	record_path_number(path, row->parts[0].number);
	return appeal->state == APPEAL_STAYED;
}

/* Until it is decided, and what it restored is paid in. */
bool row_index_open_appeal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_appeal *appeal = record;
	record_path_short(path, appeal->incident);
	record_path_number(path, row->parts[0].number);
	return appeal->state < APPEAL_UPHELD || appeal->funded < appeal->restored;
}

bool row_index_partys_liability(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_liability *)record)->party);
	record_path_short(path, (uint32_t)row->parts[0].number);
	record_path_short(path, (uint32_t)row->parts[1].number);
	return true;
}

bool row_index_payers_recovery(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_recovery *)record)->payer);
	record_path_text(path, row->parts[0].text);
	record_path_short(path, (uint32_t)row->parts[1].number);
	return true;
}

bool row_index_waiting_recovery(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_recovery *recovery = record;
	record_path_short(path, recovery->incident);
	record_path_text(path, row->parts[0].text);
	record_path_short(path, (uint32_t)row->parts[1].number);
	return (recovery->allocated_entry == 0 || recovery->back > 0) && recovery->bounced_entry == 0;
}

bool row_index_payable_withdrawal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_withdrawal *withdrawal = record;
	record_path_short(path, withdrawal->custodian);
	record_path_number(path, row->parts[0].number);
	return withdrawal->state == WITHDRAWAL_REQUESTED;
}

bool row_index_open_exit(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_exit *exit = record;
	record_path_short(path, exit->merchant);
	record_path_text(path, unit_code(&exit->unit));
	record_path_text(path, row->parts[0].text);
	return exit->closed_entry == 0;
}

bool row_index_merchants_exit(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_exit *)record)->merchant);
	record_path_text(path, row->parts[0].text);
	return true;
}

bool row_index_overdue_exit(const struct table_key *row, const void *record, struct record_path *path)
{
	return row_index_merchants_exit(row, record, path) &&
	       ((const struct record_exit *)record)->overdue != 0;
}

/* Whoever sells what the issuer issued comes in. */
bool row_index_open_scope(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_incident *incident = record;
	record_path_short(path, incident->issuer);
	record_path_text(path, unit_code(&incident->unit));
	record_path_short(path, (uint32_t)row->parts[0].number);
	return incident->merchant == 0 && incident->state != INCIDENT_CLOSED &&
	       incident->state != INCIDENT_CANCELLED;
}

/* Nobody has reviewed it yet. */
bool row_index_open_use(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_number(path, row->parts[0].number);
	return ((const struct record_break_glass *)record)->review_entry == 0;
}

bool row_index_correction(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_number(path, row->parts[0].number);
	return ((const struct record_booked *)record)->corrects != 0;
}

bool row_index_half_back(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_booked *booked = record;
	record_path_number(path, row->parts[0].number);
	return booked->back > 0 && booked->corrected_by == 0;
}

bool row_index_unbooked_line(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_bank_line *line = record;
	record_path_text(path, row->parts[0].text);
	record_path_text(path, row->parts[1].text);
	return line->booked < line->amount;
}

bool row_index_line_of_day(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_bank_line *line = record;
	record_path_text(path, row->parts[0].text);
	record_path_text(path, slice_of(line->unit, strnlen(line->unit, sizeof line->unit)));
	record_path_number(path, line->day);
	record_path_text(path, row->parts[1].text);
	return line->stated != 0;
}

static bool line_of_file(const struct table_key *row, const struct record_bank_line *line, uint64_t file,
	struct record_path *path)
{
	record_path_number(path, file);
	record_path_number(path, line->day);
	record_path_text(path, row->parts[1].text);
	return file != 0;
}

bool row_index_line_of_statement(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_bank_line *line = record;
	return line_of_file(row, line, line->statement, path);
}

bool row_index_line_of_notice(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_bank_line *line = record;
	return line_of_file(row, line, line->notice, path);
}

bool row_index_custodians_file(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_bank_file *)record)->custodian);
	record_path_number(path, row->parts[0].number);
	return true;
}

bool row_index_open_file(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_bank_file *)record)->custodian);
	record_path_number(path, row->parts[0].number);
	return ((const struct record_bank_file *)record)->state == BANK_FILE_OPEN;
}

bool row_index_statement(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_bank_file *file = record;
	record_path_short(path, file->custodian);
	record_path_number(path, file->last_day - file->first_day + 1);
	record_path_number(path, file->last_day);
	record_path_number(path, row->parts[0].number);
	return file->statement != 0 && file->state != BANK_FILE_GIVEN_UP;
}

bool row_index_open_receipt(const struct table_key *row, const void *record, struct record_path *path)
{
	record_path_number(path, row->parts[0].number);
	return ((const struct record_unidentified *)record)->left != 0;
}

bool row_index_incident_proposal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_proposal *proposal = record;
	record_path_short(path, proposal->incident);
	record_path_number(path, row->parts[0].number);
	return proposal->incident != 0 && proposal->closed_entry == 0;
}

bool row_index_party_proposal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_proposal *proposal = record;
	record_path_short(path, proposal->party);
	record_path_number(path, row->parts[0].number);
	return proposal->party != 0 && proposal->closed_entry == 0;
}

bool row_index_rails_batch(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_payment_batch *batch = record;
	record_path_text(path, slice_of(batch->rail, strnlen(batch->rail, sizeof batch->rail)));
	record_path_number(path, batch->entry);
	record_path_text(path, row->parts[0].text);
	return true;
}

/* Whoever was not found is told apart from what somebody is to see to. */
bool row_index_unresolved(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_report *report = record;
	record_path_short(path, report->state == PAYOUT_UNCLAIMED);
	record_path_number(path, report->since);
	record_path_text(path, row->parts[0].text);
	return report->state != LIFE_NONE;
}
