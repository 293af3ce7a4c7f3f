/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_reading.h"
#include "bank/bank_xml.h"

/*
 * Statements and notifications of an account: camt.053.001.02 to .14 and camt.054.001.02 to .14, of one table. What
 * is read of an entry: amount, side, reversal, status, days, the bank's reference, charges, batches, and of each
 * transaction in it the ids, amount, and why it was returned.
 *
 *   - Only an entry whose status is BOOK is money.
 *   - An entry of a batch without its transactions waits for them. One without a batch and without transactions is
 *     what it is.
 *   - The transactions of an entry make its amount, or differ from it by exactly the charges that it, or they, tell
 *     of.
 *   - Where the file says how many entries there are, what they sum up to, or how many a batch has, it has to be so.
 *   - A camt.053 has an opening balance (OPBD, PRCD; ITBD on a later page) and a closing one (CLBD; ITBD on an
 *     earlier page), and what is booked is the difference.
 */
struct bank_camt *bank_camt_open(struct bank_reading *reading); /* NULL: no memory */
void bank_camt_free(struct bank_camt *camt);

enum { BANK_CAMT_MESSAGES = 2 };
extern const struct bank_xml_message
	bank_camt_messages[BANK_CAMT_MESSAGES]; /* their context is a struct bank_camt */
