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
	{.name = "blockers", .method = "report.blockers"},
	{.name = "claim", .method = "claim.brief"},
	{.name = "exits", .method = "report.exits"},
	{.name = "custody", .method = "report.custody"},
	{.name = "bank-lines", .method = "report.bank_lines"},
	{.name = "suspense", .method = "report.suspense"},
	{.name = "corrections", .method = "report.corrections"},
	{.name = "estates", .method = "report.estates"},
	{.name = "requirements", .method = "report.requirements"},
	{.name = "withdrawals", .method = "report.withdrawals"},
	{.name = "coverage", .method = "report.coverage"},
	{.name = "exposure", .method = "report.exposure"},
	{.name = "alerts", .method = "report.alerts"},
	{.name = "break-glass", .method = "report.break_glass"},
	{.name = "clock-holds", .method = "report.clock_holds"},
	{.name = "stored", .method = "report.stored"},
	{.name = "deductions", .method = "report.deductions"},
	{.name = "appeals", .method = "report.appeals"},
	{.name = "instruments", .method = "report.instruments"},
	{.name = "elsewhere", .method = "report.elsewhere"},
	{.name = "merchant", .method = "merchant.brief"},
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
		return output_usage("report: which one? see recourse report --help");
	const struct report *report = find(rest->arguments[0]);
	if (report == NULL)
		return EXIT_CODE_USAGE;
	const struct recourse_method *method = recourse_method_find(report->method, strlen(report->method));
	if (method == NULL)
		return output_error(RECOURSE_METHOD_UNKNOWN, NULL, report->method);
	if (rest->help)
		return manual_method(method, report->name);
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
		.usage = "NAME field=value …\nNAME --help",
		.about =
			"Shows a report as tables:\n"
			"  trial-balance  every account, with sums\n"
			"  roll-forward   what every account was, took in, gave out and became in a period\n"
			"  statement      what came into and went out of a deposit\n"
			"  incident       losses, claims, payouts and recoveries of an incident\n"
			"  claim          a claim from filing to payment\n"
			"  exits          merchants that leave: what is held, retained, due and overdue\n"
			"  custody        what custodians hold and attested, and whether it counts\n"
			"  requirements   what is required of merchants, what they hold, who has to top up\n"
			"  withdrawals    what custodians are to pay back\n"
			"  coverage       what secures the holders of each issuer's cards\n"
			"  exposure       an issuer's prepaid and unused value, by merchant\n"
			"  alerts         coverage that fell below a threshold\n"
			"  break-glass    what was carried out without all approvals, and its review\n"
			"  clock-holds    when all clocks were held, and how far the host's had jumped\n"
			"  stored         how much each party and key has had stored today, and what it may\n"
			"  deductions     what was taken from a merchant's deposit, and until when it can "
			"be appealed\n"
			"  appeals        merchants' appeals of deductions: stayed, due, overdue, restored\n"
			"  instruments    bonds, insurances …: what is left, called, paid and unpaid\n"
			"  elsewhere      what claimants had from somebody else, and from whom\n"
			"  merchant       a merchant on one screen: money, duties, what comes next",
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
