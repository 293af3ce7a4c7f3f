/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: what came in of files of banks and wallets: see rules/bank_file/README.md. */

enum bank_file_kind {
	BANK_FILE_CAMT053,
	BANK_FILE_CAMT054,
	BANK_FILE_PAIN002, /* says how payments fare, and moves no money */
	BANK_FILE_CSV,
	BANK_FILE_WECHAT, /* of transfers by a wallet: the same */
	BANK_FILE_ALIPAY,
};
enum bank_file_state { BANK_FILE_OPEN, BANK_FILE_WHOLE, BANK_FILE_GIVEN_UP };

/* By the entry that began it. */
struct record_bank_file {
	uint8_t hash[32]; /* SHA-256 of its bytes */
	struct unit unit;
	int64_t credit; /* all that came in by its lines, and all that went out */
	int64_t debit;
	int64_t opening; /* below zero: overdrawn */
	int64_t closing;
	int64_t credited; /* of the pieces that are in */
	int64_t debited;
	uint64_t lines;
	uint64_t lined;
	uint64_t number; /* in the sequence of its account; 0: it has none */
	uint64_t first_day;
	uint64_t last_day;
	uint64_t time; /* when it was begun */
	uint64_t clock;
	uint64_t late_entry; /* the clock's; 0: it has not struck */
	uint64_t ended_entry;
	uint64_t given_up_entry;
	uint32_t custodian;
	uint32_t kind;
	uint32_t state;
	uint32_t pieces;    /* that are in */
	uint32_t statement; /* 1: it says what the account stood at, and on which days */
	uint32_t reserved;
	char file[TEXT_ID_SIZE];
};

/* By file and piece: what was said of it, and what its request has stated of lines. */
struct record_bank_piece {
	uint64_t entry;
	uint64_t lines;
	int64_t credit;
	int64_t debit;
	uint64_t stated;
	int64_t credited;
	int64_t debited;
};

/* By file and day, of a statement of several days: what its lines of that day come to. */
struct record_bank_file_day {
	uint64_t lines;
	int64_t credited;
	int64_t debited;
};

/* Numbers of a sequence that no file has come with, by the first of them. */
struct record_bank_gap {
	uint64_t last;
	uint64_t since; /* when that was seen */
	uint64_t entry;
	uint64_t explained_entry; /* 0: nobody has */
};
