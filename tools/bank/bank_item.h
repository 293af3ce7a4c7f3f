/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_status.h"
#include "base/amount.h"

/*
 * What a bank's or wallet's file says, whichever kind it is of: items, each of which belongs to a statement. Texts
 * are UTF-8 without control characters, ended by a NUL, empty where the file says nothing.
 */
enum bank_kind {
	BANK_KIND_NONE,
	BANK_KIND_CAMT053,
	BANK_KIND_CAMT054,
	BANK_KIND_PAIN002,
	BANK_KIND_CSV,
	BANK_KIND_WECHAT,
	BANK_KIND_ALIPAY,
};

enum bank_item_kind {
	BANK_ITEM_BOOKED,  /* money of the account that moved: one transaction, or an entry that names none */
	BANK_ITEM_PENDING, /* the same where the bank has not booked it: no money */
	BANK_ITEM_WAITING, /* booked, of a batch whose transactions stand in another file of the bank's: nobody guesses them */
	BANK_ITEM_CHARGE, /* booked: what an entry has less, or more, than its transactions, and says that it is charges */
	BANK_ITEM_STATUS, /* of a payment: moves no money */
	BANK_ITEM_GROUP,  /* of all payments of a message, or of a batch of it, that are not named */
	BANK_ITEM_KINDS
};

enum {
	BANK_ITEM_CHARACTERS = 64, /* in a text, at most */
	BANK_ITEM_TEXT_SIZE = 4 * BANK_ITEM_CHARACTERS + 1,
	BANK_ITEM_DAY_SIZE = 11, /* "2026-11-30" */
};

struct bank_item {
	enum bank_item_kind kind;
	uint64_t line;  /* of the file, where its description ends */
	uint64_t entry; /* which of the file's entries it is of, from 1; 0: of none */
	char payment_id
		[BANK_ITEM_TEXT_SIZE]; /* what whoever ordered it calls it: EndToEndId; "NOTPROVIDED" is none */
	char reference[BANK_ITEM_TEXT_SIZE];       /* the bank's own: AcctSvcrRef */
	char entry_reference[BANK_ITEM_TEXT_SIZE]; /* the same of the entry that it is of */
	char message_id[BANK_ITEM_TEXT_SIZE];      /* of the message that ordered it */
	char batch_id[BANK_ITEM_TEXT_SIZE];        /* and of the batch in it: PmtInfId */
	bool amount_known; /* lines of an account always are; a status may tell none */
	struct unit unit;
	int64_t steps;                /* above 0 where it is known */
	bool credit;                  /* to the account; else from it */
	bool reversal;                /* undoes an earlier entry: RvslInd */
	bool returned;                /* came back from the payee's bank: RtrInf */
	char day[BANK_ITEM_DAY_SIZE]; /* the bank's day on which it was booked, as written */
	char value_day[BANK_ITEM_DAY_SIZE];
	char code[BANK_ITEM_TEXT_SIZE]; /* of status, in the file's words: BOOK, RJCT, SUCCESS */
	char reason[BANK_ITEM_TEXT_SIZE];
	enum bank_status status; /* what the code comes to */
	bool of_group; /* the code is not its own, but its batch's or message's: unknown, unless that stands for it */
	enum bank_hint hint;
};

/* What a report says of a message as a whole, or of the batch in it. */
struct bank_whole {
	bool counted;
	uint64_t count;                /* of its payments: OrgnlNbOfTxs */
	uint64_t named;                /* of them in the report */
	char sum[BANK_ITEM_TEXT_SIZE]; /* of all, as written: OrgnlCtrlSum; empty: not said */
	char id[BANK_ITEM_TEXT_SIZE];
	char code
		[BANK_ITEM_TEXT_SIZE]; /* of those that are not named; empty: none, or not one of all of them */
	char reason[BANK_ITEM_TEXT_SIZE];
};

/* A statement, a notification, a report of statuses: a file has one or several; each item is of the one that ends next. */
struct bank_statement {
	uint64_t line;
	char message_id[BANK_ITEM_TEXT_SIZE];
	char id[BANK_ITEM_TEXT_SIZE];
	char number
		[BANK_ITEM_TEXT_SIZE]; /* the bank's sequence: a gap in it is a statement that is missing */
	char account[BANK_ITEM_TEXT_SIZE];
	char copy[BANK_ITEM_TEXT_SIZE]; /* CODU, COPY, DUPL: it was sent before */
	char page[BANK_ITEM_TEXT_SIZE]; /* of several, where it is not all of it */
	bool last_page;
	struct unit unit; /* its code is empty where no amount was told */
	bool has_opening;
	bool has_closing;
	int64_t opening;
	int64_t closing;
	char from_day[BANK_ITEM_DAY_SIZE];    /* with which the bank says that it begins */
	char closing_day[BANK_ITEM_DAY_SIZE]; /* of its closing balance */
	char first_day[BANK_ITEM_DAY_SIZE];   /* of what is booked */
	char last_day[BANK_ITEM_DAY_SIZE];
	uint64_t entries;
	uint64_t
		unnamed; /* payments of a message of which it says how many there are, and of these nothing */
	struct bank_whole message; /* of a report */
	struct bank_whole batch;   /* the last one of it */
	uint64_t batches;
	uint64_t counts[BANK_ITEM_KINDS];
	amount_sum credit; /* of what is booked */
	amount_sum debit;
};

/* "camt053", as bank_file.begin names them; and the other way, NONE where there is none of that name. */
const char *bank_item_kind_of_file(enum bank_kind kind);
enum bank_kind bank_item_find_kind(const char *name);

/* It says how payments fare, and moves no money: its lines are its items. */
bool bank_item_is_word(enum bank_kind kind);

/* "booked" */
const char *bank_item_kind_name(enum bank_item_kind kind);

/*
 * Takes a text of at most so many characters; blanks around it are none of it. FIELD_LIMIT, FIELD_FORMAT (control
 * characters, no UTF-8) leave `out` empty.
 */
enum recourse_error bank_item_text(slice text, size_t characters, char out[static BANK_ITEM_TEXT_SIZE]);

/* A day "2026-11-30", whatever stands behind it: a time, an offset. FIELD_FORMAT leaves `out` empty. */
enum recourse_error bank_item_day(slice text, char out[static BANK_ITEM_DAY_SIZE]);
