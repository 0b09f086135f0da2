"""Words that tell nothing of a topic: the commonest ones of some languages, and an agent's own.

The first list also serves to guess that a text is English; the others, that it is not.
"""

from typing import Final

_ENGLISH = """
a about above after again against all almost also although always am an and another any
anyone anything are aren around as at away be because been before being below between both
but by can cannot can't could couldn't did didn't do does doesn't doing don don't done down
during each either else enough even ever every everything few for from further get gets
getting give given go goes going gone got had has hasn't have haven't having he her here hers
him his how however i i'd i'll i'm i've if in instead into is isn isn't it its it's itself
just keep kind know let let's like likely little ll look looks lot made make makes making many
may maybe me might mine more most much must my myself need needed needs never new next no nor
not nothing now of off often ok okay old on once one ones only onto or other others our out
over own perhaps please put quite rather re really right s said same say says see seem seems
several shall she should shouldn't since so some someone something sometimes soon still such
sure t take taken than thank thanks that that's the their them themselves then there there's
these they they're thing things think this those though through to today together too toward
tried try trying two under until up upon us use used uses using usually ve very want wanted
wants was wasn't way we we'd we'll we're we've well went were weren't what what's whatever
when where whether which while who whole whose why will with within without won't would
wouldn't yeah yes yet you you'd you'll you're you've your yours yourself
"""
_OTHERS = """
aber als auch auf aus bei bitte das dass dem den der des die dies diese doch durch ein eine
einen einer eines er es für haben hat hier ich im ist jetzt kann mein mir mit nach nicht noch
nur oder ohne schon sich sie sind soll über um und uns vom von vor was wenn wie wir wird zu
zum zur
alors au aux avec ce ces cette comme dans de des donc du elle en est et faire fait il ils je
la le les leur lui mais même mes moi mon ne nous ou où par pas plus pour quand que qui sa sans
se ses si son sont sur ta tes toi ton tout très tu un une vos votre vous
al algo como con cual cuando del desde donde dos el ella ellos entre era eres esa ese eso esta
este esto está están fue hay las lo los más me mi muy nada ni nos otra otro para pero poco por
porque pues puede quien se ser si sin sobre su sus también tan te tiene todo tu una unas unos
uno ya yo
ao aos até com da das dele depois do dos ela ele em essa esse eu foi isso isto já mais mas
meu minha muito na nas não nem no nos num numa os ou pela pelo porque qual quando são sem ser
seu sua também tem têm um uma você
che chi ci come con cosa cui da dal dalla degli dei del della delle di dove fare gli il io la
le lei loro lui ma mi mio molto nel nella noi non nostro per perché più poi qua quando quella
quello questa questo qui sono sul sulla tra tutto un una uno voi
aan als bij dan dat de deze die dit een en er geen haar heb heeft het hij hoe hun ik in is
je kan maar me met mijn naar niet nog of om ons onze ook op te tot uit van veel voor waar wat
we wel wij worden zijn zo
"""
_AGENTS = """
add added adding allow already answer app apply ask asked available based better change
changed changes changing check checked clean clear code command commands complete completed
confirm contain contains correct correctly create created creates creating current currently
data day default detail different directory does done either end ensure entire error errors
example exist existing exists expected explain fail failed false file files final find fine
first fix fixed fixes fixing folder follow following found full function good great happen
help here's hello hey hi idea implement implementation implemented include including info
information inside issue issues item items key kind last later leave let's line lines list
long look main matching mean mention message method missing mode move multiple name new note
number ok open option options order output part pass passed passes path perfect place plan
point possible pretty problem process project properly provide question read ready real
reason remaining remove removed replace report required result results return review run
running runs save second section see separate set setup show shown shows simple simply single
small specific start started starting state step steps still stop string success successful
successfully support system task tasks tell test tests text third thing three time top total
true type understand update updated updates user users value verify version view wait wanted
work worked working works write writing written wrong
"""
ENGLISH: Final = frozenset(_ENGLISH.split())
OTHERS: Final = frozenset(_OTHERS.split())
AGENTS: Final = frozenset(_AGENTS.split())
SILENT: Final = ENGLISH | OTHERS | AGENTS
