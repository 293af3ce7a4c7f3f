/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "proof/message_id.h"

/*
 * A batch of payments as the tool has it: what the ledger says of each, and then what the platform's own file says of whom it is
 * paid to. Texts lie in the arena.
 */
struct pay_order {
	slice payment_id;
	slice claim;
	slice payee;
	uint8_t mark[CRYPTO_HASH_SIZE]; /* what stands for the account in the ledger */
	int64_t steps;
	uint64_t number; /* of the entry that ordered it */
	uint64_t line;   /* of the file of payees; 0: not there */
	slice name;
	slice account; /* as the rail takes it; see pay_payees.h */
	slice bank;    /* empty: none said */
};

struct pay_batch {
	struct arena arena;
	slice origin; /* of the ledger */
	slice id;
	slice rail;
	slice kind;        /* of the rail: "iso20022", … */
	uint64_t time;     /* when it was made: the same at each export */
	uint64_t entry;    /* that made it */
	uint64_t line_max; /* payments of a file */
	struct unit unit;
	struct buffer orders; /* of struct pay_order, in the order of their numbers */
	amount_sum total;     /* as the ledger says */
};

static inline struct pay_order *pay_batch_orders(const struct pay_batch *batch)
{
	return (struct pay_order *)(void *)batch->orders.data;
}

static inline size_t pay_batch_count(const struct pay_batch *batch)
{
	return batch->orders.size / sizeof(struct pay_order);
}

/* So many of them, in one file: the n-th of so many, from 1. */
struct pay_part {
	size_t first;
	size_t count;
	uint64_t number;
	uint64_t of;
	amount_sum total;
	char message[MESSAGE_ID_SIZE + 1]; /* its own id */
};

/* The parts of a batch that has any. The n-th of them from 1 on, of which a batch's entry and names always make an id (asserted). */
uint64_t pay_batch_parts(const struct pay_batch *batch);
void pay_batch_part(const struct pay_batch *batch, uint64_t number, struct pay_part *part);

void pay_batch_free(struct pay_batch *batch);
