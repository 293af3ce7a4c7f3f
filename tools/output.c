/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "manual.h"
#include "recourse_client.h"
#include "render.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

size_t output_character_size(slice text)
{
	size_t size = 1;
	while (size <= 4 && size <= text.size && !text_is_utf8(slice_of(text.data, size)))
		size++;
	return size <= 4 && size <= text.size ? size : 0;
}

void output_printable(slice text, const char *kept, struct buffer *out)
{
	while (text.size > 0) {
		size_t size = output_character_size(text);
		bool keep = *text.data != '\0' && strchr(kept, *text.data) != NULL;
		bool shown = size > 0 && (keep || text_control(text) == 0);
		size = size > 0 ? size : 1;
		buffer_append(out, shown ? text.data : (const uint8_t *)"?", shown ? size : 1);
		text = slice_of(text.data + size, text.size - size);
	}
}

static void write_text(FILE *stream, const char *before, const char *format, va_list arguments,
	const char *behind) __attribute__((format(printf, 3, 0)));

/* What it says has names in it, of files and of others' making: nothing of that moves a terminal. */
static void write_text(
	FILE *stream, const char *before, const char *format, va_list arguments, const char *behind)
{
	SCOPED(buffer_free) struct buffer shown = {0};
	char *text = NULL;
	if (vasprintf(&text, format, arguments) < 0)
		return;
	output_printable(slice_text(text), "\n\t", &shown);
	free(text);
	flockfile(stream);
	fputs(before, stream);
	fwrite(shown.data, 1, shown.size, stream);
	fputs(behind, stream);
	funlockfile(stream);
}

