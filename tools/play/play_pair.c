/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_pair.h"

#include "base/item.h"
#include "play/play_memory.h"
#include "base/transcode.h"

static const struct {
	const char *text;
	enum play_sign sign;
} signs[] = {
	{":=", PLAY_SIGN_JSON},
	{"!~", PLAY_SIGN_LACKS},
	{"#=", PLAY_SIGN_COUNT},
	{"=", PLAY_SIGN_IS},
	{"~", PLAY_SIGN_HAS},
};
enum { SIGNS = sizeof signs / sizeof signs[0] };

static size_t sign_at(const char *text)
{
	size_t index = 0;
	while (index < SIGNS && strncmp(text, signs[index].text, strlen(signs[index].text)) != 0)
		index++;
	return index;
}

bool play_pair_read(const char *word, struct arena *arena, struct play_pair *pair)
{
	int depth = 0;
	for (const char *at = word; *at != '\0' && *at != '"'; at++) {
		depth += (*at == '[') - (*at == ']');
		size_t sign = depth > 0 ? SIGNS : sign_at(at);
		if (sign == SIGNS)
			continue;
		*pair = (struct play_pair){
			.name = play_memory_text(arena, slice_of(word, (size_t)(at - word))),
			.sign = signs[sign].sign,
			.value = at + strlen(signs[sign].text),
		};
		return true;
	}
	return false;
}

bool play_pair_item(const char *json, struct arena *arena, slice *item)
{
	struct buffer out = {0};
	struct transcode_problem problem;
	if (transcode_from_json(slice_text(json), &out, &problem) != RECOURSE_OK) {
		buffer_free(&out);
		return false;
	}
	size_t size = out.size;
	*item = slice_of(play_memory_buffer(arena, &out), size);
	return true;
}

const char *play_pair_text(const char *value, struct arena *arena)
{
	slice item;
	struct item text;
	if (*value != '"')
		return value;
	if (!play_pair_item(value, arena, &item))
		return NULL;
	slice reader = item;
	return item_read_type(&reader, ITEM_TEXT, &text) == RECOURSE_OK ? play_memory_text(arena, text.string)
									: NULL;
}
