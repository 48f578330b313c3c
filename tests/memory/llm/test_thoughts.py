from __future__ import annotations

import pytest

from memory.llm.thoughts import ThoughtFilter

THOUGHT = "他看起来很累，先问问怎么了。"
REPLY = "今天辛苦啦 <3 [抱抱] 1<2"
OPENED = [
    "<think>\n{T}\n</think>\n\n{R}",
    "<THINK>{T}</THINK>{R}",
    "<reasoning>{T}</reasoning>\n{R}",
    "<x:think>{T}</x:think>{R}",
    "[THINK]{T}[/THINK]{R}",
    "◁think▷{T}◁/think▷{R}",
    "<|channel|>analysis<|message|>{T}<|end|><|start|>assistant<|channel|>final<|message|>{R}",
    "<|channel|>final<|message|>{R}<|return|>",
    "<think>{T}</think>\n<think>{T}</think>{R}",
    "<think></think>{R}",
    "<longcat_think>{T}</longcat_think>{R}",
    "<inner_monologue>{T}</inner_monologue>{R}",
    "<|inner_prefix|>{T}<|inner_suffix|>{R}",
    "<|START_THINKING|>{T}<|END_THINKING|><|START_RESPONSE|>{R}<|END_RESPONSE|>",
    '<details type="reasoning" done="true">{T}</details>{R}',
    "&lt;think&gt;{T}&lt;/think&gt;{R}",
    "<think>{T}</think><answer>{R}</answer>",
    "<|begin_of_box|>{R}<|end_of_box|>",
    "{R}<|im_end|>",
    "< think >{T}</ think >{R}",
    "<think_fast>{T}</think_fast>{R}",
    "<思考>{T}</思考>{R}",
    "【思考】{T}【/思考】{R}",
    "<|think|>{T}<|/think|>{R}",
    "<|thinking_start|>{T}<|thinking_end|>{R}",
    "<think>{T}</think><solution>{R}</solution>",
    "<|begin_of_thought|>{T}<|end_of_thought|><|begin_of_solution|>{R}<|end_of_solution|>",
    "<|channel|>analysis<|message|>{T}<|end|><|channel|>final <|constrain|>json<|message|>{R}",
    "<|channel|>final <|constrain|>json<|message|>{R}",
    "<|start_header_id|>assistant<|end_header_id|>\n\n{R}",
    "[/INST] {R}</s>",
    "{R}<|im_end|><|im_start|>user\n在吗<|im_end|>",
    "{R}<end_of_turn><start_of_turn>user\n在吗",
    "{R}<|eot_id|><|start_header_id|>user<|end_header_id|>在吗",
    "{R}<|user|>在吗",
    '{R}<tool_call>{"name": "recall"}</tool_call>',
    "{R}<x:tool_call><invoke>{T}</invoke></x:tool_call>",
    "```thinking\n{T}\n```\n{R}",
    ":::thinking\n{T}\n:::\n{R}",
    "<details>\n<summary>思考过程</summary>\n{T}\n</details>\n{R}",
    "*Thinking…*\n\n> {T}\n> 再想想\n\n{R}",
    "Here is my thought process:\n{T}\n\nHere is my response:\n{R}",
    "analysis{T}assistantfinal{R}",
    "{R}<｜end▁of▁sentence｜>",
    "{R}",
]


def filtered(text: str, size: int, thoughts: ThoughtFilter) -> str:
    shown = ""
    for start in range(0, len(text), size):
        shown += thoughts.feed(text[start : start + size])
        if thoughts.retracted:
            shown, thoughts.retracted = "", False
    return shown + thoughts.end()


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize("hold", [False, True])
@pytest.mark.parametrize("form", OPENED)
def test_thoughts_go_and_the_reply_stays(form: str, hold: bool, size: int) -> None:
    text = form.replace("{T}", THOUGHT).replace("{R}", REPLY)
    assert filtered(text, size, ThoughtFilter(hold=hold)) == REPLY


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_a_thought_in_the_middle_goes_too(size: int) -> None:
    text = f"嗯。<think>{THOUGHT}</think>{REPLY}"
    assert filtered(text, size, ThoughtFilter()) == f"嗯。{REPLY}"


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize("options", [{}, {"hold": True}, {"known_bare": True}])
def test_what_is_closed_without_having_been_opened_is_taken_back(
    options: dict[str, bool], size: int
) -> None:
    thoughts = ThoughtFilter(**options)
    assert filtered(f"{THOUGHT}\n</think>\n\n{REPLY}", size, thoughts) == REPLY
    assert thoughts.bare_closing


def test_a_held_thought_never_shows() -> None:
    thoughts = ThoughtFilter(known_bare=True)
    shown = [thoughts.feed(piece) for piece in (THOUGHT, "</thi", "nk>", "好", "的")]
    assert shown == ["", "", "", "好", "的"]
    cut = ThoughtFilter(known_bare=True)
    assert cut.feed(THOUGHT) + cut.end(cut=True) == ""


def test_a_thought_without_an_end_leaves_nothing() -> None:
    assert filtered(f"<think>{THOUGHT}", 3, ThoughtFilter()) == ""


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        *("```python\nx = 1\n```", "analysis of it", "*think* about me", "> 你好\n\n在", "<"),
        *("<details><summary>菜谱</summary>汤</details>", "Here is my hand", "【好消息】", "a < b"),
    ],
)
def test_what_only_looks_like_a_thought_stays(text: str, size: int) -> None:
    assert filtered(text, size, ThoughtFilter()) == text


def test_where_an_answer_is_asked_for_a_call_may_hold_it() -> None:
    text = '<tool_call>{"a": 1}</tool_call>'
    assert filtered(text, 3, ThoughtFilter(hold=True, calls=True)) == text
