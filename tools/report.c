/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "ask.h"
#include "manual.h"
#include "output.h"
#include "report_book.h"
#include "suggest.h"

struct report {
	const char *name;
	const char *method;
	bool pages; /* it is all accounts: shown as a whole */
};

static const struct report reports[] = {
	{.name = "trial-balance", .method = "report.trial_balance", .pages = true},
	{.name = "roll-forward", .method = "report.roll_forward", .pages = true},
	{.name = "statement", .method = "deposit.statement"},
	{.name = "incident", .method = "incident.summary"},
	{.name = "claim", .method = "claim.brief"},
	{.name = "exits", .method = "report.exits"},
	{.name = "custody", .method = "report.custody"},
};
enum { REPORTS = sizeof reports / sizeof reports[0] };

static const struct report *find(const char *name)
{
	struct suggest suggest = {.word = slice_text(name)};
	for (size_t index = 0; index < REPORTS; index++) {
		if (strcmp(name, reports[index].name) == 0)
			return &reports[index];
		suggest_consider(&suggest, reports[index].name);
	}
	output_problem("there is no report '%s'", name);
	if (suggest_best(&suggest) != NULL)
		output_next("did you mean %s?", suggest_best(&suggest));
	else
		output_next("recourse report --help");
	return NULL;
}

static enum exit_code run(struct service *service, const struct options_rest *rest, bool json)
{
	if (rest->count == 0)
		return output_usage("report: which one? trial-balance, roll-forward, statement, incident, "
				    "claim, exits or custody");
	const struct report *report = find(rest->arguments[0]);
	if (report == NULL)
		return EXIT_CODE_USAGE;
	const struct recourse_method *method = recourse_method_find(report->method, strlen(report->method));
	if (method == NULL)
		return output_error(RECOURSE_METHOD_UNKNOWN, NULL, report->method);
	if (rest->help)
		return manual_method(method);
	return (report->pages ? report_book : ask_method)(
		service, method, rest->arguments + 1, rest->count - 1, json);
}

int report_main(int argc, char **argv)
{
	struct service service;
	bool json = false;
	const struct options_flag flags[] = {
		{.name = "json", .given = &json, .help = "the report as one JSON object"},
	};
	const struct options options = {
		.name = "report",
		.usage = "trial-balance|roll-forward|statement|incident|claim|exits|custody field=value "
			 "…\nREPORT --help",
		.about = "Shows a report as tables:\n"
			 "  trial-balance  every account, with sums\n"
			 "  roll-forward   what every account was, took in, gave out and became in a period\n"
			 "  statement      what came into and went out of a deposit\n"
			 "  incident       losses, claims, payouts and recoveries of an incident\n"
			 "  claim          a claim from filing to payment\n"
			 "  exits          merchants that leave: what is held, retained, due and overdue\n"
			 "  custody        what custodians hold and attested, and whether it counts",
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
