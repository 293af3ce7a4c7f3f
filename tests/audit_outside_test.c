/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "audit_both.h"
#include "../tools/file.h"
#include "audit/audit.h"
#include "books/record_ledger.h"
#include "books/account.h"
#include "base/instant.h"
#include "ledger.h"
#include "proof/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * What the audit of a ledger can not see from inside: a history that its operator wrote anew, with the log's own key
 * and everybody's signed requests. What others kept of the first one shows it; and so does a state that was
 * forgotten beside the log.
 */
enum { SIGNED_EARLY = 8, SIGNED_LATE = 20 }; /* steps of the golden case */

/* What people took home from a ledger that was played to its end, and is closed. */
struct kept {
	struct kit kit;
	uint64_t early_size;
	uint64_t late_size;
	uint64_t claim; /* an entry that a consumer has the receipt of */
	struct buffer early;
	struct buffer late;
	struct buffer receipt; /* of `claim` */
	struct buffer guard;
};

static uint64_t newest_checkpoint(const struct kit *kit, struct buffer *note)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	slice bytes;
	assert_ok(log_snapshot_open(kit->ledger->log, &log));
	assert_ok(log_read_checkpoint(log, UINT64_MAX, &bytes));
	buffer_append(note, bytes.data, bytes.size);
	return kit_entries(kit);
}

static void make_receipt(
	const struct kit *kit, uint64_t number, uint64_t size, slice note, struct buffer *receipt)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct tree_proof proof;
	slice entry;
	assert_ok(log_snapshot_open(kit->ledger->log, &log));
	struct tree_source source = log_read_tree(log);
	assert_ok(log_read_entry(log, number, &entry));
	assert_ok(tree_prove_inclusion(source, number, size, &proof));
	receipt_format(entry, number, &proof, note, receipt);
}

/* Leaves the ledger closed. */
static void sign_now(struct kit *kit)
{
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
}

static int play_whole(void **state)
{
	struct kept *kept = calloc(1, sizeof *kept);
	assert_non_null(kept);
	struct kit *kit = &kept->kit;
	char path[SUPPORT_PATH_MAX];
	kit_start(kit);
	kit_golden(kit);
	kit_golden_steps(kit, 1, 3);
	kept->claim = kit->last_entry - 1;
	kit_golden_steps(kit, 4, SIGNED_EARLY);
	assert_ok(recourse_ledger_sign(kit->ledger));
	kept->early_size = newest_checkpoint(kit, &kept->early);
	kit_reopen(kit, false);
	kit_golden_steps(kit, SIGNED_EARLY + 1, SIGNED_LATE);
	assert_ok(recourse_ledger_sign(kit->ledger));
	kept->late_size = newest_checkpoint(kit, &kept->late);
	make_receipt(kit, kept->claim, kept->late_size, buffer_slice(&kept->late), &kept->receipt);
	kit_close(kit);
	support_directory_path(&kit->directory, "last-signed", path);
	assert_ok(file_read(path, 512, &kept->guard));
	*state = kept;
	return 0;
}

static int forget(void **state)
{
	struct kept *kept = *state;
	buffer_free(&kept->early);
	buffer_free(&kept->late);
	buffer_free(&kept->receipt);
	buffer_free(&kept->guard);
	kit_end(&kept->kit);
	free(kept);
	return 0;
}
#define KEPT_TEST(test) cmocka_unit_test_setup_teardown(test, play_whole, forget)

static void play_to(struct kit *kit, uint64_t later, int last)
{
	kit_start(kit);
	kit->now += later;
	kit_golden(kit);
	kit_golden_steps(kit, 1, last);
	sign_now(kit);
}

/* As it was before the end, in all its parts: a restored copy. */
static void play_early(struct kit *kit)
{
	play_to(kit, 0, SIGNED_EARLY);
}

