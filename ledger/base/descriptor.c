/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptor.h"

#include <errno.h>
#include <unistd.h>

enum recourse_error descriptor_write(int descriptor, slice bytes)
{
	while (bytes.size > 0) {
		ssize_t written = write(descriptor, bytes.data, bytes.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return RECOURSE_IO;
		bytes = slice_of(bytes.data + written, bytes.size - (size_t)written);
	}
	return RECOURSE_OK;
}

enum recourse_error descriptor_read(int descriptor, void *bytes, size_t capacity, size_t *size)
{
	*size = 0;
	while (*size < capacity) {
		ssize_t count = read(descriptor, (uint8_t *)bytes + *size, capacity - *size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return RECOURSE_IO;
		if (count == 0)
			break;
		*size += (size_t)count;
	}
	return RECOURSE_OK;
}

void descriptor_close(const int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}
