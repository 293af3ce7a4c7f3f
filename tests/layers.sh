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

# The rooms of ledger/, in their order: a file includes its own room and those above it, `.` being ledger/ itself.
rooms='base proof store books entry rule
	rules/custody rules/bank_file rules/incident rules/collateral rules/deposit rules/recourse rules/claims rules/hearing rules/desk
	rules/payee rules/rail rules/payout
	rules/ending rules/merchant rules/suspense
	decide audit .'

# The rooms of tools/, in their order, and by the same rule: `.` is what every one of them is built with.
workrooms='. import bank export pay play demo bench'

# What api/ and tools/ may see of ledger/, beside what include/ tells everybody.
seen='base/.*|proof/.*|entry/.*|books/chart\.h'

# The files that may use LMDB (the two stores, not the headers that others see; and what measures it bare), and nng, and
# the one function that may be random.
lmdb_files="$(ls ledger/store/log*.[ch] ledger/store/state*.[ch] ledger/store/lmdb_*.[ch] 2>/dev/null |
	grep -vE '/(log|state)\.h$') tools/bench/bench_commit.c"
nng_files='api/listen.c api/dial.c api/errand.c api/errand.h api/peer.c api/peer.h api/send.c api/send.h tools/bench/bench_echo.c'
random_function=crypto_random

# The files that may have a variable of each thread: jansson hands the functions by which it allocates no context; and what
# libcrypto hashes with is dear to make.
thread_files='ledger/base/(transcode|crypto)\.c'

# Prints all sources given as FILE:LINE:TEXT, comments and the insides of literals taken out.
code() {
	awk '
	FNR == 1 { comment = 0 }
	comment || /["\047]|\/[*\/]/ {
		include = /^[ \t]*#[ \t]*include/
		rest = $0
		text = ""
		while (rest != "") {
			if (comment) {
				if (!(at = index(rest, "*/"))) break
				rest = substr(rest, at + 2)
				text = text " "
				comment = 0
				continue
			}
			if (!match(rest, include ? "/[*]" : "/[*/]|[\"\047]")) { text = text rest; break }
			text = text substr(rest, 1, RSTART - 1)
			mark = substr(rest, RSTART, 1)
			rest = substr(rest, RSTART)
			if (mark == "/") {
				if (substr(rest, 2, 1) == "/") break
				rest = substr(rest, 3)
				comment = 1
			} else {
				text = text mark mark
				if (!match(rest, mark == "\"" ? "^\"([^\"\\\\]|\\\\.)*\"" : "^\047([^\047\\\\]|\\\\.)*\047")) break
				rest = substr(rest, RLENGTH + 1)
			}
		}
		$0 = text
	}
	/[^ \t]/ { print FILENAME ":" FNR ":" $0 }' "$@"
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
	grep -E "^($(echo "$*" | tr ' ' '|'))/" "$work/includes"
}

# The same as "FILE:LINE FILE FILE": who includes, and what, where that is one of ours. A header is looked for
# beside the includer first, then where the compiler looks.
edges() {
	find ledger api include tools tests -type f | awk '
	NR == FNR { ours[$0]; next }
	{
		file = $1; sub(/:.*/, "", file)
		beside = file; sub("/[^/]*$", "", beside)
		count = split(beside " include ledger api tools", directories, " ")
		for (i = 1; i <= count; i++) {
			path = directories[i] "/" $2
			while (sub("[^/.]+/[.][.]/", "", path)) continue
			if (path in ours) { print $1, file, path; next }
		}
	}' - "$work/includes"
}

# between FROM TO: the includes of files like the one pattern by files like the other.
between() {
	awk -v from="^($1)\$" -v to="^($2)\$" '$2 ~ from && $3 ~ to { print $1 }' "$work/edges"
}

