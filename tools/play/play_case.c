/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_case.h"

#include "play/play_memory.h"

struct play_ledger *play_case_ledger(struct play_case *play)
{
	if (play->ledger == NULL)
		play->ledger = play_embedded_open(play->directory, &play->opening);
	if (play->ledger == NULL) {
		play->stopped = true;
		play->report->mistaken = true;
		play->report->case_failures++;
	} else {
		play->ledger->examples = play->report->examples;
	}
	return play->ledger;
}

/* The calls that led here, the nearest first. */
static const char *trace(struct play_case *play)
{
	struct buffer text = {0};
	for (const struct play_frame *frame = play->frame; frame != NULL; frame = frame->above)
		buffer_append_format(&text, "    in %s, at %s:%u\n", frame->call->words[0].text,
			frame->call->file, frame->call->line);
	return play_memory_buffer(&play->arena, &text);
}

void play_case_fail(struct play_case *play, const struct play_step *step, uint32_t line, const char *expected,
	const char *came)
{
	const struct play_failure failure = {
		.step = step,
		.line = line,
		.expected = expected,
		.came = came,
		.where = trace(play),
	};
	play_report_failure(play->report, &failure);
}

void play_case_stop(struct play_case *play, const struct play_step *step, uint32_t line, const char *expected,
	const char *came)
{
	play_case_fail(play, step, line, expected, came);
	play->stopped = true;
}

void play_case_mistake(
	struct play_case *play, const struct play_step *step, size_t word, const char *expected)
{
	bool there = word < step->count;
	play_case_stop(play, step, there ? step->words[word].line : step->line, expected,
		there ? step->words[word].text : "the end of the step");
	play->report->mistaken = true;
}

void play_case_fault(struct play_case *play, const struct play_step *step, enum recourse_error error)
{
	play_case_stop(play, step, step->line, "a ledger that goes on",
		play_memory_format(
			&play->arena, "%s [%s]", recourse_error_text(error), recourse_error_name(error)));
}

void play_case_name(struct play_case *play, const char *name, uint64_t entry)
{
	const struct play_name given = {.name = name, .number = entry, .counts = true};
	if (name != NULL)
		play_name_set(&play->names, &given);
}
