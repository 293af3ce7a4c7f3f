/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/command.h"

/* Versions of a command's rule (H8), of which an entry says which one is in force: see decide/README.md. */

/* Version 1 of no entry where none was adopted. */
enum recourse_error version_read(struct state_view *view, slice command, struct record_rule *record);

/* NULL for one that this program does not have. */
const struct command_rule *version_of(const struct command *command, uint64_t version);

/* The version in force. VERSION_UNKNOWN where the ledger adopted one that this program does not have. */
enum recourse_error version_in_force(
	struct decision *decision, const struct command *command, const struct command_rule **rule);
