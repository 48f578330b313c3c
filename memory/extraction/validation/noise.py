"""Noise filter: questions, greetings, comfort, advice, orders to the persona."""

from __future__ import annotations

import re

from memory.extraction.parsing.text import is_order
from memory.nlp.english_verbs import PAST, SAME_IN_PAST
from memory.types import Subject

_QUESTION = re.compile(r"[?？]\s*+(?:[\"”』」]\s*+)?$|(?:吗|呢|么)[。.]?\s*$")
_ASKING = re.compile(
    r"^(?:询?问(?!题|候|世)|想知道|好奇|请教|追问|反问)"
    r"|^(?:asks?|asked|wonders?|wondered|wants? to know|wanted to know|is curious)"
    r" (?:\w+ )?(?:about|if|whether|what|how|why|when|where|who|which|for advice|\w+ (?:if|"
    r"what|how))\b",
    re.IGNORECASE,
)
_GREETING_ZH = re.compile(
    r"^(?:(?:跟|和|向|对)\S{1,6})?(?:说|道|问|打|表示|互道|互相)?了?(?:声|个|一声|个招呼)?"
    r"(?:你好|您好|早安|早上好|晚上好|下午好|晚安|再见|拜拜|谢谢|感谢|多谢|道谢|打招呼|招呼|"
    r"问好|问候|道别|告别|嗯+|好的|哈+|嗨|在吗|辛苦了|没关系|不客气)"
    r"(?:了|你|您|用户|AI|的倾听|的陪伴|的帮助|的支持)*$"
)
_GREETING_EN = re.compile(
    r"^(?:says?|said|is|was|gives?)?\s*(?:hello|hi|hey|good (?:morning|evening|night|"
    r"afternoon)|bye|"
    r"goodbye|thanks?|thanked|thank you|thankful|grateful|greets?|greeted|greeting|ok|okay|"
    r"haha+|welcome)"
    r"(?: (?:to|for|you|the|user|ai|there|so|very|much|again|everyone|all|listening|support|"
    r"help|goodbye|goodnight|good|night|morning))*$",
    re.IGNORECASE,
)
_COMFORT_ZH = re.compile(
    r"安慰|鼓励|支持|陪伴|陪着|倾听|听用户|祝|希望|关心|理解|心疼|相信|建议|推荐|提醒|劝|夸|"
    r"称赞|赞美|感谢|"
    r"为用户|替用户|问用户|询问|想听|愿意听|愿意帮|随时|抱抱|欢迎|期待|好奇|很高兴|高兴|开心|"
    r"骄傲|认为用户|觉得用户|"
    r"佩服|羡慕|遗憾|抱歉|记得用户|知道用户|记住|注意到用户"
)
_COMFORT_EN = re.compile(
    r"\b(?:hopes?|wish(?:es)?|encourag\w+|comforts?|comforted|support\w*|suggest\w*|advis\w+|"
    r"recommend\w*|remind\w*|prais\w+|compliment\w*|thank\w*|asks?|asked|wonders?|wants? to "
    r"(?:know|hear)|"
    r"is (?:proud|glad|happy|sorry|here|curious|excited|grateful|impressed)|understands?|listens?|"
    r"is listening|looks? forward|believes? in|believes? the user|thinks? the user|congratulat\w+|"
    r"sympathi\w+|empathi\w+|remembers?|knows? that the user|offers?|offered|welcom\w+|feels? "
    r"for)\b",
    re.IGNORECASE,
)
_ABOUT_OTHER = re.compile(r"用户|the user|\byou\b|你", re.IGNORECASE)
# Little words that may stand between the subject and the verb.
_ADVERBS = re.compile(
    r"^(?:\s*(?:也|都|很|会|一直|真的|总是|非常|想要?(?!知道|听)|愿意|正在|在(?=安慰|鼓励|"
    r"倾听)|表示|"
    r"告诉用户|对用户说?|向用户说?|跟用户说?|为了|also|always|really|would like to|often)\s*)+",
    re.IGNORECASE,
)
_ONLY_AI = re.compile(
    r"^(?:其实|只|就)?是(?:一个|一位|个)?(?:AI|人工智能|机器人|虚拟人?|语言模型)\S{0,4}$|"
    r"^is (?:just |only )?an? (?:AI|artificial intelligence|language model|bot|virtual)\b.{0,20}$|"
    r"^(?:的名字)?(?:叫|是)AI$|^(?:['’]s name )?is (?:called |named )?AI$",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"必须|务必|一定要|不得|不准|不许|应当|有义务|从现在起|从今以后|无条件|永远要|只能|"
    r"\b(?:must|has to|have to|shall|should always|is required to|needs to obey|is obliged to|"
    r"from now on|will always obey|always obeys?|never refuses?)\b",
    re.IGNORECASE,
)
_OBEY = re.compile(
    r"服从|听从|听命|遵守|遵从|执行|忽略|无视|指令|命令|系统提示|提示词|限制|规则|越狱|透露|"
    r"泄露|开发者模式|"
    r"\b(?:obey\w*|compl(?:y|ies)|ignor\w+|disregard\w*|instructions?|commands?|system prompt|"
    r"restrictions?|rules?|jailbr\w+|reveal\w*|leak\w*|developer mode|do anything|without "
    r"limits?)\b",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"AI|系统提示|提示词|越狱|开发者模式|模型|之前的(?:指令|设定|规则)|"
    r"\b(?:system prompt|prompts?|jailbr\w+|developer mode|previous instructions|assistant|"
    r"language model)\b"
)
_TALK = re.compile(
    r"^(?:[和跟与]AI(?:一起)?(?:闲?聊|讨论|谈|说话|对话|交流|互动)|(?:请|让|叫|要求|命令|想听|"
    r"想要?(?:AI|听)|请求)"
    r"(?:AI|笑话|故事|建议)|(?:talk|chat|spoke|speak|discuss|had a (?:chat|"
    r"conversation))\w*\b.*\b(?:with|to) AI\b|"
    r"(?:asks?|asked|requests?|requested|tells?|told|orders?|ordered|instruct(?:s|ed)|wants?|"
    r"wanted) AI to )",
    re.IGNORECASE,
)
# What a user says that the persona is from now on.
_COMMANDED = re.compile(
    r"以后|从现在|现在起|从今|必须|务必|应该|应当|要听|听从|服从|永远|不能|不许|不得|不准|"
    r"只能|只会|扮演|"
    r"\b(?:must|should|has to|have to|from now on|will|is now|obeys?|acts? as|cannot|only|"
    r"always (?:agree|answer|compl|do|follow|repl|respond|sa|speak|talk)\w*|"
    r"never (?:argue|den|disagree|lie|object|refuse|sa|question)\w*)\b",
    re.IGNORECASE,
)
_WHAT_IF = re.compile(
    r"^\W*(?:如果|要是|假如|假设|倘若|万一|多希望|\bif (?:i|we|only)\b|what if\b|suppos(?:e|ing)\b|"
    r"imagine\b|i wish\b)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"如果|要是|想|希望|梦想|打算|计划|假如|\b(?:wish\w*|hopes?|wants?|would|if|dreams?|"
    r"plans?|imagin\w+)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"^用户(?:要求|让|叫|说|希望|命令|试图|想让|请)|^the user (?:asks?|asked|tells?|told|said|says|"
    r"wants?|wanted|demand\w*|tried|tries|order\w*|request\w*|instruct\w*)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\|\w+\|>|^\s*(?:system|assistant|developer)\s*[:：]|"
    r"\[/?INST\]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^(?:你|您|请你|请)(?:要|必须|应该|得|务必|一定|以后|从现在|记住|不要|别)|^(?:from now on|"
    r"you must|you should|you are now|you will|act as|pretend|remember (?:that )?you|make "
    r"sure|do not)\b",
    re.IGNORECASE,
)

# "Never drink coffee" is an order, "never drinks coffee" and "never learned to swim" are not.
_NEVER = re.compile(r"^(?:always|never)\s+(?:ever\s+|again\s+)?(?P<verb>[a-z']+)", re.IGNORECASE)
_STATED = re.compile(
    r".*(?:[^s]s|ed|ing)$|(?:wants?|used|is|are|has|had|been|was|were|did|"
    + "|".join(sorted(PAST - SAME_IN_PAST))
    + r")$",
    re.IGNORECASE,
)


def noise_in(text: str, rest: str, subject: Subject | None) -> str | None:
    """Why ``text`` is no memory, or ``None``.

    ``order``, ``question``, ``talk`` (about this conversation, not about a
    life), ``greeting``, ``comfort``, ``persona_card`` (that it is an AI).

    Args:
        text: The proposed memory, with "AI" for the persona's name.
        rest: The same without whom it is about.
        subject: Whom it is about, if that is known: comfort is what the
            persona says to the user, not what the user says of a friend.
    """
    if _is_order(text, rest, subject) or (subject is Subject.AI and _is_imperative(rest)):
        return "order"
    bare = _ADVERBS.sub("", rest.rstrip("。.!！~～ "))
    if _QUESTION.search(text) or _ASKING.match(bare):
        return "question"
    if not bare or _GREETING_ZH.match(bare) or _GREETING_EN.match(bare):
        return "greeting"
    if subject is Subject.USER and _TALK.match(bare):
        return "talk"
    if subject is Subject.AI and _ONLY_AI.match(bare):
        return "persona_card"
    to_user = subject is Subject.AI and _ABOUT_OTHER.search(bare)
    if to_user and (_COMFORT_ZH.match(bare) or _COMFORT_EN.match(bare)):
        return "comfort"
    return None


def commanded(rest: str) -> bool:
    """Whether a "fact" about the persona is what somebody wants it to be.

    Only asked where the user alone said it; what the persona says of itself counts.
    """
    return _COMMANDED.search(rest) is not None


def supposed(rest: str, clause: str) -> bool:
    """Whether ``clause`` only supposes what ``rest`` tells as a fact."""
    return _WHAT_IF.match(clause) is not None and _WISH.search(rest) is None


def _is_order(text: str, rest: str, subject: Subject | None) -> bool:
    """An order, or one that pretends to be a fact about the persona.

    "The user told Niannian to obey" is what was said, and may be kept. Of what a user must
    follow, only what is about the AI or its prompt is an order: a diet isn't.
    """
    if is_order(text) or _MARKUP.search(text) or _is_imperative(text):
        return True
    if _SPOKEN.match(text) or not (_MUST.search(text) and _OBEY.search(text)):
        return False
    return subject is not Subject.USER or _PROMPT.search(rest) is not None


def _is_imperative(text: str) -> bool:
    """Whether ``text`` tells somebody what to do."""
    if _ADDRESS.match(text):
        return True
    never = _NEVER.match(text)
    return never is not None and not _STATED.match(never["verb"])
