/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_camt_rows.h"
#include "bank/bank_reading.h"

/* An entry of a statement, while it is read; see bank_camt.h for its rules. */
struct bank_camt_count {
	uint64_t count;
	amount_sum sum;
};

struct bank_camt_charge {
	bool there;
	bool credit;
	int64_t steps;
};

struct bank_camt_entry {
	struct bank_reading *reading;
	struct unit *unit; /* the account's */

	struct bank_item item; /* what all of its transactions have */
	bool has_side;         /* amount_known: has its amount */
	bool of_charges;       /* as the bank's code for it says */
	bool sound;
	bool has_batch;
	uint64_t transactions;
	bool has_waiting; /* a batch without its transactions, and with no amount of its own */
	bool has_held;
	amount_sum parts; /* of what was handed out, credit positive */
	struct bank_camt_charge charge;
	amount_sum charges;    /* of the entry, credit positive */
	amount_sum tx_charges; /* of its transactions */

	/* of the details that are read */
	bool batch_there;
	bool batch_counted;
	bool batch_summed;
	uint64_t batch_count;
	uint64_t batch_transactions;
	amount_sum batch_sum; /* of its transactions, credit positive */
	bool batch_exact;     /* all of them told their amounts */

	bool has_old_amount;
	int64_t old_amount;

	/* Said whole when what they are of begins, and so not cleared with each entry: they are most of it. */
	struct bank_item batch;       /* the details that are read */
	struct bank_item transaction; /* that is read */
	struct bank_item waiting;     /* of has_waiting */
	struct bank_item
		held; /* of has_held: the first transaction that tells no amount, as it may be the only one */
};

/* Elements from CAMT_ENTRY on. */
void bank_camt_entry_begin(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id);

/* True where the entry itself ended soundly: its amount and side are in `item`. */
bool bank_camt_entry_end(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id, slice text);
