/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_columns.h"
#include "bank/bank_reading.h"

/*
 * Reads a CSV file of a bank or wallet, which is held whole: `text` is as it came, and is given back in UTF-8. A file
 * is one statement. Where it has balances, each line is the difference of two, and they give the opening and the
 * closing one. MEMORY.
 */
enum recourse_error bank_csv_read(
	struct bank_columns *columns, struct buffer *text, struct bank_reading *reading);
