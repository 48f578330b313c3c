from memory.builtin.extraction.zh_introductions import introduced


def test_what_follows_a_name_says_who_one_is() -> None:
    told = introduced(["我叫阿青", "31", "女", "全职妈妈一枚", "俩娃"])
    assert told == ["我叫阿青", "我今年31岁", "我是女生", "我是全职妈妈", "我有两个孩子"]


def test_a_number_elsewhere_is_no_age() -> None:
    assert introduced(["昨天跑了步", "31"]) == ["昨天跑了步", "31"]


def test_pets_of_the_house() -> None:
    assert introduced(["家里两只猫"]) == ["我家里养了两只猫"]
