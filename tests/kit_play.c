/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "../tools/play/play_argument.h"
#include "../tools/play/play_run.h"
#include "base/instant.h"
#include "base/transcode.h"

#include <stdio.h>

/* A scenario on the ledger of a test. */
struct stage {
	struct play_ledger base;
	struct kit *kit;
	kit_visit *visit; /* NULL: nobody looks */
	void *context;
};

static struct kit *kit_of(struct play_ledger *ledger)
{
	return ((struct stage *)ledger)->kit;
}

static char *json_of(slice item)
{
	struct buffer json = {0};
	assert_ok(transcode_to_json(item, TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	return (char *)json.data;
}

static struct recourse_bytes item_of(const char *json)
{
	struct transcode_problem problem;
	struct buffer item = {0};
	assert_ok(transcode_from_json(slice_text(json), &item, &problem));
	return (struct recourse_bytes){item.data, item.size};
}

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct stage *stage = (struct stage *)ledger;
	struct kit *kit = stage->kit;
	char id[32];
	SCOPED(support_free) char *params = NULL;
	SCOPED(support_free) char *json = NULL;
	SCOPED(support_free) char *commands = json_of(submission->commands);
	snprintf(id, sizeof id, "r-%llu", (unsigned long long)++kit->requests);
	assert_true(asprintf(&params, "{\"mode\":\"%s\",\"commands\":%s}", submission->each ? "each" : "all",
			    commands) >= 0);
	kit->texts = submission->texts;
	kit->text_count = submission->text_count;
	reply->error = kit_request(
		kit, submission->actor, submission->id == NULL ? id : submission->id, params, &json);
	reply->refusal = kit->refusal;
	if (reply->error == RECOURSE_OK)
		reply->item = item_of(json);
	kit->texts = NULL;
	kit->text_count = 0;
	ledger->now = kit->now;
	if (stage->visit != NULL)
		stage->visit(kit, commands, stage->context);
}

/* A question takes no time in a scenario. */
static void query(struct play_ledger *ledger, const char *actor, const char *method, slice params,
	struct play_reply *reply)
{
	struct kit *kit = kit_of(ledger);
	SCOPED(support_free) char *json = json_of(params);
	assert_non_null(actor);
	reply->error = kit_ask(kit, actor, method, json, &reply->item);
	reply->refusal = kit->refusal;
	kit->now = ledger->now;
}

static enum recourse_error wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck)
{
	struct kit *kit = kit_of(ledger);
	if (clocks)
		*struck = kit_wait(kit, nanoseconds / INSTANT_SECOND);
	else
		kit->now += nanoseconds;
	ledger->now = kit->now;
	return RECOURSE_OK;
}

static enum recourse_error stand(struct play_ledger *ledger, struct recourse_standing *standing)
{
	return recourse_ledger_standing(kit_of(ledger)->ledger, standing);
}

static enum recourse_error restart(struct play_ledger *ledger, bool rebuild)
{
	kit_reopen(kit_of(ledger), rebuild);
	return RECOURSE_OK;
}

static enum recourse_error audit(struct play_ledger *ledger, struct recourse_audit *report)
{
	kit_audit(kit_of(ledger));
	*report = (struct recourse_audit){.state_compared = true};
	return RECOURSE_OK;
}

static const struct play_ledger_kind kind = {
	.submit = submit, .query = query, .wait = wait, .stand = stand, .restart = restart, .audit = audit};

static void play(struct stage *stage, const struct play_script *script, size_t first, size_t end, bool blind)
{
	struct kit *kit = stage->kit;
	struct play_report report = {0};
	const struct play_place place = {.ledger = &stage->base, .last = kit->last_entry, .blind = blind};
	stage->base.kind = &kind;
	stage->base.now = kit->now;
	snprintf(stage->base.people.origin, sizeof stage->base.people.origin, "%s", kit->origin);
	play_report_begin(&report, "scenario", "of a test");
	play_run_steps(script, first, end, &place, &report);
	play_people_forget(&stage->base.people);
	assert_int_equal(report.case_failures, 0);
}

