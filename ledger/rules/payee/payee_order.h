/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A payment's payee, where it is ordered: see README.md. */
#define PAYEE_ORDER_FIELD                                                                                    \
	FIELD_OPTIONAL(ID, "payee",                                                                          \
		"whose account it is paid to; as its last order said if absent, or as the platform knows")

/*
 * The claim's payment is ordered, or `again` where it came back: to the payee that the field names, or that the last order did. Where
 * neither does nothing is looked up for a claim's first order, and nothing is kept. `*shown` gets what of it a person is to
 * look at, as bits of flags. NOT_FOUND, STATE_WRONG, NOT_PERMITTED, SAME_PERSON, WINDOW_CLOSED, of "payee".
 */
enum recourse_error payee_order(struct decision *decision, const struct value *named, slice claim,
	const struct record_claim *record, bool again, uint32_t *shown);
