"""What became of a person: the cues of each stage of a case, and which stage is the furthest."""

from __future__ import annotations

import re
from typing import NamedTuple

# In the order in which a case goes on; of a victim and of a missing person, the later one is the graver.
SUSPECT = ("wanted", "arrested", "released", "cautioned", "charged", "remanded", "pleaded_guilty", "convicted",
           "acquitted", "sentenced")  # fmt: skip
VICTIM = ("hurt", "injured", "killed")
MISSING = ("missing", "found")
ROLE = {**dict.fromkeys(SUSPECT, "suspect"), **dict.fromkeys(VICTIM, "victim"), **dict.fromkeys(MISSING, "missing")}

_TERM = r"(?:sentence|term|order|prison|imprisonment|discharge|custody|jail|life|years?|months?|weeks?)"
_CUES = (
    ("future", r"(?:due|set|expected|scheduled|waiting|ordered|summonsed|bailed|will|to) (?:next )?(?:to )?(?:be |appear )(?:back )?(?:for )?sentenced?\w*|(?:awaiting|awaits|await|adjourned for|for) sentenc\w+|sentenc(?:ing|ed) (?:will|is due|is set|hearing)|(?:will|to) be sentenced|sentencing on"),
    ("sentenced", rf"jailed|sentenced|imprisoned|sent to prison|locked up|put behind bars|(?:was|were|been|and|be) (?:given|handed) (?:an? )?[^.\n]{{0,45}}?\b{_TERM}|received (?:an? )?[^.\n]{{0,45}}?\b{_TERM}|(?:was|been|were) fined|ordered to (?:pay|serve|complete|carry out)|(?:banned|disqualified) from driving|(?:got|given) life|begins? [^.\n]{{0,20}}(?:sentence|prison)|has been (?:given|made subject)|(?:started|begun|beginning|starting|serving|facing) [^.\n]{{0,25}}sentence|(?:received|given|give|got|handed) (?:\w+[- ]){{1,4}}(?:years|months|weeks)\b|spend [^.\n]{{0,30}}(?:prison|bars)|served? with a (?:criminal behaviour|closure) order"),
    ("acquitted", r"acquitted|(?:found )?not guilty(?! plea)|cleared of"),
    ("convicted", r"found guilty|convicted|guilty verdict"),
    ("pleaded_guilty", r"pleaded guilty|pleading guilty|pled guilty|pleads guilty|admitted|admitting|guilty pleas?"),
    ("remanded", r"remanded(?! on bail)|refused bail|remand in custody|held without bail|bail was refused"),
    ("charged", r"charged|denie[sd] (?:attempting|the|murder|all|any|[a-z]+ing|\w+ counts)|summonsed|indicted|(?:due|set|expected|scheduled) to appear|(?:will|to) appear (?:at|before|in)|appeared (?:at|before|in) [^.\n]{0,50}court|charges? (?:of|against)|faces? (?:charges|court)|reported for summons|arraigned|(?:is|are) before the courts?|postal requisition"),
    ("cautioned", r"cautioned|given a (?:formal |written )?(?:warning|caution)|(?:community|conditional) (?:resolution|caution)|accepted a caution"),
    ("custody", r"remains? in (?:police )?custody|(?:is|are|still) in (?:police )?custody|held in custody"),
    ("released", r"released|bailed|no further action|on (?:conditional )?bail|under investigation"),
    ("arrested", r"arrested|detained|taken into custody|apprehended|in custody|(?:was|were|been|being) (?:held (?:on|over|for)|caught)|under arrest|arrest of"),
    ("killed", r"died|killed|pronounced dead|declared dead|murdered|fatally|lost (?:his|her|their) li(?:fe|ves)|passed away|stabbed to death|shot dead|confirmed dead|(?:body|death) of|was found dead|sadly died|the deceased"),
    ("injured", r"injured|taken to (?:\w+ ){0,5}hospital|airlifted|(?:suffered|sustained|received|suffering|left with|with) (?:\w+ ){0,4}(?:injur\w+|fractures?|wounds?|burns|cuts?|bruis\w+|lacerations?)|stabbed|(?:in|to) hospital|hospitalised|shot (?:in|and)|wounded|was hurt|knocked unconscious|bitten"),
    ("hurt", r"(?:was|were|been) (?:robbed|assaulted|attacked|approached|threatened|punched|kicked|pushed|raped|followed|targeted|mugged|burgled|abused|grabbed|harassed|verbally abused|deceived|conned)|assault on|attack on"),
    ("wanted", r"wanted|(?:appeal|urge|help|like|want|keen|trying|hoping|looking|wish|need)\w* [^.\n]{0,30}(?:trace|speak (?:to|with)|identify|locate|find)|recognise|on the run|absconded|described as|failed to appear"),
    ("missing", r"(?:reported )?missing|last seen|concern(?:s|ed)? for (?:his|her|their) (?:welfare|safety)|whereabouts"),
    ("found", r"(?:been|was) (?:found|located|traced) (?:safe|well|alive|unharmed)|found safe|safe and well|has been (?:located|found|traced)"),
)  # fmt: skip
CUES = re.compile("|".join(rf"(?P<{name}>\b(?:{pattern}))" for name, pattern in _CUES))


class Cue(NamedTuple):
    """Words that tell a stage.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last one.
        stage: One of `SUSPECT`, `VICTIM` or `MISSING`, or ``future`` (a sentence yet to come).
    """

    start: int
    end: int
    stage: str


def cues(low: str, start: int, end: int) -> list[Cue]:
    """The cues of a sentence in lower case, in order."""
    found = []
    for hit in CUES.finditer(low, start, end):
        stage = str(hit.lastgroup)
        if _denied(low, start, hit.start()) and stage not in ("released", "acquitted", "future"):
            continue
        found.append(Cue(hit.start(), hit.end(), stage))
    return found


_NOT = re.compile(
    r"\b(?:no|not|never|without|nobody|if|could|may|might|would|should|risk)\b(?: \w+){0,3}$|n['’]t(?: \w+){0,2}$"
)


def _denied(low: str, start: int, at: int) -> bool:
    return _NOT.search(low[max(start, at - 30) : at].rstrip()) is not None


def furthest(stages: list[str]) -> str | None:
    """The stage that a case has reached; the one role that it speaks of most decides.

    >>> furthest(["arrested", "charged", "arrested"]), furthest(["charged", "custody"]), furthest(["pleaded_guilty", "future"])
    ('charged', 'remanded', 'convicted')
    """
    known = [stage for stage in stages if stage in SUSPECT]
    best = max(known, key=SUSPECT.index) if known else None
    if best in ("arrested", None) and "custody" in stages:
        best = "arrested"
    if best == "charged" and "custody" in stages:
        best = "remanded"
    if "future" in stages and best != "sentenced":
        best = "convicted"
    return best
