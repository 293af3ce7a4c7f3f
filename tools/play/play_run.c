/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_run.h"

#include "base/instant.h"
#include "play/play_expect.h"
#include "play/play_memory.h"
#include "play/play_pair.h"
#include "play/play_question.h"
#include "play/play_request.h"
#include "play/play_wait.h"

#include <stdlib.h>

enum {
	CALLS_MAX = 16, /* definitions inside each other */
	REPETITIONS_MAX = 10000,
};

static void run_steps(struct play_case *play, size_t first, size_t end);

/* ---- what a file says about itself ---- */

static void set_opening(struct play_case *play, const struct play_step *step)
{
	struct play_opening *opening = &play->opening;
	if (play->directory == NULL)
		return; /* it is open as it is */
	if (play->ledger != NULL) {
		play_case_mistake(play, step, 0, "`ledger` before the first step");
		return;
	}
	for (size_t word = 1; word < step->count && !play->stopped; word++) {
		struct play_pair pair;
		bool good = play_pair_read(step->words[word].text, &play->arena, &pair) &&
			    pair.sign == PLAY_SIGN_IS;
		if (good && strcmp(pair.name, "origin") == 0)
			opening->origin = pair.value;
		else if (good && strcmp(pair.name, "party") == 0)
			opening->party = pair.value;
		else if (good && strcmp(pair.name, "by") == 0)
			opening->admin = pair.value;
		else if (!good || strcmp(pair.name, "at") != 0 ||
			 !play_wait_instant(pair.value, &opening->at))
			play_case_mistake(play, step, word, "origin=NAME party=ID by=PERSON at=TIME");
	}
}

/* unit CNY · reader auditor */
static void set_word(struct play_case *play, const struct play_step *step, const char **place)
{
	if (step->count == 2)
		*place = step->words[1].text;
	else
		play_case_mistake(play, step, 0, "one word behind it");
}

static void set_stranger(struct play_case *play, const struct play_step *step)
{
	if (step->count != 4 || strcmp(step->words[2].text, "of") != 0)
		play_case_mistake(play, step, 0, "person NAME of ORIGIN");
	else if (play_case_ledger(play) != NULL)
		play_people_stranger(&play->ledger->people, step->words[1].text, step->words[3].text);
}

/* ---- the ledger's own life ---- */

static void run_restart(struct play_case *play, const struct play_step *step, bool rebuild)
{
	if (play_case_ledger(play) == NULL)
		return;
	enum recourse_error error = play_ledger_restart(play->ledger, rebuild);
	if (error != RECOURSE_OK)
		play_case_fault(play, step, error);
}

static void run_audit(struct play_case *play, const struct play_step *step)
{
	struct recourse_audit *audit = play_memory_take(&play->arena, sizeof *audit);
	if (play_case_ledger(play) == NULL)
		return;
	enum recourse_error error = play_ledger_audit(play->ledger, audit);
	if (error == RECOURSE_AUDIT_FAILED)
		play_case_stop(play, step, step->line, "an audit that finds nothing",
			play_memory_format(&play->arena, "entry %llu: %s",
				(unsigned long long)audit->first_wrong, audit->what));
	else if (error != RECOURSE_OK)
		play_case_fault(play, step, error);
	else if (!audit->state_compared)
		play_case_stop(play, step, step->line, "a state that is compared", "it was not there");
}

/* ---- blocks ---- */

static void run_block(struct play_case *play, struct play_frame *frame, size_t first, size_t end)
{
	size_t depth = 0;
	for (const struct play_frame *above = play->frame; above != NULL; above = above->above)
		depth++;
	if (depth == CALLS_MAX) {
		play_case_mistake(play, frame->call, 0, "at most 16 definitions inside each other");
		return;
	}
	frame->above = play->frame;
	play->frame = frame;
	run_steps(play, first, end);
	play->frame = frame->above;
}

static void call_definition(
	struct play_case *play, const struct play_step *step, const struct play_block *definition)
{
	size_t parameters = definition->head->count - 2;
	size_t given = step->count - 1;
	if (given < parameters) {
		play_case_mistake(play, step, step->count,
			play_memory_format(
				&play->arena, "%zu words behind %s", parameters, definition->name));
		return;
	}
	struct play_name *names = play_memory_take(&play->arena, (parameters + 1) * sizeof *names);
	for (size_t index = 0; index < parameters; index++)
		names[index] = (struct play_name){
			.name = definition->head->words[index + 2].text, .text = step->words[index + 1].text};
	struct play_frame frame = {
		.call = step,
		.names = names,
		.count = parameters,
		.rest = step->words + 1 + parameters,
		.rest_count = given - parameters,
	};
	run_block(play, &frame, definition->first, definition->end);
}

static bool read_count(const char *text, uint64_t *count)
{
	char *end;
	*count = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0';
}

/* repeat item 1 to 32 */
static void repeat(struct play_case *play, const struct play_step *step, size_t first, size_t end)
{
	uint64_t from;
	uint64_t to;
	if (step->count != 5 || !read_count(step->words[2].text, &from) ||
		strcmp(step->words[3].text, "to") != 0 || !read_count(step->words[4].text, &to) ||
		to < from || to - from >= REPETITIONS_MAX) {
		play_case_mistake(play, step, 0, "repeat NAME 1 to 32");
		return;
	}
	for (uint64_t count = from; count <= to && !play->stopped; count++) {
		const struct play_name name = {.name = step->words[1].text, .number = count, .counts = true};
		struct play_frame frame = {.call = step, .names = &name, .count = 1, .open = true};
		run_block(play, &frame, first, end);
	}
}

/* ---- steps ---- */

