/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "base/try.h"
#include "base/refusal.h"
#include "member.h"

#include <stdio.h>

typedef enum recourse_error (*member_visit)(void *context, slice name, slice value);

static enum recourse_error each_member(slice map, member_visit visit, void *context)
{
	slice reader = map;
	struct item head;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			return RECOURSE_MALFORMED;
		TRY(visit(context, key.string, value));
	}
	return RECOURSE_OK;
}

static bool natural(slice value, uint64_t *number)
{
	struct item item = member_head(value);
	if (item.type != ITEM_INTEGER || item.integer < 0)
		return false;
	*number = (uint64_t)item.integer;
	return true;
}

static enum recourse_error take_head(void *context, slice name, slice value)
{
	struct outcome *outcome = context;
	bool good = true;
	if (slice_is(name, "accepted"))
		good = natural(value, &outcome->accepted);
	else if (slice_is(name, "request"))
		good = natural(value, &outcome->request);
	else if (slice_is(name, "results"))
		outcome->results = value;
	return good ? RECOURSE_OK : RECOURSE_MALFORMED;
}

enum recourse_error outcome_read(slice reply, struct outcome *outcome)
{
	*outcome = (struct outcome){0};
	return each_member(reply, take_head, outcome);
}

struct text_place {
	const char *name;
	char *text;
	size_t size;
};

static void take_text(struct recourse_refusal *refusal, slice name, slice text)
{
	const struct text_place places[] = {
		{"field", refusal->field, sizeof refusal->field},
		{"limit", refusal->limit, sizeof refusal->limit},
		{"account", refusal->account, sizeof refusal->account},
		{"needed", refusal->needed, sizeof refusal->needed},
		{"available", refusal->available, sizeof refusal->available},
		{"state", refusal->state, sizeof refusal->state},
	};
	for (size_t index = 0; index < sizeof places / sizeof places[0]; index++) {
		if (slice_is(name, places[index].name))
			snprintf(places[index].text, places[index].size, "%.*s", SLICE_ARGUMENTS(text));
	}
}

static enum recourse_error take_refusal(void *context, slice name, slice value)
{
	struct recourse_refusal *refusal = context;
	struct item item = member_head(value);
	if (item.type == ITEM_TEXT)
		take_text(refusal, name, item.string);
	if (item.type != ITEM_INTEGER || item.integer < 0)
		return RECOURSE_OK;
	if (slice_is(name, "code") || slice_is(name, "error"))
		refusal->error = (enum recourse_error)item.integer;
	if (slice_is(name, "entry")) {
		refusal->entry_known = true;
		refusal->entry = (uint64_t)item.integer;
	}
	return RECOURSE_OK;
}

static enum recourse_error take_result(void *context, slice name, slice value)
{
	struct outcome_result *result = context;
	if (slice_is(name, "error")) {
		result->refused = true;
		if (member_head(value).type == ITEM_MAP)
			return each_member(value, take_refusal, &result->refusal);
		return take_refusal(&result->refusal, name, value);
	}
	if (slice_is(name, "balances"))
		result->balances = value;
	else if (slice_is(name, "note"))
		result->note = value;
	else if (slice_is(name, "review_due") && member_head(value).type == ITEM_TEXT)
		result->review_due = member_head(value).string;
	else if (slice_is(name, "linked_to") && !natural(value, &result->repeated))
		return RECOURSE_MALFORMED;
	else if (slice_is(name, "entry") && !natural(value, &result->entry))
		return RECOURSE_MALFORMED;
	else if (slice_is(name, "index") && !natural(value, &result->index))
		return RECOURSE_MALFORMED;
	else if (slice_is(name, "command"))
		(void)natural(value, &result->index);
	return RECOURSE_OK;
}

static enum recourse_error read_result(slice map, uint64_t position, struct outcome_result *result)
{
	*result = (struct outcome_result){.index = position};
	refusal_clear(&result->refusal);
	enum recourse_error error = each_member(map, take_result, result);
	if (error != RECOURSE_OK || !result->refused)
		return error;
	/* A refusal without a map of its own has its members beside the error's number. */
	if (result->refusal.error == RECOURSE_OK || result->refusal.field[0] == '\0')
		error = each_member(map, take_refusal, &result->refusal);
	return error;
}

enum recourse_error outcome_each(const struct outcome *outcome, outcome_visit visit, void *context)
{
	slice reader = outcome->results;
	struct item head;
	if (outcome->results.size == 0)
		return RECOURSE_OK;
	if (item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	for (uint64_t index = 0; index < head.count; index++) {
		struct outcome_result result;
		slice map;
		TRY(item_read_whole(&reader, &map));
		TRY(read_result(map, index, &result));
		TRY(visit(context, &result));
	}
	return RECOURSE_OK;
}
