/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_columns.h"
#include "bank/bank_reading.h"
#include "bank/bank_source.h"

/*
 * Reads a CSV file of a bank or wallet as a stream: a row of it is held, however long it is. A file is one statement. Where
 * it has balances, each line is the difference of two, and they give the opening and the closing one. MEMORY, IO.
 */
enum recourse_error bank_csv_read(
	struct bank_columns *columns, struct bank_source *source, struct bank_reading *reading);