static void say(const char *member, const char *before, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

static bool for_programs; /* problems, a JSON object a line */

void output_problems_as_json(void)
{
	for_programs = true;
}

/* " [IO]", the stable code that a problem ends with. */
static slice take_code(slice *text)
{
	size_t at = text->size;
	if (text->size < 2 || text->data[text->size - 1] != ']')
		return (slice){0};
	while (at > 0 && text->data[at - 1] != '[')
		at--;
	if (at < 2 || text->data[at - 2] != ' ')
		return (slice){0};
	const slice code = slice_of(text->data + at, text->size - 1 - at);
	text->size = at - 2;
	return code;
}

static void write_object(const char *member, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void write_object(const char *member, const char *format, va_list arguments)
{
	SCOPED(buffer_free) struct buffer shown = {0};
	SCOPED(buffer_free) struct buffer item = {0};
	struct recourse_bytes json = {0};
	char *text = NULL;
	if (vasprintf(&text, format, arguments) < 0)
		return;
	output_printable(slice_text(text), "\n\t", &shown);
	free(text);
	slice rest = buffer_slice(&shown);
	const slice code = take_code(&rest);
	item_write_map(&item, code.size > 0 ? 2 : 1);
	item_write_pair_text(&item, member, rest);
	if (code.size > 0)
		item_write_pair_text(&item, "code", code);
	if (recourse_item_to_json(buffer_slice(&item), false, &json) == RECOURSE_OK)
		fprintf(stderr, "%.*s\n", (int)json.size, (const char *)json.data);
	recourse_bytes_free(&json);
}

static void say(const char *member, const char *before, const char *format, va_list arguments)
{
	fflush(stdout);
	if (for_programs)
		write_object(member, format, arguments);
	else
		write_text(stderr, before, format, arguments, "\n");
}

void output_text(FILE *stream, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	write_text(stream, "", format, arguments, "");
	va_end(arguments);
}

void output_problem(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("problem", "recourse: ", format, arguments);
	va_end(arguments);
}

void output_next(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("next", "  next: ", format, arguments);
	va_end(arguments);
}

enum exit_code output_usage(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("problem", "recourse: ", format, arguments);
	va_end(arguments);
	return EXIT_CODE_USAGE;
}

bool output_decorated(FILE *stream)
{
	const char *terminal = getenv("TERM");
	const char *plain = getenv("NO_COLOR");
	if (plain != NULL && *plain != '\0')
		return false;
	return isatty(fileno(stream)) == 1 && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

static bool is_decimal(slice text)
{
	size_t index = text.size > 0 && text.data[0] == '-';
	size_t points = 0;
	if (index == text.size || !isdigit(text.data[index]) || !isdigit(text.data[text.size - 1]))
		return false;
	for (; index < text.size; index++) {
		if (text.data[index] == '.')
			points++;
		else if (!isdigit(text.data[index]))
			return false;
	}
	return points <= 1;
}

void output_grouped(slice text, struct buffer *out)
{
	size_t whole = 0;
	if (!is_decimal(text)) {
		buffer_append(out, text.data, text.size);
		return;
	}
	while (whole < text.size && text.data[whole] != '.')
		whole++;
	for (size_t index = 0; index < text.size; index++) {
		bool group = index > 0 && index < whole && (whole - index) % 3 == 0;
		if (group && text.data[index - 1] != '-')
			buffer_append(out, ",", 1);
		buffer_append(out, &text.data[index], 1);
	}
}

/* "(a b, c d)": each detail that applies, after the first a comma. */
static void append_detail(struct buffer *out, const char *name, const char *text, bool *first)
{
	if (*text == '\0')
		return;
	buffer_append_text(out, *first ? " (" : ", ");
	*first = false;
	if (*name != '\0')
		buffer_append_format(out, "%s ", name);
	output_grouped(slice_text(text), out);
}

/* "0.00", of whatever digits: all was asked for, and there is none. */
static bool is_zero(const char *text)
{
	return text[0] != '\0' && strspn(text, "0.") == strlen(text);
}

void output_reason(enum recourse_error error, const struct recourse_refusal *refusal, struct buffer *out)
{
	const char *text = recourse_error_text(error);
	size_t size = strlen(text);
	bool first = true;
	char entry[32] = "";
	if (size > 0 && text[size - 1] == '.')
		size--;
	char initial = (char)tolower((unsigned char)text[0]);
	buffer_append(out, &initial, size > 0);
	buffer_append(out, text + 1, size > 0 ? size - 1 : 0);
	if (refusal == NULL)
		return;
	if (refusal->entry_known)
		snprintf(entry, sizeof entry, "%" PRIu64, refusal->entry);
	bool plain = refusal->field[0] == '\0' || error == RECOURSE_FIELD_UNKNOWN ||
		     error == RECOURSE_FIELD_MISSING;
	append_detail(out, "field", refusal->field, &first);
	append_detail(out, plain ? "" : "allowed:", refusal->limit, &first);
	const bool nothing = is_zero(refusal->available) && is_zero(refusal->needed);
	append_detail(out, "", nothing ? "there is none of it" : "", &first);
	append_detail(out, "needed", nothing ? "" : refusal->needed, &first);
	append_detail(out, "available", nothing ? "" : refusal->available, &first);
	append_detail(out, "account", refusal->account, &first);
	append_detail(out, "it stands at", refusal->state, &first);
	append_detail(out, "see entry", entry, &first);
	if (!first)
		buffer_append_text(out, ")");
}

struct next_step {
	enum recourse_error error;
	const char *text;
};

static const struct next_step next_steps[] = {
	{RECOURSE_CONNECTION,
		"start the service with `recourse serve DIR`, or name it with --url or RECOURSE_URL"},
	{RECOURSE_KEY_UNKNOWN,
		"an admin adds it: recourse submit key.register party=… key=@PATH.pub roles=…"},
	{RECOURSE_KEY_REVOKED,
		"sign with the key that took its place; if none did, have an admin register one"},
	{RECOURSE_ORIGIN_WRONG, "the key or --log-key belongs to another ledger than the one at --url"},
	{RECOURSE_SIGNATURE_REQUIRED, "name your key file with --key or RECOURSE_KEY"},
	{RECOURSE_STORE_LOCKED, "stop the other process first"},
	{RECOURSE_VERSION_UNKNOWN,
		"read it with the version of recourse that wrote it; nothing was changed here"},
	{RECOURSE_ROLLBACK,
		"do not trust this service: it denies what it signed; keep the remembered checkpoint"},
	{RECOURSE_FORK,
		"do not trust this service: it denies what it signed; keep the remembered checkpoint"},
	{RECOURSE_METHOD_UNKNOWN, "`recourse help commands` and `recourse help queries` list what there is"},
};
enum { NEXT_STEPS = sizeof next_steps / sizeof next_steps[0] };

/* Who may do what was refused, where that is a command or a query by its name. */
static void say_roles(const char *what)
{
	SCOPED(buffer_free) struct buffer roles = {0};
	const struct recourse_method *method = recourse_method_find(what, strlen(what));
	if (method != NULL)
		manual_roles(method->roles, &roles);
	if (roles.size > 0 && !buffer_failed(&roles))
		output_next("sign with a key that has one of the roles %.*s; an admin gives roles to keys by "
			    "key.register, and key.get says which a key has",
			SLICE_ARGUMENTS(buffer_slice(&roles)));
	else
		output_next("`recourse help` with its name says who may; an admin gives roles to keys");
}

enum exit_code output_error(
	enum recourse_error error, const struct recourse_refusal *refusal, const char *what)
{
	struct buffer reason = {0};
	bool rule = error >= RECOURSE_MALFORMED && error < RECOURSE_NOTE_MALFORMED;
	output_reason(error, refusal, &reason);
	output_problem("%s %s: %.*s [%s]", what, rule ? "refused" : "failed",
		SLICE_ARGUMENTS(buffer_slice(&reason)), recourse_error_name(error));
	for (size_t index = 0; index < NEXT_STEPS; index++) {
		if (next_steps[index].error == error)
			output_next("%s", next_steps[index].text);
	}
	if (error == RECOURSE_ROLE_MISSING)
		say_roles(what);
	buffer_free(&reason);
	return exit_code_of(error);
}

void output_cause(const struct cause *cause, const char *what, enum recourse_error error)
{
	output_problem(
		"%s%s%s [%s]", what, *what == '\0' ? "" : ": ", cause->what, recourse_error_name(error));
	if (cause->next[0] != '\0')
		output_next("%s", cause->next);
}

/* The file is as it should be: the system's reason, where it left one, is the reason. */
static void say_cause(struct cause *cause, const char *path, int reason)
{
	if (cause->what[0] == '\0')
		snprintf(cause->what, sizeof cause->what, "%s: %s", path,
			reason != 0 ? strerror(reason) : recourse_error_text(RECOURSE_IO));
	output_cause(cause, "", RECOURSE_IO);
}

enum exit_code output_unread(enum recourse_error error, const char *path)
{
	const int reason = errno;
	struct cause cause;
	if (error == RECOURSE_MEMORY)
		return output_error(error, NULL, path);
	if (error != RECOURSE_IO) {
		(void)output_error(error, NULL, path);
		return EXIT_CODE_DATA;
	}
	cause_of_file(path, &cause);
	say_cause(&cause, path, reason);
	return EXIT_CODE_NO_INPUT;
}

enum exit_code output_unwritten(enum recourse_error error, const char *path)
{
	const int reason = errno;
	struct cause cause;
	if (error != RECOURSE_IO)
		return output_error(error, NULL, path);
	cause_of_new_file(path, &cause);
	say_cause(&cause, path, reason);
	return EXIT_CODE_CREATE;
}

bool output_is_unfit_key(enum recourse_error error, const char *path)
{
	struct cause cause;
	cause_of_key(path, &cause);
	return error == RECOURSE_KEY_MALFORMED || error == RECOURSE_NOT_PERMITTED ||
	       (error == RECOURSE_IO && cause.what[0] != '\0');
}

enum exit_code output_unfit_key(enum recourse_error error, const char *path)
{
	struct cause cause;
	cause_of_file(path, &cause);
	const bool missing = cause.what[0] != '\0';
	cause_of_key(path, &cause);
	if (cause.what[0] == '\0')
		return output_error(error, NULL, path);
	output_cause(&cause, "the key can not be used", error);
	return missing ? EXIT_CODE_NO_INPUT : EXIT_CODE_CONFIGURATION;
}

enum exit_code output_unopened(enum recourse_error error, const char *what, const char *directory)
{
	struct cause cause = {.what = ""};
	if (error == RECOURSE_IO || error == RECOURSE_STORE_FAILED)
		cause_of_ledger(directory, &cause);
	if (cause.what[0] == '\0')
		return output_error(error, NULL, what);
	output_cause(&cause, "", error);
	return EXIT_CODE_NO_INPUT;
}

enum exit_code output_json(slice item)
{
	struct recourse_bytes json = {0};
	enum recourse_error error = recourse_item_to_json(item, false, &json);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "writing the answer");
	while (json.size > 0 && json.data[json.size - 1] == '\n')
		json.size--;
	fwrite(json.data, 1, json.size, stdout);
	fputc('\n', stdout);
	recourse_bytes_free(&json);
	return EXIT_CODE_OK;
}

enum exit_code output_result(const struct recourse_column *columns, size_t count, slice item, bool json)
{
	if (json)
		return output_json(item);
	enum recourse_error error = render_result(columns, count, item, stdout);
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, NULL, "showing the answer");
}

enum exit_code output_item(slice item, bool json)
{
	return output_result(NULL, 0, item, json);
}
