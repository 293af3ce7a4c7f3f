/* SPDX-License-Identifier: Apache-2.0 */
#include "store/directory.h"

#include <stdio.h>

enum recourse_error directory_path(
	const char *directory, const char *part, char path[static DIRECTORY_PATH_SIZE])
{
	int length = snprintf(path, DIRECTORY_PATH_SIZE, "%s/%s", directory, part);
	return length < 0 || length >= DIRECTORY_PATH_SIZE ? RECOURSE_IO : RECOURSE_OK;
}
