/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * A ledger's directory:
 *
 *     DIRECTORY/log          the truth
 *     DIRECTORY/state        derived, deletable
 *     DIRECTORY/last-signed  the guard, unless it is kept elsewhere
 */
enum { DIRECTORY_PATH_SIZE = 4096 };

/* A part of it: "log", "state". RECOURSE_IO when the path is too long. */
enum recourse_error directory_path(
	const char *directory, const char *part, char path[static DIRECTORY_PATH_SIZE]);
