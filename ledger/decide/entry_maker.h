/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "decide/request.h"
#include "rule/rule.h"
#include "store/group.h"

struct entry_source {
	const struct request *request;
	size_t index;     /* of the command in it */
	uint32_t version; /* of the rule that decided */
	slice salt;       /* of the request */
};

/*
 * What a command that was decided becomes: the next entry of a group, with its salt and its leaf. `parts` is room to
 * make it in. ENTRY_TOO_LARGE with the refusal, MEMORY: the group must be rolled back.
 */
enum recourse_error entry_maker_add(struct buffer *parts, struct group *group,
	const struct entry_source *source, const struct decision *decision) RECOURSE_CHECK;
