/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Which version of a command's rule decides (H8). A rule that has decided anything is part of the history: it stays in
 * the program, and one that decides otherwise stands beside it as the next version. The first is in force until an entry
 * of two people's, rule.adopt, says another; from that entry on, in the same request too, and back again in the same
 * way. Replay comes by that entry at the same place, so a log that crosses a change is decided by both, each where it
 * was in force, and each entry names the version that made it.
 *
 *   RECORD_RULE  command  ->  record_rule    where it is not the first
 *
 * Command rule.adopt, query rule.list.
 */

/* VERSION_UNKNOWN where the ledger adopted one that this program does not have. */
enum recourse_error rule_version_in_force(
	struct decision *decision, const struct command *command, const struct command_rule **rule);
