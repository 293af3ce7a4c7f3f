/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/* What the program tells its caller: the codes of sysexits(3), where they fit. In the manual page. */
enum exit_code {
	EXIT_CODE_OK = 0,
	EXIT_CODE_REFUSED = 1,        /* a command was refused, or something does not verify */
	EXIT_CODE_USAGE = 64,         /* the command line */
	EXIT_CODE_DATA = 65,          /* what was given to read, or to send */
	EXIT_CODE_NO_INPUT = 66,      /* a file or directory that was named is not there, or can not be read */
	EXIT_CODE_UNAVAILABLE = 69,   /* no service, no memory, no disk */
	EXIT_CODE_CREATE = 73,        /* a file that can not be made */
	EXIT_CODE_AGAIN = 75,         /* the same request id again, later */
	EXIT_CODE_DENIED = 77,        /* the key may not do this */
	EXIT_CODE_CONFIGURATION = 78, /* a setting or a key file */
};

/* The code for an error, where the caller does not know better. */
enum exit_code exit_code_of(enum recourse_error error);
