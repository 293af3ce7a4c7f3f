/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROPOSAL_H
#define PROPOSAL_H

#include "command.h"

/*
 * Maker and checker (H2): a command that needs another person's agreement is tried in full, undone, and kept as a
 * proposal; the entry of the approval carries it out. Its number is the entry that proposed it. Commands
 * proposal.approve, proposal.reject.
 */
enum recourse_error proposal_open(
	struct decision *decision, const struct command *command, const struct value *values) RECOURSE_CHECK;

#endif
