/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/replaced.h"

#include "rules/incident/given_back.h"

int64_t replaced_issuers(const struct record_round *round)
{
	return round->replaced - round->replaced_instruments;
}

int64_t replaced_lodged(const struct record_round *round)
{
	return replaced_issuers(round) - round->replaced_secured;
}

static enum recourse_error give_issuers_pool(struct decision *decision,
	const struct record_incident *incident, struct record_section *section, slice reference,
	struct record_round *round, uint64_t barred, int64_t later)
{
	struct instrument_calls calls;
	struct record_section issuer;
	slice party;
	int64_t steps = replaced_issuers(round);
	int64_t secured = amount_least(steps - later, section->issuer_secured);
	if (steps == 0)
		return RECOURSE_OK;
	round->replaced_secured = secured;
	TRY(section_load(decision->state, incident->number, incident->issuer, &issuer));
	TRY(party_name(decision->state, decision->arena, issuer.party, &party));
	TRY(instrument_call_list(decision->state, decision->arena, &issuer, &calls));
	TRY(instrument_call_replace(decision, reference, &calls, secured));
	TRY(given_back_replace(decision, section, steps - secured, barred, later));
	issuer.given -= steps;
	issuer.given_instruments -= secured;
	issuer.given_back += steps - secured;
	TRY(decision_move(decision, &incident->unit, steps - secured, CHART_CLAIMS, slice_text(""),
		CHART_DEPOSIT_FROZEN, party, reference));
	return section_save(decision, &issuer);
}

/* Below zero: it is not so. */
static void add_up(struct record_section *section, const struct record_round *round, int64_t sign)
{
	section->pool_taken -= sign * round->replaced;
	section->pool_back += sign * round->replaced;
	section->from_instruments -= sign * round->replaced_instruments;
	section->instruments_back += sign * round->replaced_instruments;
	section->from_issuer -= sign * replaced_issuers(round);
	section->issuer_secured -= sign * round->replaced_secured;
	section->issuer_back += sign * replaced_issuers(round);
}

enum recourse_error replaced_give_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, struct instrument_calls *calls,
	struct record_round *round, uint64_t barred, int64_t later, int64_t *lodged)
{
	TRY(give_issuers_pool(decision, incident, section, reference, round, barred, later));
	TRY(instrument_call_replace(decision, reference, calls, round->replaced_instruments));
	add_up(section, round, 1);
	*lodged += replaced_lodged(round);
	return RECOURSE_OK;
}

enum recourse_error replaced_undo(struct decision *decision, struct record_section *section, uint64_t entry,
	const struct record_round *round)
{
	add_up(section, round, -1);
	return given_back_unreplace(decision, section, entry);
}
