/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/decision.h"

/*
 * What one person may decide alone, and how long things wait for another, as published (H2). The limits themselves are
 * counted by decide/limits.c. Command control.publish.
 */

/*
 * What was published last. Where nothing was: no limits, a week for a proposal, two days for which custody counts after
 * an attested day, break-glass forbidden, three days for its review, five minutes for a jump of the host's clock and
 * three days for its running on; 8 GiB stored in a day for a key, 16 for a party.
 */
enum recourse_error authority_read(struct state_view *view, struct record_control *control);
