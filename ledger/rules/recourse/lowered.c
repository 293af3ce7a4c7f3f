/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/lowered.h"

#include "rules/recourse/behind.h"

/* Of a claim: 1120, 9030, what is beside it in the memo book, and 3110 for all. */
enum { CLAIM_POSTINGS = 4 };

static struct record_path rows_of(const struct record_section *section)
{
	return record_path_of_shorts(RECORD_LOWERED, section->incident, section->party);
}

static struct record_path row_of(const struct record_section *section, slice claim)
{
	struct record_path path = rows_of(section);
	record_path_text(&path, claim);
	return path;
}

enum recourse_error lowered_later(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice claim, slice reference, const struct record_lowered *less)
{
	const struct record_path path = row_of(section, claim);
	const bool first = (section->behind & SECTION_UNLOWERED) == 0;
	struct record_lowered row = {.receivable = 0};
	if (less->receivable == 0 && less->off == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &row, sizeof row, NULL));
	row.receivable += less->receivable;
	row.off += less->off;
	TRY(decision_put(decision, &path, &row, sizeof row));
	TRY(decision_post(
		decision, CHART_ADVANCES, slice_text(""), reference, &incident->unit, -less->receivable));
	TRY(behind_note(decision, section, SECTION_UNLOWERED, true));
	/* at once, also where it was behind and waits */
	return first ? behind_set(decision, section, decision->time) : RECOURSE_OK;
}

/* ---- by the clock ---- */

struct lowering {
	struct decision *decision;
	const struct record_incident *incident;
	const struct record_section *section;
	slice reference;
	slice claims[ENTRY_POSTINGS_MAX];
	size_t count;
	bool more;
};

/* A walk's names are gone when something is put. */
static enum recourse_error find(struct lowering *this)
{
	const struct record_path prefix = rows_of(this->section);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(this->decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		this->more = this->count == sizeof this->claims / sizeof this->claims[0];
		if (this->more)
			break;
		TRY(arena_copy(this->decision->arena, walk.key.parts[2].text, &this->claims[this->count++]));
	}
	return walk.error;
}

static enum recourse_error lower(struct lowering *this, slice claim)
{
	struct decision *decision = this->decision;
	const struct unit *unit = &this->incident->unit;
	const struct record_path path = row_of(this->section, claim);
	struct record_lowered row;
	TRY(record_get_named(decision->state, &path, &row, sizeof row));
	TRY(decision_post(decision, CHART_CLAWBACK, claim, this->reference, unit, -row.receivable));
	TRY(decision_post(decision, CHART_ADVANCES, slice_text(""), this->reference, unit, row.receivable));
	TRY(decision_move(decision, unit, -row.off, CHART_WRITTEN_OFF, claim, CHART_MEMO_CONTRA, claim,
		this->reference));
	TRY(decision_remove(decision, &path));
	return decision_about(decision, RECORD_CLAIM, claim);
}

enum recourse_error lowered_go_on(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct lowering this = {.decision = decision, .incident = incident, .section = section};
	size_t done = 0;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &this.reference));
	TRY(find(&this));
	for (; done < this.count; done++) {
		const size_t texts =
			this.claims[done].size + this.reference.size + unit_code(&incident->unit).size;
		if (!decision_has_postings(decision, CLAIM_POSTINGS, texts))
			break;
		TRY(lower(&this, this.claims[done]));
	}
	decision_fact_integer(decision, "claims", done);
	if (done == this.count && !this.more)
		TRY(behind_note(decision, section, SECTION_UNLOWERED, false));
	return section->behind == 0 ? RECOURSE_OK : behind_set(decision, section, decision->time);
}