/* NAME := CALL: the last entry of what the definition does. */
static void name_call(
	struct play_case *play, const struct play_step *step, const struct play_block *definition)
{
	const struct play_step call = {step->file, step->line, step->count - 2, step->words + 2};
	call_definition(play, &call, definition);
	const struct play_name *last = play_name_find(&play->names, NULL, slice_text("last"));
	if (last != NULL)
		play_case_name(play, step->words[0].text, last->number);
}

/* NAME := STEP */
static void run_named(struct play_case *play, const struct play_step *step)
{
	const char *name = step->words[0].text;
	const struct play_block *definition =
		step->count < 3 ? NULL : play_script_definition(play->script, step->words[2].text);
	if (step->count < 3)
		play_case_mistake(play, step, step->count, "NAME := and a step");
	else if (definition != NULL)
		name_call(play, step, definition);
	else if (strcmp(step->words[2].text, "wait") == 0)
		play_wait_run(play, step, 2, name);
	else
		play_request_run(play, step, 2, name);
}

static void look(struct play_case *play, const struct play_step *step)
{
	const char *word = step->words[0].text;
	if (play->blind)
		return;
	if (strcmp(word, "=") == 0)
		play_question_balance(play, step);
	else if (strcmp(word, "?") == 0)
		play_question_ask(play, step);
	else
		play_question_entry(play, step);
}

static void run_known(struct play_case *play, const struct play_step *step)
{
	const char *word = step->words[0].text;
	const struct play_block *definition = play_script_definition(play->script, word);
	if (definition != NULL)
		call_definition(play, step, definition);
	else if (strcmp(word, "=") == 0 || strcmp(word, "?") == 0 || strcmp(word, "entry") == 0)
		look(play, step);
	else if (strcmp(word, "wait") == 0)
		play_wait_run(play, step, 0, NULL);
	else if (strcmp(word, "audit") == 0)
		run_audit(play, step);
	else if (strcmp(word, "restart") == 0 || strcmp(word, "rebuild") == 0)
		run_restart(play, step, strcmp(word, "rebuild") == 0);
	else if (strcmp(word, "ledger") == 0)
		set_opening(play, step);
	else if (strcmp(word, "unit") == 0)
		set_word(play, step, &play->unit);
	else if (strcmp(word, "reader") == 0)
		set_word(play, step, &play->reader);
	else if (strcmp(word, "step") == 0)
		play_ledger_tell(play->ledger, play_expect_words(play, step, 1, step->count));
	else if (strcmp(word, "person") == 0)
		set_stranger(play, step);
	else if (step->count > 1 && strcmp(step->words[1].text, ":=") == 0)
		run_named(play, step);
	else
		play_request_run(play, step, 0, NULL);
}

static void run_step(struct play_case *play, const struct play_step *step)
{
	const char *unknown = NULL;
	const struct play_step *filled =
		play_name_fill(&play->names, play->frame, step, &play->arena, &unknown);
	if (filled != NULL && filled->count == 0)
		play_case_mistake(play, step, 0, "a step: nothing was given for $*");
	else if (filled != NULL)
		run_known(play, filled);
	else
		play_case_mistake(play, step, 0,
			play_memory_format(&play->arena, "a name: nothing is called %s", unknown));
}

static void run_steps(struct play_case *play, size_t first, size_t end)
{
	for (size_t index = first; index < end && !play->stopped; index++) {
		const struct play_step *step = play_script_step(play->script, index);
		size_t behind = play_script_end(play->script, index);
		if (strcmp(step->words[0].text, "repeat") == 0)
			repeat(play, step, index + 1, behind);
		if (strcmp(step->words[0].text, "define") == 0 || strcmp(step->words[0].text, "repeat") == 0)
			index = behind;
		else
			run_step(play, step);
	}
}

/* I11: what the log says is what stands, and is the same when it is made anew. */
static void check_ledger(struct play_case *play, const struct play_step *last)
{
	if (play->ledger != NULL && play->ledger->kind->audit == NULL)
		return;
	if (!play->stopped)
		run_audit(play, last);
	if (!play->stopped)
		run_restart(play, last, true);
	if (!play->stopped)
		run_audit(play, last);
}

static struct play_case begin(
	const struct play_script *script, const struct play_place *place, struct play_report *report)
{
	return (struct play_case){
		.script = script,
		.report = report,
		.directory = place->ledger == NULL ? place->directory : NULL,
		.ledger = place->ledger,
		.blind = place->blind,
		.opening = {.origin = "example.com/ledger",
			.party = "P",
			.admin = "admin",
			.at = UINT64_C(1735689600) * INSTANT_SECOND}, /* 2025-01-01 */
		.reader = "admin",
	};
}

static void end(struct play_case *play)
{
	if (play->directory != NULL)
		play_ledger_close(play->ledger);
	play_request_forget(play);
	buffer_free(&play->names.names);
	arena_free(&play->arena);
}

void play_run_case(const struct play_script *script, size_t index, const struct play_place *place,
	struct play_report *report)
{
	static const struct play_word word = {"the end", 0};
	const struct play_step last = {.file = report->file, .count = 1, .words = &word};
	const struct play_block block = play_script_case(script, index);
	struct play_case play = begin(script, place, report);
	run_steps(&play, 0, script->preamble);
	run_steps(&play, block.first, block.end);
	check_ledger(&play, &last);
	end(&play);
}

void play_run_steps(const struct play_script *script, size_t first, size_t behind,
	const struct play_place *place, struct play_report *report)
{
	struct play_case play = begin(script, place, report);
	if (place->last > 0)
		play_case_name(&play, "last", place->last);
	run_steps(&play, first, behind);
	end(&play);
}
