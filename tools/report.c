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
	const char *about;
	bool pages; /* it is all accounts: shown as a whole */
};

static const struct report reports[] = {
	{.name = "trial-balance",
		.method = "report.trial_balance",
		.about = "every account, with sums",
		.pages = true},
	{.name = "roll-forward",
		.method = "report.roll_forward",
		.about = "what every account was, took in, gave out and became in a period",
		.pages = true},
	{.name = "statement",
		.method = "deposit.statement",
		.about = "what came into and went out of a deposit"},
	{.name = "incident",
		.method = "incident.summary",
		.about = "losses, claims, payouts and recoveries of an incident"},
	{.name = "blockers",
		.method = "report.blockers",
		.about = "what is in the way of closing an incident, and who does it next"},
	{.name = "claim", .method = "claim.brief", .about = "a claim from filing to payment"},
	{.name = "follow",
		.method = "claim.follow",
		.about = "what the consumer may know of a claim, by its receipt's number"},
	{.name = "find",
		.method = "claim.find",
		.about = "what was claimed, by a holder, a card, an order or a receipt"},
	{.name = "exits",
		.method = "report.exits",
		.about = "merchants that leave: what is held, retained, due and overdue"},
	{.name = "custody",
		.method = "report.custody",
		.about = "what custodians hold and attested, and whether it counts"},
	{.name = "bank-lines",
		.method = "report.bank_lines",
		.about = "lines of bank statements: what is booked of each, what is left"},
	{.name = "bank-files",
		.method = "bank_file.list",
		.about = "files of banks: what each has, how far it is in"},
	{.name = "reconciliation",
		.method = "report.reconciliation",
		.about = "a custodian's day by ledger, attestation and statement, and why they differ"},
	{.name = "breaks",
		.method = "report.breaks",
		.about = "all that is open between banks and the ledger: since when, whose"},
	{.name = "suspense",
		.method = "report.suspense",
		.about = "what came in and waits: since when, for what, whose it is to see to"},
	{.name = "corrections",
		.method = "report.corrections",
		.about = "what was booked by a slip and taken back"},
	{.name = "estates",
		.method = "report.estates",
		.about = "parties that are insolvent, what their estates accepted and paid"},
	{.name = "owed",
		.method = "liability.own",
		.about = "what a liable party owes, has paid and is asked next, section by section"},
	{.name = "recoveries",
		.method = "liability.receipts",
		.about = "what came from a liable party, and where it is"},
	{.name = "requirements",
		.method = "report.requirements",
		.about = "what is required of merchants, what they hold, who has to top up"},
	{.name = "withdrawals", .method = "report.withdrawals", .about = "what custodians are to pay back"},
	{.name = "coverage",
		.method = "report.coverage",
		.about = "what secures the holders of each issuer's cards"},
	{.name = "exposure",
		.method = "report.exposure",
		.about = "an issuer's prepaid and unused value, by merchant"},
	{.name = "alerts", .method = "report.alerts", .about = "coverage that fell below a threshold"},
	{.name = "break-glass",
		.method = "report.break_glass",
		.about = "what was carried out without all approvals, and its review"},
	{.name = "clock-holds",
		.method = "report.clock_holds",
		.about = "when all clocks were held, and how far the host's had jumped"},
	{.name = "stored",
		.method = "report.stored",
		.about = "how much each party and key has had stored today, and what it may"},
	{.name = "deductions",
		.method = "report.deductions",
		.about = "what was taken from a merchant's deposit, and until when it can be appealed"},
	{.name = "appeals",
		.method = "report.appeals",
		.about = "merchants' appeals of deductions: stayed, due, overdue, restored"},
	{.name = "instruments",
		.method = "report.instruments",
		.about = "bonds, insurances …: what is left, called, paid and unpaid"},
	{.name = "elsewhere",
		.method = "report.elsewhere",
		.about = "what claimants had from somebody else, and from whom"},
	{.name = "contacts",
		.method = "report.contacts",
		.about = "contacts about a claim, and which of them have a note"},
	{.name = "notes",
		.method = "report.notes",
		.about = "what was said about a claim: commitments, and what is erased"},
	{.name = "legal-holds",
		.method = "report.legal_holds",
		.about = "why notes of claims are not erased"},
	{.name = "evidence",
		.method = "claim.evidence",
		.about = "a claim's list of evidence, and the papers that are held"},
	{.name = "requests",
		.method = "report.requests",
		.about = "evidence that a merchant or an issuer has yet to give"},
	{.name = "answers",
		.method = "report.answers",
		.about = "claims and proposals that a merchant has yet to answer to"},
	{.name = "hearing",
		.method = "claim.hearing",
		.about = "how a claim's parties were heard, were given its ruling, and appealed it"},
	{.name = "queue", .method = "desk.queue", .about = "claims that wait for somebody, by their day"},
	{.name = "overdue", .method = "desk.overdue", .about = "claims whose day has passed"},
	{.name = "promises", .method = "desk.promises", .about = "what claimants were promised, and is owed"},
	{.name = "flags",
		.method = "desk.flags",
		.about = "claims with something that a person is to look at"},
	{.name = "payees",
		.method = "payee.list",
		.about = "whose account claims are paid to, or for whom one account was named"},
	{.name = "rails", .method = "rail.list", .about = "how custodians are told to pay"},
	{.name = "batches",
		.method = "batch.list",
		.about = "payments that go together: how many, how much, who checked, what went out"},
	{.name = "payouts",
		.method = "report.payouts",
		.about = "what a custodian is to pay that goes by no rail"},
	{.name = "payments",
		.method = "batch.payments",
		.about = "the payments of a batch, as they are written to files"},
	{.name = "unanswered",
		.method = "payment.unanswered",
		.about = "batches that went out, until a clock has found an answer to each payment"},
	{.name = "unresolved",
		.method = "payment.unresolved",
		.about = "payments that are not made and not ordered alone, and what is to be done of each"},
	{.name = "origins",
		.method = "claim.origins",
		.about = "claims that were filed with the origin that they came from"},
	{.name = "desk",
		.method = "report.desk",
		.about = "how claims are seen to: time to answer and to money, repeats, what was missed"},
	{.name = "breaches",
		.method = "report.breaches",
		.about = "days that passed and claimants who came again, by team or person"},
	{.name = "rounds",
		.method = "report.rounds",
		.about = "what was shared out among the claims of a section, and how far it lifted"},
	{.name = "merchant",
		.method = "merchant.brief",
		.about = "a merchant on one screen: money, duties, what comes next"},
};
enum { REPORTS = sizeof reports / sizeof reports[0], ABOUT_LINE_MAX = 120 };

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

static const char *about(void)
{
	static char text[REPORTS * ABOUT_LINE_MAX];
	size_t size = (size_t)snprintf(text, sizeof text, "Shows a report as tables:");
	for (size_t index = 0; index < REPORTS && size < sizeof text; index++)
		size += (size_t)snprintf(text + size, sizeof text - size, "\n  %-14s  %s",
			reports[index].name, reports[index].about);
	return text;
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
		.about = about(),
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
