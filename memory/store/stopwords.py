"""Words and characters that say nothing about what a memory is about."""

from __future__ import annotations

CJK: frozenset[str] = frozenset(
    "的了是我你您他她它们在有和与就都也不吗呢吧啊呀哦嗯么什这那哪个些之于被把给让从到对为"
    "以及或者还很太真最更又再已曾会能可要想说做去来着过得地用其所"
)
"""Function characters and question words of Chinese."""

_ENGLISH = """
    a an the and or but if then of to in on at by for with from into about as than so too very
    just also there here is are was were be been being am do does did doing done have has had
    having i me my mine we us our ours you your yours he him his she her hers it its they them
    their theirs this that these those what which who whom whose when where why how can could
    will would shall should may might must not no nor s t re ve ll d m don didn doesn isn aren
    wasn weren hasn haven hadn won wouldn couldn shouldn some any all each more most other such
    only own same up down out off over under again once both few because until while during
    before after above below between through
"""

ENGLISH: frozenset[str] = frozenset(_ENGLISH.split())
"""Function words and question words of English, after splitting at apostrophes."""

GLOSS: frozenset[str] = ENGLISH | frozenset({"sth", "sb", "one", "etc", "esp", "lit", "fig", "usu"})
"""What dictionary glosses hold beside meaning."""
