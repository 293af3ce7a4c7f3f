/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../tools/bank/bank_read.h"
#include "support.h"

/*
 * What is read of a file of a bank's, as text: a line each for an item, a statement and a problem. Statements of XML
 * are made of their parts, so that a test says what it is about.
 */

/* "booked E1 -1.00 CNY 2026-11-29 BOOK ref=B1"; "problem 7 Document/…: … [CODE]". Appends, with a NUL behind. */
void bank_said_of(slice bytes, struct bank_columns *columns, struct buffer *out);

/* That is exactly so. */
void bank_said_expect(slice bytes, struct bank_columns *columns, const char *expected);

/* There is a problem whose line has that in it. */
void bank_said_refused(slice bytes, struct bank_columns *columns, const char *part);

/* Appends a camt.053.001.08 of one statement in CNY: an opening balance, a closing one, and these entries, each whole. */
void bank_said_statement(struct buffer *out, const char *opening, const char *closing, const char *entries);

/* An entry of it, with such details: "<NtryDtls>…", or none. `sides` is "DBIT" or "CRDT". */
#define ENTRY(amount, side, details)                                                                         \
	"<Ntry><Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" side                                            \
	"</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-29</Dt></BookgDt>"                         \
	"<AcctSvcrRef>B1</AcctSvcrRef>" details "</Ntry>\n"
#define DETAILS(transactions) "<NtryDtls>" transactions "</NtryDtls>"
#define TRANSACTION(id, amount, side)                                                                        \
	"<TxDtls><Refs><EndToEndId>" id "</EndToEndId></Refs><Amt Ccy=\"CNY\">" amount                       \
	"</Amt><CdtDbtInd>" side "</CdtDbtInd></TxDtls>"
#define PAYMENT(id, amount) ENTRY(amount, "DBIT", DETAILS(TRANSACTION(id, amount, "DBIT")))
