/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "base/amount.h"
#include "books/chart.h"
#include "proof/key.h"

_Static_assert(sizeof((struct recourse_audit_cash *)0)->key > KEY_HANDLE_SIZE, "a handle fits");
_Static_assert(sizeof((struct recourse_audit_cash *)0)->party > TEXT_ID_SIZE, "a party's id fits");
_Static_assert(sizeof((struct recourse_audit_cash *)0)->unit > UNIT_CODE_SIZE, "a unit's code fits");

static struct recourse_audit_cash *find_cash(
	struct recourse_audit *report, slice key, const struct entry_posting *posting)
{
	for (size_t row = 0; row < report->cash_count; row++) {
		struct recourse_audit_cash *cash = &report->cash[row];
		if (slice_is(key, cash->key) && slice_is(posting->party, cash->party) &&
			slice_is(posting->unit, cash->unit))
			return cash;
	}
	if (report->cash_count == RECOURSE_AUDIT_CASH_MAX)
		return NULL;
	struct recourse_audit_cash *cash = &report->cash[report->cash_count++];
	record_text_set(cash->key, sizeof cash->key, key);
	record_text_set(cash->party, sizeof cash->party, posting->party);
	record_text_set(cash->unit, sizeof cash->unit, posting->unit);
	return cash;
}

static void add_cash(struct audit *audit, const struct entry *entry, const struct entry_posting *posting)
{
	struct recourse_audit_cash *cash = find_cash(audit->report, entry->key, posting);
	if (cash == NULL) {
		audit->report->cash_left_out++;
		return;
	}
	*(posting->steps > 0 ? &cash->in : &cash->out) += posting->steps;
	cash->entries += posting->code == CHART_CASH;
}

static enum recourse_error check_books(
	struct check_context *check, uint64_t number, const struct entry_posting *postings, size_t count)
{
	for (size_t first = 0; first < count; first++) {
		enum chart_book book = chart_find(postings[first].code)->book;
		__int128 sum = 0;
		for (size_t other = 0; other < count; other++) {
			if (chart_find(postings[other].code)->book == book &&
				slice_equal(postings[other].unit, postings[first].unit))
				sum += postings[other].steps;
		}
		if (sum != 0)
			return check_wrong_entry(check, number, "the %s book does not balance in %.*s",
				chart_book_name(book), SLICE_ARGUMENTS(postings[first].unit));
	}
	return RECOURSE_OK;
}

enum recourse_error posting_sums_entry(struct audit *audit, const struct entry *entry)
{
	struct check_context *check = &audit->replay.compare.check;
	struct entry_posting postings[ENTRY_POSTINGS_MAX];
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	size_t count = 0;
	while (entry_postings_next(&walk, &posting)) {
		if (count == ENTRY_POSTINGS_MAX)
			return check_wrong_entry(
				check, entry->number, "more than %d postings", ENTRY_POSTINGS_MAX);
		if (chart_find(posting.code) == NULL)
			return check_wrong_entry(
				check, entry->number, "a posting to an account that is not in the chart");
		if (posting.code == CHART_CASH || posting.code == CHART_OVERDRAWN)
			add_cash(audit, entry, &posting);
		postings[count++] = posting;
		audit->report->postings++;
	}
	return check_books(check, entry->number, postings, count);
}