static enum recourse_error audit(
	const struct kit *kit, const char *name, const struct buffer *evidence, struct recourse_audit *report)
{
	struct recourse_evidence piece = {.name = name};
	struct recourse_audit_options options = {.directory = kit->directory.path, .evidence = &piece};
	if (evidence != NULL) {
		piece.text = buffer_slice(evidence);
		options.evidence_count = 1;
	}
	return audit_both(&options, report);
}

static void assert_agrees(const struct kit *kit, const struct buffer *evidence, uint64_t size)
{
	struct recourse_audit report;
	assert_ok(audit(kit, "kept", evidence, &report));
	assert_int_equal(report.evidence, 1);
	assert_int_equal(report.evidence_size, size);
}

/* `entry` UINT64_MAX: none is named. */
static void assert_contradicts(
	const struct kit *kit, const struct buffer *evidence, uint64_t entry, const char *what)
{
	struct recourse_audit report;
	assert_error(audit(kit, "kept", evidence, &report), RECOURSE_AUDIT_FAILED);
	if (strstr(report.what, what) == NULL || (evidence != NULL && strncmp(report.what, "kept: ", 6) != 0))
		print_message("'%s' does not say '%s'\n", report.what, what);
	assert_non_null(strstr(report.what, what));
	assert_true(report.failed);
	assert_int_equal(report.entry_known, entry != UINT64_MAX);
	if (entry != UINT64_MAX)
		assert_int_equal(report.first_wrong, entry);
}

static void assert_alone(const struct kit *kit, uint64_t entries)
{
	struct recourse_audit report;
	assert_ok(audit(kit, NULL, NULL, &report));
	assert_int_equal(report.entries, entries);
	assert_int_equal(report.checkpoint_size, entries);
	assert_int_equal(report.evidence, 0);
}

static void what_others_kept_agrees(void **state)
{
	struct kept *kept = *state;
	assert_alone(&kept->kit, kept->late_size);
	assert_agrees(&kept->kit, &kept->early, kept->early_size);
	assert_agrees(&kept->kit, &kept->late, kept->late_size);
	assert_agrees(&kept->kit, &kept->receipt, kept->late_size);
	assert_agrees(&kept->kit, &kept->guard, kept->late_size);
}

static void a_history_written_anew(void **state)
{
	struct kept *kept = *state;
	struct kit anew;
	/* the same case an hour later: right in itself, signed by the same keys, and not what happened */
	play_to(&anew, INSTANT_HOUR, SIGNED_LATE);
	assert_alone(&anew, kept->late_size);
	assert_contradicts(&anew, &kept->early, UINT64_MAX, "another history");
	assert_contradicts(&anew, &kept->late, UINT64_MAX, "another history");
	assert_contradicts(&anew, &kept->guard, UINT64_MAX, "another history");
	assert_contradicts(&anew, &kept->receipt, kept->claim, "other bytes");
	kit_end(&anew);
}

static void the_last_entries_dropped(void **state)
{
	struct kept *kept = *state;
	struct kit early;
	play_early(&early);
	assert_alone(&early, kept->early_size);
	assert_agrees(&early, &kept->early, kept->early_size);
	assert_contradicts(&early, &kept->late, UINT64_MAX, "some are missing");
	assert_contradicts(&early, &kept->guard, UINT64_MAX, "some are missing");
	assert_contradicts(&early, &kept->receipt, UINT64_MAX, "some are missing");
	kit_end(&early);
}

/* Each byte of what was kept counts, or does not matter: no other text may agree in the place of the receipt. */
static void evidence_that_is_none(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"c2sp.org/tlog-proof@v1\n",
		"c2sp.org/tlog-proof@v2\nindex 0\n\n",
		"example.com/ledger\n7\n",
		"elsewhere.org\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
	};
	struct kept *kept = *state;
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
		SCOPED(buffer_free) struct buffer text = {0};
		buffer_append_text(&text, texts[index]);
		assert_contradicts(&kept->kit, &text, UINT64_MAX, "kept: it ");
	}
	kept->late.data[kept->late.size - 4] ^= 1;
	assert_contradicts(&kept->kit, &kept->late, UINT64_MAX, "kept: it does not verify");
	kept->receipt.size -= 2;
	assert_contradicts(&kept->kit, &kept->receipt, UINT64_MAX, "kept: it does not verify");
}

