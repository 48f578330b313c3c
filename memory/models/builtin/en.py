"""English: what a message is about, and the user's own words turned to "you"."""

from __future__ import annotations

import re

# (intent, pattern), most telling first; matched in lower case.
INTENTS: tuple[tuple[str, str], ...] = (
    (
        "other_sick",
        r"\b(?:my|our|the|his|her) (?:\w+ )?(?:dog|cat|puppy|kitten|mum|mom|mother|dad|father|"
        r"sister|brother|nan|gran\w*|son|daughter|kid|baby|husband|wife|partner|friend|boyfriend|"
        r"girlfriend)\b[^.!?]{0,20}\b(?:sick|ill|hospital|surgery|unwell|fever|injured|broke|fell|"
        r"not well)\b|\bthe vet\b",
    ),
    (
        "brb",
        (
            r"\bbrb\b|be right back|back in a (?:sec|minute|bit)|one (?:sec|moment)\b|"
            r"hang on|hold on"
        ),
    ),
    (
        "reaction",
        (
            r"^(?:ha(?:ha)+,? |aw+,? |oh,? |wow,? )?(?:that'?s|that is|how|so|sounds|"
            r"she'?s|he'?s) (?:so |really |very |pretty |adorably )?(?:cute|sweet|nice|"
            r"lovely|funny|cool|interesting|great|adorable|beautiful|wonderful|hilarious|"
            r"wholesome)$|^aw+$|^wow$|you (?:actually )?remembered"
        ),
    ),
    (
        "commit",
        (
            r"^(?:ok(?:ay)?|alright|right|fine|yes|yeah)?[,.]? ?(?:i'?ll|i will|i'?m "
            r"going to|let me) (?:do|try|start|finish|call|text|write|go to bed|think|"
            r"give|ask|send|have)\b|\bi (?:could|might) (?:try|text|call|ask|write|go|do|"
            r"start|send)\b|^maybe i(?:'ll| will| should)"
        ),
    ),
    (
        "content",
        (
            r"\b(?:content|peaceful|at peace|cosy|cozy|relaxed|relaxing|comfortable|calm|"
            r"pretty good|quite nice|all right today)\b"
        ),
    ),
    (
        "annoyed",
        (
            r"\b(?:annoying|annoyed|irritating|nagging|nags|keeps asking|sick of hearing|"
            r"ugh)\b"
        ),
    ),
    ("goodnight", r"\bgood ?night\b|\bnighty|going to (?:bed|sleep)\b|off to bed|^gn\b"),
    (
        "bye",
        (
            r"^(?:ok(?:ay)?,? |alright,? |well,? )?(?:bye|goodbye|see (?:you|ya)|talk "
            r"(?:to you )?(?:later|soon|tomorrow)|ttyl|gotta go|i (?:have|need|'ve got) "
            r"to (?:go|run)\b|cya|take care)"
        ),
    ),
    (
        "insult",
        (
            r"\byou(?:'re| are)? (?:so |really |just |a )*(?:stupid|dumb|useless|idiot|"
            r"annoying|boring|rubbish|garbage|trash)|shut up|\bfuck (?:you|off)|\byou suck"
        ),
    ),
    (
        "love_you",
        (
            r"\bi (?:really |also )?(?:love|like|adore) you\b(?! (?:said|did|asked|"
            r"mention|can|have))|love you"
        ),
    ),
    (
        "praise",
        (
            r"\byou(?:'re| are) (?:so |really |very |such |too |the )*(?:nice|kind|sweet|"
            r"great|awesome|amazing|smart|clever|funny|wonderful|best|lovely|helpful|good|"
            r"a good|thoughtful)"
        ),
    ),
    (
        "thanks",
        (
            r"^(?:ok(?:ay)?,? |aw+,? |oh,? )?(?:thanks|thank you|thx|ty\b|cheers|much "
            r"appreciated)"
        ),
    ),
    ("sorry", r"^(?:i'?m )?(?:so |really )?(?:sorry|my bad|apologies)[^,.]{0,20}$"),
    (
        "dunno",
        (
            r"^(?:i )?(?:don'?t|do not) (?:really )?know\W*$|^(?:idk|dunno|not sure|no "
            r"idea|hard to say|i'?m not sure)\W*$"
        ),
    ),
    (
        "no",
        (
            r"^(?:no|nope|nah|not really|not yet|no thanks|never mind|nothing|not at all|"
            r"nothing much|no i (?:don'?t|didn'?t|haven'?t))\W*$"
        ),
    ),
    (
        "yes",
        (
            r"^(?:yes|yeah|yep|yup|sure|of course|right|exactly|true|i do|i did|i have|"
            r"definitely|absolutely|okay sure|yes i do|yes please|i think so|i guess "
            r"so)\W*$"
        ),
    ),
    (
        "ack",
        (
            r"^(?:ok(?:ay)?|k|hm+|mhm|mm+|uh huh|i see|got it|alright|fine|cool|nice|oh|"
            r"ah|well|fair enough|makes sense|interesting|\.+|…+)\W*$"
        ),
    ),
    ("laugh", r"^(?:ha){2,}|\blol\b|\blmao\b|\brofl\b|^(?:he){2,}\b|hilarious"),
    (
        "loss",
        (
            r"\b(?:passed away|funeral|died|death of|grieving|grief|lost my (?:mum|mom|"
            r"dad|father|mother|grand\w+|dog|cat|friend|brother|sister|husband|wife))\b"
        ),
    ),
    (
        "breakup",
        (
            r"\bbr(?:oke|eak|eaking|oken) up\b|\bbreakup\b|\bdumped me\b|got dumped|"
            r"divorc|my ex\b|cheated on me|left me\b"
        ),
    ),
    (
        "sick",
        (
            r"\b(?:sick|ill|flu|fever|headache|migraine|stomach ?ache|cough|sore throat|"
            r"toothache|throwing up|nausea|cramps|sprained|broke my|hospital|i have a "
            r"cold|caught a cold|unwell|back hurts|hurts a lot)\b"
        ),
    ),
    (
        "insomnia",
        (
            r"\b(?:can'?t sleep|couldn'?t sleep|insomnia|slept (?:badly|terribly|poorly)|"
            r"up all night|didn'?t sleep|barely slept|wide awake)\b"
        ),
    ),
    (
        "wronged",
        (
            r"\b(?:unfair|not fair|blamed me|yelled at|shouted at|told off|accused|"
            r"misunderst\w+|criticis\w+|criticiz\w+|humiliat\w+|insulted me|took credit)\b"
        ),
    ),
    (
        "angry",
        (
            r"\b(?:angry|furious|mad at|pissed|annoyed|annoying|fed up|outrag\w+|hate "
            r"(?:him|her|them|it when|my boss)|irritat\w+|argu(?:ed|ment|ing)|had a "
            r"(?:fight|row)|drives? me (?:crazy|mad))\b"
        ),
    ),
    (
        "lonely",
        (
            r"\b(?:lonely|alone|no ?one to talk|nobody to talk|no friends|by myself|"
            r"isolated|left out|nobody (?:gets|understands|called))\b"
        ),
    ),
    (
        "anxious",
        (
            r"\b(?:overthink\w*|can'?t stop thinking|keep thinking|anxious|anxiety|"
            r"nervous|worried|worry|worrying|scared|afraid|terrified|"
            r"dread\w*|panic\w*|stage fright|freaking out|butterflies|uneasy)\b"
        ),
    ),
    (
        "stressed",
        (
            r"\b(?:haven'?t (?:even )?started|putting (?:it|things|them|that) off|"
            r"procrastinat\w*|stress\w*|overwhelmed|too much (?:work|to do)|deadlines?|"
            r"swamped|"
            r"burn(?:ed|t) out|burnout|under pressure|so much pressure|behind on|can'?t "
            r"keep up)\b"
        ),
    ),
    (
        "lost",
        (
            r"\b(?:feel lost|so lost|don'?t know what (?:to do with|i want)|no direction|"
            r"pointless|stuck in|what am i doing with|purpose|empty inside|meaningless|"
            r"feel empty)\b"
        ),
    ),
    (
        "doubt",
        r"(?:not|n't) (?:good|smart|strong|clever|pretty) enough|if i'?m good enough|imposter|"
        r"\bi'?m (?:such )?(?:a |an )?(?:failure|useless|stupid|loser|fraud)\b|"
        r"can'?t do anything right|not confident|no confidence",
    ),
    (
        "sad",
        (
            r"\b(?:sad|unhappy|depress\w+|feeling (?:down|low|blue)|feel (?:down|low|"
            r"awful|terrible|horrible|like crying|bad|worthless)|cried|crying|heartbroken|"
            r"miserable|disappointed|let down|upset|hurt|regret|rejected|failed|lost my "
            r"job|got fired|laid off|bad day|rough day|terrible day|awful day|homesick|"
            r"miss (?:him|her|them|my|home))\b"
        ),
    ),
    (
        "tired",
        (
            r"\b(?:tired|exhausted|worn out|drained|sleepy|knackered|shattered|no energy|"
            r"long day|wiped out|need a break)\b"
        ),
    ),
    ("bored", r"\b(?:bored|boring day|nothing to do|boredom|killing time)\b"),
    (
        "proud",
        (
            r"\b(?:got the job|got promoted|promotion|got a raise|passed (?:my|the)|got "
            r"in(?:to)?|accepted|graduat\w+|won\b|first place|i did it|finished my|nailed "
            r"it|aced|got an offer|job offer|made it|award|published)\b"
        ),
    ),
    (
        "relieved",
        (
            r"\bfeel(?:ing)? (?:a (?:bit|little) |much |so much )?better\b|\b(?:relieved|"
            r"relief|finally (?:done|over|finished)|weight off|thank god|"
            r"phew|it'?s over)\b"
        ),
    ),
    (
        "happy",
        (
            r"(?<!not )(?<!n't )\b(?:happy|glad|excited|thrilled|delighted|over the moon|"
            r"great news|good news|best day|wonderful day|great day|so good|amazing day|"
            r"engaged|pregnant|getting married|fell in love|can'?t stop smiling|lovely "
            r"day|yay+|woohoo)\b"
        ),
    ),
    (
        "allergy",
        (
            r"\b(?:allerg\w+|intoleran\w+|can'?t eat|vegetarian|vegan|gluten|coeliac|"
            r"celiac)\b"
        ),
    ),
    ("fact_name", r"\b(?:my name(?:'s| is)|call me|people call me|i'?m called|name'?s)\b"),
    ("birthday", r"\bbirthday\b|\bturn(?:ing|ed) \d+"),
    (
        "fact_age",
        (
            r"\bi(?:'m| am) \d{1,3}(?: years old)?\b(?! (?:minutes|percent|km|miles|"
            r"pounds|kilos))"
        ),
    ),
    (
        "fact_job",
        (
            r"\bi(?:'m| am) an? (?:\w+ ){0,2}(?:teacher|doctor|nurse|engineer|developer|"
            r"programmer|designer|lawyer|accountant|student|chef|driver|editor|journalist|"
            r"manager|writer|artist|illustrator|photographer|barista|librarian|scientist|"
            r"researcher|waiter|waitress|electrician|plumber)\b|\bi work (?:as|at|for|"
            r"in)\b"
        ),
    ),
    (
        "fact_home",
        (
            r"\bi (?:now |currently )?(?:live|moved|grew up) (?:in|to|near|from)\b|"
            r"\bi(?:'m| am) from\b|\bi come from\b"
        ),
    ),
    (
        "fact_dislike",
        (
            r"\bi (?:really |just |also )?(?:hate|dislike|can'?t stand|don'?t (?:really "
            r")?(?:like|eat|drink|enjoy))\b"
        ),
    ),
    (
        "fact_like",
        (
            r"\bi (?:really |also |just |absolutely |do |still )*(?:like|love|enjoy|adore|"
            r"prefer)\b(?! to know)|\bmy favou?rite\b|\bi'?m (?:really )?into\b|\bi'?m a "
            r"(?:big |huge )?fan\b"
        ),
    ),
    (
        "pet",
        (
            r"\b(?:my|our|your|a|the) (?:\w+ ){0,2}(?:dog|cat|kitten|puppy|hamster|rabbit|"
            r"parrot|bunny|goldfish|tortoise|corgi|labrador|retriever|tabby)\b|\bpets?\b|"
            r"\b(?:puppy|kitten|doggo)\b"
        ),
    ),
    (
        "food",
        (
            r"\b(?:eat|eating|ate|food|lunch|dinner|breakfast|brunch|cook\w*|bak(?:ed|"
            r"ing)|pizza|pasta|cake|coffee|tea|soup|curry|restaurant|takeaway|hungry|"
            r"recipe|noodles|dumplings|sandwich|bread|supper|snack|cafe|café)\b"
        ),
    ),
    (
        "love",
        (
            r"\b(?:crush|boyfriend|girlfriend|husband|wife|partner|first date|dating|in "
            r"love|asked (?:him|her|them) out|flirt\w*|tinder|hinge)\b"
        ),
    ),
    (
        "family",
        (
            r"\b(?:my|our) (?:\w+ )?(?:mum|mom|mother|dad|father|parents|sister|brother|"
            r"grand\w+|nan|aunt|uncle|cousin|daughter|son|kids?|family|in-laws|niece|"
            r"nephew)\b"
        ),
    ),
    (
        "friend",
        (
            r"\b(?:friends?|best mate|mates?|flatmates?|roommates?|housemates?|"
            r"classmates?|buddy)\b"
        ),
    ),
    (
        "study",
        (
            r"\b(?:study\w*|studied|exams?|homework|essay|thesis|dissertation|"
            r"class(?:es)?|lecture|school|university|uni|college|professor|midterms?|"
            r"finals|revision|revising|assignment|library)\b"
        ),
    ),
    (
        "work",
        (
            r"\b(?:work|working|job|office|boss|colleagues?|coworkers?|meetings?|project|"
            r"client|interview|resign|quit|promotion|shift|overtime|manager|intern\w*|cv|"
            r"resume)\b"
        ),
    ),
    (
        "sport",
        (
            r"\b(?:ran|run|running|gym|workout|swim\w*|football|basketball|tennis|yoga|"
            r"hik\w+|climb\w+|cycl\w+|bike ride|jog\w*|marathon|exercis\w+|ski\w*|"
            r"badminton|parkrun|pilates)\b"
        ),
    ),
    (
        "travel",
        (
            r"\b(?:travel\w*|trip|holiday|vacation|flight|airport|train to|hotel|beach|"
            r"abroad|road trip|camping|hostel|passport)\b"
        ),
    ),
    (
        "music",
        (
            r"\b(?:music|song|album|concert|gig|band|guitar|piano|sing(?:ing)?|choir|"
            r"playlist|vinyl|cello|violin)\b"
        ),
    ),
    (
        "film",
        (
            r"\b(?:film|movie|cinema|netflix|series|episode|tv show|documentary|anime|"
            r"binge\w*)\b"
        ),
    ),
    ("book", r"\b(?:book|novel|reading|poem|poetry|author|chapter|read a)\b"),
    (
        "game",
        (
            r"\b(?:video ?games?|gaming|zelda|minecraft|playstation|xbox|switch|steam|"
            r"board game|chess|puzzle)\b"
        ),
    ),
    (
        "weather",
        (
            r"\b(?:weather|rain\w*|snow\w*|sunny|sunshine|storm\w*|foggy|freezing|"
            r"heatwave|wind(?:y)?|cold outside|hot today|cloudy|drizzle)\b"
        ),
    ),
    (
        "money",
        (
            r"\b(?:money|broke\b|rent|salary|bills?|mortgage|savings?|afford|debt|"
            r"expensive|budget)\b"
        ),
    ),
    (
        "shopping",
        (
            r"\b(?:bought|ordered|shopping|parcel|delivery|sale\b|new (?:shoes|coat|phone|"
            r"laptop|bike|dress|camera))\b"
        ),
    ),
    (
        "home",
        (
            r"\b(?:flat|apartment|moving (?:house|out|in)|landlord|new place|my room|"
            r"tidied|cleaned the|furniture|decorat\w+)\b"
        ),
    ),
)

