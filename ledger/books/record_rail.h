/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"
#include "books/record_payee.h"

/* Records of tables.h: by which rail a payment goes, and with which others: see rules/rail/README.md. */

enum rail_kind { RAIL_ISO20022, RAIL_BANK_CSV, RAIL_WECHAT, RAIL_ALIPAY };

/*
 * Whether what it says of a message, or of a batch in it, is said of each payment that it names there without a word of its own; and
 * where it names none but exceptions, of each that it does not name.
 */
enum rail_group_status { RAIL_GROUP_UNREAD, RAIL_GROUP_STANDS, RAIL_GROUP_EXCEPTIONS };

/* What was published of a rail last; what does not change with a version is as the first one said. */
struct record_rail {
	struct unit unit;
	int64_t least;            /* of a payment; 0: any */
	int64_t most;             /* 0: any */
	uint64_t entry;           /* that published it; 0: nothing was */
	uint64_t from;            /* what was ordered before this entry is in a batch, or was taken back */
	uint64_t withdrawn_entry; /* the last by which a batch of it was withdrawn; 0: none was */
	uint32_t version;
	uint32_t custodian;      /* who pays by it */
	uint32_t kind;           /* enum rail_kind */
	uint32_t id_length;      /* of a payment's id, in */
	uint32_t id_alphabet;    /* enum payment_id_alphabet */
	uint32_t lines;          /* most of a file */
	uint32_t query_days;     /* for which who pays can be asked what became of a payment */
	uint32_t awaiting_hours; /* for which a payee may take a payment that waits for that */
	uint32_t group_status;   /* enum rail_group_status */
	uint32_t reserved;
};

/*
 * Of an incident's orders on a rail, by both: what was ordered before `from` is in a batch, or was taken back, as the batch
 * found that this entry made for the incident. It stands while no batch of the rail was withdrawn since.
 */
struct record_rail_waiting {
	uint64_t from;
	uint64_t entry;
};

/* A payment that was ordered on a rail, by that and the entry that ordered it, which is its number. It stays. */
struct record_rail_order {
	uint8_t account[RECORD_MARK_SIZE];
	int64_t amount;
	uint64_t time;        /* of the order */
	uint64_t ended_entry; /* by which it is not its claim's last one any more; 0: it is */
	uint32_t ended;       /* enum payout_state: what had become of it by then; cancelled: it never left */
	uint32_t incident;
	uint32_t instalment;
	uint32_t payer; /* key that ordered it */
	char claim[TEXT_ID_SIZE];
	char payee[TEXT_ID_SIZE];
};

/* Payments of a rail that go together: those of an incident, or of all (0), that no earlier one took, up to an order. */
struct record_payment_batch {
	uint64_t entry; /* that made it */
	uint64_t time;
	uint64_t first; /* its first order, and its last one */
	uint64_t last;
	uint64_t count;
	int64_t total;
	uint64_t sent_count; /* what the files that went out say, together */
	int64_t sent_total;
	uint64_t checked_entry;   /* 0: not yet */
	uint64_t sent_entry;      /* by which its last file went out; 0: not yet */
	uint64_t withdrawn_entry; /* 0: it was not */
	uint32_t state;           /* enum payment_batch_state */
	uint32_t incident;        /* 0: all */
	uint32_t maker;           /* keys */
	uint32_t checker;
	uint32_t files; /* that went out, */
	uint32_t of;    /* of so many */
	uint32_t lines; /* most of a file, as published when it was made */
	uint32_t reserved;
	char rail[TEXT_ID_SIZE];
};

/* A file of a batch that went out. */
struct record_batch_file {
	uint8_t hash[32]; /* its SHA-256 */
	uint64_t entry;   /* that said so */
	uint64_t count;
	int64_t total;
	uint32_t sender; /* key */
	uint32_t reserved;
};
