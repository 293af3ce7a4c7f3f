/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/publish.h"

enum recourse_error publish_next(struct decision *decision, uint64_t version, uint64_t last)
{
	if (version == last + 1)
		return RECOURSE_OK;
	return refuse_limit(decision, RECOURSE_POLICY_WRONG, "version", "%llu", (unsigned long long)last + 1);
}

struct record_path publish_path(enum record_table table, slice id, uint32_t version)
{
	struct record_path path = record_path_of_text(table, id);
	record_path_short(&path, version);
	return path;
}

enum recourse_error publish_version(
	struct decision *decision, enum record_table table, slice id, uint32_t version)
{
	struct record_path path = publish_path(table, id, version);
	struct record_path before = publish_path(table, id, version - 1);
	bool follows;
	TRY(decision_absent(decision, "version", &path));
	TRY(record_exists(decision->state, &before, &follows));
	if (version > 1 && !follows)
		return refuse(decision, RECOURSE_POLICY_WRONG, "version", "one above the last");
	return RECOURSE_OK;
}
