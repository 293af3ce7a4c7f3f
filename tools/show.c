/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "entry_pages.h"
#include "local_time.h"
#include "member.h"
#include "output.h"
#include "service.h"

#include <inttypes.h>

/* One entry for people, whole: what its bytes say, and the leaf hash that they have. */
static enum recourse_error ask(struct entry_pages *pages, uint64_t number, struct recourse_bytes *reply)
{
	SCOPED(buffer_free) struct buffer params = {0};
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", (int64_t)number);
	return entry_pages_ask(pages, "entry.get", &params, reply);
}

/* In the order in which people ask: what, who, by which rule, what it said and moved; then what holds it in its place. */
static const struct recourse_column columns[] = {
	{.name = "kind", .type = RECOURSE_COLUMN_TEXT},
	{.name = "key", .type = RECOURSE_COLUMN_TEXT},
	{.name = "rule", .type = RECOURSE_COLUMN_TEXT},
	{.name = "policy", .type = RECOURSE_COLUMN_TEXT},
	{.name = "body", .type = RECOURSE_COLUMN_MAP},
	{.name = "postings", .type = RECOURSE_COLUMN_ROWS},
};

static enum exit_code print(slice bytes, bool json)
{
	SCOPED(buffer_free) struct buffer item = {0};
	struct entry entry;
	char time[LOCAL_TIME_TEXT_SIZE];
	enum recourse_error error = entry_describe(bytes, &item);
	if (error == RECOURSE_OK)
		error = buffer_failed(&item) ? RECOURSE_MEMORY : entry_decode(bytes, &entry);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "show");
	if (!json) {
		local_time_format(entry.time, time);
		output_text(stdout, "entry %" PRIu64 ", %.*s, %s\n\n", entry.number,
			SLICE_ARGUMENTS(entry.kind), time);
	}
	return output_result(columns, sizeof columns / sizeof columns[0], buffer_slice(&item), json);
}

static enum exit_code run(struct service *service, const char *text, bool utc, bool json)
{
	uint64_t number = 0;
	struct entry_pages pages = {0};
	struct recourse_bytes reply = {0};
	slice bytes;
	if (strspn(text, "0123456789") != strlen(text) ||
		!options_number("entry", text, 0, INT64_MAX, &number))
		return output_usage("show: an entry is named by its number, not by '%s'", text);
	if (!local_time_start(utc))
		return local_time_unknown();
	enum exit_code code = service_open(service, SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	pages.client = service->client;
	code = entry_pages_say(&pages, ask(&pages, number, &reply));
	if (code == EXIT_CODE_OK)
		code = member_bytes(slice_of(reply.data, reply.size), "bytes", &bytes)
			       ? print(bytes, json)
			       : output_error(RECOURSE_MALFORMED, NULL, "show");
	recourse_bytes_free(&reply);
	return code;
}

int show_main(int argc, char **argv)
{
	struct service service;
	bool utc = false;
	bool json = false;
	const struct options_flag flags[] = {
		{.name = "utc", .given = &utc, .help = "the time in UTC, not in the place that TZ names"},
		{.name = "json", .given = &json, .help = "as one JSON object"},
	};
	const struct options options = {
		.name = "show",
		.usage = "ENTRY",
		.about = "Shows an entry, whole: who said what when, what followed, what was posted.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = rest.count == 1 ? run(&service, rest.arguments[0], utc, json)
				       : output_usage("show: which entry? its number");
	service_close(&service);
	return (int)code;
}
