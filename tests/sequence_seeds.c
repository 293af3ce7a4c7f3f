/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "../tools/play/play_embedded.h"
#include "../tools/play/play_run.h"
#include "base/instant.h"
#include "base/item.h"
#include "support.h"

#include <glob.h>
#include <stdio.h>

enum { WORLDS_MAX = 8, SEED_MAX = 4096 };

/* A ledger on which a scenario is played, and which writes down what is said to it. */
struct listener {
	struct play_ledger base;
	struct support_directory directory;
	struct play_ledger *inner;
	struct sequence_names names;
	struct buffer steps;
	size_t step; /* where the one that is written begins */
};

/* ---- listening ---- */

static struct listener *listener_of(struct play_ledger *ledger)
{
	return (struct listener *)ledger;
}

static struct sequence_place place_of(struct listener *listener)
{
	struct recourse_standing standing = {0};
	assert_ok(play_ledger_stand(listener->inner, &standing));
	return (struct sequence_place){.now = listener->base.now, .entries = standing.entries};
}

static void begin(struct listener *listener, enum sequence_kind kind)
{
	listener->step = listener->steps.size;
	listener->inner->people = listener->base.people;
	sequence_write_number(kind, &listener->steps);
}

static void finish(struct listener *listener)
{
	static const uint8_t end = SEQUENCE_END;
	buffer_append(&listener->steps, &end, 1);
	listener->base.now = listener->inner->now;
}

/* A name that no method has can not be said: what it would be is left out. */
static void write_commands(struct listener *listener, slice commands)
{
	const struct sequence_place place = place_of(listener);
	struct item list;
	slice command;
	slice name;
	assert_ok(item_read_type(&commands, ITEM_ARRAY, &list));
	while (list.count-- > 0 && item_read_whole(&commands, &command) == RECOURSE_OK) {
		if (item_find_text(command, "command", &name) != RECOURSE_OK)
			continue;
		const struct recourse_method *method =
			recourse_method_find((const char *)name.data, name.size);
		if (method == NULL)
			continue;
		sequence_write_method(method, &listener->steps);
		sequence_write_fields(&listener->names, &place, method->fields, method->field_count, command,
			&listener->steps);
	}
}

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct listener *listener = listener_of(ledger);
	begin(listener, SEQUENCE_SUBMIT);
	sequence_write_number(submission->each, &listener->steps);
	sequence_write_actor(&listener->names, slice_text(submission->actor), &listener->steps);
	write_commands(listener, submission->commands);
	play_ledger_submit(listener->inner, submission, reply);
	finish(listener);
}

static void query(struct play_ledger *ledger, const char *actor, const char *name, slice params,
	struct play_reply *reply)
{
	struct listener *listener = listener_of(ledger);
	const struct sequence_place place = place_of(listener);
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	begin(listener, actor == NULL ? SEQUENCE_PUBLIC : SEQUENCE_QUERY);
	if (actor != NULL)
		sequence_write_actor(&listener->names, slice_text(actor), &listener->steps);
	if (method != NULL) {
		sequence_write_method(method, &listener->steps);
		sequence_write_fields(&listener->names, &place, method->fields, method->field_count, params,
			&listener->steps);
	}
	play_ledger_query(listener->inner, actor, name, params, reply);
	finish(listener);
}

static enum recourse_error wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck)
{
	struct listener *listener = listener_of(ledger);
	begin(listener, clocks ? SEQUENCE_WAIT : SEQUENCE_PAUSE);
	sequence_write_number(nanoseconds / INSTANT_SECOND, &listener->steps);
	enum recourse_error error = play_ledger_wait(listener->inner, nanoseconds, clocks, struck);
	finish(listener);
	return error;
}

static enum recourse_error stand(struct play_ledger *ledger, struct recourse_standing *standing)
{
	return play_ledger_stand(listener_of(ledger)->inner, standing);
}

static enum recourse_error restart(struct play_ledger *ledger, bool rebuild)
{
	struct listener *listener = listener_of(ledger);
	begin(listener, SEQUENCE_RESTART);
	sequence_write_number(rebuild, &listener->steps);
	enum recourse_error error = play_ledger_restart(listener->inner, rebuild);
	finish(listener);
	return error;
}

