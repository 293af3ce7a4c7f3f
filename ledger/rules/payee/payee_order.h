/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_payee.h"
#include "rule/rule.h"

/* A payment's payee, where it is ordered: see README.md. */
#define PAYEE_ORDER_FIELD                                                                                    \
	FIELD_OPTIONAL(ID, "payee",                                                                          \
		"whose account it is paid to; as its last order said if absent, or as the platform knows")

struct payee_ordered {
	uint32_t shown;                  /* what of it a person is to look at, as bits of flags */
	char rail[TEXT_ID_SIZE];         /* of the payee; empty: nobody said one */
	struct record_claim_payee order; /* where there is one */
};

/*
 * The claim's payment is ordered, or `again` where it came back: to the payee that the field names, or that the last order did. Where
 * neither does nothing is looked up for a claim's first order, and nothing is kept. NOT_FOUND, STATE_WRONG, NOT_PERMITTED, SAME_PERSON, WINDOW_CLOSED, of "payee".
 */
enum recourse_error payee_order(struct decision *decision, const struct value *named, slice claim,
	const struct record_claim *record, bool again, struct payee_ordered *ordered);
