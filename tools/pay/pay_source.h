/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "asking.h"
#include "pay/pay_batch.h"

/*
 * A batch as the ledger says it, all of it, by queries that the custodian's key may ask too. STATE_WRONG: it was not checked, or it was withdrawn; PROOF_WRONG: its payments are not what it says of itself, or are called otherwise than this
 * ledger and rail call them; MALFORMED.
 */
enum recourse_error pay_source_read(struct asking *asking, slice id, struct pay_batch *batch);
