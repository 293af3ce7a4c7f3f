/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "decide/request.h"
#include "rule/rule.h"

/*
 * The very first request opens the ledger: ledger.open and nothing else, for the origin that it opens, signed by the
 * key that it names as the first admin's. Who said it, and with which key; KEY_UNKNOWN with the refusal otherwise.
 */
enum recourse_error opening_actor(const struct request *request, slice handle, struct decision_actor *actor,
	struct key_public *key, struct recourse_refusal *refusal) RECOURSE_CHECK;
