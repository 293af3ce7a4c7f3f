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
 * an attested day, break-glass forbidden, three days for its review; 8 GiB stored in a day for a key, 16 for a party.
 */
enum recourse_error authority_published(struct state_view *state, struct record_control *control);
enum recourse_error authority_read(struct decision *decision, struct record_control *control);
