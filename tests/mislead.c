/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "proof/key.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

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

struct record_path mislead_key_path(const char *name)
{
	char vkey[256];
	char handle[KEY_HANDLE_SIZE + 1];
	struct key_public key;
	rules_vkey("example.com/ledger", name, vkey);
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

void mislead_refused(
	struct kit *kit, enum recourse_error error, const char *key, const char *command, doctor *change)
{
	kit_refuse(kit, error, NULL, key, "%s", command);
	mislead(kit, change);
	kit_accept(kit, key, "%s", command);
	mislead_found(kit, kit->last_entry, recourse_error_name(error));
}

void mislead_figures(struct kit *kit, const char *key, const char *command, doctor *change)
{
	mislead(kit, change);
	kit_accept(kit, key, "%s", command);
	mislead_found(kit, kit->last_entry, MISLEAD_FIGURES);
}

void mislead_clock(struct kit *kit, uint64_t seconds, doctor *change)
{
	mislead(kit, change);
	uint64_t entry = rules_entries(kit);
	assert_true(kit_wait(kit, seconds) > 0);
	mislead_found(kit, entry, MISLEAD_FIGURES);
}
