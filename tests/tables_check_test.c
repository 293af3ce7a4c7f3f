/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "ledger.h"
#include "rule/clock.h"

/* I11: indexes and clocks that do not say what the records say, by hand: the audit sees each. */

static void doctored(const struct kit *kit, struct record_path path, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	bool there;
	assert_ok(record_exists(view, &path, &there));
	assert_ok(there ? state_remove(view, record_path_slice(&path))
			: state_put(view, record_path_slice(&path), slice_of(NULL, 0)));
	mislead_invariants(kit, text);
	mislead_invariants(kit, NULL);
}

static struct record_path of_party(uint32_t party, const char *id)
{
	struct record_path path = record_path_of_short(RECORD_INSTRUMENT_PARTY, party);
	record_path_text(&path, slice_text(id));
	return path;
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct record_party merchant;
	struct record_instrument instrument;
	struct record_path party = record_path_of_text(RECORD_PARTY, slice_text("M"));
	struct record_path row = record_path_of_text(RECORD_INSTRUMENT, slice_text("bond"));
	kit_play(kit, "admin party.register party=S kinds=insurer");
	kit_play(kit, "maker instrument.register instrument=bond kind=bond provider=S merchant=M unit=CNY "
		      "limit=100.00 draw=1 expires=2017-05-04T00:00:00Z document_hash=ab*");
	mislead_invariants(kit, NULL);
	struct state_view *view = state_writer(kit->ledger->state);
	assert_ok(record_get(view, &party, &merchant, sizeof merchant));
	assert_ok(record_get(view, &row, &instrument, sizeof instrument));
	doctored(kit, of_party(merchant.number, "bond"),
		"I11: a row of the table instrument is not in its instrument party");
	doctored(kit, of_party(merchant.number, "none"), "I11: the index instrument party has rows");
	doctored(kit, record_deadline_path(instrument.clock, CLOCK_INSTRUMENT, slice_text("bond")),
		"I11: a row of the table instrument is not in its clocks");
	doctored(kit, record_deadline_path(instrument.clock, CLOCK_INSTRUMENT, slice_text("none")),
		"I11: a clock instrument is set for no record");
	doctored(kit, record_deadline_path(instrument.clock, CLOCK_KINDS, slice_text("none")),
		"I11: a clock is set of a kind that there is not");
	struct record_path path =
		record_deadline_path(instrument.clock, CLOCK_INSTRUMENT, slice_text("bond"));
	struct record_deadline clock = {.entry = 1, .row = {.size = 3}};
	assert_ok(record_put(view, &path, &clock, sizeof clock));
	mislead_invariants(kit, "I11: a clock of the table instrument names another row");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