/* Each sequence ends with one anyway; what it leaves is a checkpoint. */
static enum recourse_error audit(struct play_ledger *ledger, struct recourse_audit *report)
{
	struct listener *listener = listener_of(ledger);
	begin(listener, SEQUENCE_SIGN);
	enum recourse_error error = recourse_ledger_sign(play_embedded_ledger(listener->inner));
	*report = (struct recourse_audit){.state_compared = true};
	finish(listener);
	return error;
}

static const struct play_ledger_kind kind = {
	.submit = submit, .query = query, .wait = wait, .stand = stand, .restart = restart, .audit = audit};

static void listen(struct listener *listener)
{
	const struct play_opening opening = {.origin = "example.com/ledger",
		.party = "P",
		.admin = "admin",
		.at = UINT64_C(1462320000) * INSTANT_SECOND};
	memset(listener, 0, sizeof *listener);
	support_directory_make(&listener->directory);
	listener->inner = play_embedded_open(listener->directory.path, &opening);
	assert_non_null(listener->inner);
	listener->base.kind = &kind;
	listener->base.now = listener->inner->now;
	listener->base.people = listener->inner->people;
}

static void leave(struct listener *listener)
{
	play_people_forget(&listener->base.people);
	listener->inner->people = (struct play_people){0};
	play_ledger_close(listener->inner);
	support_directory_remove(&listener->directory);
	sequence_names_free(&listener->names);
	buffer_free(&listener->steps);
}

/* ---- seeds ---- */

static void listen_to_world(const char *file, struct buffer *steps)
{
	struct listener listener;
	struct play_script script;
	struct play_report report = {0};
	char path[SUPPORT_PATH_MAX];
	snprintf(path, sizeof path, "tests/rules/%s", file);
	listen(&listener);
	const struct play_place place = {.ledger = &listener.base, .blind = true};
	assert_int_equal(play_script_read(path, &script), EXIT_CODE_OK);
	play_report_begin(&report, path, "a world");
	play_run_steps(&script, 0, script.preamble, &place, &report);
	buffer_append(steps, listener.steps.data, listener.steps.size);
	play_script_free(&script);
	leave(&listener);
}

/* Begins with the largest world that is what the case begins with; any does where none is. */
static void write_seed(const struct listener *listener, const struct buffer *worlds, size_t count,
	const char *directory, unsigned number)
{
	SCOPED(buffer_free) struct buffer seed = {0};
	slice steps = buffer_slice(&listener->steps);
	uint8_t world = 0;
	size_t behind = 0;
	char path[SUPPORT_PATH_MAX];
	for (size_t index = 0; index < count; index++) {
		slice known = buffer_slice(&worlds[index]);
		if (known.size > behind && known.size <= steps.size &&
			memcmp(known.data, steps.data, known.size) == 0) {
			world = (uint8_t)index;
			behind = known.size;
		}
	}
	buffer_append(&seed, &world, 1);
	buffer_append(&seed, steps.data + behind, steps.size - behind);
	if (seed.size > SEED_MAX)
		return;
	snprintf(path, sizeof path, "%s/case-%03u", directory, number);
	support_write_file(path, buffer_slice(&seed));
}

static void listen_to_file(
	const char *path, const struct buffer *worlds, size_t count, const char *directory, unsigned *number)
{
	struct play_script script;
	assert_int_equal(play_script_read(path, &script), EXIT_CODE_OK);
	for (size_t index = 0; index < play_script_case_count(&script); index++) {
		struct listener listener;
		struct play_report report = {0};
		listen(&listener);
		const struct play_place place = {.ledger = &listener.base};
		play_report_begin(&report, path, "a case");
		play_run_case(&script, index, &place, &report);
		write_seed(&listener, worlds, count, directory, (*number)++);
		leave(&listener);
	}
	play_script_free(&script);
}

void sequence_write_seeds(const char *directory, const char *const *worlds, size_t count)
{
	struct buffer known[WORLDS_MAX] = {{0}};
	unsigned number = 0;
	glob_t files;
	assert_true(count <= WORLDS_MAX);
	for (size_t index = 0; index < count; index++)
		listen_to_world(worlds[index], &known[index]);
	assert_int_equal(glob("tests/rules/*/*.case", 0, NULL, &files), 0);
	for (size_t index = 0; index < files.gl_pathc; index++)
		listen_to_file(files.gl_pathv[index], known, count, directory, &number);
	globfree(&files);
	for (size_t index = 0; index < count; index++)
		buffer_free(&known[index]);
}
