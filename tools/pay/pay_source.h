/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "recourse_client.h"

/*
 * A batch as the ledger says it, by queries that the custodian's key may ask too. After an error `method` says what was asked, and
 * `refusal` why not.
 */
struct pay_source {
	struct recourse_client *client;
	const char *method;
	struct recourse_refusal refusal;
};

/*
 * All of it. STATE_WRONG: it was not checked, or it was withdrawn; PROOF_WRONG: its payments are not what it says of itself, or are called otherwise than this
 * ledger and rail call them; MALFORMED.
 */
enum recourse_error pay_source_read(struct pay_source *source, slice id, struct pay_batch *batch);
