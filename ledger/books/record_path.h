/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/state.h"

/*
 * The keys of the state's records: two bytes for the table, then texts, each ended by a zero byte, and numbers, the
 * most significant byte first, so that rows lie in the order of their parts. What each table's key is made of is
 * declared in tables.c.
 *
 * The numbers are the state's own business: it is derived from the log, and made again where they change.
 */
enum record_table {
	RECORD_LEDGER = 0x0100, /* a first byte of zero is the store's own */
	RECORD_COUNTER,
	RECORD_PARTY,
	RECORD_PARTY_NAME,
	RECORD_KEY,
	RECORD_KEY_NAME,
	RECORD_KEY_BYTES,
	RECORD_UNIT,
	RECORD_POLICY,
	RECORD_CALENDAR,
	RECORD_RULE,
	RECORD_REASON_CODE,
	RECORD_REQUEST,
	RECORD_STORED,
	RECORD_ACCOUNT,
	RECORD_ACCOUNT_SUM,
	RECORD_HISTORY,
	RECORD_DAY,
	RECORD_ABOUT,
	RECORD_DEADLINE,
	RECORD_BANK_LINE,
	RECORD_CONTROL,
	RECORD_USED,
	RECORD_PROPOSAL,
	RECORD_PROPOSED,
	RECORD_BREAK_GLASS,
	RECORD_BREAK_GLASS_OPEN,
	RECORD_CLOCK_HOLD,
	RECORD_CUSTODY,
	RECORD_ATTESTATION,
	RECORD_BREAK,
	RECORD_INCIDENT,
	RECORD_INCIDENT_NAME,
	RECORD_COLLATERAL,
	RECORD_SHARE,
	RECORD_ISSUER,
	RECORD_ISSUER_CASH,
	RECORD_REQUIREMENT,
	RECORD_CLASS,
	RECORD_DUTY,
	RECORD_WARNING,
	RECORD_ALERT,
	RECORD_SWEEP,
	RECORD_INSTRUMENT,
	RECORD_INSTRUMENT_LIVE,
	RECORD_INSTRUMENT_PARTY,
	RECORD_INSTRUMENT_CALLED,
	RECORD_CALL,
	RECORD_DEPOSIT,
	RECORD_HOLD,
	RECORD_SIGNAL,
	RECORD_WITHDRAWAL,
	RECORD_PAYABLE,
	RECORD_EXIT,
	RECORD_EXIT_OPEN,
	RECORD_EXIT_LIST,
	RECORD_EXIT_ITEM,
	RECORD_EXIT_BLOCK,
	RECORD_EXIT_OVERDUE,
	RECORD_EXIT_OVERDUE_SUM,
	RECORD_LIABILITY,
	RECORD_RECOVERY,
	RECORD_WRITE_OFF,
	RECORD_ENTITLEMENT,
	RECORD_CLAIM,
	RECORD_DECIDED,
	RECORD_ROUND,
	RECORD_DEDUCTION,
	RECORD_APPEAL,
	RECORD_STAY,
	RECORD_SECTION,
	RECORD_LINKED,
	RECORD_USE,
	RECORD_ELSEWHERE,
	RECORD_ELSEWHERE_CLAIM,
	RECORD_DIRECT,
	RECORD_OFFER,
	RECORD_BANK_LINE_LEFT,
	RECORD_POOL,
	RECORD_SCOPE,
	RECORD_PLACE,
	RECORD_BATCH,
	RECORD_BOOKED,
	RECORD_CORRECTION,
	RECORD_HALF_BACK,
	RECORD_USE_LOT,
	RECORD_LATER,
	RECORD_CLAIM_OPEN,
	RECORD_RECOVERY_WAITING,
	RECORD_APPEAL_OPEN,
	RECORD_UNIDENTIFIED,
	RECORD_UNIDENTIFIED_OPEN,
	RECORD_ESTATE,
	RECORD_TOP_UP,
	RECORD_PROOF,
	RECORD_PART,
	RECORD_APPROVED,
	RECORD_DRAWN,
	RECORD_REPAID,
	RECORD_RENEWED,
	RECORD_GAVE_BACK,
	RECORD_REPLACED,
	RECORD_ISSUERS_SPLIT,
	RECORD_BEHIND,
	RECORD_LOWERED,
	RECORD_PAID_OUT,
	RECORD_SEALED,
	RECORD_NOTED,
	RECORD_NOTE_CLAIM,
	RECORD_NOTE_KEY,
	RECORD_NOTE_ERASED,
	RECORD_CONTACT,
	RECORD_LEGAL_HOLD,
	RECORD_CHECKLIST,
	RECORD_DENIALS,
	RECORD_LISTED,
	RECORD_PAPER,
	RECORD_PAPER_HASH,
	RECORD_ASKED,
	RECORD_ASKED_PARTY,
	RECORD_SILENT,
	RECORD_DUE,
	RECORD_DUE_HOUR,
	RECORD_DESK,
	RECORD_DESK_OVERDUE,
	RECORD_DESK_PERSON,
	RECORD_DESK_TEAM,
	RECORD_DESK_ALL,
	RECORD_DESK_HAD,
	RECORD_TEAM,
	RECORD_PROMISE,
	RECORD_PROMISE_CLAIM,
	RECORD_PROMISE_OPEN,
	RECORD_PROMISE_OWED,
	RECORD_PROPOSAL_CLAIM,
	RECORD_FORMER,
	RECORD_LOT_HOLDER,
	RECORD_LOT_HOLDER_LAST,
	RECORD_HEARING,
	RECORD_HEARING_MERCHANT,
	RECORD_LIABILITY_PARTY,
	RECORD_RECOVERY_PAYER,
	RECORD_FLAG,
	RECORD_FLAG_OPEN,
	RECORD_MEASURE,
	RECORD_BREACH,
	RECORD_BREACH_HOLDER,
	RECORD_PAYEE,
	RECORD_PAYEE_HOLDER,
	RECORD_PAYEE_ACCOUNT,
	RECORD_CLAIM_PAYEE,
	RECORD_ORIGIN,
	RECORD_WATCH,
	RECORD_PROPOSAL_INCIDENT,
	RECORD_PROPOSAL_PARTY,
	RECORD_RAIL,
	RECORD_RAIL_ORDER,
	RECORD_PAYMENT_BATCH,
	RECORD_PAYMENT_BATCH_RAIL,
	RECORD_BATCH_FILE,
	RECORD_BANK_FILE,
	RECORD_BANK_FILE_LIST,
	RECORD_BANK_FILE_OPEN,
	RECORD_BANK_FILE_NAME,
	RECORD_BANK_FILE_HASH,
	RECORD_BANK_FILE_NUMBER,
	RECORD_BANK_PIECE,
	RECORD_BANK_GAP,
	RECORD_BANK_LINE_FILE,
	RECORD_BANK_LINE_DAY,
	RECORD_REPORT,
	RECORD_UNRESOLVED,
	RECORD_UNANSWERED,
	RECORD_BATCH_HASH,
	RECORD_FORMER_ORDER,
	RECORD_BANK_STATEMENT,
	RECORD_RAIL_WAITING,
	RECORD_BANK_FILE_DAY,
	RECORD_END, /* none: behind the last */
};
enum { RECORD_FIRST = RECORD_LEDGER, RECORD_TABLES = RECORD_END - RECORD_FIRST };

/* Building a key: the table first, then its parts in order. */
struct record_path {
	size_t size;
	uint8_t bytes[STATE_KEY_MAX];
};
void record_path_start(struct record_path *path, enum record_table table);
void record_path_text(struct record_path *path, slice text);
void record_path_number(struct record_path *path, uint64_t number); /* 8 bytes */
void record_path_short(struct record_path *path, uint32_t number);  /* 4 bytes */

static inline slice record_path_slice(const struct record_path *path)
{
	return slice_of(path->bytes, path->size);
}

/* The common shapes in one line. */
struct record_path record_path_of(enum record_table table);
struct record_path record_path_of_text(enum record_table table, slice text);
struct record_path record_path_of_texts(enum record_table table, slice first, slice second);
struct record_path record_path_of_number(enum record_table table, uint64_t number);
struct record_path record_path_of_short(enum record_table table, uint32_t number);
struct record_path record_path_of_shorts(enum record_table table, uint32_t first, uint32_t second);
struct record_path record_path_of_short_text(enum record_table table, uint32_t number, slice text);

/* A key that was kept, as a path again: to walk on from there. */
struct record_path record_path_of_key(slice key);
