"""Small talk: what people say without meaning anything that could be looked up.

"Good morning" must not bring up the one morning somebody once mentioned.
"""

from __future__ import annotations

import re

_ZH = (
    "你好|您好|大家好|哈喽|哈罗|早上好|上午好|中午好|下午好|晚上好|早安|午安|晚安|好久不见|在吗|在不在|"
    "哈+|嘿+|嘻+|呵+|嗨+|嗯+|哦+|噢+|喔+|唉+|哎+|诶+|呜+|哇+|额+|呃+|啊+|呀|吧|呢|啦|嘛|哟|"
    "谢谢[你您]?|多谢|感谢|不客气|没关系|没事|对不起|抱歉|不好意思|再见|拜拜|回头见|"
    "好的|好呀|好吧|好啊|行吧?|可以|是的|对的|没错|真的假的|真的吗?|是吗|太棒了|太好了|真棒|真好|厉害|"
    "我?不知道|你觉得呢|你呢|怎么样|随便聊聊|聊聊天?|陪我聊聊?天?|讲个笑话|你是谁|几点了|有人吗"
)
_EN = (
    r"hi|hello|hey|hiya|there|good (?:morning|afternoon|evening|night)|morning|lol|haha+|hehe+|"
    r"thanks?(?: you)?(?: so much| a lot)?|you'?re welcome|no problem|sorry|bye(?:-bye)?|goodbye|"
    r"see you|ok(?:ay)?|sure|yes|yeah|yep|no|nope|really|great|nice|cool|awesome|wow|oh|ah|hm+|"
    r"sounds good|i (?:do not|don'?t) know|what do you think|how are you(?: doing)?|who are you|"
    r"tell me a joke|what time is it|let'?s (?:chat|talk)|are you there"
)
_PHRASES = re.compile(rf"(?:{_ZH})|\b(?:{_EN})\b", re.IGNORECASE)
_LETTER = re.compile(r"\w")


def without(message: str) -> str:
    """``message`` as it is, or an empty text if it is nothing but small talk."""
    return message if _LETTER.search(_PHRASES.sub(" ", message)) else ""
