/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/declaration.h"

/* The indexes of what is registered, of money and of claims (tables.c): see the records. */
bool row_index_open_duty(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_live_instrument(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_merchants_instrument(
	const struct table_key *row, const void *record, struct record_path *path);
bool row_index_providers_instrument(
	const struct table_key *row, const void *record, struct record_path *path);
bool row_index_instruments_call(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_staying_appeal(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_appeal(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_partys_liability(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_payers_recovery(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_waiting_recovery(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_payable_withdrawal(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_exit(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_merchants_exit(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_overdue_exit(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_scope(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_use(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_correction(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_half_back(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_unbooked_line(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_line_of_day(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_line_of_statement(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_line_of_notice(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_custodians_file(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_file(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_statement(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_open_receipt(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_incident_proposal(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_party_proposal(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_rails_batch(const struct table_key *row, const void *record, struct record_path *path);
bool row_index_unresolved(const struct table_key *row, const void *record, struct record_path *path);
