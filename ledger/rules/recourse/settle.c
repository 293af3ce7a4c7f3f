/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/section.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* A section is settled up, and then set off with others: what is owed there is reckoned by what settles one up alone. */

enum recourse_error settle_up(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled)
{
	TRY(settle_up_alone(decision, incident, section, settled));
	return set_off(decision, incident, section);
}

enum recourse_error settle_up_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, bool anywhere, int64_t steps)
{
	struct settled settled;
	if (anywhere)
		TRY(settle_up_anywhere(decision, section, payer, -steps));
	TRY(settle_up_received(decision, "recovery", incident, section, payer, -steps, &settled));
	return section_save(decision, section);
}

enum recourse_error settle_up_waiting(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct settled settled;
	return section->waiting + section->returned > 0 ? settle_up(decision, incident, section, &settled)
							: set_off(decision, incident, section);
}
