/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "decide/core.h"
#include "recourse_ledger.h"

/*
 * A signed call on its way through the ledger, behind struct recourse_request: prepared by any thread, decided by
 * the writer, answered by any thread.
 */

/*
 * Decides a prepared submit in the writer's group, received at one time of the host, decided at one of the ledger. OK: it has an outcome, accepted or refused; any other error is a
 * fault, and the group must be thrown away.
 */
enum recourse_error call_decide(struct recourse_request *call, struct core *core, uint64_t received,
	uint64_t time, slice salt) RECOURSE_CHECK;
