/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"

/*
 * What the machine can do at best, measured beside what the service does: a flush of 4 KiB behind each append in
 * that directory, SHA-256, Ed25519. False, and said, when it can not be measured.
 */
bool bench_machine_run(const char *directory, struct bench_figures *figures);