_AFTER = r"(?: there| again| niannian| yan| shen yan| qing| everyone)?[\s!.,~]*"
_HELLO = r"hi+|hello+|hey+|hiya|yo|howdy|sup|greetings|what'?s up|i'?m back|(?:are )?you there\??"
GREETINGS = rf"^(?:{_HELLO})(?!\w|'){_AFTER}"
MORNING = rf"^(?:good )?morning\b{_AFTER}"
NOON = rf"^good afternoon\b{_AFTER}"
EVENING = rf"^(?:good )?evening\b{_AFTER}"

PLAN = (
    r"\b(?:i'?m|we'?re|i am|we are) (?:going to|gonna|planning|thinking of|about "
    r"to|meeting|visiting|flying|taking|seeing|having|starting|moving)\b|\b(?:i|"
    r"we) (?:will|plan to|want to|intend to|hope to)\b|\bi'?ll\b|\bi have an? "
    r"(?:\w+ ){0,3}(?:interview|exam|appointment|date|meeting|test|concert|flight|"
    r"party|presentation|race)\b|\bbooked\b|\bsigned up\b|\bgot tickets\b"
)
PAST = (
    r"\b(?:i|we) (?:just |finally |also )?(?:went|saw|had|did|made|met|got|found|"
    r"took|visited|watched|played|spent|tried|started|finished|walked|wrote|"
    r"called|came|bought|baked|cooked|cleaned|talked|spoke|lost|missed|helped|"
    r"stayed|ran|rode|learned|learnt|was|were)\b|\byesterday\b|\blast (?:night|"
    r"week|weekend|month)\b|\bthis morning\b"
)

