/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"

#include "rule/command.h"
#include "rule/query.h"

/* ---- commands ---- */

const struct command *area_command_at(size_t index)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		const struct command_group *const *groups = (*area)->commands;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++) {
			if (index < groups[group]->count)
				return &groups[group]->rows[index];
			index -= groups[group]->count;
		}
	}
	return NULL;
}

size_t area_commands(void)
{
	size_t count = 0;
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		const struct command_group *const *groups = (*area)->commands;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++)
			count += groups[group]->count;
	}
	return count;
}

static const struct command *find_command(const struct area *area, slice name)
{
	for (size_t group = 0; group < AREA_GROUPS_MAX && area->commands[group] != NULL; group++) {
		const struct command_group *rows = area->commands[group];
		for (size_t row = 0; row < rows->count; row++) {
			if (slice_is(name, rows->rows[row].method.name))
				return &rows->rows[row];
		}
	}
	return NULL;
}

const struct command *area_command(slice name)
{
	const struct command *found = NULL;
	for (const struct area *const *area = registry_areas; found == NULL && *area != NULL; area++)
		found = find_command(*area, name);
	return found;
}

/* ---- queries ---- */

const struct query_row *area_query_at(size_t index)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		const struct query_group *const *groups = (*area)->queries;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++) {
			if (index < groups[group]->count)
				return &groups[group]->rows[index];
			index -= groups[group]->count;
		}
	}
	return NULL;
}

static const struct query_row *find_query(const struct area *area, slice name)
{
	for (size_t group = 0; group < AREA_GROUPS_MAX && area->queries[group] != NULL; group++) {
		const struct query_group *rows = area->queries[group];
		for (size_t row = 0; row < rows->count; row++) {
			if (slice_is(name, rows->rows[row].method.name))
				return &rows->rows[row];
		}
	}
	return NULL;
}

const struct query_row *area_query(slice name)
{
	const struct query_row *found = NULL;
	for (const struct area *const *area = registry_areas; found == NULL && *area != NULL; area++)
		found = find_query(*area, name);
	return found;
}

/* ---- clocks ---- */

area_strike *area_clock(enum clock_kind kind)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		const struct area_clock *clocks = (*area)->clocks;
		for (size_t clock = 0; clock < AREA_CLOCKS_MAX && clocks[clock].strike != NULL; clock++) {
			if (clocks[clock].kind == kind)
				return clocks[clock].strike;
		}
	}
	return NULL;
}

bool area_goes_on(enum clock_kind kind)
{
	uint32_t kinds = 0;
	for (const struct area *const *area = registry_areas; *area != NULL; area++)
		kinds |= (*area)->go_on;
	return (kinds & CLOCK_BIT(kind)) != 0;
}

/* ---- what people read ---- */

enum recourse_error area_texts(struct state_view *view, slice command, slice code, struct record_texts *texts)
{
	*texts = (struct record_texts){.version = 0};
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->texts != NULL && code.size > 0)
			return (*area)->texts(view, command, code, texts);
	}
	return RECOURSE_OK;
}

/* ---- followers ---- */

enum recourse_error area_deciding(
	struct decision *decision, const struct command *command, const struct value *values)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->deciding != NULL)
			TRY((*area)->deciding(decision, command, values));
	}
	return RECOURSE_OK;
}

enum recourse_error area_request_decided(struct decision *decision)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->request_decided != NULL)
			TRY((*area)->request_decided(decision));
	}
	return RECOURSE_OK;
}

enum recourse_error area_posted(struct decision *decision)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->posted != NULL)
			TRY((*area)->posted(decision));
	}
	return RECOURSE_OK;
}

enum recourse_error area_balances_moved(struct decision *decision)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->balances_moved != NULL)
			TRY((*area)->balances_moved(decision));
	}
	return RECOURSE_OK;
}

enum recourse_error area_custody_changed(struct decision *decision, const struct unit *unit)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->custody_changed != NULL)
			TRY((*area)->custody_changed(decision, unit));
	}
	return RECOURSE_OK;
}

enum recourse_error area_section_opened(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->section_opened != NULL)
			TRY((*area)->section_opened(decision, incident, section, reference, merchant));
	}
	return RECOURSE_OK;
}

enum recourse_error area_corrected(
	struct decision *decision, const struct record_booked *correction, uint64_t instant)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->corrected != NULL)
			TRY((*area)->corrected(decision, correction, instant));
	}
	return RECOURSE_OK;
}

enum recourse_error area_section_barred(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->section_barred != NULL)
			TRY((*area)->section_barred(decision, incident, section));
	}
	return RECOURSE_OK;
}

enum recourse_error area_instrument_paid(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->instrument_paid != NULL)
			TRY((*area)->instrument_paid(decision, reference, incident, section));
	}
	return RECOURSE_OK;
}

enum recourse_error area_instrument_unpaid(struct decision *decision, uint64_t entry,
	const struct record_incident *incident, const struct record_section *section)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->instrument_unpaid != NULL)
			TRY((*area)->instrument_unpaid(decision, entry, incident, section));
	}
	return RECOURSE_OK;
}

enum recourse_error area_instrument_unneeded(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->instrument_unneeded != NULL)
			TRY((*area)->instrument_unneeded(decision, reference, incident, section));
	}
	return RECOURSE_OK;
}

enum recourse_error area_claim_put(struct decision *decision, slice claim, struct record_claim *record)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->claim_put != NULL)
			TRY((*area)->claim_put(decision, claim, record));
	}
	return RECOURSE_OK;
}

enum recourse_error area_claim_stepped_in(struct decision *decision, slice fallen, slice claim)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->claim_stepped_in != NULL)
			TRY((*area)->claim_stepped_in(decision, fallen, claim));
	}
	return RECOURSE_OK;
}

enum recourse_error area_claim_repeated(struct decision *decision, slice claim)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->claim_repeated != NULL)
			TRY((*area)->claim_repeated(decision, claim));
	}
	return RECOURSE_OK;
}

enum recourse_error area_claim_placed(struct decision *decision, slice claim, struct record_claim *record,
	const struct record_entitlement *lot, const struct record_incident *incident, uint32_t shown)
{
	for (const struct area *const *area = registry_areas; *area != NULL; area++) {
		if ((*area)->claim_placed != NULL)
			TRY((*area)->claim_placed(decision, claim, record, lot, incident, shown));
	}
	return RECOURSE_OK;
}
