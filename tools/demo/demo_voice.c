/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_voice.h"

#include "output.h"

#include <stdarg.h>

static void speak(const char *colour, const char *before, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

static void speak(const char *colour, const char *before, const char *format, va_list arguments)
{
	bool decorated = output_decorated(stdout);
	printf("%s%s", decorated ? colour : "", before);
	vprintf(format, arguments);
	printf("%s\n", decorated ? "\033[0m" : "");
	fflush(stdout);
}

void demo_voice_part(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("\n");
	speak("\033[1m", "== ", format, arguments);
	printf("\n");
	va_end(arguments);
}

void demo_voice_step(const char *title, const char *actor)
{
	bool decorated = output_decorated(stdout);
	int number = (int)strcspn(title, " ");
	printf("%s%2.*s %s%s  (%s)\n", decorated ? "\033[1;36m" : "", number, title, title + number,
		decorated ? "\033[0m" : "", actor);
}

void demo_voice_command(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	speak("\033[1m", "$ recourse ", format, arguments);
	va_end(arguments);
}

void demo_voice_good(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	speak("\033[32m", "", format, arguments);
	va_end(arguments);
}
