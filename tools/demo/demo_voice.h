/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How the demonstration speaks to people, on standard output: in colours on a terminal only, and only where
 * NO_COLOR does not forbid them.
 */
void demo_voice_part(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The title begins with its number and a blank. */
void demo_voice_step(const char *title, const char *actor);

void demo_voice_command(const char *format, ...) __attribute__((format(printf, 1, 2)));
void demo_voice_good(const char *format, ...) __attribute__((format(printf, 1, 2)));
