"""Words of programming talk that stand for the same thing, so that a paraphrase is found."""

from core.threads.words import stem

_GROUPS = """
crash panic abort segfault
error exception failure fail traceback
slow latency performance speed fast
memory ram heap
option alternative choice way approach
total summary sum aggregate
doubtful ambiguous unclear uncertain
library package dependency module
size bytes kb mb gb
number count amount
remove delete drop
add insert append
fix repair solve resolve
rename name
image picture png
chart plot graph figure
table grid
column field
row record line
user customer people person
password credential secret
login signin auth
folder directory
function method routine
argument parameter option flag
test spec check
string text
integer int
config configuration setting
database db sqlite postgres
button control
server backend service
client frontend browser
container docker pod
cpu core processor
thread worker
cache cached lru
expire ttl eviction
limit maximum max cap
minimum min least
timeout wait
retry attempt
deploy release publish
branch fork
commit change
merge combine
deadline date
begin start first
end final last
id identifier uid
root admin
complain complaint warn warning
risk risky danger unsafe
hand manual human
measure profile benchmark
duplicate copy
export import
format encoding
windows linux mac macos
alert alarm notify
metric measurement
schedule cron
log logging
"""


def _table() -> dict[str, tuple[str, ...]]:
    kin: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(_GROUPS.split("\n")):
        for word in line.split():
            kin.setdefault(stem(word), ())
            kin[stem(word)] += (f"={number}",)
    return kin


KIN = _table()
