/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/opening.h"

enum recourse_error opening_actor(const struct request *request, slice handle, struct decision_actor *actor,
	struct key_public *key, struct recourse_refusal *refusal)
{
	if (request->count == 1 && strcmp(request->commands[0].command->method.name, "ledger.open") == 0 &&
		party_first_actor(request->commands[0].values, handle, request->origin, actor, key) ==
			RECOURSE_OK)
		return RECOURSE_OK;
	return refusal_field(refusal, RECOURSE_KEY_UNKNOWN, "key",
		"ledger.open comes first, signed by the key it names, for its origin");
}
