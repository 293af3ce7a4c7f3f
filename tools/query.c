/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "arguments.h"
#include "ask.h"
#include "manual.h"
#include "output.h"

static enum exit_code run(struct service *service, const struct options_rest *rest, bool json)
{
	if (rest->count == 0)
		return output_usage("query: which one? `recourse help queries` lists them");
	const struct recourse_method *method = arguments_method(rest->arguments[0], false);
	if (method == NULL)
		return EXIT_CODE_USAGE;
	if (rest->help)
		return manual_method(method, NULL);
	return ask_method(service, method, rest->arguments + 1, rest->count - 1, json);
}

int query_main(int argc, char **argv)
{
	struct service service;
	bool json = false;
	const struct options_flag flags[] = {
		{.name = "json", .given = &json, .help = "the answer as one JSON object"},
	};
	const struct options options = {
		.name = "query",
		.usage = "METHOD field=value …\nMETHOD --help",
		.about = "Asks the ledger. `recourse help queries` lists what there is to ask.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&service),
		.late_help = true,
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = run(&service, &rest, json);
	service_close(&service);
	return (int)code;
}
