"""Word lists of the English rules."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

# How the user is called in memories.
USER = "The user"

RELATION = (
    r"(?:(?:older|younger|elder|big|little|baby|twin|best|good|close|old|step|half|ex|late|only|new|future|other"
    r"|oldest|youngest|middle|high school|college|childhood|work|former)[ -]){0,6}"
    r"(?:mother|mum|mom|mommy|father|dad|daddy|parents|brother|sister|siblings|wife|husband|spouse|partner|girlfriend"
    r"|boyfriend|fianc[eé]e?|ex|son|daughter|kids|kid|children|child|baby|grandma|grandmother|grandpa|grandfather|granny"
    r"|nana|grandparents|nan|nanna|nanny|gran|grandad|granddad|gramps|aunty?|auntie|hubby|gf|bf|stepson|stepdaughter|sis|bro|best mate|mate|pal|line manager|aunt|uncle|cousin|niece|nephew|friend|bestie|roommate|flatmate|housemate|colleague|coworker|co-worker"
    r"|boss|manager|neighbou?r|landlord|landlady|teacher|professor|supervisor|advisor|therapist|mentor|classmate"
    r"|mother-in-law|father-in-law|sister-in-law|brother-in-law|stepmother|stepfather|stepsister|stepbrother|in-laws|family"
    r"|twins|stepmom|stepdad|godmother|godfather|lads?|lass|boys|girls|little (?:boy|girl|one)s?|lodger|coach|trainer|teammate|crush)"
)
CLOSE = re.compile(
    r"mother|mum|mom|father|dad|parent|brother|sister|sibling|wife|husband|spouse|partner|girlfriend|boyfriend|fianc"
    r"|\bson\b|daughter|kid|child|baby|grand|gran\b|nan|granny|nana|hubby|best friend|bestie|twins|family"
)
PET = (
    r"(?:[a-z]+ ){0,3}?(?:cat|kitten|dog|puppy|pup|rabbit|bunny|hamster|turtle|tortoise|parrot|budgie|goldfish|fish|bird"
    r"|lizard|gecko|guinea pig|horse|pony|snake|ferret|greyhound|whippet|spaniel|collie|shepherd|dachshund|sausage dog|pug|bulldog|chihuahua|cockapoo|labradoodle|cavapoo|staffy|boxer|dalmatian|mutt|rottweiler|pomeranian|axolotl|rat|gerbil|guinea pigs|corgi|labrador|lab|retriever|poodle|beagle|husky|tabby|terrier|chickens?|goats?|hens?)s?"
)
NUMBER = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|several|some|\d+)"
JOBS = (
    r"(?:nurse|doctor|teacher|engineer|developer|dev|programmer|designer|lawyer|attorney|accountant|student|writer|editor"
    r"|journalist|chef|cook|waiter|waitress|barista|bartender|driver|manager|analyst|consultant|scientist|researcher"
    r"|professor|lecturer|tutor|architect|artist|illustrator|musician|singer|comedian|comic|dancer|actor|actress|photographer"
    r"|filmmaker|director|producer|dentist|vet|veterinarian|pharmacist|therapist|psychologist|counsell?or|social worker"
    r"|paramedic|firefighter|police officer|cop|soldier|pilot|flight attendant|electrician|plumber|carpenter|mechanic"
    r"|farmer|gardener|florist|baker|hairdresser|tailor|translator|interpreter|librarian|secretary|assistant"
    r"|receptionist|cashier|salesperson|marketer|recruiter|freelancer|entrepreneur|founder|intern|trainee|apprentice"
    r"|stay-at-home (?:mom|mum|dad|parent)|homemaker|housewife|graduate student|grad student|phd student|postdoc"
    r"|undergrad(?:uate)?|freshman|sophomore|junior|senior|retiree|nanny|paralegal|solicitor|barrister|barber|postman|civil servant|personal trainer|estate agent|handyman|roofer|bricklayer|chef de partie|content creator|[a-z]+ (?:worker|assistant|engineer|tech)|TA|coach|trainer|instructor|banker|broker"
    r"|realtor|product manager|project manager|data scientist|physicist|chemist|biologist|mathematician|economist"
    r"|historian|surgeon|midwife|caregiver|carer|cleaner|builder|welder|truck driver|delivery driver|technician|tech|operator"
    r"|administrator|officer|specialist|coordinator|copywriter|blogger|streamer|youtuber|game developer|poet|novelist|author|[a-z]+(?:ologist|iatrist|iatrician|ician)|[a-z]+ therapist)s?"
)
CONDITION = (
    r"(?:asthma|diabetes|type [12] diabetes|adhd|add|autism|anxiety|depression|bipolar(?: disorder)?|ocd|ptsd|insomnia"
    r"|migraines?|epilepsy|anemia|anaemia|arthritis|hypertension|high blood pressure|low blood pressure|high cholesterol"
    r"|celiac disease|coeliac disease|crohn'?s(?: disease)?|ibs|eczema|psoriasis|hay fever|tinnitus|scoliosis|dyslexia"
    r"|hypothyroidism|pcos|endometriosis|cancer|vertigo|a slipped disc|a (?:bad|dodgy) (?:back|knee|shoulder|hip|ankle)|cataracts?|bad knees|back pain|chronic [a-z ]{3,20}|a heart condition"
    r"|a heart murmur|sleep apn(?:o)?ea|lupus|ms|a herniated disc|tendinitis|carpal tunnel|[a-z]+itis|panic attacks)"
)
AILMENT = (
    r"(?:insomnia|headaches?|migraines?|a headache|a migraine|a cold|the flu|a fever|a cough|back pain|stomach ?aches?|nightmares|panic attacks"
    r"|trouble sleeping|a sore throat|covid|food poisoning)"
)
EMOTION = (
    r"(?:sad|happy|upset|angry|anxious|nervous|scared|worried|lonely|depressed|heartbroken|devastated|excited|thrilled"
    r"|proud|disappointed|stressed(?: out)?|overwhelmed|frustrated|hurt|ashamed|guilty|embarrassed|relieved|grateful|hopeless"
    r"|burn(?:ed|t) out|miserable|down|furious|jealous|homesick|crushed|terrified|ecstatic|gutted|numb|low|over the moon|lost|empty|humiliated|confused|knackered|drained|shattered|bricking it|freaking out|shook|mortified|petrified|buzzing|content|terrible|awful|bummed(?: out)?)"
)
DEGREE = r"(?:(?:so|really|very|pretty|quite|a bit|a little|super|extremely|incredibly|kind of|kinda|totally|absolutely|still|also|just|too|feeling|been feeling|been|such|now|all|honestly|truly|deeply|completely|utterly|rather|terribly|that)\s+){0,6}"

# "-ed" and past-looking words that are plain present.
NOT_PAST = frozenset(
    [
        "need",
        "feed",
        "breed",
        "speed",
        "bleed",
        "weed",
        "seed",
        "heed",
        "succeed",
        "proceed",
        "exceed",
        "shed",
        "wed",
        "bed",
        "embed",
    ]
)
MODALS = frozenset(
    [
        "can",
        "could",
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "used",
        "had",
        "did",
        "cannot",
        "can't",
        "couldn't",
        "won't",
        "wouldn't",
        "shouldn't",
        "mightn't",
        "mustn't",
        "hadn't",
        "didn't",
        "wasn't",
        "isn't",
        "ain't",
    ]
)
ADVERBS = frozenset(
    [
        "really",
        "usually",
        "always",
        "also",
        "just",
        "currently",
        "still",
        "never",
        "often",
        "sometimes",
        "mostly",
        "actually",
        "kinda",
        "normally",
        "generally",
        "typically",
        "rarely",
        "recently",
        "finally",
        "already",
        "almost",
        "only",
        "even",
        "probably",
        "definitely",
        "absolutely",
        "truly",
        "honestly",
        "secretly",
        "totally",
        "literally",
        "simply",
        "barely",
        "hardly",
        "ever",
        "regularly",
        "occasionally",
        "frequently",
        "deeply",
        "genuinely",
        "constantly",
        "basically",
        "now",
        "sort",
        "mainly",
        "particularly",
        "especially",
        "quite",
        "strongly",
        "firmly",
        "completely",
        "both",
        "accidentally",
        "unfortunately",
        "sadly",
        "luckily",
        "officially",
        "nearly",
        "suddenly",
        "first",
    ]
)
NOT_NAMES = re.compile(
    r"(?i:^(?:fine|good|great|ok|okay|sorry|sad|happy|here|back|home|so|not|just|very|really|tired|sick|bored|done|glad"
    r"|sure|single|married|divorced|pregnant|gay|straight|bi|lesbian|trans|vegan|vegetarian|catholic|christian|muslim"
    r"|jewish|buddhist|hindu|atheist|male|female|retired|unemployed|lost|alone|free|busy|late|new|ready|hungry|a|an|the"
    r"|in|on|at|from|going|trying|looking|afraid|all|currently|also|still|now|german|french|dutch|greek|czech|thai|iraqi|welsh|swiss)$)|(?:ish|ese|ian|can|ean|ing|ed)$"
)
VERB = re.compile(
    r"(?:work|live|love|hate|like|study|play|go|have|run|read|write|enjoy|cook|teach|sing|dance|paint|draw|drink|eat|watch"
    r"|listen|practi[cs]e|swim|hike|bike|cycle|walk|make|take|do|speak|collect|grow|raise|own|prefer|want|need|volunteer|sleep|wake|get|try|train|drive|travel|visit|meditate|jog|bake|knit|garden|climb|code)"
)
