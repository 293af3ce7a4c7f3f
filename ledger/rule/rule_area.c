/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"

extern const struct command_group party_commands;
extern const struct command_group person_commands;
extern const struct command_group terms_commands;
extern const struct command_group calendar_commands;
extern const struct command_group authority_commands;
extern const struct command_group reason_commands;
extern const struct command_group watch_commands;
extern area_decider reason_deciding;
extern area_texts_reader reason_texts;
extern const struct query_group account_view_group;
extern const struct query_group book_view_group;
extern const struct query_group register_view_group;
extern const struct query_group correction_view_group;
extern const struct query_group watch_view_group;
extern const struct check_group rule_check_rows;
extern const struct check_group booked_check_rows;

const struct area rule_area = {
	.name = "rule",
	.commands = {&party_commands, &person_commands, &terms_commands, &calendar_commands,
		&authority_commands, &reason_commands, &watch_commands},
	.deciding = reason_deciding,
	.texts = reason_texts,
	.queries = {&account_view_group, &book_view_group, &register_view_group, &correction_view_group,
		&watch_view_group},
	.checks = {&rule_check_rows, &booked_check_rows},
};
