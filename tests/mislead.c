/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "proof/key.h"
#include "audit/checks.h"
#include "ledger.h"

#include <stdio.h>
#include <string.h>

void mislead(struct kit *kit, doctor *change)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct state_position position;
	state_position(view, &position);
	change(view);
	assert_ok(state_commit(view, &position));
}

void mislead_get(struct state_view *view, const struct record_path *path, void *record, size_t size)
{
	assert_ok(record_get(view, path, record, size));
}

void mislead_put(struct state_view *view, const struct record_path *path, const void *record, size_t size)
{
	const uint8_t *bytes = record;
	while (size > 0 && bytes[size - 1] == 0)
		size--;
	assert_ok(state_put(view, record_path_slice(path), slice_of(bytes, size)));
}

void mislead_forget(struct state_view *view, const struct record_path *path)
{
	slice value;
	assert_ok(state_get(view, record_path_slice(path), &value));
	assert_ok(state_remove(view, record_path_slice(path)));
}

void mislead_invariants(const struct kit *kit, const char *text)
{
	struct arena arena = {0};
	struct check_context check = {
		.state = state_writer(kit->ledger->state), .arena = &arena, .entries = kit_entries(kit)};
	enum recourse_error error = checks_run(&check);
	assert_error(error, text == NULL ? RECOURSE_OK : RECOURSE_AUDIT_FAILED);
	bool says = text == NULL || strstr(check.what, text) != NULL;
	if (!says)
		print_message("the audit does not say %s: %s\n", text, check.what);
	assert_true(says);
	arena_free(&arena);
	state_discard(check.state);
}

void mislead_number(struct kit *kit, const struct record_path *path, size_t member, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	uint8_t record[STATE_VALUE_MAX];
	int64_t number;
	size_t size = tables_of(record_path_slice(path))->size;
	mislead_get(view, path, record, size);
	memcpy(&number, record + member, sizeof number);
	number++;
	memcpy(record + member, &number, sizeof number);
	mislead_put(view, path, record, size);
	mislead_invariants(kit, text);
	mislead_invariants(kit, NULL);
}

struct record_path mislead_key_path(const char *name)
{
	char vkey[256];
	char handle[KEY_HANDLE_SIZE + 1];
	struct key_public key;
	kit_vkey("example.com/ledger", name, vkey);
	assert_ok(key_parse(slice_text(vkey), &key));
	return record_path_of_text(RECORD_KEY, slice_of(handle, key_handle(&key, handle)));
}

void mislead_found(struct kit *kit, uint64_t entry, const char *text)
{
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	assert_ok(recourse_ledger_sign(kit->ledger));
	recourse_ledger_close(kit->ledger);
	kit->ledger = NULL;
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	if (strstr(report.what, text) == NULL || report.first_wrong != entry)
		print_message("entry %llu: %s\n", (unsigned long long)report.first_wrong, report.what);
	assert_non_null(strstr(report.what, text));
	assert_true(report.entry_known);
	assert_int_equal(report.first_wrong, entry);
}

void mislead_refused(struct kit *kit, const char *error, const char *line, doctor *change)
{
	kit_play(kit, "%s ! %s", line, error);
	mislead(kit, change);
	kit_play(kit, "%s", line);
	mislead_found(kit, kit->last_entry, error);
}

void mislead_figures(struct kit *kit, const char *line, doctor *change)
{
	mislead(kit, change);
	kit_play(kit, "%s", line);
	mislead_found(kit, kit->last_entry, MISLEAD_FIGURES);
}

void mislead_clock(struct kit *kit, uint64_t seconds, doctor *change)
{
	mislead(kit, change);
	uint64_t entry = kit_entries(kit);
	assert_true(kit_wait(kit, seconds) > 0);
	mislead_found(kit, entry, MISLEAD_FIGURES);
}
