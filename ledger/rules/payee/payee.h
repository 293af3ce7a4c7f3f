/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_payee.h"
#include "rule/rule.h"

/*
 * Payees (F4, H4, I1): the account that the claims of a holder are paid to, as its HMAC with a key that the ledger never sees: see
 * README.md. Commands payee.register, payee.change, payee.close.
 */

/* At that instant: whether its account is still to rest, which is paid, and by which entry that took the place of another; 0: none. */
bool payee_rests(const struct record_payee *payee, uint64_t time);
const uint8_t *payee_account(const struct record_payee *payee, uint64_t time);
uint64_t payee_changed(const struct record_payee *payee, uint64_t time);

/* The row of a holder's payee, beside those of all holders that a lot can not tell from it (lot_holder.h). */
struct record_path payee_holder_path(slice holder);

struct record_path payee_account_path(const uint8_t account[static RECORD_MARK_SIZE], slice holder);

/* For how many holders that account was named by the entry `by`, counted to one beyond `most`. */
enum recourse_error payee_count(struct state_view *view, const uint8_t account[static RECORD_MARK_SIZE],
	uint64_t by, uint32_t most, uint32_t *count);
