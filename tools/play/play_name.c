/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_name.h"

#include "play/play_memory.h"

#include <ctype.h>
#include <inttypes.h>

void play_name_set(struct play_names *names, const struct play_name *name)
{
	struct play_name *all = (struct play_name *)(void *)names->names.data;
	for (size_t index = 0; index < names->names.size / sizeof *all; index++) {
		if (strcmp(all[index].name, name->name) == 0) {
			all[index] = *name;
			return;
		}
	}
	buffer_append(&names->names, name, sizeof *name);
}

static const struct play_name *find_in(const struct play_name *names, size_t count, slice name)
{
	for (size_t index = 0; index < count; index++) {
		if (slice_is(name, names[index].name))
			return &names[index];
	}
	return NULL;
}

const struct play_name *play_name_find(
	const struct play_names *names, const struct play_frame *frame, slice name)
{
	const struct play_name *found = NULL;
	while (frame != NULL && found == NULL) {
		found = find_in(frame->names, frame->count, name);
		frame = frame->open ? frame->above : NULL;
	}
	if (found != NULL)
		return found;
	return find_in((const struct play_name *)(const void *)names->names.data,
		names->names.size / sizeof(struct play_name), name);
}

static size_t name_size(const char *text)
{
	size_t size = 0;
	while (isalnum((unsigned char)text[size]) || text[size] == '_')
		size++;
	return size;
}

/* "+1" and "-1" count, unless more digits or letters follow. */
static int step_of(const char *text)
{
	if ((text[0] != '+' && text[0] != '-') || text[1] != '1' || isalnum((unsigned char)text[2]))
		return 0;
	return text[0] == '+' ? 1 : -1;
}

/* What the dollar at `*text` stands for. False when nothing is called so. */
static bool fill_one(
	const struct play_names *names, const struct play_frame *frame, const char **text, struct buffer *out)
{
	const char *rest = *text + 1;
	if (*rest == '$') {
		buffer_append_text(out, "$");
		*text = rest + 1;
		return true;
	}
	slice word = slice_of(rest, name_size(rest));
	const struct play_name *name = play_name_find(names, frame, word);
	if (name == NULL)
		return false;
	rest += word.size;
	if (name->counts) {
		int step = step_of(rest);
		buffer_append_format(out, "%" PRIu64, name->number + (uint64_t)(int64_t)step);
		rest += step == 0 ? 0 : 2;
	} else {
		buffer_append_text(out, name->text);
	}
	*text = rest;
	return true;
}

static const char *fill_word(const struct play_names *names, const struct play_frame *frame, const char *word,
	struct arena *arena, const char **unknown)
{
	struct buffer out = {0};
	const char *rest = word;
	while (*rest != '\0') {
		size_t plain = strcspn(rest, "$");
		buffer_append(&out, rest, plain);
		rest += plain;
		if (*rest == '$' && !fill_one(names, frame, &rest, &out)) {
			*unknown = play_memory_text(arena, slice_of(rest, 1 + name_size(rest + 1)));
			buffer_free(&out);
			return NULL;
		}
	}
	return play_memory_buffer(arena, &out);
}

static const struct play_frame *with_rest(const struct play_frame *frame)
{
	while (frame != NULL && frame->open)
		frame = frame->above;
	return frame;
}

const struct play_step *play_name_fill(const struct play_names *names, const struct play_frame *frame,
	const struct play_step *step, struct arena *arena, const char **unknown)
{
	const struct play_frame *rest = with_rest(frame);
	size_t room = step->count + (rest == NULL ? 0 : step->count * rest->rest_count);
	struct play_word *words = play_memory_take(arena, room * sizeof *words);
	struct play_step *filled = play_memory_take(arena, sizeof *filled);
	*filled = (struct play_step){.file = step->file, .line = step->line, .words = words};
	for (size_t index = 0; index < step->count; index++) {
		struct play_word word = step->words[index];
		if (strcmp(word.text, "$*") == 0 && rest != NULL) {
			for (size_t other = 0; other < rest->rest_count; other++)
				words[filled->count++] =
					(struct play_word){rest->rest[other].text, word.line};
			continue;
		}
		word.text = fill_word(names, frame, word.text, arena, unknown);
		if (word.text == NULL)
			return NULL;
		words[filled->count++] = word;
	}
	return filled;
}
