"""Expressions over a sentence that tell of whom it speaks: pronouns, groups, homes, victims.

They search the text itself, but `VICTIM_OF`, `DEADLY`, `WHO`, `PLACED` and `OF_PERSON` its lower case.
"""

from __future__ import annotations

import regex as re

_NAME = r"[A-Z][\w'’-]*"
_JOINED = r"(?: (?:upon|on|the|le|by|in|of|area of)){0,2}"
_PLACE = (
    rf"(?:the )?{_NAME}(?:{_JOINED} {_NAME}| area)*(?:, (?!(?:and|who|was)\b){_NAME}(?: (?:in |on |upon )?{_NAME})*)*"
)
_DWELLING = "home|house|flat|home address|address|property|bungalow"

# ", 35", "(35)", ", aged 35" behind a surname
DETAILS = re.compile(
    r"(?:,? (?:who is |now )?aged (?P<age>\d{1,3})|,? \((?P<age2>\d{1,3})\)|, (?P<age3>\d{1,3})(?=[,;:. ]|$)"
    r"|, who is (?P<age4>\d{1,3}))"
)
HOME_BEHIND = re.compile(rf",? (?:and |also )?(?:of|from) (?P<home>{_PLACE})")
HOME_OF = re.compile(
    rf"\b(?:his|her|their|the) (?:own )?(?:{_DWELLING}) (?:address )?(?:in|on|at) "
    rf"(?P<home>(?:the )?{_NAME}(?:(?: (?:upon|on|the|le|by|in|and|of)){{0,2}} {_NAME})*(?:, {_NAME}(?: {_NAME})*)*)"
)
PRONOUN = re.compile(
    r"\b(?P<male>[Hh]e|[Hh]is|[Hh]im)\b|\b(?P<female>[Ss]he|[Hh]er)\b|"
    r"\b(?P<both>[Bb]oth|[Tt]he pair|[Tt]he two|[Tt]hey|[Ee]ach|[Tt]he men|[Tt]he trio|[Aa]ll (?:three|four|five|"
    r"six|of them)|"
    r"[Tt]he (?:three|four|five|defendants|brothers|teenagers|youths|boys|women))\b"
)
THE_SAME = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat) (?:\d{1,2}[- ]year[- ]old )?(?P<noun>man|woman|boy|girl|teenager|youth|male|"
    r"female|driver|"
    r"defendant|suspect|victim|motorist|rider|\d{1,2}[- ]year[- ]old)\b"
)
AGE_AGAIN = re.compile(r"\b[Tt]he (\d{1,2})[- ]year[- ]old\b")
GROUP = re.compile(
    r"\b(?P<number>[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|\d{1,2}) (?:\w+ )?"
    r"(?P<noun>men|women|people|boys|girls|brothers|teenagers|youths|members|dealers|burglars|robbers|males|defendants|"
    r"drug dealers|thieves|suspects)\b"
)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
VICTIM_OF = re.compile(
    r"(?:murder(?:ing|ed)?(?: of)?|assault(?:ing|ed)?(?: on| of)?|attack(?:ing|ed)?(?: on)?|robb(?:ing|ed|ery of)|"
    r"rap(?:ing|ed|e of)|stabb(?:ing|ed)(?: of)?|kill(?:ing|ed)(?: of)?|death of|injur(?:ing|ed)|threaten(?:ing|ed)|"
    r"punch(?:ing|ed)|harm|defraud(?:ing|ed)|kidnap(?:ping|ped)?(?: of)?|body of|shooting of|shot)"
    r" (?:to |the |of )?(?:his |her |victim |their )?$"
)
DEADLY = re.compile(r"(?<!attempted )(?<!attempting to )(?<!attempt to )(?:murder|kill|death of|body of)")
# Between a mention and what befell the person: "who sadly "
WHO = re.compile(r",? (?:who |that )?(?:(?:has|had|have|was|were|been|later|sadly|tragically|then|also) )*")
NAMED_SUBJECT = re.compile(rf"\s*(?P<name>{_NAME}(?<!s)) (?:had|has|was|is|[a-z]+ed)\b")
PLACED = re.compile(
    r"(?:in|at|from|near|of|to|on|around|across|for|between|the|outside|through|into|via|towards|within|over|,) $"
)
OF_PERSON = re.compile(
    r"(?:arrest|death|murder|conviction|sentencing|victim|body|trial|killing|jailing|disappearance|murdering) (?:of )$"
)
