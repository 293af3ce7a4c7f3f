/* SPDX-License-Identifier: Apache-2.0 */
#include "local_time.h"

#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool in_utc;

bool local_time_has_place(const char *zone)
{
	const char *directory = getenv("TZDIR");
	char path[512];
	if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL)
		return false;
	snprintf(path, sizeof path, "%s/%s", directory == NULL ? "/usr/share/zoneinfo" : directory, zone);
	return strcmp(zone, "UTC") == 0 || access(path, R_OK) == 0;
}

/* A name of three letters or more, or any in <>, and an offset: CST-8, <+08>-8. */
static bool is_rule(const char *zone)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t name = zone[0] == '<' ? strcspn(zone, ">") + 1 : strspn(zone, letters);
	return name >= 3 && name < strlen(zone) && strchr("+-0123456789", zone[name]) != NULL;
}

bool local_time_start(bool utc)
{
	const char *zone = getenv("TZ");
	in_utc = utc;
	tzset();
	if (utc || zone == NULL || zone[0] == '\0')
		return true;
	zone += zone[0] == ':';
	return zone[0] == '/' ? access(zone, R_OK) == 0 : local_time_has_place(zone) || is_rule(zone);
}

enum exit_code local_time_unknown(void)
{
	output_problem("this system knows no place '%s', which TZ names", getenv("TZ"));
	output_next("TZ=Asia/Shanghai, or times in UTC: --utc");
	return EXIT_CODE_CONFIGURATION;
}

void local_time_format(uint64_t instant, char text[static LOCAL_TIME_TEXT_SIZE])
{
	const time_t seconds = (time_t)(instant / INSTANT_SECOND);
	struct tm parts;
	text[0] = '\0';
	if ((in_utc ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts)) != NULL)
		(void)strftime(text, LOCAL_TIME_TEXT_SIZE, "%Y-%m-%d %H:%M:%S %z", &parts);
}
