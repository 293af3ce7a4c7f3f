#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# layers.sh [BUILD]: what may be where. Reads the sources, and the objects below BUILD when they are built;
# prints each offence as FILE:LINE: REASON, and "N passed, N failed" at the end, counting the rules.

export LC_ALL=C
build="${1:-${BUILD:-build}}"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The files that may use LMDB (the two stores, not the headers that others see), and nng, and the one function
# that may be random.
lmdb_files=$(ls ledger/log_*.[ch] ledger/state*.[ch] ledger/lmdb_file.[ch] 2>/dev/null | grep -vE '/(log_lmdb|state)\.h$')
nng_files='api/listen.c api/dial.c api/peer.c api/peer.h tools/bench_echo.c'
random_function=crypto_random

# Prints all sources given as FILE:LINE:TEXT, comments and the insides of literals taken out.
code() {
	awk '
	FNR == 1 { comment = 0 }
	{
		include = $0 ~ /^[ \t]*#[ \t]*include/
		text = ""
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1); two = substr($0, i, 2)
			if (comment) { if (two == "*/") { comment = 0; i++; text = text " " } continue }
			if (two == "/*") { comment = 1; i++; continue }
			if (two == "//" && !include) break
			if ((c == "\"" || c == "'\''") && !include) {
				for (i++; i <= length($0) && substr($0, i, 1) != c; i++)
					if (substr($0, i, 1) == "\\") i++
				text = text c c
				continue
			}
			text = text c
		}
		if (text ~ /[^ \t]/) print FILENAME ":" FNR ":" text
	}' "$@" /dev/null
}

# rule NAME: the offences come on standard input, one a line; none means that the rule holds.
rule() {
	cat >"$work/offences"
	if [ -s "$work/offences" ]; then
		sed "s|\$|: $1|" "$work/offences"
		echo failed >>"$work/rules"
	else
		echo passed >>"$work/rules"
	fi
}

# includes LAYER...: "FILE:LINE HEADER" of each include in these layers.
includes() {
	for layer in "$@"; do
		grep "^$layer/" "$work/code"
	done | sed -n 's/^\([^:]*:[0-9]*\):[ \t]*#[ \t]*include[ \t]*[<"]\([^>"]*\)[>"].*/\1 \2/p'
}

# of_layer LAYER: keeps of these the ones whose header lies in that layer. A bare name that the includer finds
# beside itself is its own.
of_layer() {
	while read -r place header; do
		directory=${place%%/*}
		case $header in
		"$1"/* | ../"$1"/*) echo "$place" ;;
		*) [ -f "$directory/$header" ] || [ ! -f "$1/$header" ] || echo "$place" ;;
		esac
	done
}

# only PATTERN FILE...: the includes of headers like PATTERN outside these files, tests aside.
only() {
	pattern=$1
	shift
	includes ledger api include tools | grep -E " $pattern\$" | while read -r place header; do
		case " $* " in
		*" ${place%%:*} "*) ;;
		*) echo "$place" ;;
		esac
	done
}

# words PATTERN: where code in ledger/ says one of these.
words() {
	grep '^ledger/' "$work/code" | grep -E "^[^:]*:[0-9]*:(.*[^A-Za-z0-9_])?($1)" |
		sed 's/^\([^:]*:[0-9]*\):.*/\1/'
}

# functions: "FILE:LINE COUNT" for each body, from the brace in the first column to the one that closes it. The
# rows of a switch that is a table are not counted: an enum of a hundred names has a hundred.
functions() {
	awk 'FNR == 1 { start = 0 } /^\{/ { start = FNR; rows = 0 }
	/^\t+(case [A-Z0-9_]+:|[A-Z]+\(.*\);$)/ { rows++ }
	/^\}/ && start { print FILENAME ":" start, FNR - start + 1 - rows; start = 0 }' "$@"
}

# strangers: the names exported by objects that do not begin with the file's own.
strangers() {
	for file in $(find ledger api tools -maxdepth 1 -name '*.c' | sort); do
		object="$build/${file%.c}.o"
		[ -f "$object" ] || continue
		own=$(basename "$file" .c)
		nm -g --defined-only "$object" | awk '{ print $NF }' | while read -r name; do
			case $name in
			"$own"_* | "$own" | __* | *.*) ;;
			main) [ "${file%%/*}" = tools ] || echo "$file exports $name" ;;
			recourse_*) grep -qs "[^a-z_]$name[^a-z0-9_]" include/recourse*.h || echo "$file exports $name" ;;
			*) echo "$file exports $name" ;;
			esac
		done
	done
}

