/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

extern const struct command_group payee_commands;
extern const struct query_group payee_view_group;
extern const struct check_group payee_check_rows;

const struct area payee_area = {
	.name = "payee",
	.commands = {&payee_commands},
	.queries = {&payee_view_group},
	.checks = {&payee_check_rows},
};