/* A ledger with another log key can not be shown with the first one's evidence, whatever its history. */
static void another_log_key(void **state)
{
	struct kept *kept = *state;
	SCOPED(key_close) struct key_secret thief;
	struct crypto_hash seed;
	SCOPED(buffer_free) struct buffer note = {0};
	slice text;
	crypto_sha256(slice_text("thief"), &seed);
	assert_ok(key_open_seed(slice_text("example.com/ledger"), seed.bytes, &thief));
	assert_ok(note_text(buffer_slice(&kept->late), &text));
	assert_ok(note_sign(text, &thief, &note));
	assert_contradicts(&kept->kit, &note, UINT64_MAX, "not signed by the key that the ledger names");
}

/* ---- the state beside the log ---- */

typedef void doctor(struct state_view *view, struct state_position *position);

static void doctor_state(const struct kit *kit, doctor *change)
{
	char path[SUPPORT_PATH_MAX];
	struct state_options options = {.directory = path, .format = tables_shape_format()};
	struct state_position position;
	struct state *held;
	support_directory_path(&kit->directory, "state", path);
	assert_ok(seal_read_secret(kit->directory.path, false, &options.seal));
	assert_ok(state_open(&options, &held));
	state_position(state_writer(held), &position);
	change(state_writer(held), &position);
	assert_ok(state_commit(state_writer(held), &position));
	state_close(held);
}

static void raise_deposit(struct state_view *view, struct state_position *position)
{
	struct record_path path =
		account_path(CHART_RETURNED, slice_text(""), slice_text("fuel-2016"), slice_text("CNY"));
	struct record_account account;
	assert_ok(record_get(view, &path, &account, sizeof account));
	account.balance -= 100;
	assert_ok(record_put(view, &path, &account, sizeof account));
}

static void change_party(struct state_view *view, struct state_position *position)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, slice_text("M"));
	struct record_party party;
	assert_ok(record_get(view, &path, &party, sizeof party));
	party.kinds ^= 1;
	assert_ok(record_put(view, &path, &party, sizeof party));
}

static void change_owner(struct state_view *view, struct state_position *position)
{
	position->log_id[0] ^= 1;
}

static void plant_party(struct state_view *view, struct state_position *position)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, slice_text("friend"));
	struct record_party party = {.number = 99};
	assert_ok(record_put(view, &path, &party, sizeof party));
	*position = (struct state_position){0};
}

static void copy_state(const struct kit *from, const struct kit *to)
{
	kit_copy(from, "keys/state", to, "keys/state");
	kit_copy(from, "state/data.mdb", to, "state/data.mdb");
	kit_copy(from, "state/mark", to, "state/mark");
}

static void states_that_lag_or_lead(void **state)
{
	struct kept *kept = *state;
	struct kit early;
	struct recourse_audit report;
	play_early(&early);

	copy_state(&kept->kit, &early);
	assert_contradicts(&early, NULL, UINT64_MAX, "some are missing");
	kit_end(&early);
	play_early(&early);
	copy_state(&early, &kept->kit);
	assert_ok(audit(&kept->kit, NULL, NULL, &report));
	assert_true(report.state_compared);
	assert_int_equal(report.state_entries, kept->early_size);
	doctor_state(&kept->kit, raise_deposit);
	assert_contradicts(&kept->kit, NULL, UINT64_MAX, "I11: ");

	kit_end(&early);
}

