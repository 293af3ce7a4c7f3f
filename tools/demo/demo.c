/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "demo/demo_bulk.h"
#include "demo/demo_golden.h"
#include "demo/demo_voice.h"
#include "options.h"
#include "output.h"

#include <errno.h>

enum {
	CARDS_PRESET = 100000,
	CARDS_MAX = 10 * 1000 * 1000,
};

static bool verify(struct demo_stage *stage)
{
	static const char *const arguments[] = {"verify", "ledger", NULL};
	demo_voice_part("The service is stopped, and the whole ledger audited without it");
	if (!demo_stage_stop(stage))
		return false;
	demo_voice_command("verify ledger");
	const struct demo_child_options options = {.arguments = arguments, .directory = stage->directory};
	int code = demo_child_run(&options);
	if (code != 0)
		output_problem("recourse verify ended with %d", code);
	return code == 0;
}

static void say_next(const struct demo_stage *stage)
{
	const char *program = program_invocation_name;
	demo_voice_part("To try next");
	if (!stage->keep) {
		output_text(stdout, "  %s demo --keep tea               the same, and the ledger stays\n",
			program);
		output_text(stdout, "  %s init x && %s serve x   a ledger of your own\n", program, program);
		output_text(stdout, "  %s help commands                 what can be said to it\n", program);
		return;
	}
	const char *directory = stage->directory;
	output_text(stdout, "  %s serve %s/ledger\n", program, directory);
	output_text(stdout, "  %s query incident.summary incident=fuel-2016 --key %s/people/maker\n", program,
		directory);
	output_text(stdout, "  %s verify %s/ledger\n", program, directory);
}

static bool play(struct demo_stage *stage, const char *keep, uint64_t cards)
{
	return demo_stage_open(stage, keep) && demo_stage_serve(stage) && demo_golden_play(stage) &&
	       demo_golden_balance(stage) && demo_golden_receipt(stage) && verify(stage) &&
	       demo_stage_serve(stage) && demo_bulk_play(stage, cards) && verify(stage);
}

int demo_main(int argc, char **argv)
{
	const char *keep = NULL;
	const char *cards_text = NULL;
	uint64_t cards = CARDS_PRESET;
	const struct options_flag flags[] = {
		{.name = "keep",
			.argument = "DIR",
			.value = &keep,
			.help = "a new directory for it, which stays"},
		{.name = "cards",
			.argument = "N",
			.value = &cards_text,
			.help = "consumers of the collapse (100000)"},
	};
	const struct options options = {
		.name = "demo",
		.usage = "[--keep DIR] [--cards N]",
		.about = "Plays a whole case on a throw-away ledger, over the network and with a key for "
			 "each person: a\n"
			 "fuel card issuer collapses, its consumers are paid, the money is recovered to the "
			 "last fen. Shows\n"
			 "every posting, a consumer's receipt and the audit. Then makes many consumers whole "
			 "at once.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count > 0)
		return (int)output_usage("demo takes no arguments but its options");
	if (!options_number("cards", cards_text, 1, CARDS_MAX, &cards))
		return EXIT_CODE_USAGE;
	struct demo_stage stage;
	bool good = play(&stage, keep, cards);
	demo_stage_close(&stage);
	if (good)
		say_next(&stage);
	else
		output_problem("the demonstration failed");
	return good ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}
