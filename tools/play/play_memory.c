/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_memory.h"

#include "output.h"

#include <stdarg.h>
#include <stdlib.h>

static _Noreturn void give_up(void)
{
	output_problem("no memory is left [MEMORY]");
	exit(EXIT_CODE_UNAVAILABLE);
}

void *play_memory_take(struct arena *arena, size_t size)
{
	void *memory = arena_allocate(arena, size);
	if (memory == NULL)
		give_up();
	return memory;
}

char *play_memory_text(struct arena *arena, slice text)
{
	char *copy = play_memory_take(arena, text.size + 1);
	if (text.size > 0)
		memcpy(copy, text.data, text.size);
	return copy;
}

char *play_memory_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *made = NULL;
	va_start(arguments, format);
	int size = vasprintf(&made, format, arguments);
	va_end(arguments);
	if (size < 0)
		give_up();
	char *text = play_memory_text(arena, slice_of(made, (size_t)size));
	free(made);
	return text;
}

char *play_memory_buffer(struct arena *arena, struct buffer *buffer)
{
	if (buffer_failed(buffer))
		give_up();
	char *text = play_memory_text(arena, buffer_slice(buffer));
	buffer_free(buffer);
	return text;
}
