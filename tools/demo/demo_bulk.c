/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_bulk.h"

#include "host_clock.h"
#include "demo/demo_collapse.h"
#include "member.h"
#include "demo/demo_voice.h"
#include "output.h"

#include <inttypes.h>

struct bulk {
	struct demo_stage *stage;
	struct demo_collapse collapse;
	uint64_t started;
};

static double seconds_since(uint64_t started)
{
	uint64_t passed = host_clock_monotonic() - started;
	return (double)(passed == 0 ? 1 : passed) / (double)HOST_CLOCK_SECOND;
}

static const char *grouped(uint64_t number, struct buffer *out)
{
	char text[24];
	buffer_clear(out);
	snprintf(text, sizeof text, "%" PRIu64, number);
	output_grouped(slice_text(text), out);
	buffer_append(out, "", 1);
	return buffer_failed(out) ? "?" : (const char *)out->data;
}

static void say_rate(const char *what, const char *actor, uint64_t count, double seconds)
{
	struct buffer first = {0};
	struct buffer second = {0};
	printf("  %-18s %-8s %12s in %6.2f s %12s/s\n", what, actor, grouped(count, &first), seconds,
		grouped((uint64_t)((double)count / seconds), &second));
	fflush(stdout);
	buffer_free(&first);
	buffer_free(&second);
}

static bool import_cards(struct bulk *bulk)
{
	static const char *const fixed[] = {
		"import",
		"entitlements",
		"cards.csv",
		"--chunk",
		"2048",
		"--key",
		"people/maker",
		"--url",
	};
	enum { FIXED = sizeof fixed / sizeof fixed[0] };
	const char *arguments[FIXED + 2];
	char path[DEMO_STAGE_PATH_SIZE];
	struct demo_stage *stage = bulk->stage;
	if (!demo_stage_path(stage, "cards.csv", path) || !demo_collapse_write(&bulk->collapse, path))
		return false;
	memcpy(arguments, fixed, sizeof fixed);
	arguments[FIXED] = stage->url;
	arguments[FIXED + 1] = NULL;
	demo_voice_command(
		"import entitlements cards.csv --chunk 2048 --key people/maker --url %s", stage->url);
	const struct demo_child_options options = {.arguments = arguments, .directory = stage->directory};
	uint64_t started = host_clock_monotonic();
	int code = demo_child_run(&options);
	if (code != 0) {
		output_problem("recourse import ended with %d", code);
		return false;
	}
	printf("\n");
	say_rate("entitlement.issue", "maker", bulk->collapse.cards, seconds_since(started));
	return true;
}

static bool fly(struct bulk *bulk, enum demo_collapse_phase phase)
{
	struct recourse_refusal refusal;
	const char *name = demo_collapse_phase_name(phase);
	struct demo_flight flight = demo_collapse_flight(bulk->stage, &bulk->collapse, phase);
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = demo_flight_run(&flight, &refusal);
	demo_flight_free(&flight);
	if (error == RECOURSE_OK)
		say_rate(
			name, demo_collapse_phase_actor(phase), bulk->collapse.cards, seconds_since(started));
	else
		output_error(error, &refusal, name);
	return error == RECOURSE_OK;
}

static bool make_whole(struct bulk *bulk)
{
	bulk->started = host_clock_monotonic();
	return fly(bulk, DEMO_COLLAPSE_FILE) && fly(bulk, DEMO_COLLAPSE_DECIDE) &&
	       demo_collapse_fund(bulk->stage, &bulk->collapse) && fly(bulk, DEMO_COLLAPSE_INSTRUCT) &&
	       fly(bulk, DEMO_COLLAPSE_SETTLE);
}

/* The service's own word for it: everybody was paid, and all that was lost. */
static bool check_summary(struct bulk *bulk)
{
	struct recourse_bytes result = {0};
	char params[64];
	char loss[32];
	slice paid;
	int64_t claims_paid;
	snprintf(params, sizeof params, "{\"incident\":\"%s\"}", bulk->collapse.incident);
	if (!demo_stage_query(bulk->stage, "maker", "incident.summary", params, &result))
		return false;
	demo_collapse_money(bulk->collapse.loss, loss);
	slice summary = slice_of(result.data, result.size);
	bool good = member_integer(summary, "claims_paid", &claims_paid) &&
		    member_text(summary, "paid", &paid) && (uint64_t)claims_paid == bulk->collapse.cards &&
		    slice_is(paid, loss);
	recourse_bytes_free(&result);
	if (!good)
		output_problem("incident.summary does not say that %" PRIu64 " consumers were paid %s",
			bulk->collapse.cards, loss);
	return good;
}

static void say_verdict(const struct demo_collapse *collapse, double seconds)
{
	struct buffer rate = {0};
	struct buffer people = {0};
	struct buffer amount = {0};
	char loss[32];
	demo_collapse_money(collapse->loss, loss);
	output_grouped(slice_text(loss), &amount);
	demo_voice_good("\n%s consumers made whole per second: CNY %.*s to %s people in %.2f s, durably",
		grouped((uint64_t)((double)collapse->cards / seconds), &rate), SLICE_ARGUMENTS(amount),
		grouped(collapse->cards, &people), seconds);
	buffer_free(&amount);
	buffer_free(&people);
	buffer_free(&rate);
}

bool demo_bulk_play(struct demo_stage *stage, uint64_t cards)
{
	struct bulk bulk = {.stage = stage};
	struct buffer text = {0};
	demo_voice_part(
		"A chain of tea houses vanishes: %s consumers hold prepaid cards", grouped(cards, &text));
	buffer_free(&text);
	demo_collapse_plan(&bulk.collapse, 1, cards);
	if (!demo_collapse_terms(stage) || !demo_collapse_declare(stage, &bulk.collapse) ||
		!import_cards(&bulk) || !make_whole(&bulk))
		return false;
	double seconds = seconds_since(bulk.started);
	if (!check_summary(&bulk))
		return false;
	say_verdict(&bulk.collapse, seconds);
	return true;
}
