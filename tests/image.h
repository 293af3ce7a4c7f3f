/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

/* A file of a ledger with a copy of its bytes, to be damaged and restored bit by bit. */
struct image {
	char path[SUPPORT_PATH_MAX];
	uint8_t *bytes;
	size_t size;
	int file;
};

/* Opens "directory/name" of the kit. The test fails when it can not. */
void image_load(struct image *image, const struct kit *kit, const char *name);
void image_free(struct image *image);

void image_write(const struct image *image, size_t offset, const uint8_t *bytes, size_t size);
void image_restore(const struct image *image);
void image_flip(const struct image *image, size_t bit);
void image_flip_back(const struct image *image, size_t bit);