static void states_that_were_doctored(void **state)
{
	static doctor *const changes[] = {raise_deposit, change_party, change_owner, plant_party};
	for (size_t index = 0; index < sizeof changes / sizeof changes[0]; index++) {
		struct kit kit;
		struct recourse_audit report;
		play_early(&kit);
		assert_ok(audit(&kit, NULL, NULL, &report));
		assert_true(report.state_compared);
		doctor_state(&kit, changes[index]);
		assert_contradicts(&kit, NULL, UINT64_MAX, "I11: ");
		kit_end(&kit);
	}
}

/* A state that says it has seen nothing is emptied before it is used, whatever lies in it. */
static void a_planted_state_is_not_served(void **state)
{
	struct kit kit;
	struct recourse_audit report;
	play_early(&kit);
	doctor_state(&kit, plant_party);
	kit_reopen(&kit, false);
	kit_close(&kit);
	assert_ok(audit(&kit, NULL, NULL, &report));
	assert_true(report.state_compared);
	kit_end(&kit);
}

/* Neither wrong nor compared: a service that lost the secret began to make the state anew when it had been looked at. */
static void a_state_made_anew_meanwhile(void **state)
{
	struct kit kit;
	struct recourse_audit report = {0};
	char path[SUPPORT_PATH_MAX];
	const uint8_t other[16] = {1};
	const uint8_t made[32] = {1};
	play_early(&kit);
	const struct recourse_audit_options options = {.directory = kit.directory.path};
	struct audit look = {.options = &options, .report = &report};
	assert_ok(held_state_look(&look));
	assert_true(look.held.there);
	support_directory_path(&kit.directory, "keys/state", path);
	support_write_file(path, slice_of(other, sizeof other));
	assert_ok(held_state_compare(&look, made));
	assert_string_equal(look.state_wrong, "");
	assert_false(report.state_compared);
	kit_end(&kit);
}

/* ---- what the report says ---- */

static void the_report_says_whom_to_ask(void **state)
{
	struct kept *kept = *state;
	struct recourse_audit report;
	assert_ok(audit(&kept->kit, NULL, NULL, &report));
	assert_string_equal(report.origin, "example.com/ledger");
	assert_int_equal(strncmp(report.log_key, "example.com/ledger+", 19), 0);
	assert_int_equal(report.entries, kept->late_size);
	assert_true(report.first_time > 0 && report.first_time < report.last_time);
	assert_true(report.last_time <= kept->kit.now + 1000);
	assert_int_equal(report.checkpoints, 2);
	assert_true(report.postings > 2 * 20);
	assert_int_equal(report.cash_count, 1);
	assert_int_equal(report.cash_left_out, 0);
	assert_string_equal(report.cash[0].party, "bank");
	assert_string_equal(report.cash[0].unit, "CNY");
	assert_int_equal(strncmp(report.cash[0].key, "example.com/ledger/bank+", 24), 0);
	/* deposit, advance, a returned payment, and what the liable parties paid: all of it went out again */
	assert_int_equal(
		report.cash[0].in, 100 * (100000 + 200000 + 3000 + 50000 + 60000 + 40000 + 20000 + 45000));
	assert_int_equal(report.cash[0].out, -report.cash[0].in);
}

/* H1: whose keys decide, and are those of a merchant as well. */
static void the_report_says_what_is_its_own(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report;
	sign_now(kit);
	assert_ok(audit(kit, NULL, NULL, &report));
	assert_false(report.own_merchant || report.own_issuer || report.own_liable);
	kit_reopen(kit, false);
	kit_play(kit, "bank deposit.receive merchant=P amount=1.00 unit=CNY bank_reference=own");
	sign_now(kit);
	assert_ok(audit(kit, NULL, NULL, &report));
	assert_true(report.own_merchant);
	assert_false(report.own_issuer || report.own_liable);
}

static void sign_and_audit(struct kit *kit, uint64_t overdue, uint64_t late, struct recourse_audit *report)
{
	sign_now(kit);
	assert_ok(audit(kit, NULL, NULL, report));
	assert_int_equal(report->overdue, overdue);
	assert_int_equal(report->late, late);
}

