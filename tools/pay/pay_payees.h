/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"
#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/*
 * The platform's own file of whom payments are made to, which is no part of a ledger: CSV (rows.h) with a row of headings, `payee`,
 * `name`, `account` and, where the rail wants one, `bank`. Rows of payees that no payment goes to are passed over.
 *
 * An account is written to a bank in the one form of payee_mark.h, and to a wallet as it stands: there capitals and dashes are
 * part of it.
 */

/*
 * Says of each payment of the batch whom it is to be paid to. Refuses, each by its line and all of them at once: a payee that is
 * missing, or there twice; an account whose mark is not the payment's; and what the rail's form does not take. No message has
 * anything of a name or an account. DATA; UNAVAILABLE.
 */
enum exit_code pay_payees_match(struct pay_batch *batch, const struct pay_form *form,
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], const char *path, slice data);
