/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_expect.h"

#include "play/play_memory.h"
#include "play/play_path.h"

#include <inttypes.h>

static void expect_absent(struct play_case *play, const struct play_step *step, size_t word, slice reply)
{
	const char *came;
	if (word == step->count) {
		play_case_mistake(play, step, word, "absent PATH");
		return;
	}
	if (!play_path_absent(reply, step->words[word].text, &play->arena, &came))
		play_case_fail(play, step, step->words[word].line,
			play_memory_format(&play->arena, "no %s", step->words[word].text), came);
}

void play_expect_reply(
	struct play_case *play, const struct play_step *step, size_t first, size_t end, slice reply)
{
	for (size_t word = first; word < end && !play->stopped; word++) {
		const char *text = step->words[word].text;
		struct play_pair pair;
		const char *came;
		if (strcmp(text, "absent") == 0)
			expect_absent(play, step, ++word, reply);
		else if (!play_pair_read(text, &play->arena, &pair))
			play_case_mistake(
				play, step, word, "path=value, path~text, path#=rows or absent PATH");
		else if (!play_path_check(reply, &pair, &play->arena, &came))
			play_case_fail(play, step, step->words[word].line, text, came);
	}
}

const char *play_expect_words(struct play_case *play, const struct play_step *step, size_t first, size_t end)
{
	struct buffer text = {0};
	for (size_t word = first; word < end; word++)
		buffer_append_format(&text, "%s%s", word == first ? "" : " ", step->words[word].text);
	return play_memory_buffer(&play->arena, &text);
}

/* ---- refusals ---- */

struct said {
	const char *name;
	const char *text;
};
enum { SAID = 6 };

static void list_said(
	struct play_case *play, const struct recourse_refusal *refusal, struct said said[static SAID])
{
	const char *entry =
		refusal->entry_known ? play_memory_format(&play->arena, "%" PRIu64, refusal->entry) : "none";
	const struct said all[SAID] = {
		{"entry", entry},
		{"account", refusal->account},
		{"needed", refusal->needed},
		{"available", refusal->available},
		{"state", refusal->state},
		{"limit", refusal->limit},
	};
	memcpy(said, all, sizeof all);
}

const char *play_expect_show(
	struct play_case *play, enum recourse_error error, const struct recourse_refusal *refusal)
{
	struct buffer text = {0};
	struct said said[SAID];
	if (error == RECOURSE_OK)
		return "accepted";
	list_said(play, refusal, said);
	buffer_append_format(&text, "! %s %s", recourse_error_name(error),
		refusal->field[0] == '\0' ? "-" : refusal->field);
	for (size_t index = 0; index < SAID; index++) {
		const char *quote = strchr(said[index].text, ' ') == NULL ? "" : "\"";
		if (said[index].text[0] != '\0' && strcmp(said[index].text, "none") != 0)
			buffer_append_format(
				&text, " %s=%s%s%s", said[index].name, quote, said[index].text, quote);
	}
	return play_memory_buffer(&play->arena, &text);
}

static bool holds_pair(const struct said *said, const struct play_pair *pair, struct arena *arena)
{
	const char *expected = play_pair_text(pair->value, arena);
	for (size_t index = 0; expected != NULL && index < SAID; index++) {
		if (strcmp(said[index].name, pair->name) != 0)
			continue;
		return pair->sign == PLAY_SIGN_HAS ? strstr(said[index].text, expected) != NULL
						   : strcmp(said[index].text, expected) == 0;
	}
	return false;
}

bool play_expect_refusal(struct play_case *play, const struct play_step *step, size_t first, size_t end,
	enum recourse_error error, const struct recourse_refusal *refusal, const char **came)
{
	struct said said[SAID];
	struct play_pair pair;
	bool good = first < end && error != RECOURSE_OK &&
		    strcmp(recourse_error_name(error), step->words[first].text) == 0;
	*came = play_expect_show(play, error, refusal);
	list_said(play, refusal, said);
	for (size_t word = first + 1; good && word < end; word++) {
		const char *text = step->words[word].text;
		if (play_pair_read(text, &play->arena, &pair))
			good = holds_pair(said, &pair, &play->arena);
		else
			good = strcmp(refusal->field, strcmp(text, "-") == 0 ? "" : text) == 0;
	}
	return good;
}
