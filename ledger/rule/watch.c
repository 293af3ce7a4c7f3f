/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/watch.h"

#include "rule/command.h"
#include "rule/publish.h"
#include "rule/view.h"

/* README.md of rules/payee says why these. */
enum {
	PRESET_PAYEE_HOURS = 24,
	PRESET_HOLDERS = 3,
	PRESET_CLAIMS = 20,
	PRESET_HOURS = 24,
	HOURS_MAX = 30 * 24,
	COUNT_MAX = 1000, /* rows that are counted by a payment or a filing */
};

static enum recourse_error read_published(struct state_view *view, struct record_watch *watch)
{
	struct record_path path = record_path_of(RECORD_WATCH);
	return record_get_optional(view, &path, watch, sizeof *watch, NULL);
}

enum recourse_error watch_read(struct state_view *view, struct record_watch *watch)
{
	TRY(read_published(view, watch));
	if (watch->version == 0)
		*watch = (struct record_watch){.payee_hours = PRESET_PAYEE_HOURS,
			.holders = PRESET_HOLDERS,
			.claims = PRESET_CLAIMS,
			.hours = PRESET_HOURS};
	return RECOURSE_OK;
}

enum { PUBLISH_VERSION, PUBLISH_PAYEE_HOURS, PUBLISH_HOLDERS, PUBLISH_CLAIMS, PUBLISH_HOURS };
static const struct recourse_field publish_fields[] = {
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[PUBLISH_PAYEE_HOURS] = FIELD_PRESET("payee_hours", 1, HOURS_MAX, PRESET_PAYEE_HOURS,
		"after which a changed payee's new account is paid"),
	[PUBLISH_HOLDERS] = FIELD_PRESET("holders", 1, COUNT_MAX, PRESET_HOLDERS,
		"for whom one account may be named before claims that it is paid are looked at"),
	[PUBLISH_CLAIMS] = FIELD_PRESET("claims", 1, COUNT_MAX, PRESET_CLAIMS,
		"that may come from one origin within `hours` before they are looked at"),
	[PUBLISH_HOURS] = FIELD_PRESET("hours", 1, HOURS_MAX, PRESET_HOURS, "the same: within so many"),
};

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of(RECORD_WATCH);
	struct record_watch last;
	struct record_watch watch = {.entry = decision->entry,
		.version = (uint32_t)values[PUBLISH_VERSION].integer,
		.payee_hours = (uint32_t)values[PUBLISH_PAYEE_HOURS].integer,
		.holders = (uint32_t)values[PUBLISH_HOLDERS].integer,
		.claims = (uint32_t)values[PUBLISH_CLAIMS].integer,
		.hours = (uint32_t)values[PUBLISH_HOURS].integer};
	TRY(read_published(decision->state, &last));
	TRY(publish_next(decision, watch.version, last.version));
	return decision_put(decision, &path, &watch, sizeof watch);
}

static const struct command commands[] = {
	COMMAND("watch.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish how long a changed payee rests, and what is shared or comes together before it is "
		"looked at",
		RECOURSE_POLICY_WRONG),
};
const struct command_group watch_commands = COMMAND_GROUP(commands);

/* ---- watch.get ---- */

static const struct recourse_column columns[] = {
	{COLUMN(INTEGER, "version", struct record_watch, version, "in force; 0: none was published")},
	{COLUMN(ENTRY, "entry", struct record_watch, entry, "that published it"), OPTIONAL},
	{COLUMN(INTEGER, "payee_hours", struct record_watch, payee_hours,
		"after which a changed payee's new account is paid")},
	{COLUMN(INTEGER, "holders", struct record_watch, holders, "for whom one account may be named")},
	{COLUMN(INTEGER, "claims", struct record_watch, claims, "that may come from one origin,")},
	{COLUMN(INTEGER, "hours", struct record_watch, hours, "within so many")},
};

static enum recourse_error find_watch(struct query *query, void *found)
{
	return watch_read(query->state, found);
}

static const struct query_row queries[] = {
	VIEW_METHOD(RECOURSE_METHOD_QUERY, "watch.get", QUERY_READ_ALL, NULL, 0, columns, struct record_watch,
		find_watch, "what is published of what is watched for fraud", RECOURSE_OK),
};
const struct query_group watch_view_group = {queries, sizeof queries / sizeof queries[0]};