# upwards LAYER ROOMS: the includes inside the layer that run against the order of its rooms.
upwards() {
	echo "$2" | tr -s ' \t\n' '\n\n\n' | awk -v layer="$1/" '
	function room(file) {
		file = substr(file, length(layer) + 1)
		return sub(/\/[^\/]*$/, "", file) ? file : "."
	}
	FNR == NR { place[$1] = FNR; next }
	index($2, layer) == 1 && index($3, layer) == 1 && place[room($3)] > place[room($2)] { print $1 }' - "$work/edges"
}

# homeless LAYER ROOMS: the folders of the layer that have no place in the order of its rooms.
homeless() {
	find "$1" -mindepth 1 -name '*.c' | sed "s|^$1/||; s|/*[^/]*\$||" | sort -u | while read -r room; do
		echo "$2" | tr -s ' \t' '\n\n' | grep -qx -e "${room:-.}" || echo "$1/$room"
	done
}

# circles: the units of ledger/ that lead back to themselves, X.c and X.h being one.
circles() {
	awk '$2 ~ /^ledger\// && $3 ~ /^ledger\// {
		sub(/\.[ch]$/, "", $2); sub(/\.[ch]$/, "", $3)
		if ($2 != $3) print $2, $3
	}' "$work/edges" | tsort 2>&1 >/dev/null | sed -n 's/^tsort: \(ledger\/.*\)/\1/p' | sort -u
}

# only PATTERN FILE...: the includes of headers like PATTERN outside these files, tests aside.
only() {
	pattern=$1
	shift
	includes ledger api include tools | awk -v pattern="^($pattern)\$" -v files=" $* " '
	$2 ~ pattern { file = $1; sub(/:.*/, "", file); if (!index(files, " " file " ")) print $1 }'
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
	find ledger api tools -name '*.c' | sort | sed "s|\(.*\)c\$|$build/\1o|" | xargs ls 2>/dev/null |
		xargs -r nm -Ag --defined-only | awk -v objects="$build/" '
	NR == FNR { public[$0]; next }
	{
		name = $NF
		file = substr($1, length(objects) + 1); sub(/\.o:.*/, ".c", file)
		own = file; sub(".*/", "", own); sub(/\.c$/, "", own)
		if (name == own || index(name, own "_") == 1 || name ~ /^__|\./) next
		if (name == "main" && file ~ /^tools\// || name ~ /^recourse_/ && name in public) next
		print file " exports " name
	}' "$work/public" -
}

sources=$(find ledger api include tools tests -name '*.[ch]' | sort)
# shellcheck disable=SC2086
code $sources >"$work/code"
sed -n 's/^\([^:]*:[0-9]*\):[ \t]*#[ \t]*include[ \t]*[<"]\([^>"]*\)[>"].*/\1 \2/p' "$work/code" >"$work/includes"
edges >"$work/edges"
cat include/recourse*.h | tr -cs 'a-z0-9_' '\n' >"$work/public"

homeless ledger "$rooms" | rule 'a folder of ledger/ has its place in the order of the rooms'
homeless tools "$workrooms" | rule 'a folder of tools/ has its place in the order of the rooms'
upwards ledger "$rooms" | rule 'a room of ledger/ includes itself and the rooms above it'
upwards tools "$workrooms" | rule 'a room of tools/ includes itself and the rooms before it'
circles | rule 'no circle of includes in ledger/'
find api include -mindepth 2 -name '*.[ch]' | rule 'api/ and include/ have their sources beside each other'
between 'ledger/.*' '(api|tools)/.*' | rule 'ledger/ includes nothing of api/ or tools/'
between 'api/.*' 'tools/.*' | rule 'api/ includes nothing of tools/'
between '(api|tools)/.*' 'ledger/.*' >"$work/inside"
between '(api|tools)/.*' "ledger/($seen)" >"$work/allowed"
grep -vxFf "$work/allowed" "$work/inside" | rule 'api/ and tools/ see base, proof, entry and the chart of ledger/'
includes include | grep -Ev ' (recourse[a-z_]*|std[a-z]*|inttypes)\.h$' | cut -d' ' -f1 |
	rule 'a public header includes only public headers and the standard ones'
between '(ledger|api|include|tools)/.*' 'tests/.*' | rule 'only tests include tests/'

# shellcheck disable=SC2086
only 'lmdb\.h' $lmdb_files | rule 'lmdb is for the two stores, behind their headers'
only '(sodium\.h|sodium/.*|openssl/.*)' ledger/base/crypto.c | rule 'libsodium and libcrypto are for crypto.c'
only 'jansson\.h' ledger/base/transcode.c | rule 'jansson is for transcode.c'
# shellcheck disable=SC2086
only 'nng/.*' $nng_files | rule "nng is for $nng_files"
includes ledger api include | grep ' csv\.h$' | cut -d' ' -f1 | rule 'libcsv is for tools/'
includes ledger api include | grep ' libxml/' | cut -d' ' -f1 | rule 'libxml2 is for tools/'

{
	includes ledger include | grep -E ' (pthread|threads|semaphore|stdatomic)\.h$' | cut -d' ' -f1
	words 'pthread_[a-z_]+ *\(|thrd_[a-z]+ *\(|_Atomic|_Thread_local|__thread|CRYPTO_THREAD_LOCAL' |
		grep -vE "^$thread_files:"
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
	/^\}/ { inside = 0 }' ledger/base/crypto.c >"$work/allowed" 2>/dev/null
grep -vxFf "$work/allowed" "$work/random" | rule "ledger/ knows no randomness but $random_function"
{
	includes ledger include | grep -E ' (sys/socket|sys/un|netinet/.*|arpa/.*|netdb|poll|sys/epoll|sys/select)\.h$' |
		cut -d' ' -f1
	words '(socket|socketpair|connect|accept4?|listen|bind|getaddrinfo) *\('
} | rule 'ledger/ knows no socket'

find ledger api include tools tests Makefile .ci -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.[1-8]' \
	-o -name '*.py' -o -name '*.js' -o -name '*.mjs' -o -name '*.go' -o -name '*.java' -o -name '*.cddl' \
	-o -name '*.service' -o -name Makefile -o -path '.ci/run' \) | sort | xargs awk '
	FNR > (FILENAME ~ /(\.[ch]|Makefile)$/ ? 1 : 3) { nextfile }
	/SPDX-License-Identifier: Apache-2\.0/ { said[FILENAME] }
	END { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in said)) print ARGV[i] ":1" }' |
	rule 'a file begins with its SPDX line'