/* A hold that was to end, and did not, since the operator let no clock strike. */
static void clocks_that_were_kept_from_striking(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report;
	kit_golden_steps(kit, 1, 1);
	kit_play(kit, "maker deposit.hold hold=h-1 merchant=M amount=1.00 unit=CNY reason=signal "
		      "expires=2016-05-04T01:00:00Z");
	sign_and_audit(kit, 0, 0, &report);
	kit_reopen(kit, false);
	kit->now += INSTANT_DAY;
	kit_play(kit, "admin party.register party=R kinds=merchant");
	sign_and_audit(kit, 1, 0, &report);
	assert_non_null(strstr(report.overdue_first, "of h-1, since 2016-05-04T"));
	/* let go at last, after two minutes in which the service was busy with other things */
	kit_reopen(kit, false);
	kit->now += 60 * INSTANT_SECOND;
	kit_play(kit, "admin party.register party=S kinds=merchant");
	assert_int_equal(kit_wait(kit, 60), 1);
	sign_and_audit(kit, 0, 1, &report);
	assert_int_equal(report.late_entry, report.entries - 1);
	assert_true(report.most_late > 22 * INSTANT_HOUR && report.most_late < 24 * INSTANT_HOUR);
	assert_non_null(strstr(report.late_first, "hold of h-1, due 2016-05-04T"));
}

/* The service goes on, and signs what it adds, while the audit looks at what there was when it began. */
static void sign_more(void *context, uint64_t done, uint64_t total)
{
	const struct kit *kit = context;
	char path[SUPPORT_PATH_MAX];
	char text[CHECKPOINT_TEXT_SIZE];
	struct checkpoint more = {.size = total + 1};
	snprintf(more.origin, sizeof more.origin, "%s", kit->origin);
	support_directory_path(&kit->directory, "last-signed", path);
	size_t size = checkpoint_format(&more, text);
	assert_int_equal(unlink(path), 0);
	support_write_file(path, slice_of(text, size));
}

static void a_service_that_signs_meanwhile(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report;
	const struct recourse_audit_options options = {
		.directory = kit->directory.path, .progress = sign_more, .progress_context = kit};
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	assert_ok(recourse_ledger_audit(&options, &report));
	/* and one that had signed it before has lost it */
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "entries or checkpoints are missing"));
}

/* A service that stood still has kept nothing: its clocks strike when it is there again. */
static void clocks_of_a_service_that_stood_still(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report;
	kit_golden_steps(kit, 1, 1);
	kit_play(kit, "maker deposit.hold hold=h-1 merchant=M amount=1.00 unit=CNY reason=signal "
		      "expires=2016-05-05T00:00:00Z");
	kit->now += 30 * INSTANT_DAY;
	/* one that came before the first tick */
	kit_play(kit, "admin party.register party=R kinds=merchant");
	assert_int_equal(kit_wait(kit, 1), 1);
	sign_and_audit(kit, 0, 0, &report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT_TEST(what_others_kept_agrees),
		KEPT_TEST(a_history_written_anew),
		KEPT_TEST(the_last_entries_dropped),
		KEPT_TEST(evidence_that_is_none),
		KEPT_TEST(another_log_key),
		KEPT_TEST(states_that_lag_or_lead),
		cmocka_unit_test(states_that_were_doctored),
		cmocka_unit_test(a_planted_state_is_not_served),
		cmocka_unit_test(a_state_made_anew_meanwhile),
		KIT_TEST(clocks_that_were_kept_from_striking),
		KIT_TEST(a_service_that_signs_meanwhile),
		KIT_TEST(clocks_of_a_service_that_stood_still),
		KEPT_TEST(the_report_says_whom_to_ask),
		KIT_TEST(the_report_says_what_is_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
