/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"

#include <stdio.h>

/*
 * Reading a command line: `--name value`, `--name=value`, `-n value`, switches, and the rest in order.
 * Options may stand before or behind other arguments; a bare `--` separates and is dropped.
 */
enum { OPTIONS_REPEAT_MAX = 16 };

struct options_repeat {
	const char *values[OPTIONS_REPEAT_MAX + 1]; /* NULL-terminated */
	size_t count;
};

struct options_flag {
	const char *name;     /* without the dashes */
	char letter;          /* 0: none */
	const char *argument; /* what its value is called in the help; NULL for a switch */
	const char **value;   /* exactly one of these three says where it goes */
	bool *given;
	struct options_repeat *repeat;
	const char *help;
};

struct options_group {
	const struct options_flag *flags;
	size_t count;
};

struct options {
	const char *name;  /* of the sub-command */
	const char *usage; /* what follows "recourse NAME", a line each */
	const char *about; /* sentences for the help */
	struct options_group own;
	struct options_group shared; /* service_flags(), or none */
	bool late_help;              /* `--help` behind other arguments is left to the sub-command */
};

/* What is left: the arguments that are no options, moved to the front of argv. */
struct options_rest {
	char **arguments;
	size_t count;
	bool help; /* with `late_help`: it was asked for */
};

/*
 * `argv[0]` is the sub-command. True: go on. False: `*code` is what to exit with, the help was printed
 * (EXIT_CODE_OK) or the mistake named (EXIT_CODE_USAGE).
 */
bool options_parse(const struct options *options, int argc, char **argv, struct options_rest *rest,
	enum exit_code *code);

/* `--help` or `-h`. */
bool options_is_help(const char *argument);

void options_help(const struct options *options, FILE *stream);

/* A whole number in that range. False, with the mistake named, otherwise. NULL text: leaves `*number`. */
bool options_number(const char *flag, const char *text, uint64_t least, uint64_t most, uint64_t *number);
