"""Chinese surnames, for patterns that look for names of people."""

from __future__ import annotations

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜"
    "叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦邹孟熊秦邱江尹薛闫段侯史陶黎贺顾郝龚邵钱"
    "覃戴孔汤樊葛邢庞颜倪季"
)
"""The common ones with which hardly any word of every day begins."""

AMBIGUOUS_SURNAMES = (
    "高任金石傅方白雷龙毛万严武莫向温康施文牛安齐易乔伍庄聂章鲁岳翟殷詹申欧耿关兰焦俞"
    "左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
)
"""Those that begin many other words too: 高兴, 方便, 白天."""

NO_NAME = (
    r"单位|高[一二三中考铁]|白[天色]|马[上路]|夏天|方[便面]|任[何务]|"
    r"万一|金[融鱼毛]|路上|成[都绩]|季节|包[里子]|左[手边腿脚]|"
    r"平[时常]|周[末一二三四五六日天]|江[苏西]|石家|安[徽静]|黄[山河]|"
    r"金华|武汉|温[州哥]|苏州|康复|文[章科]|何[时必]|龙[猫虾]|"
    r"牛[奶肉]|熊猫|梅雨|蓝[色猫]|程序|陆续|严[重格]|齐[全心]|谢谢|"
    r"毕[业竟]|谷[歌物]|于是|余[额下]|易[胖过]"
)
"""Alternation: words of every day that begin like a name."""
