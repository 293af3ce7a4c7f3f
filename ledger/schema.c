/* SPDX-License-Identifier: Apache-2.0 */
#include "recourse_schema.h"

#include "decide/registry.h"

/* The commands, then the queries: two tables read as one. */
const struct recourse_method *recourse_method_at(size_t index)
{
	size_t commands = 0;
	while (registry_command_at(commands) != NULL)
		commands++;
	if (index < commands)
		return &registry_command_at(index)->method;
	const struct query_row *row = registry_query_at(index - commands);
	return row == NULL ? NULL : &row->method;
}

const struct recourse_method *recourse_method_find(const char *name, size_t size)
{
	const struct command *command = registry_command(slice_of(name, size));
	const struct query_row *row = registry_query(slice_of(name, size));
	if (command != NULL)
		return &command->method;
	return row == NULL ? NULL : &row->method;
}
