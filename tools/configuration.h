/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "exit_code.h"

/*
 * Settings that stand outside the command line: a file of lines `name = value` ('#' begins a comment), and
 * the environment, which wins. A name is a flag's name; its variable is RECOURSE_ and the name in upper case
 * with '_' for '-'.
 */
enum {
	CONFIGURATION_NAMES_MAX = 32,
	CONFIGURATION_PATH_MAX = 1024,
};

struct configuration {
	const char *const *names;              /* NULL-terminated: what may be set */
	char *values[CONFIGURATION_NAMES_MAX]; /* NULL: not set */
};

/* Reads the file; one that is not there sets nothing. False: the mistake was named, with its line. */
bool configuration_read(struct configuration *configuration, const char *path);

/* Takes what the environment sets. False when out of memory. */
bool configuration_environment(struct configuration *configuration);

/* NULL when it is not set. Good until configuration_free(). */
const char *configuration_value(const struct configuration *configuration, const char *name);
void configuration_free(struct configuration *configuration);

/*
 * The path of `name` in the user's directory for that purpose: $XDG_CONFIG_HOME/recourse/NAME, else
 * ~/.config/recourse/NAME; for state $XDG_STATE_HOME, else ~/.local/state. False when there is no such place.
 */
enum configuration_place { CONFIGURATION_CONFIG, CONFIGURATION_STATE };
bool configuration_path(
	enum configuration_place place, const char *name, char path[static CONFIGURATION_PATH_MAX]);
