/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_script.h"

#include "file.h"
#include "output.h"
#include "play/play_memory.h"
#include "scenario.h"

#include <stdlib.h>

enum {
	SIZE_MAX_OF_FILE = 1 << 20,
	INCLUDES_MAX = 8, /* inside each other */
};

struct reader {
	struct play_script *script;
	const char *file;
	const char *rest;
	uint32_t line;
	int depth; /* of files inside each other */
	struct buffer words;
	uint32_t begun; /* the line on which the words begin */
};

static enum exit_code mistake(const char *file, uint32_t line, const char *read, const char *expected)
{
	output_text(stderr, "%s:%u: %s\n    expected: %s\n", file, line, read, expected);
	return EXIT_CODE_DATA;
}

/* ---- words ---- */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Comments begin a word; "#=" counts rows. */
static void skip_blanks(struct reader *reader)
{
	while (is_blank(*reader->rest))
		reader->rest++;
	if (reader->rest[0] == '#' && reader->rest[1] != '=')
		reader->rest += strcspn(reader->rest, "\n");
}

static enum exit_code skip_quoted(struct reader *reader)
{
	const char *at = reader->rest + 1;
	while (*at != '"' && *at != '\n' && *at != '\0')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	if (*at != '"')
		return mistake(
			reader->file, reader->line, "a text that does not end on its line", "another \"");
	reader->rest = at + 1;
	return EXIT_CODE_OK;
}

static enum exit_code take_word(struct reader *reader)
{
	const char *start = reader->rest;
	struct play_word word = {.line = reader->line};
	int depth = 0;
	while (*reader->rest != '\0' && (depth > 0 || (!is_blank(*reader->rest) && *reader->rest != '\n'))) {
		char byte = *reader->rest;
		if (byte == '"') {
			if (skip_quoted(reader) != EXIT_CODE_OK)
				return EXIT_CODE_DATA;
			continue;
		}
		depth += (byte == '[' || byte == '{') - (byte == ']' || byte == '}');
		reader->line += byte == '\n';
		reader->rest++;
	}
	if (depth != 0)
		return mistake(
			reader->file, word.line, "a bracket without its other half", "as many ] } as [ {");
	word.text = play_memory_text(&reader->script->arena, slice_of(start, (size_t)(reader->rest - start)));
	buffer_append(&reader->words, &word, sizeof word);
	return EXIT_CODE_OK;
}

