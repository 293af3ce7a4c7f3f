/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void image_load(struct image *image, const struct kit *kit, const char *name)
{
	struct stat status;
	support_directory_path(&kit->directory, name, image->path);
	image->file = open(image->path, O_RDWR | O_CLOEXEC);
	assert_true(image->file >= 0);
	assert_int_equal(fstat(image->file, &status), 0);
	image->size = (size_t)status.st_size;
	image->bytes = malloc(image->size);
	assert_non_null(image->bytes);
	assert_int_equal(pread(image->file, image->bytes, image->size, 0), image->size);
}

void image_free(struct image *image)
{
	close(image->file);
	free(image->bytes);
}

void image_write(const struct image *image, size_t offset, const uint8_t *bytes, size_t size)
{
	assert_int_equal(pwrite(image->file, bytes, size, (off_t)offset), size);
}

void image_restore(const struct image *image)
{
	image_write(image, 0, image->bytes, image->size);
	assert_int_equal(ftruncate(image->file, (off_t)image->size), 0);
}

void image_flip(const struct image *image, size_t bit)
{
	uint8_t byte = image->bytes[bit / 8] ^ (uint8_t)(1u << bit % 8);
	image_write(image, bit / 8, &byte, 1);
}

void image_flip_back(const struct image *image, size_t bit)
{
	image_write(image, bit / 8, &image->bytes[bit / 8], 1);
}
