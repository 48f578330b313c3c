"""Secret detection: card numbers, passwords, keys and ID numbers are never stored."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])")
_ID_CARD = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d\d{3}[\dXx](?!\d)")
_SOCIAL_SECURITY = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_KEYS = re.compile(
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{12,}"
    r"|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}"
    r"|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{20,}|\bglpat-[\w-]{12,}|\bhf_[A-Za-z0-9]{16,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{5,}|-----BEGIN [A-Z ]*PRIVATE KEY|\bssh-(?:rsa|ed25519) [\w+/=]{20,}"
)
# Long and mixed like nothing people write: at least a digit and both cases, or hex.
_TOKEN = re.compile(r"(?<![\w/.-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w.])")
_HEX = re.compile(r"(?<!\w)[0-9a-fA-F]{32,}(?!\w)")
# What a secret is called; "密码管理器" and "password manager" keep secrets and are none.
_NAME_ZH = (
    r"(?:密码|口令|密钥|秘钥|验证码|安全码|支付码|开机码|暗码|锁屏码|取款码|私钥)"
    r"(?!管理|学|本|工具)"
)
_NAME_EN = (
    r"(?:pass ?words?|pass ?codes?|pass ?phrase|pwd|\bpin(?: code| number)?\b|\bcvv2?\b|\bcvc\b"
    r"|api[ _-]?keys?|access[ _-]?tokens?|secret[ _-]?keys?|security code|verification code|"
    r"\botp\b)(?! ?manager)"
)
_OPEN, _CLOSE = r"[“\"'「]?", r"[”\"'」]?"
_LETTER = r"[^\s，。,.!！?？；;“”\"'「」、（）()\u4e00-\u9fff]"
# A word with a digit or mark in it, not just the next word of the sentence.
_SECRET = rf"(?={_LETTER}{{0,64}}?[\d@#$%^&*_+=~]){_LETTER}{{3,64}}"
_BETWEEN = r"(?:[^。.!！?？\n]|\.(?=\w))"
_ENDS = r"(?=[\s，。,.!！；;]|$)"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "is", "改成", "for the bank card is": little may stand between name and secret.
        rf"(?:{_NAME_ZH}|{_NAME_EN}){_BETWEEN}{{0,40}}?"
        r"(?:是|为|成|叫|用|:|：|=|\bis\b|\bto\b|\bwas\b|\bare\b|“|\"|'|「)了?"
        rf"\s*{_OPEN}{_SECRET}",
        rf"{_NAME_ZH}[\u4e00-\u9fff]{{0,24}}?\s+{_OPEN}{_SECRET}",
        rf"{_NAME_EN}\s+{_OPEN}{_SECRET}",
        # "锁屏密码1234", but not "密码2023年改过".
        rf"{_NAME_ZH}(?=[!-~]*\d)[!-~]{{4,}}(?![!-~]|[年月日号次天位个])",
        # Letters alone are a secret only where nothing else can follow.
        rf"{_NAME_ZH}(?:就|还|都)?(?:是|为|:|：|=)\s*{_OPEN}[A-Za-z]{{4,}}{_CLOSE}{_ENDS}",
        rf"{_NAME_EN}\s*[:：=]\s*{_OPEN}[A-Za-z]{{4,}}{_CLOSE}{_ENDS}",
        # "把123456设为银行卡密码", "uses Tiger2020 as their password".
        rf"(?:把|将|用|拿|以)[\u4e00-\u9fff]{{0,4}}\s*{_OPEN}{_SECRET}{_CLOSE}\s*"
        r"(?:(?:设置?|改|换|定)(?:成|为|作|做)|当成?|作为?|做|为)了?"
        rf"[^，。,!！?？\n]{{0,12}}?{_NAME_ZH}",
        rf"{_SECRET}{_CLOSE}\s*就?是(?:用户|我)的?[^，。,!！?？\n]{{0,10}}?{_NAME_ZH}",
        rf"{_SECRET}{_CLOSE}\s+(?:as|is)\s+(?:the user['’]s|his|her|their|the|an?|my)\s+"
        rf"(?:[\w'’-]+\s+){{0,3}}?{_NAME_EN}",
    )
)
_NUMBERED = re.compile(
    r"(?:银行卡|信用卡|储蓄卡|借记卡|卡号|账号|账户|身份证|护照|社保|驾照|医保|bank account|"
    r"account number"
    r"|card number|credit card|debit card|passport|social security|\bssn\b|driver['’]?s licen[cs]e"
    r"|\biban\b|routing number|id number|national id)"
    r"[^。.!！?？\n]{0,20}?(?P<secret>[A-Za-z]{0,4}\d(?:[ -]?[\dXx]){5,})",
    re.IGNORECASE,
)
_SEED = re.compile(
    r"助记词[是为:：]|\b(?:seed|recovery|mnemonic) (?:phrase|words)\s*(?:(?:is|are)\b|[:：=])",
    re.IGNORECASE,
)


def secret_in(text: str) -> str | None:
    """What kind of secret ``text`` holds: ``card``, ``id``, ``key``, ``password`` or ``None``."""
    if any(_luhn(found.group()) for found in _DIGITS.finditer(text)):
        return "card"
    if _ID_CARD.search(text) or _SOCIAL_SECURITY.search(text):
        return "id"
    if _KEYS.search(text) or _SEED.search(text) or _HEX.search(text) or _has_token(text):
        return "key"
    if any(pattern.search(text) for pattern in _NAMED):
        return "password"
    if _NUMBERED.search(text):
        return "id"
    return None


def _luhn(number: str) -> bool:
    """The check digit that all payment cards carry (ISO/IEC 7812-1, annex B)."""
    digits = [int(character) for character in number if character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def _has_token(text: str) -> bool:
    for match in _TOKEN.finditer(text):
        token = match.group()
        kinds = [any(test(c) for c in token) for test in (str.isdigit, str.islower, str.isupper)]
        if all(kinds):
            return True
    return False