/* ---- lines ---- */

static void read_text(const char *text, struct play_script *script)
{
	assert_int_equal(play_script_read_text("tests/rules/-", slice_text(text), script), EXIT_CODE_OK);
}

static void read_world(const char *file, struct play_script *script)
{
	char text[100];
	snprintf(text, sizeof text, "include %s\n", file);
	read_text(text, script);
}

/* So many steps has the world that is there. */
static size_t count_played(const struct kit *kit)
{
	struct play_script script;
	if (kit->world == NULL)
		return 0;
	read_world(kit->world, &script);
	size_t count = script.preamble;
	play_script_free(&script);
	return count;
}

void kit_world(struct kit *kit, const char *file)
{
	struct stage stage = {.kit = kit};
	struct play_script script;
	size_t played = count_played(kit);
	read_world(file, &script);
	play(&stage, &script, played, script.preamble, false);
	play_script_free(&script);
	kit->world = file;
}

void kit_play(struct kit *kit, const char *format, ...)
{
	struct stage stage = {.kit = kit};
	struct play_script script;
	va_list arguments;
	SCOPED(support_free) char *lines = NULL;
	SCOPED(support_free) char *text = NULL;
	va_start(arguments, format);
	assert_true(vasprintf(&lines, format, arguments) >= 0);
	va_end(arguments);
	assert_true(asprintf(&text, "include %s\nunit CNY\n%s\n", kit->world, lines) >= 0);
	read_text(text, &script);
	play(&stage, &script, count_played(kit), script.preamble, false);
	play_script_free(&script);
}

char *kit_command(const struct kit *kit, const char *words)
{
	struct play_people people = {0};
	struct play_script script;
	SCOPED(buffer_free) struct buffer command = {0};
	snprintf(people.origin, sizeof people.origin, "%s", kit->origin);
	read_text(words, &script);
	const struct play_word *name = play_script_step(&script, 0)->words;
	const struct recourse_method *method = recourse_method_find(name->text, strlen(name->text));
	assert_null(play_argument_write(&people, method->name, method, name + 1,
		play_script_step(&script, 0)->count - 1, &script.arena, &command));
	char *json = json_of(buffer_slice(&command));
	play_script_free(&script);
	return json;
}

char *kit_words(const struct kit *kit, const char *id, const char *words, uint64_t expires)
{
	SCOPED(support_free) char *params = NULL;
	SCOPED(support_free) char *command = kit_command(kit, words);
	assert_true(asprintf(&params, "{\"mode\":\"all\",\"commands\":[%s]}", command) >= 0);
	char *payload = kit_payload(kit, id, params, expires);
	return payload;
}

/* ---- the golden case ---- */

/* From the step with that number up to the other, not with it; 0: what comes before all cases. */
static void golden(struct kit *kit, uint64_t first, uint64_t behind, kit_visit *visit, void *context)
{
	struct stage stage = {.kit = kit, .visit = visit, .context = context};
	struct play_script script;
	assert_int_equal(play_script_read("<golden>", &script), EXIT_CODE_OK);
	play(&stage, &script, first == 0 ? 0 : play_script_part(&script, first),
		behind == 0 ? script.preamble : play_script_part(&script, behind), true);
	play_script_free(&script);
}

void kit_golden(struct kit *kit)
{
	golden(kit, 0, 0, NULL, NULL);
	kit->world = "<fuel-steps>";
}

void kit_golden_steps(struct kit *kit, int first, int last)
{
	golden(kit, (uint64_t)first, (uint64_t)last + 1, NULL, NULL);
}

void kit_golden_each(struct kit *kit, kit_visit *visit, void *context)
{
	golden(kit, 1, UINT64_MAX, visit, context);
}