QUESTION = (
    r"\?\s*$|^(?:what|who|where|when|why|how|which|whose|is|are|do|does|did|can|"
    r"could|would|will|should|have|has)\b"
)

_FLIPS: tuple[tuple[str, str], ...] = (
    (r"\bi'm\b", "you're"),
    (r"\bi am\b", "you are"),
    (r"\bi was\b", "you were"),
    (r"\bi wasn't\b", "you weren't"),
    (r"\bi've\b", "you've"),
    (r"\bi'll\b", "you'll"),
    (r"\bi'd\b", "you'd"),
    (r"\bmyself\b", "yourself"),
    (r"\bmy\b", "your"),
    (r"\bmine\b", "yours"),
    (r"\bme\b", "you"),
    (r"\bi\b", "you"),
)
_LEAD = re.compile(
    r"^(?:(?:and|but|so|well|oh|ugh|yeah|yes|no|actually|honestly|also|then|"
    r"because|today|yesterday|lately|anyway|okay|ok|hey|guess what|you know|to be "
    r"honest|finally|sadly|luckily|unfortunately|i think|i guess|i feel like)[, "
    r"]+)+"
)
_OWN = re.compile(r"^(?:i|my)\b")
_BAD = re.compile(
    r"\b(?:you|your|we|us|our|ours|whether|if|why|how|what|which|who|don't know|"
    r"not sure|think|guess|wonder|hope|wish|suppose|mean|feel|http\w*|maybe|"
    r"perhaps|should|could|would)\b|[<>{}=;?@]|\b(?:the|a|an|to|of|and|but|with|"
    r"at|in|on|for|my|by|from|about|that|because|so|is|was|are|were|very|really|"
    r"just)$"
)