# shellcheck disable=SC2086
wc -l $sources | awk '$1 > 600 && $2 != "total" { print $2 ": " $1 " lines" }' | rule 'a file has at most 600 lines'
# shellcheck disable=SC2086
functions $sources >"$work/functions"
awk '$2 > 70 { print $1 ": " $2 " lines" }' "$work/functions" | rule 'a function has at most 70 lines'
# shellcheck disable=SC2086
grep -nE '(^|[^A-Za-z0-9_])(TODO|FIXME)([^A-Za-z0-9_]|$)' $sources | cut -d: -f1,2 | rule 'what is left to do is not in the sources'
echo "$sources" | grep '\.h$' | sed 's|.*/||' | sort | uniq -d | rule 'a header has one home'
find README.md CHANGELOG.md api ledger tools tests -name '*.md' | sort | while read -r page; do
	grep -oE '\]\([^)#: ]+[)#]' "$page" | sed 's/^](//; s/.$//' | while read -r target; do
		[ -e "$(dirname "$page")/$target" ] || echo "$page: $target"
	done
done | rule 'a page links to what is there'
strangers | rule 'an exported name begins with the name of its file'

grep -E '^(ledger|api|tools)/' "$work/functions" | sort -k 2n | awk '{ lines[NR] = $2 }
	END { print NR " functions: " lines[int((NR + 1) / 2)] " lines the median (aim: 12), " \
		lines[int((NR * 95 + 99) / 100)] " the 95th percentile (aim: 30)" }'
failed=$(grep -c failed "$work/rules")
echo "$(grep -c passed "$work/rules") passed, $failed failed"
[ "$failed" -eq 0 ]