sources=$(find ledger api include tools tests -maxdepth 1 -name '*.[ch]' | sort)
# shellcheck disable=SC2086
code $sources >"$work/code"

includes ledger | of_layer api | rule 'ledger/ includes nothing of api/'
includes ledger | of_layer tools | rule 'ledger/ includes nothing of tools/'
includes api | of_layer tools | rule 'api/ includes nothing of tools/'
includes include | grep -Ev ' (recourse[a-z_]*|std[a-z]*|inttypes)\.h$' | cut -d' ' -f1 |
	rule 'a public header includes only public headers and the standard ones'
includes ledger api include tools | of_layer tests | rule 'only tests include tests/'

# shellcheck disable=SC2086
only 'lmdb\.h' $lmdb_files | rule 'lmdb is for the two stores, behind their headers'
only '(sodium\.h|sodium/.*)' ledger/crypto.c | rule 'libsodium is for crypto.c'
only 'jansson\.h' ledger/transcode.c | rule 'jansson is for transcode.c'
only '(cbor\.h|cbor/.*)' ledger/item.c | rule 'libcbor is for item.c'
# shellcheck disable=SC2086
only 'nng/.*' $nng_files | rule "nng is for $nng_files"
includes ledger api include | grep ' csv\.h$' | cut -d' ' -f1 | rule 'libcsv is for tools/'

{
	includes ledger include | grep -E ' (pthread|threads|semaphore|stdatomic)\.h$' | cut -d' ' -f1
	words 'pthread_[a-z_]+ *\(|thrd_[a-z]+ *\(|_Atomic|_Thread_local|__thread'
} | rule 'ledger/ knows no thread'
{
	includes ledger include | grep -E ' (time|sys/time|sys/timex)\.h$' | cut -d' ' -f1
	words '(time|clock|clock_gettime|gettimeofday|timespec_get|ftime|nanosleep|usleep|sleep) *\('
} | rule 'ledger/ knows no clock'
{
	includes ledger include | grep -E ' sys/random\.h$' | cut -d' ' -f1
	words '(s?rand|s?random|rand_r|[dejlmn]rand48|arc4random[a-z_]*|getrandom|getentropy|randombytes[a-z_]*) *\('
} | sort -u >"$work/random"
# Only the body of that one function, in the one file that owns it, is let through.
awk -v name="$random_function" '
	$0 ~ "^void " name "\\(" { inside = 1 }
	inside { print FILENAME ":" FNR }
	/^\}/ { inside = 0 }' ledger/crypto.c >"$work/allowed" 2>/dev/null
grep -vxFf "$work/allowed" "$work/random" | rule "ledger/ knows no randomness but $random_function"
{
	includes ledger include | grep -E ' (sys/socket|sys/un|netinet/.*|arpa/.*|netdb|poll|sys/epoll|sys/select)\.h$' |
		cut -d' ' -f1
	words '(socket|socketpair|connect|accept4?|listen|bind|getaddrinfo) *\('
} | rule 'ledger/ knows no socket'

find ledger api include tools tests Makefile .ci -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.[1-8]' \
	-o -name '*.py' -o -name '*.js' -o -name '*.mjs' -o -name '*.go' -o -name '*.java' -o -name '*.cddl' \
	-o -name '*.service' -o -name Makefile -o -path '.ci/run' \) 2>/dev/null | sort | while read -r file; do
	case $file in
	*.[ch] | Makefile) head -n 1 "$file" ;;
	*) head -n 3 "$file" ;;
	esac | grep -q 'SPDX-License-Identifier: Apache-2\.0' || echo "$file:1"
done | rule 'a file begins with its SPDX line'

# shellcheck disable=SC2086
for file in $sources; do
	count=$(wc -l <"$file")
	[ "$count" -le 600 ] || echo "$file: $count lines"
done | rule 'a file has at most 600 lines'
# shellcheck disable=SC2086
functions $sources | awk '$2 > 70 { print $1 ": " $2 " lines" }' | rule 'a function has at most 70 lines'
# shellcheck disable=SC2086
grep -nE '(^|[^A-Za-z0-9_])(TODO|FIXME)([^A-Za-z0-9_]|$)' $sources | cut -d: -f1,2 | rule 'what is left to do is not in the sources'
for file in $sources; do
	basename "$file"
done | grep '\.h$' | sort | uniq -d | rule 'a header has one home'
strangers | rule 'an exported name begins with the name of its file'

failed=$(grep -c failed "$work/rules")
echo "$(grep -c passed "$work/rules") passed, $failed failed"
[ "$failed" -eq 0 ]
