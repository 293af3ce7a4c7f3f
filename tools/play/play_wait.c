/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_wait.h"

#include "base/instant.h"
#include "play/play_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct wait {
	uint64_t nanoseconds;
	bool without_clocks;
	const char *strikes; /* NULL: any number */
};

bool play_wait_instant(const char *text, uint64_t *instant)
{
	char whole[64];
	snprintf(whole, sizeof whole, "%s%s", text, strchr(text, 'T') == NULL ? "T00:00:00Z" : "");
	return instant_parse(slice_text(whole), instant) == RECOURSE_OK;
}

/* "day" and "days" alike; 0 for what is neither. */
static uint64_t span_of(const char *word)
{
	static const struct {
		const char *name;
		uint64_t span;
	} spans[] = {
		{"second", INSTANT_SECOND},
		{"minute", INSTANT_MINUTE},
		{"hour", INSTANT_HOUR},
		{"day", INSTANT_DAY},
	};
	for (size_t index = 0; index < sizeof spans / sizeof spans[0]; index++) {
		size_t size = strlen(spans[index].name);
		if (strncmp(word, spans[index].name, size) == 0 &&
			(word[size] == '\0' || strcmp(word + size, "s") == 0))
			return spans[index].span;
	}
	return 0;
}

static bool read_number(const char *text, uint64_t *number)
{
	char *end;
	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0';
}

static bool read_until(const struct play_case *play, const char *text, struct wait *wait)
{
	uint64_t instant;
	if (!play_wait_instant(text, &instant) || instant < play->ledger->now)
		return false;
	wait->nanoseconds = instant - play->ledger->now;
	return true;
}

static bool read_part(const struct play_case *play, const char *word, const char *next, struct wait *wait)
{
	uint64_t count;
	if (strcmp(word, "until") == 0)
		return read_until(play, next, wait);
	if (strcmp(word, "without") == 0) {
		wait->without_clocks = true;
		return strcmp(next, "clocks") == 0;
	}
	if (strcmp(word, "strikes") == 0) {
		wait->strikes = next;
		return read_number(next, &count);
	}
	if (!read_number(word, &count) || span_of(next) == 0 || count > 1000000)
		return false;
	wait->nanoseconds += count * span_of(next);
	return true;
}

static void let_pass(
	struct play_case *play, const struct play_step *step, const struct wait *wait, const char *name)
{
	uint64_t struck = 0;
	struct recourse_standing standing;
	enum recourse_error error =
		play_ledger_wait(play->ledger, wait->nanoseconds, !wait->without_clocks, &struck);
	const char *came = play_memory_format(&play->arena, "%" PRIu64, struck);
	if (error == RECOURSE_OK && name != NULL)
		error = play_ledger_stand(play->ledger, &standing);
	if (error != RECOURSE_OK)
		play_case_fault(play, step, error);
	else if (wait->strikes != NULL && strcmp(wait->strikes, came) != 0)
		play_case_fail(play, step, step->line,
			play_memory_format(&play->arena, "strikes %s", wait->strikes),
			play_memory_format(&play->arena, "strikes %s", came));
	if (error == RECOURSE_OK && name != NULL)
		play_case_name(play, name, standing.entries - 1);
}

void play_wait_run(struct play_case *play, const struct play_step *step, size_t word, const char *name)
{
	struct wait wait = {0};
	if (play_case_ledger(play) == NULL)
		return;
	for (size_t part = word + 1; part < step->count; part += 2) {
		if (part + 1 == step->count ||
			!read_part(play, step->words[part].text, step->words[part + 1].text, &wait)) {
			play_case_mistake(play, step, part,
				"wait 7 days, or until a time to come; then strikes N, without clocks");
			return;
		}
	}
	let_pass(play, step, &wait, name);
}
