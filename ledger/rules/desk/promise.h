/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* What can be promised to a claimant, as record_promise says it; NULL at the end. */
enum promise_kind { PROMISE_CALLBACK, PROMISE_ANSWER, PROMISE_PAYMENT, PROMISE_OTHER };
extern const char *const promise_kinds[];

/*
 * Something else that was promised is kept by a contact, or by an entry that names it in this field, by which it was done. The last
 * thing that an apply function does: its claim is saved. NOT_FOUND, STATE_WRONG, NOT_PERMITTED with "promise" for one of another
 * claim, one that is kept or withdrawn, or one of another kind.
 */
#define PROMISE_FIELD                                                                                        \
	FIELD_PRESET("promise", 0, INT64_MAX, 0,                                                             \
		"the entry of a promise of kind other that is kept by this one; 0: of none")
enum recourse_error promise_keep(struct decision *decision, slice claim, const struct value *named);