def said(message: str) -> str | None:
    """The user's words as a clause for "you": "I got yelled at by my boss" -> "you got ...".

    None when no clause can be turned without mangling it.
    """
    text = message.replace("’", "'")
    for clause in re.split(
        (
            r"[.!?;\n…]+|,\s+(?!and \w+ing)| - | – |\s+but\s+|\s+so\s+(?=i\b)|"
            r"\s+because\s+|\s+and\s+(?=i\b|now\b|it\b|he\b|she\b|they\b|my\b)"
        ),
        text,
        flags=re.IGNORECASE,
    ):
        plain = _LEAD.sub("", clause.strip().lower()) if clause else ""
        offset = len(clause.strip()) - len(plain) if clause else 0
        own = clause.strip()[offset:] if clause else ""
        words = own.split()
        if not _OWN.match(plain) or not 3 <= len(words) <= 12 or _BAD.search(plain):
            continue
        if re.search(r"\bi\b.*\bi\b", plain) and not re.search(r"\band i\b", plain):
            continue
        return _flip(own)
    return None


def _flip(clause: str) -> str:
    for old, new in _FLIPS:
        clause = re.sub(old, new, clause, flags=re.IGNORECASE)
    clause = re.sub(r"\b(?:today|tonight)$", "", clause).strip()
    return re.sub(r"\s+", " ", clause).strip(" ,")


def name_given(message: str) -> str | None:
    """The name in "my name is Maya" or "call me May"."""
    match = re.search(
        (
            r"\b(?:my name(?:'s| is)|call me|people call me|i'?m "
            r"called)\s+([A-Za-z][A-Za-z'-]{1,20}|[\u4e00-\u9fff]{1,4})"
        ),
        message,
        re.IGNORECASE,
    )
    if not match:
        return None
    name = match[1]
    if name.lower() in {
        "a",
        "an",
        "the",
        "when",
        "if",
        "back",
        "later",
        "maybe",
        "tomorrow",
        "out",
    }:
        return None
    return name[0].upper() + name[1:]
