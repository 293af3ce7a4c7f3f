/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "store/log.h"

#include <stdio.h>

/* The names on which a ledger stands: that nobody else may give them to other files, and that nobody did. */

struct look {
	const struct recourse_ledger_options *options;
	enum recourse_error error;
};

static void tell(
	void (*say)(void *context, const char *what), void *context, const char *path, const char *what)
{
	char text[DIRECTORY_PATH_SIZE + 160];
	slice shown = slice_text(path);
	if (shown.size > 2 && slice_is(slice_from(shown, shown.size - 2), "/."))
		shown.size -= 2;
	snprintf(text, sizeof text, "%.*s %s", SLICE_ARGUMENTS(shown), what);
	if (say != NULL)
		say(context, text);
}

static void reject(struct look *look, const char *path, const char *what)
{
	tell(look->options->tell, look->options->tell_context, path, what);
	look->error = RECOURSE_NOT_PERMITTED;
}

static void look_at(struct look *look, const char *path)
{
	enum site_standing standing = site_look(path);
	if (standing == SITE_SHARED)
		tell(look->options->tell, look->options->tell_context, path, site_words(standing));
	else if (standing != SITE_FIT)
		reject(look, path, site_words(standing));
}

/* The directory in which it lies, by a path that ends in a dot: which link leads there is the operator's choice. */
static enum recourse_error directory_of(const char *path, char directory[static DIRECTORY_PATH_SIZE])
{
	const char *slash = strrchr(path, '/');
	int size = slash == NULL ? 0 : (int)(slash + 1 - path);
	int length = snprintf(directory, DIRECTORY_PATH_SIZE, "%.*s.", size, path);
	return length < DIRECTORY_PATH_SIZE ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error look_beside(struct look *look, const char *path)
{
	char directory[DIRECTORY_PATH_SIZE];
	if (path == NULL)
		return RECOURSE_OK;
	TRY(directory_of(path, directory));
	look_at(look, directory);
	return RECOURSE_OK;
}

/* Signing takes the lock of the guard's directory: it would wait for a store's own for ever. */
static enum recourse_error look_where_guard_is(struct look *look)
{
	static const char *const stores[] = {"log", "state"};
	char path[DIRECTORY_PATH_SIZE];
	struct site guard = {0};
	if (look->options->guard == NULL)
		return RECOURSE_OK;
	TRY(directory_of(look->options->guard, path));
	if (site_note(path, -1, &guard) != RECOURSE_OK)
		return RECOURSE_OK; /* signing says so */
	for (size_t index = 0; index < sizeof stores / sizeof stores[0]; index++) {
		TRY(directory_path(look->options->directory, stores[index], guard.path));
		if (site_check(&guard) == RECOURSE_OK)
			reject(look, look->options->guard, "lies within a store");
	}
	return RECOURSE_OK;
}

enum recourse_error names_look(const struct recourse_ledger_options *options)
{
	static const char *const names[] = {".", "log", "log/data.mdb", "log/lock.mdb", "log/writer.lock",
		"log/latest", "state", "state/data.mdb", "state/lock.mdb", "state/writer.lock", "notes.keys",
		"notes.texts"};
	struct look look = {.options = options};
	char path[DIRECTORY_PATH_SIZE];
	for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
		TRY(directory_path(options->directory, names[index], path));
		look_at(&look, path);
	}
	TRY(look_beside(&look, options->log_key));
	TRY(look_beside(&look, options->guard));
	TRY(look_where_guard_is(&look));
	return look.error;
}

void names_tell(void *ledger, const char *path, const char *what)
{
	const struct recourse_ledger *of = ledger;
	tell(of->tell, of->tell_context, path, what);
}

void names_tell_fault(const struct recourse_ledger *ledger, const char *store, const struct page_fault *fault)
{
	char what[160];
	if (fault->what == NULL)
		return;
	snprintf(
		what, sizeof what, "is damaged: page %llu: %s", (unsigned long long)fault->page, fault->what);
	tell(ledger->tell, ledger->tell_context, store, what);
}

void names_note_guard(struct recourse_ledger *ledger)
{
	if (site_note(ledger->guard, -1, &ledger->guard_site) != RECOURSE_OK)
		ledger->guard_site = (struct site){0};
}

/* Without these nobody finds what was added. */
static const char *find_lost(const struct recourse_ledger *ledger)
{
	if (site_check(&ledger->directory) != RECOURSE_OK)
		return ledger->directory.path;
	const char *changed = notes_find_changed(&ledger->notes);
	return changed != NULL ? changed : log_find_changed(ledger->log);
}

static const char *find_changed_beside(const struct recourse_ledger *ledger)
{
	if (site_check(&ledger->guard_site) != RECOURSE_OK)
		return ledger->guard_site.path;
	return state_find_changed(ledger->state);
}

const char *recourse_ledger_mapped(const void *address)
{
	return log_find_mapped(address);
}

bool recourse_ledger_misled(const void *instruction, const void *caller)
{
	return log_misled(instruction, caller);
}

static enum recourse_error check(const struct recourse_ledger *ledger, const char *changed)
{
	if (changed == NULL)
		return RECOURSE_OK;
	tell(ledger->tell, ledger->tell_context, changed, "was removed or replaced while it was open");
	return RECOURSE_STORE_FAILED;
}

enum recourse_error names_check_log(const struct recourse_ledger *ledger)
{
	return check(ledger, find_lost(ledger));
}

enum recourse_error names_check_beside(const struct recourse_ledger *ledger)
{
	return check(ledger, find_changed_beside(ledger));
}

enum recourse_error recourse_ledger_check_names(struct recourse_ledger *ledger)
{
	TRY(names_check_log(ledger));
	return names_check_beside(ledger);
}
