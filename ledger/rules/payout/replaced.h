/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/*
 * Money of an earlier rank that comes late is in the place of what later ones gave (README.md): the round that it makes says
 * how much, what of it were the merchant's own instruments', and the issuer's pool's; those have it again, out of 2110, into
 * which the earlier rank pays as much. The round, which is not kept yet, and the section are the caller's, who saves them.
 *
 * `*lodged` is what the issuer's deposit has again: its balance does not say so before the entry is made. Of the issuer's
 * pool first what its instruments paid; but `later` of it, which appeals restored, is in the place of what its deposit gave claims
 * that were ruled on behind `barred`.
 */
enum recourse_error replaced_give_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, struct instrument_calls *calls,
	struct record_round *round, uint64_t barred, int64_t later, int64_t *lodged);

/* What of it was the issuer's pool's, and of that its deposit's. */
int64_t replaced_issuers(const struct record_round *round);
int64_t replaced_lodged(const struct record_round *round);

/* It is not in their place any more: the sums of the section, and of its rounds, are as they were. The section is the caller's. */
enum recourse_error replaced_undo(struct decision *decision, struct record_section *section, uint64_t entry,
	const struct record_round *round);