/* Whether a line that begins so is a step of its own, rather than more of the one above. */
static bool begins_step(const char *word)
{
	if (strcmp(word, "=") == 0 || strcmp(word, "?") == 0)
		return true;
	bool name = *word == '$' || (*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z');
	return name && word[strcspn(word, "=~[:\"")] == '\0';
}

/* ---- steps ---- */

static enum exit_code read_file(struct play_script *script, const char *path, int depth);

/* Relative to the file that includes. */
static enum exit_code include(struct reader *reader, const struct play_step *step)
{
	char path[FILE_PATH_MAX];
	const char *slash = strrchr(reader->file, '/');
	int directory = slash == NULL ? 0 : (int)(slash - reader->file) + 1;
	if (step->count != 2)
		return mistake(step->file, step->line, "include", "include FILE");
	if (reader->depth == INCLUDES_MAX)
		return mistake(
			step->file, step->line, step->words[1].text, "at most 8 files inside each other");
	if (step->words[1].text[0] == '/' || step->words[1].text[0] == '<')
		directory = 0;
	snprintf(path, sizeof path, "%.*s%s", directory, reader->file, step->words[1].text);
	return read_file(reader->script, path, reader->depth + 1);
}

static enum exit_code add_case(struct reader *reader, const struct play_step *step)
{
	struct play_script *script = reader->script;
	struct buffer title = {0};
	size_t steps = script->steps.size / sizeof *step;
	if (reader->depth > 0)
		return mistake(step->file, step->line, "a case in a file that is included",
			"steps and definitions alone");
	if (step->count < 2)
		return mistake(step->file, step->line, "case", "case TITLE");
	for (size_t index = 1; index < step->count; index++)
		buffer_append_format(&title, "%s%s", index == 1 ? "" : " ", step->words[index].text);
	struct play_block block = {.name = play_memory_buffer(&script->arena, &title), .first = steps};
	if (script->cases.size == 0)
		script->preamble = steps;
	buffer_append(&script->cases, &block, sizeof block);
	return EXIT_CODE_OK;
}

static enum exit_code end_step(struct reader *reader)
{
	size_t count = reader->words.size / sizeof(struct play_word);
	if (count == 0)
		return EXIT_CODE_OK;
	struct play_word *words = play_memory_take(&reader->script->arena, reader->words.size);
	memcpy(words, reader->words.data, reader->words.size);
	buffer_clear(&reader->words);
	struct play_step step = {.file = reader->file, .line = reader->begun, .count = count, .words = words};
	if (strcmp(words[0].text, "include") == 0)
		return include(reader, &step);
	if (strcmp(words[0].text, "case") == 0)
		return add_case(reader, &step);
	buffer_append(&reader->script->steps, &step, sizeof step);
	return EXIT_CODE_OK;
}

/* The rest of a line whose first word stands in `words` already, or the whole of one that goes on. */
static enum exit_code read_line(struct reader *reader)
{
	enum exit_code code = EXIT_CODE_OK;
	skip_blanks(reader);
	while (code == EXIT_CODE_OK && *reader->rest != '\n' && *reader->rest != '\0') {
		code = take_word(reader);
		skip_blanks(reader);
	}
	return code;
}

static enum exit_code read_first(struct reader *reader)
{
	struct play_word word;
	uint32_t line = reader->line;
	skip_blanks(reader);
	if (*reader->rest == '\n' || *reader->rest == '\0')
		return EXIT_CODE_OK;
	if (take_word(reader) != EXIT_CODE_OK)
		return EXIT_CODE_DATA;
	reader->words.size -= sizeof word;
	memcpy(&word, reader->words.data + reader->words.size, sizeof word);
	bool begins = begins_step(word.text);
	if (!begins && reader->words.size == 0)
		return mistake(reader->file, line, word.text, "a step: who says it comes first");
	if (begins && end_step(reader) != EXIT_CODE_OK)
		return EXIT_CODE_DATA;
	if (begins)
		reader->begun = line;
	buffer_append(&reader->words, &word, sizeof word);
	return read_line(reader);
}

static enum exit_code read_text(struct reader *reader)
{
	enum exit_code code = EXIT_CODE_OK;
	while (code == EXIT_CODE_OK && *reader->rest != '\0') {
		code = read_first(reader);
		if (code == EXIT_CODE_OK && *reader->rest == '\n') {
			reader->rest++;
			reader->line++;
		}
	}
	if (code == EXIT_CODE_OK)
		code = end_step(reader);
	buffer_free(&reader->words);
	return code;
}

static enum exit_code read_bytes(const char *path, struct buffer *out)
{
	size_t size = strlen(path);
	slice text;
	if (*path == '<' && scenario_find(slice_of(path + 1, size < 2 ? 0 : size - 2), &text)) {
		buffer_append(out, text.data, text.size);
		return EXIT_CODE_OK;
	}
	enum recourse_error error = file_read(path, SIZE_MAX_OF_FILE, out);
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_unread(error, path);
}

/* False where it is not UTF-8, and on which line. */
static bool is_text(slice text, uint32_t *line)
{
	for (*line = 1; text.size > 0;) {
		size_t size = output_character_size(text);
		if (size == 0)
			return false;
		*line += *text.data == '\n';
		text = slice_from(text, size);
	}
	return true;
}

static enum exit_code read_lines(struct play_script *script, const char *path, struct buffer *text, int depth)
{
	struct reader reader = {
		.script = script,
		.file = play_memory_text(&script->arena, slice_text(path)),
		.rest = play_memory_buffer(&script->arena, text),
		.line = 1,
		.depth = depth,
	};
	return read_text(&reader);
}

static enum exit_code read_file(struct play_script *script, const char *path, int depth)
{
	struct buffer text = {0};
	uint32_t line;
	enum exit_code code = read_bytes(path, &text);
	if (code == EXIT_CODE_OK && !is_text(buffer_slice(&text), &line))
		code = mistake(path, line, "other bytes", "a text in UTF-8");
	if (code == EXIT_CODE_OK)
		return read_lines(script, path, &text, depth);
	buffer_free(&text);
	return code;
}

/* ---- blocks ---- */

static bool opens(const struct play_step *step)
{
	return strcmp(step->words[0].text, "define") == 0 || strcmp(step->words[0].text, "repeat") == 0;
}

static size_t step_count(const struct play_script *script)
{
	return script->steps.size / sizeof(struct play_step);
}

size_t play_script_end(const struct play_script *script, size_t index)
{
	size_t open = 1;
	while (open > 0 && ++index < step_count(script)) {
		const struct play_step *step = play_script_step(script, index);
		open += opens(step);
		open -= strcmp(step->words[0].text, "end") == 0;
	}
	return index;
}

size_t play_script_part(const struct play_script *script, uint64_t number)
{
	size_t index = 0;
	for (; index < step_count(script); index++) {
		const struct play_step *step = play_script_step(script, index);
		if (strcmp(step->words[0].text, "step") == 0 && step->count > 1 &&
			strtoull(step->words[1].text, NULL, 10) >= number)
			break;
	}
	return index;
}

/* Where the case ends in which a step stands, or what comes before all cases. */
static size_t case_end(const struct play_script *script, size_t index)
{
	const struct play_block *cases = (const struct play_block *)(const void *)script->cases.data;
	for (size_t number = 0; number < script->cases.size / sizeof *cases; number++) {
		if (cases[number].first > index)
			return cases[number].first;
	}
	return step_count(script);
}

/* What was defined first would be called, whoever reads the second. */
static enum exit_code add_definition(struct play_script *script, const struct play_block *block)
{
	if (play_script_definition(script, block->name) != NULL)
		return mistake(
			block->head->file, block->head->line, block->name, "a name that nothing has yet");
	buffer_append(&script->definitions, block, sizeof *block);
	return EXIT_CODE_OK;
}

static enum exit_code add_block(struct play_script *script, size_t index, size_t end)
{
	const struct play_step *step = play_script_step(script, index);
	if (end >= case_end(script, index) || step->count < 2)
		return mistake(step->file, step->line, step->words[0].text,
			"a name behind it, and its end in the same case");
	const struct play_block block = {
		.name = step->words[1].text, .first = index + 1, .end = end, .head = step};
	return strcmp(step->words[0].text, "define") == 0 ? add_definition(script, &block) : EXIT_CODE_OK;
}

static enum exit_code find_blocks(struct play_script *script)
{
	enum exit_code code = EXIT_CODE_OK;
	size_t until = 0; /* behind the end of what is open */
	for (size_t index = 0; code == EXIT_CODE_OK && index < step_count(script); index++) {
		const struct play_step *step = play_script_step(script, index);
		if (opens(step)) {
			size_t end = play_script_end(script, index);
			code = add_block(script, index, end);
			until = end >= until ? end + 1 : until;
		} else if (strcmp(step->words[0].text, "end") == 0 && index >= until) {
			code = mistake(step->file, step->line, "end", "a define or repeat before it");
		}
	}
	return code;
}

static void end_cases(struct play_script *script)
{
	size_t count = script->cases.size / sizeof(struct play_block);
	struct play_block *cases = (struct play_block *)(void *)script->cases.data;
	for (size_t index = 0; index < count; index++)
		cases[index].end = index + 1 < count ? cases[index + 1].first : step_count(script);
	if (count == 0)
		script->preamble = step_count(script);
}

static enum exit_code find_parts(struct play_script *script, enum exit_code code)
{
	if (code != EXIT_CODE_OK)
		return code;
	end_cases(script);
	return find_blocks(script);
}

enum exit_code play_script_read(const char *path, struct play_script *script)
{
	*script = (struct play_script){0};
	return find_parts(script, read_file(script, path, 0));
}

enum exit_code play_script_read_text(const char *path, slice text, struct play_script *script)
{
	struct buffer lines = {0};
	*script = (struct play_script){0};
	buffer_append(&lines, text.data, text.size);
	return find_parts(script, read_lines(script, path, &lines, 0));
}

void play_script_free(struct play_script *script)
{
	arena_free(&script->arena);
	buffer_free(&script->steps);
	buffer_free(&script->definitions);
	buffer_free(&script->cases);
}

size_t play_script_case_count(const struct play_script *script)
{
	size_t count = script->cases.size / sizeof(struct play_block);
	return count == 0 ? 1 : count;
}

struct play_block play_script_case(const struct play_script *script, size_t index)
{
	struct play_block block = {.name = "", .first = script->preamble, .end = script->preamble};
	if (script->cases.size > 0)
		memcpy(&block, script->cases.data + index * sizeof block, sizeof block);
	return block;
}

const struct play_step *play_script_step(const struct play_script *script, size_t index)
{
	return (const struct play_step *)(const void *)script->steps.data + index;
}

const struct play_block *play_script_definition(const struct play_script *script, const char *name)
{
	const struct play_block *definitions =
		(const struct play_block *)(const void *)script->definitions.data;
	for (size_t index = 0; index < script->definitions.size / sizeof *definitions; index++) {
		if (strcmp(definitions[index].name, name) == 0)
			return &definitions[index];
	}
	return NULL;
}
