/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/answer.h"
#include "rules/hearing/consent.h"
#include "rules/hearing/contest.h"

extern const struct command_group answer_commands;
extern const struct command_group consent_commands;
extern const struct command_group served_commands;
extern const struct command_group contest_commands;
extern const struct command_group claim_close_commands;
extern const struct command_group hearing_reverse_commands;
extern const struct query_group hearing_view_group;
extern const struct check_group hearing_check_rows;

const struct area hearing_area = {
	.name = "hearing",
	.commands = {&answer_commands, &consent_commands, &served_commands, &contest_commands,
		&claim_close_commands, &hearing_reverse_commands},
	.queries = {&hearing_view_group},
	.checks = {&hearing_check_rows},
	.blockers = contest_blockers,
	.clocks = {{CLOCK_ANSWER, answer_missed}, {CLOCK_CONSENT, consent_missed},
		{CLOCK_CONTEST, contest_late}, {CLOCK_LAPSE, contest_lapse}},
};
