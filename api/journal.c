/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 512 };

void journal_line(struct journal *journal, const char *format, ...)
{
	if (journal->log == NULL)
		return;
	char line[LINE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&journal->mutex);
	journal->log(journal->context, line);
	pthread_mutex_unlock(&journal->mutex);
}
