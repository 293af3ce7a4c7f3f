/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: deposits (A1), holds on them, withdrawals and exits (A5). */

struct record_deposit {
	uint64_t first_entry;
	uint64_t last_entry;
	uint32_t merchant;
	uint32_t custodian;
	uint32_t state;
	uint32_t incidents; /* that have it frozen: rows of the table `pool`; */
	uint32_t standing;  /* of which so many stand (D11), and freeze what is claimed alone */
	uint32_t reserved;
	int64_t bounced;        /* of what was lodged: a bank returned it unpaid, and it is not made good; */
	uint64_t bounced_entry; /* under whose number its merchant owes it (1100) */
};

/* Whether somebody's failure was declared, and the deposit is not its merchant's to care for as before. */
static inline bool record_deposit_failed(const struct record_deposit *deposit)
{
	return deposit->incidents > deposit->standing;
}

struct record_hold {
	int64_t held;     /* what is left of it */
	uint64_t expires; /* a clock; 0: open-ended, or it has struck */
	uint64_t entry;
	uint32_t merchant;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

/* A merchant's exit (A5). */
enum { EXIT_ITEMS_MAX = 32 };

struct record_exit {
	struct unit unit;
	uint64_t entry;
	uint64_t requested; /* instants */
	uint64_t notice_ends;
	uint64_t tail_ends;
	uint64_t due;          /* the custodian pays by then; 0: there is nothing to pay */
	uint64_t notice_clock; /* when each strikes; 0: it has, or there is nothing to wait for */
	uint64_t tail_clock;
	uint64_t refund_clock;
	uint64_t closed_entry;  /* nothing of it is held any more; 0: it is under way */
	uint64_t overdue_entry; /* the clock's, when it did not; 0: it is not overdue */
	int64_t refund_days;
	int64_t retained; /* sum of the items that are not released */
	int64_t refunded;
	int64_t overdue; /* what the custodian should have paid by now; above zero where it is overdue */
	uint32_t merchant;
	uint32_t state;
	uint32_t blocks; /* incidents that took what was held, and are not done with it */
	uint32_t items;
	uint32_t policy_version;
	uint32_t reserved;
	char policy[TEXT_ID_SIZE];
};

struct record_exit_item {
	int64_t amount;
	uint64_t entry;
	uint64_t released_entry; /* 0: kept back */
	char reason[TEXT_ID_SIZE];
};

/* All that are overdue in a unit. */
struct record_exit_overdue {
	uint64_t exits;
	int64_t steps;
};

struct record_withdrawal {
	struct unit unit;
	int64_t amount;
	uint64_t requested; /* instant */
	uint64_t closed_entry;
	uint32_t merchant;
	uint32_t custodian; /* who is to pay it */
	uint32_t state;
	uint32_t reserved;
};
