/* SPDX-License-Identifier: Apache-2.0 */
#include "recourse_schema.h"

#include "decide/registry.h"
#include "rule/command.h"
#include "rule/query.h"

/* The commands, then the queries: two tables read as one. */
const struct recourse_method *recourse_method_at(size_t index)
{
	size_t commands = 0;
	while (area_command_at(registry_areas, commands) != NULL)
		commands++;
	if (index < commands)
		return &area_command_at(registry_areas, index)->method;
	const struct query_row *row = area_query_at(registry_areas, index - commands);
	return row == NULL ? NULL : &row->method;
}

const struct recourse_method *recourse_method_find(const char *name, size_t size)
{
	const struct command *command = area_command(registry_areas, slice_of(name, size));
	const struct query_row *row = area_query(registry_areas, slice_of(name, size));
	if (command != NULL)
		return &command->method;
	return row == NULL ? NULL : &row->method;
}
