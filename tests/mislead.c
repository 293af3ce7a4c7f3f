/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "audit_both.h"
#include "books/neighbour.h"
#include "proof/key.h"
#include "audit/audit.h"
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

void mislead_put(struct state_view *view, const struct record_path *path, const void *record, size_t size)
{
	const uint8_t *bytes = record;
	while (size > 0 && bytes[size - 1] == 0)
		size--;
	struct record_path room;
	assert_ok(state_put(view, neighbour_place(record_path_slice(path), &room), slice_of(bytes, size)));
}

/* ---- lies ---- */

static uint64_t number_of(const struct kit *kit, const char *text)
{
	return text[0] == '@' ? kit->last_entry + (uint64_t)strtoll(text + 1, NULL, 10)
			      : strtoull(text, NULL, 10);
}

static struct record_path key_path(const char *name)
{
	char vkey[256];
	char handle[KEY_HANDLE_SIZE + 1];
	struct key_public key;
	kit_vkey("example.com/ledger", name, vkey);
	assert_ok(key_parse(slice_text(vkey), &key));
	return record_path_of_text(RECORD_KEY, slice_of(handle, key_handle(&key, handle)));
}

static struct record_path path_of(const struct kit *kit, enum record_table table, const char *key)
{
	struct record_path path = record_path_of(table);
	if (table == RECORD_KEY)
		return key_path(key);
	for (const struct table_part *part = tables_at(table)->parts; part->name != NULL; part++) {
		size_t size = strcspn(key, "/");
		if (part->kind == TABLE_TEXT)
			record_path_text(&path, slice_of((const uint8_t *)key, size));
		else if (part->kind == TABLE_NUMBER)
			record_path_number(&path, number_of(kit, key));
		else
			record_path_short(&path, (uint32_t)number_of(kit, key));
		key += size + (key[size] == '/');
	}
	assert_string_equal(key, "");
	return path;
}

static void tell(const struct kit *kit, const struct lie *lie)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = path_of(kit, lie->table, lie->key);
	uint8_t record[STATE_VALUE_MAX] = {0};
	size_t size = tables_at(lie->table)->size;
	uint8_t before[STATE_VALUE_MAX];
	amount_sum number = 0;
	bool there;
	assert_ok(record_get_optional(view, &path, record, size, &there));
	if (lie->size == 0) {
		assert_true(there);
		struct record_path room;
		assert_ok(state_remove(view, neighbour_place(record_path_slice(&path), &room)));
		return;
	}
	/* a lie that says what is so, or adds to nothing, would make a test that can not fail */
	bool made = lie->more && lie->number == 0;
	if (lie->more && there == made)
		fail_msg("%s %s is %sthere", tables_at(lie->table)->name, lie->key, there ? "" : "not ");
	memcpy(before, record, size);
	memcpy(&number, record + lie->member, lie->size);
	number = lie->more ? number + lie->number : lie->number;
	memcpy(record + lie->member, &number, lie->size);
	if (there && memcmp(before, record, size) == 0)
		fail_msg("%s %s is so already", tables_at(lie->table)->name, lie->key);
	mislead_put(view, &path, record, size);
}

void mislead_read(const struct kit *kit, enum record_table table, const char *key, void *record)
{
	struct record_path path = path_of(kit, table, key);
	assert_ok(record_get(state_writer(kit->ledger->state), &path, record, tables_at(table)->size));
}

void mislead_tell(const struct kit *kit, const struct lie lies[static LIES_MAX])
{
	for (size_t index = 0; index < LIES_MAX && lies[index].key != NULL; index++)
		tell(kit, &lies[index]);
}

/* ---- a state that is wrong ---- */

void mislead_invariants(const struct kit *kit, const char *text)
{
	SCOPED(arena_free) struct arena arena = {0};
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	assert_ok(log_snapshot_open(kit->ledger->log, &snapshot));
	struct check_context check = {.state = state_writer(kit->ledger->state),
		.arena = &arena,
		.entries = kit_entries(kit),
		.log = snapshot};
	enum recourse_error error = checks_run(&check);
	assert_error(error, text == NULL ? RECOURSE_OK : RECOURSE_AUDIT_FAILED);
	bool says = text == NULL || strstr(check.what, text) != NULL;
	if (!says)
		print_message("the audit does not say %s: %s\n", text, check.what);
	assert_true(says);
	state_discard(check.state);
}

void mislead_each(const struct kit *kit, const struct wrong *wrong, size_t count)
{
	mislead_invariants(kit, NULL);
	for (size_t index = 0; index < count; index++) {
		mislead_tell(kit, wrong[index].lies);
		mislead_invariants(kit, wrong[index].text);
		mislead_invariants(kit, NULL);
	}
}

/* ---- a log that is wrong ---- */

static void find(struct kit *kit, uint64_t entry, const char *text)
{
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	assert_error(audit_both(&options, &report), RECOURSE_AUDIT_FAILED);
	if (strstr(report.what, text) == NULL || report.first_wrong != entry)
		print_message("entry %llu: %s\n", (unsigned long long)report.first_wrong, report.what);
	assert_non_null(strstr(report.what, text));
	assert_true(report.entry_known);
	assert_int_equal(report.first_wrong, entry);
}

static const char figures[] = "the stored entry is not what its request";

static void try_cheat(struct kit *kit, const struct cheat *cheat)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct state_position position;
	if (cheat->golden > 0)
		kit_golden_steps(kit, 1, cheat->golden);
	kit_play(kit, "%s", cheat->before);
	if (cheat->error != NULL)
		kit_play(kit, "%s ! %s", cheat->line, cheat->error);
	state_position(view, &position);
	mislead_tell(kit, cheat->lies);
	assert_ok(state_commit(view, &position));
	uint64_t entry = kit_entries(kit);
	if (cheat->line != NULL)
		kit_play(kit, "%s", cheat->line);
	if (cheat->seconds > 0)
		assert_true(kit_wait(kit, cheat->seconds) > 0);
	const char *otherwise = cheat->error != NULL ? cheat->error : figures;
	find(kit, entry, cheat->found != NULL ? cheat->found : otherwise);
}

void mislead_try(const struct cheat *cheats, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		void *kit;
		print_message("  %s\n", cheats[index].title);
		kit_setup(&kit);
		try_cheat(kit, &cheats[index]);
		kit_teardown(&kit);
	}
}
