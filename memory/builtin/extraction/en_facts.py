"""Constant facts in English: what a predicate without its subject says.

Patterns read first and third person ("live in", "lives in"), so that the same
frames serve the user, the user's sister and the persona.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.en_words import (
    AILMENT,
    CONDITION,
    JOBS,
    NOT_NAMES,
    NUMBER,
    PET,
    RELATION,
)
from memory.builtin.extraction.fact_frames import FrameSpec, StatedFact, compiled, first_fit

_ADV = r"(?:(?:really|usually|always|also|just|currently|still|actually|absolutely|truly|now|honestly|already|definitely|totally|only|even|both|particularly|especially|genuinely|secretly|simply|kinda|quite|mostly|do|does) ){0,6}"
_BE = r"(?:am|is|are|'m)"


_VAGUE = re.compile(
    r"^(?:(?:basically |almost |nearly )?(?:everything|anything|nothing|all)(?: else| about.*)?$|it|that|this|them|him|her|you|one|those|these|how|what|when|to (?:know|see|hear|talk|chat|think|say|be|believe|help|ask|tell|die|cry)|the (?:idea|way|fact)|someone|a (?:guy|girl|boy|man|woman))\b|\byou(?:r|rs)?\b",
    re.IGNORECASE,
)


_POINTING = re.compile(r"\b(?:them|him|her|it|those|these|this|that)\b", re.IGNORECASE)


def _liked(match: re.Match[str]) -> str | None:
    if _POINTING.search(re.sub(r"\b(?:her|this|that) (?=\w)", "", match["thing"])):
        return None
    if match["thing"] in ("to", "the", "a"):
        return None
    if re.match(r"(?:about |around )?\d", match["thing"]):
        return None  # "I do like 60 hours a week"
    return None if _VAGUE.search(match["thing"]) or len(match["thing"]) > 90 else match.group()


def _no_you(match: re.Match[str]) -> str | None:
    return None if re.search(r"\byou(?:r|'re)?\b", match.group(), re.IGNORECASE) else match.group()


def _place(match: re.Match[str]) -> str | None:
    if re.match(
        r"(?:here|there|this|that|it|fear|pain|hope|peace|denial|the moment|a world|a house$|my)\b",
        match["where"],
        re.IGNORECASE,
    ):
        return None
    return _no_you(match)


def _named(match: re.Match[str]) -> str | None:
    return None if NOT_NAMES.search(match["name"]) else match.group()


_SPEC: list[FrameSpec] = [
    # --- identity
    (rf"{_ADV}{_BE} (?:turning |about |almost |nearly )?(?P<n>\d{{1,3}})(?: years? old| yrs? old| years? of age|yo)?", "identity", 4,
     lambda m: f"am {m['n']} years old" if 3 <= int(m["n"]) <= 110 else None),
    (r"is (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: years? old)?", "identity", 4, None),
    (r"(?:just |recently )?turned (?P<n>\d{1,3})", "identity", 4, lambda m: f"am {m['n']} years old" if 3 <= int(m["n"]) <= 110 else None),
    (r"(?:hometown|home town|native language|first language|mother tongue|zodiac sign|star sign|nickname|middle name|last name|surname|blood type) is (?P<thing>[\w ,'-]{2,40})", "identity", 4, _no_you),
    (rf"job is (?P<thing>(?:an? |being an? )?(?:[a-z-]+ ){{0,2}}{JOBS})", "work_study", 4, None),
    (r"(?:weigh|weighs) [\d.]+ ?(?:kg|kilos?|lbs?|pounds)|(?:am|is) [\d.]+ ?(?:cm|m|feet|ft)(?: tall)?", "identity", 3, None),
    (rf"{_BE} in (?:my|his|her|their) (?:early |mid |late |mid-)?(?:twenties|thirties|forties|fifties|sixties|seventies|teens|\d0s)", "identity", 4, None),
    (rf"{_BE} (?:a |an )?(?:transgender |trans |cis )?(?:woman|man|guy|girl|female|male|non-?binary)", "identity", 4, None),
    (rf"{_BE} (?:a |the )?(?:(?:single|proud|new|working|stay-at-home|solo|foster) ){{0,6}}(?:mom|mum|mother|dad|father|parent|grandmother|grandfather)(?: (?:of|to) .{{1,40}})?", "relationship", 4, _no_you),
    (rf"{_BE} (?:(?:a bit of|kind of|sort of|such|definitely|very much|totally) ){{0,6}}(?:a |an )?(?:total |real |bit of a |complete )?(?:introvert|extrovert|ambivert|introverted|extroverted|left-handed|lefty|night owl|morning person|early bird|perfectionist|people pleaser|homebody|only child|[IE][NS][FT][JP]|aries|taurus|gemini|cancer|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces)(?: and .{{1,30}})?", "identity", 3, None),
    (rf"{_BE} (?:half[- ])?(?:originally )?(?:american|british|english|scottish|irish|welsh|canadian|australian|german|french|italian|spanish|portuguese|dutch|belgian|swiss|austrian|polish|czech|hungarian|greek|turkish|russian|ukrainian|swedish|norwegian|danish|finnish|chinese|taiwanese|japanese|korean|vietnamese|thai|indian|pakistani|filipino|indonesian|malaysian|singaporean|brazilian|mexican|argentinian|colombian|chilean|peruvian|nigerian|kenyan|egyptian|moroccan|south african|israeli|lebanese|iranian|persian|cuban)(?: by birth)?", "identity", 4, None),
    (rf"{_ADV}(?:live|lives|am living|is living|am based|is based|reside|resides|am staying|is staying) (?:alone |together )?(?:on the \w+ floor )?(?:in|near|outside(?: of)?|at|by|on the outskirts of) (?P<where>[\w ,.'’éèüöäß-]{{2,60}})", "identity", 4, _place),
    (rf"{_ADV}(?:live|lives) (?:alone|by myself|on my own|with (?:my|his|her|their|two|three|a)[\w ,'-]{{2,50}})", "identity", 4, _no_you),
    (rf"{_ADV}{_BE} (?:originally )?from (?P<where>[\w ,.'’é-]{{2,40}})|(?:come|comes) from (?P<w2>[A-Z][\w ,.'-]{{1,40}})", "identity", 4,
     lambda m: None if re.match(r"(?:here|there|work|now|time|a (?:place|good))\b", m["where"] or m["w2"] or "", re.IGNORECASE) else m.group()),
    (r"(?:was |were )?(?:born(?: and raised)?|raised|grew up) (?:in|near|on|outside|between|by)(?: of)? (?P<where>[\w ,.'’é-]{2,50})", "identity", 4, _place),
    (r"(?:just |recently |finally |have (?:just |recently |finally )?)?(?:moved|relocated)(?: here| back)? (?:to|into) (?P<where>(?!(?:a|an|the|my|our) )[\w ,.'’é-]{2,50}?)(?: from [\w ,.'-]{2,30})?(?: for (?:work|school|grad school|college|uni|university|love|a (?:new )?job|my \w+))?", "identity", 4, _place),
    (r"(?:just |recently )?moved (?:here |over )?from (?P<where>[A-Z][\w ,.'’é-]{1,40}?)(?P<why> for (?:work|school|college|uni|university|love|a new job|my job))?", "identity", 4,
     lambda m: f"moved from {m['where']}{m['why'] or ''}"),
    (r"moved back (?P<where>home|in with (?:my|his|her|their) [a-z]+)(?P<why> to .{3,50})?", "identity", 4,
     lambda m: f"moved back {m['where']}" + ("" if _POINTING.search(m["why"] or "") else m["why"] or "")),
    (rf"{_BE} (?:the |an? )?(?:(?:oldest|eldest|youngest|middle)(?: (?:child|kid|sibling|one))?(?: of (?:the )?\w+)?|first in (?:my|his|her|their) family .{{3,40}}|maid of hono(?:u)?r|best man|bridesmaid|godmother|godfather)", "relationship", 3, None),
    # --- money
    (rf"{_ADV}owes? (?!you|him|her|them|it|everything|that|this|so\b)[\w ,.$£€'-]{{3,60}}", "other", 3, lambda m: _no_you(m) if re.search(r"\d|hundred|thousand|k\b|money|grand", m.group()) else None),
    (r"(?:rent|mortgage|salary|wage|student loan) (?:is|was|costs|(?:has |just ){0,6}(?:went|gone) (?:up|down)) ?(?P<thing>[\w ,.$£€'/-]{0,40})", "other", 3,
     lambda m: None if re.search(r"\b(?:insane|crazy|so high|ridiculous|you)\b", m.group()) else m.group().replace(" just ", " ").strip()),
    (rf"{_ADV}(?:earn|earns|make|makes|get paid) (?:about |around |like |only )?[$£€]?\d[\d.,]*k?(?: (?:a|per|an) (?:year|month|week|hour)| before tax| after tax){{0,6}}", "work_study", 3, None),
    (r"(?:work|works|do|does) (?:about |around |like |over )?(?P<n>\d+[- ]hours? (?:a|per) (?:week|day))", "work_study", 3, lambda m: f"work {m['n']}"),
    (rf"{_ADV}(?:have|has) (?:about |around |like |over )?[$£€]?\d[\d.,]*k? (?:in|of) (?:[a-z]+ ){{0,2}}(?:debt|loans|savings)", "other", 3, None),
    # --- people and pets
    (rf"{_ADV}(?:have|has|have got|'ve got|got) (?:{NUMBER}|no|twin) (?P<rel>{RELATION}s?)(?:(?: and| or|,) (?:{NUMBER} |no )?{RELATION}s?){{0,6}}(?:,? (?:named|called) (?P<name>[A-Z][\w' ,&-]{{1,40}}))?(?:,? who .{{3,60}})?", "relationship", 4, _no_you),
    (rf"{_ADV}{_BE} (?:happily |newly |recently |currently )?(?:married|engaged|divorced|single|widowed|separated|in a relationship|in a long-distance relationship|dating [A-Z]?[\w ']{{2,30}})(?: (?:to|with|for|since) .{{2,40}})?(?: with (?:\w+) kids)?", "relationship", 4, _no_you),
    (r"have been (?:married|engaged|together|dating|single|divorced)(?: (?:to|with) .{2,40})? (?:for|since) .{2,30}", "relationship", 4, _no_you),
    (rf"{_ADV}(?:have|has|own|owns|adopted|just adopted|got|have got|rescued|recently adopted) (?:{NUMBER}|my) (?:(?:rescue|old|little|big|small|cute|new|young|black|white|ginger|orange|grey|gray|brown|golden|tabby|\d+-year-old) ){{0,6}}{PET}(?: and (?:{NUMBER} )?{PET})?(?:,? (?:named|called|whose name is) (?P<name>[A-Z][\w' &-]{{1,40}}))?", "relationship", 4, _no_you),
    (rf"(?:have|has|have got|has got) {NUMBER} \d+[- ](?:year|month)[- ]olds?(?: .{{2,40}})?", "relationship", 4, _no_you),
    (rf"{_ADV}(?:have|has|keep|keeps|own|owns) (?:(?:rescue|old|pet|our own) )?(?:chickens|hens|cats|dogs|bees|horses|goats|sheep|ducks|rabbits|guinea pigs|rats|fish|snakes|birds|ferrets|alpacas)", "relationship", 4, None),
    # --- health
    (rf"{_ADV}{_BE} (?:(?:severely|highly|badly|slightly|deathly|really|also|mildly|very) ){{0,6}}allergic to (?P<thing>[\w ,'-]{{2,50}})", "health", 5, lambda m: None if re.match(r"(?:you|it|that|this)\b", m["thing"]) else m.group()),
    (r"(?:have|has|have got|suffer from|suffers from|have had) (?:a |an )?(?:severe |bad |mild |seasonal |serious )?(?P<thing>[\w -]{2,30}) (?:allergy|allergies|intolerance)(?: and [\w -]{{3,30}})?", "health", 5, _no_you),
    (rf"{_ADV}(?:have|has|have got|suffer from|suffers from|struggle with|struggles with|was diagnosed with|got diagnosed with|have been diagnosed with|am diagnosed with|live with|lives with|have had|have always had) (?:(?:really |very |severe |mild |bad |chronic |seasonal |pretty |terrible |some |a bit of |clinical |social |general |generali[sz]ed )){{0,6}}{CONDITION}(?: and {CONDITION})?(?: (?:since|for) .{{2,30}})?", "health", 4, None),
    (rf"{_ADV}{_BE} (?:(?:mildly|severely|partially|very|slightly) )?(?:diabetic|asthmatic|lactose[- ]intolerant|gluten[- ]intolerant|celiac|coeliac|colou?r[- ]?blind|epileptic|anemic|anaemic|autistic|dyslexic|deaf|blind|near-?sighted|short-?sighted|bipolar|deaf in one ear|hard of hearing|neurodivergent|(?:\w+ (?:weeks?|months?) )?pregnant(?: with .{{2,30}})?|in recovery|sober)(?: and .{{2,40}})?", "health", 4, None),
    (r"(?:can't|cannot|can not|am not able to|am unable to|'m not allowed to|am not allowed to) (?:really )?(?:eat|drink|have|digest|tolerate) (?P<thing>[\w ,'-]{2,50})", "health", 4, lambda m: None if _VAGUE.search(m["thing"]) or re.match(r"(?:a|any(?:thing|more)?|enough|much) ?$", m["thing"]) else m.group()),
    (r"(?:had|have had|underwent) (?:\w+ ){0,2}?(?:surgery|operation|transplant|bypass|c-section)(?: on .{2,30})?", "health", 4, _no_you),
    (rf"(?:often|always|frequently|constantly|regularly) (?:get|gets|have|has|suffer from|suffers from) {AILMENT}", "health", 4, None),
    (r"take (?:\w+ ){0,2}(?:medication|meds|insulin|antidepressants|pills)(?: for .{2,40})?", "health", 4, _no_you),
    # --- work and study
    (rf"{_ADV}(?:work|works|am working|is working|worked as) (?:full[- ]time |part[- ]time |remotely |nights |days |weekends )?as (?:an? |the )?(?P<job>[\w /-]{{3,40}}?)(?: (?:at|for|in|with) [\w ,.&'’-]{{2,40}})?", "work_study", 4, _no_you),
    (rf"{_ADV}{_BE} (?:currently )?(?:an? |the )?(?:[a-z-]+ ){{0,4}}?{JOBS}(?: (?:at|for|in|with|from|of|by) [\w ,.&'’-]{{2,50}})?", "work_study", 4,
     lambda m: None if re.search(r"\b(?:good|great|bad|terrible|not|no longer|your|huge|big fan|better|lucky|actually not)\b", m.group(), re.IGNORECASE) else _no_you(m)),
    (rf"{_ADV}(?:work|works|am working|is working|intern|interns|am interning|coach|coaches|help|helps|teach|teaches|volunteer|volunteers) (?:full[- ]time |part[- ]time |remotely |nights |mostly |[a-z]+ )?(?:at|for|in|with) (?P<where>[\w ,.&'’-]{{2,50}})", "work_study", 4,
     lambda m: None if re.match(r"(?:the moment|it|that|this|least|night|home$|my own|progress)\b", m["where"]) else _no_you(m)),
    (rf"{_ADV}(?:work|works) (?:from home|remotely|night shifts?|nights|the (?:night|day|early|late) shift|part[- ]time|full[- ]time|freelance|two jobs|(?:like |about |around )?\d+[- ]hours? (?:a|per) (?:week|day)|\d+[- ]hour (?:weeks|days|shifts))(?: (?:at|in|for) [\w '-]{{2,40}})?", "work_study", 3, None),
    (r"(?:teach|teaches) (?!me\b|you\b|myself)[\w ]{3,40}", "work_study", 4, _no_you),
    (rf"{_ADV}(?:study|studies|am studying|is studying|major in|majors in|am majoring in|is majoring in|majored in|studied) (?P<thing>[\w ,&'-]{{3,60}})", "work_study", 4, lambda m: None if re.match(r"(?:hard|for (?:hours|the|a)|all|a lot|it|that|late|tonight)\b", m["thing"]) else _no_you(m)),
    (rf"{_ADV}(?:(?:do|does) an?|{_BE} (?:currently )?(?:doing|getting|finishing|pursuing|working on|writing|starting) (?:my|an?|his|her|their)) (?:[\w ']{{0,20}})?(?:apprenticeship|placement|phd|ph\.d|master'?s|mba|degree|bachelor'?s|thesis|dissertation|doctorate|residency|internship)(?: (?:in|at|on|as|with) [\w ,&'-]{{2,50}})?", "work_study", 4, _no_you),
    (rf"{_BE} in (?:my |her |his )?(?:(?:first|second|third|fourth|final|last|\d+(?:st|nd|rd|th)) (?:year|grade|term|semester)(?: of (?:uni|university|college|high school|med school|my \w+|an? \w+))?|sixth form|year \d+|high school|college|university|med school|law school|grad school|middle school)(?: (?:of|at) [\w ']{{2,40}}?)?(?: (?:studying|doing|reading) [\w ,&'-]{{3,40}})?", "work_study", 4, None),
    (r"(?:go|goes|went) to (?:school|college|university) (?:in|at) [\w ,.'-]{2,40}|(?:graduated|just graduated) (?:from|in|with) [\w ,.'-]{2,50}", "work_study", 4, None),
    (r"(?:have |has |have got |got |just got |have just got )?(?:got )?(?:a place|an? (?:[a-z]+ ){0,3}offer|an unconditional offer|a conditional offer|accepted|a scholarship) (?:at|from|to|for|into|with) (?P<thing>[\w ,&'-]{3,60})", "work_study", 4, lambda m: _no_you(m) if m.group().startswith(("have", "got", "has", "just")) else None),
    (rf"{_ADV}(?:run|runs|own|owns|started|opened|have started) (?:my own |a small |a little |an? |our own |her own |his own )(?:[\w-]+ ){{0,3}}(?:business|company|shop|store|bakery|caf[eé]|restaurant|studio|startup|bar|bookshop|bookstore|agency|farm)(?: .{{2,40}})?", "work_study", 4, _no_you),
    (rf"{_ADV}{_BE} (?:retired|unemployed|self-employed|between jobs|out of work|on maternity leave|on parental leave|looking for (?:a (?:new )?)?(?:job|work)|job hunting|freelancing|on (?:a gap year|sabbatical|a year abroad|exchange|a placement year|a career break))(?: .{{2,30}})?", "work_study", 4, _no_you),
    (rf"{_ADV}{_BE} (?:learning|teaching myself|taking (?:\w+ )?(?:classes|lessons) in|practi[cs]ing|training for|preparing for|studying for) (?P<thing>[\w ,'-]{{3,50}})", "work_study", 3, lambda m: None if _VAGUE.search(m["thing"]) or re.match(r"(?:a (?:lot|ton|bunch|little)|so much|lots|that|more|new things)\b", m["thing"]) else m.group()),
    (r"used to (?:play|dance|sing|coach|box|row|paint|act|fence|do (?=ballet|judo|karate|gymnastics|athletics)) ?(?P<thing>[\w ,&'-]{0,60})", "identity", 3, _no_you),
    # --- habits
    (rf"{_ADV}(?P<v>[a-z']{{1,20}}(?: [\w'’-]{{1,24}}){{0,10}}?) (?:every (?:single )?(?:day|morning|night|evening|week|weekend|month|year|summer|winter|spring|fall|other day|couple of \w+|\d+ \w+|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekday)(?: (?:morning|evening|night|afternoon))?|(?:on )?(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays)|daily|weekly|twice a (?:day|week|month|year)|once a (?:day|week|month|year)|(?:three|four|five|two|\d) times a (?:day|week|month)|before bed|after work|after dinner|before breakfast|each (?:morning|night|day|week))(?: .{{2,40}})?", "habit", 3,
     lambda m: None if re.match(r"\w+ed\b|(?:took|made|saw|met|got|came|ate|left|ran|hate|love|like|prefer|enjoy|am|is|are|feel|feels|think|cry|miss|wish|see|hear|know|want|hope|will|would|was|were|did|had|went|can|could|have to|'m)\b", m["v"]) else _no_you(m)),
    (r"(?:every (?:single )?(?:day|morning|night|evening|week|weekend|month|year|summer|winter|sunday|monday|tuesday|wednesday|thursday|friday|saturday)|on (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays)),? (?P<v>[\w' ,-]{3,80})", "habit", 3, _no_you),
    (r"(?:usually|normally|typically|generally|always|never|rarely|often|tend to|tends to|have a habit of|am used to|mostly|hardly ever|regularly) (?P<v>(?!\w+ (?:it|them|this|that)\b)(?!there\b|here\b|so\b|super\b|too\b|a\b|an\b|the\b|in\b|on\b|at\b|my\b|busy|happy|up\b|just\b|not\b|been\b|being\b|be\b|has\b|have (?:my|his|her|their) back|feel|think|know|say|tell|wonder|forget you|want|wanted|been|had|knew|thought|love|loved|like|hate|dream|hope|wish|seem|believe|going|am |get so|felt|met|saw|said|told|understood)[a-z]+ [\w' ,:-]{2,70})", "habit", 3, _no_you),
    (r"(?:don't|doesn't|do not|never) (?:really )?(?P<v>(?:smoke|drink(?: alcohol| coffee)?|eat (?:meat|pork|beef|dairy|gluten|fish|seafood|sugar|breakfast|dinner|lunch)|drive|use social media|watch (?:tv|television)|wear [\w ]{3,20})(?: .{2,20})?)", "habit", 3, _no_you),
    (rf"{_ADV}(?:smoke|smokes|meditate|meditates|journal)|(?:quit|stopped|gave up|have given up) (?:smoking|drinking|sugar|coffee|alcohol|vaping|meat|caffeine)(?: .{{2,30}})?", "habit", 3, None),
    (r"(?:go|goes) to (?:bed|sleep|the gym|yoga|church|therapy) (?:at|around|by|before|after|late|early)[\w :.]{0,20}|(?:wake|wakes|get|gets) up (?:at|around|by|before|early|late)[\w :.]{0,20}", "habit", 3, None),
    (r"(?:can't|cannot) (?:sleep|work|study|function|start (?:my|the) day) without (?!you|him|her|them|it)[\w ,'-]{3,40}", "habit", 3, _no_you),
    # --- preferences
    (rf"{_BE} (?:a )?(?:strict |mostly )?(?:vegan|vegetarian|pescatarian|teetotal|teetotaler)", "preference", 4, None),
    (rf"{_BE} (?:a |an )?(?:(?:huge|big|massive|total|die-hard|real|lifelong|avid|such a|little|bit|really|so|absolutely|quite|kinda|secretly|properly|genuinely) ){{0,6}}(?:fan of|sucker for|lover of|into|obsessed with|fond of|passionate about|crazy about|addicted to|keen on|interested in|not a fan of|not into|not fond of|afraid of|scared of|terrified of) (?P<thing>[\w ,'’&.-]{{2,70}})", "preference", 3, _liked),
    (rf"{_BE} (?:a |an )?(?:(?:huge|big|total|real|avid|bit of a|such a|definitely a|more of a) ){{0,6}}(?:(?:[\w-]+ ){{1,2}}(?:fan|lover|person|addict|enthusiast|geek|nerd|buff|reader|foodie))", "preference", 3, lambda m: None if re.search(r"\b(?:good|bad|nice|terrible|horrible|kind|awful|different|changed|new|better)\b|\b(?:a|an|huge|big|total|real|such) (?:fan|lover|person|addict|nerd)$", m.group()) else _no_you(m)),
    (rf"{_ADV}(?:(?:don't|doesn't|do not|never|didn't) )?(?:really |much |particularly )?(?:love|loves|like|likes|enjoy|enjoys|adore|adores|prefer|prefers|hate|hates|dislike|dislikes|can't stand|cannot stand|can't bear|detest|detests|despise|loathe|can't resist|fear|dread) (?P<thing>[\w ,'’&./:+-]{{2,90}})", "preference", 3, _liked),
    (r"have (?:always|never|long) (?:really )?(?:liked|loved|hated|enjoyed|wanted to|dreamed of|preferred|disliked|been (?:into|afraid of|scared of|fascinated by)) (?P<thing>[\w ,'’&./-]{2,70})", "preference", 3, _liked),
    (rf"{_ADV}(?:have a (?:thing|soft spot|weakness|passion) for|have a sweet tooth|collect|collects) ?(?P<thing>[\w ,'’-]{{0,60}})", "preference", 3, _liked),
    (r"favou?rite (?P<what>[\w ]{2,30}?) (?:is|are|has always been|would be|was) (?P<thing>[\w ,'’&.:-]{2,70})", "preference", 3, lambda m: None if re.match(r"(?:when|you|that|what|how)\b", m["thing"]) else m.group()),
    (r"(?:main |biggest |favou?rite |only )?hobb(?:y|ies) (?:is|are|include)s? (?P<thing>[\w ,'’&-]{3,70})", "preference", 3, _no_you),
    # --- skills, goals, beliefs
    (rf"{_ADV}(?:can|could) (?:play|speak|cook|swim|drive|ski|surf|juggle|sew|knit|code|program|sing|dance|draw|paint|bake|ride)(?: [\w ,'-]{{2,50}})?(?: fluently)?", "identity", 3, lambda m: None if "could" in m.group() else _no_you(m)),
    (r"(?:can't|cannot) (?:swim|drive|cook|ski|sing|dance|ride a bike|whistle)", "identity", 3, None),
    (rf"{_ADV}(?:speak|speaks|play|plays) (?!with|to|for|about|it|games with|a (?:role|part))(?P<thing>(?:the |some |a little |fluent |basic )?[\w ,'-]{{3,50}})", "identity", 3, _no_you),
    (rf"{_BE} (?:fluent in|good at|great at|bad at|terrible at|native in) (?P<thing>[\w ,'-]{{3,50}})", "identity", 3, _liked),
    (r"(?:biggest |lifelong |ultimate |main |long-term |life |big |childhood |career ){0,6}(?:dream|goal|ambition|resolution)(?: job)?(?: (?:in life|for this year|this year))? is (?P<thing>[\w ,'’-]{4,80})", "plan", 4, _no_you),
    (rf"{_ADV}(?:want|wants|hope|hopes|dream of|dreams of|would love|plan|plans|am planning|is planning|am hoping|am saving up|am saving|intend|am trying|is trying) (?:to |on |for )?(?P<thing>(?:becom(?:e|ing)|be an? (?!part|good|better|burden|little|bit|fool)|learn(?:ing)?|open(?:ing)?|start(?:ing)?|writ(?:e|ing)|travel(?:ing|ling)?|visit(?:ing)?|mov(?:e|ing)|buy(?:ing)?|apply(?:ing)?|study(?:ing)?|run(?:ning)? (?:a|the)|quit(?:ting)?|cut(?:ting)? (?:down|back|out)|giv(?:e|ing) up|get(?:ting)? (?:fit|healthy|better at|over)|stop(?:ping)? [a-z]+ing|los(?:e|ing) weight|go(?:ing)? (?:back )?to (?!bed|sleep)|adopt(?:ing)?|get(?:ting)? (?:married|into|a (?:dog|cat|degree|new job|tattoo|driver))|a (?:house|trip|wedding|car))[\w ,'’-]{{0,70}})", "plan", 3, _no_you),
    (rf"{_ADV}(?:firmly |strongly |really |truly )?believe[s]? (?:in |that |(?=everything\b|people\b|everyone\b|life\b|love\b|god\b|kindness\b|karma\b|most\b|nobody\b|no one\b|animals\b))(?P<thing>[\w ,'’-]{{3,80}})", "belief", 3, lambda m: None if re.match(r"(?:it|this|that|you)\b", m["thing"]) else _no_you(m)),
    (rf"{_BE} (?:a |an )?(?:(?:devout|practi[cs]ing|lapsed|non-practi[cs]ing) )?(?:christian|catholic|muslim|jewish|jew|buddhist|hindu|sikh|atheist|agnostic|pagan|feminist|pacifist|minimalist|protestant|orthodox)", "belief", 4, None),
    (r"(?:don't|doesn't|do not) believe in (?P<thing>[\w ,'’-]{3,50})", "belief", 3, _liked),
]  # fmt: skip

FRAMES = compiled(_SPEC, re.IGNORECASE)


def read_fact(predicate: str) -> StatedFact | None:
    """The fact that ``predicate`` states, or None where no frame fits exactly."""
    return first_fit(FRAMES, predicate) if 2 < len(predicate) <= 140 else None
