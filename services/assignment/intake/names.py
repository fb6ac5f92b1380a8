"""Patterns of bodies' names, made of the vocabulary: how they begin, go on and end."""

import re

from services.assignment.intake import name_words, words
from services.assignment.intake.patterns import any_of, raw_any_of
from services.assignment.intake.verbs import VERBS

CAPITAL = f"[{words.CAPITALS}]"
UNIT = r"(?i:" + raw_any_of((*words.UNITS, *words.OTHER_GROUPS)) + ")"
ENTERPRISE = r"(?i:tập\s+đoàn(?:\s+kinh\s+tế)?|tổng\s+công\s+ty(?:\s+nhà\s+nước)?|công\s+ty)\b"
MANY = r"(?i:tất\s+cả\s+các|toàn\s+thể\s+các|các|những|từng|mỗi|mọi)"
HEADWORD = re.compile(raw_any_of(words.HEADS))
LONG_NAMES = (*name_words.COMPOUNDS, *name_words.FIXED_NAMES, *name_words.COMPLETE_NAMES)
HEAD = raw_any_of((*words.HEADS, *(one for one in LONG_NAMES if not HEADWORD.match(one))))
"""How a name begins; of the long ones those alone that no word of HEADS begins."""
TITLE = raw_any_of(words.TITLES)
TITLED = rf"\s*(?:(?:(?i:các)\s+(?={TITLE}))?{TITLE}(?:\s*,\s*|\s+và\s+|\s*-\s*|\s+))+"
OFFICE_OF = rf"{MANY}\s|{UNIT}|ban\b(?!\s+hành)"
TITLES = re.compile(rf"{TITLED}(?={HEAD}|{OFFICE_OF})")
PLACE = rf"(?:[Tt]ỉnh|[Tt]hành\s+phố)\s+(?={CAPITAL})"
COUNTED = rf"(?:\d{{1,2}}\s+|(?:[Hh]ai|[Bb]a)\s+(?!{UNIT}\s+{CAPITAL}))(?=Cục|Sở|Bộ|Vụ|{UNIT})"
PERSON = re.compile(
    rf"(?:[Đđ]ồng\s+chí|[Đđ]/c|Ông|Bà)\s+(?:{CAPITAL}\w*\s+){{1,4}}{CAPITAL}\w*"
    rf"\s*[,-]\s*(?={TITLE})"
)
"""A person's own name before the office that he holds."""
FIRM = (
    rf"(?P<office>(?:{PERSON.pattern})?{TITLED})?(?:(?:{MANY}\s+)?{HEAD}|{MANY}\s+(?:{UNIT}|{ENTERPRISE})"
    rf"|(?(office)(?:{OFFICE_OF})|(?:{COUNTED}|{PLACE})))"
)
"""Each word list stands in it once or twice: compiling them is most of what loading takes."""
STARTS = re.compile(rf"\s*(?:{FIRM})")
ACRONYM = rf"(?![IVX]+\b){CAPITAL}{{3,10}}\b(?!\s*[-/]|[.]\s*\d)"
LOOSE_STARTS = re.compile(rf"\s*(?:{UNIT}|{ENTERPRISE}|{ACRONYM})")
"""How one may begin besides, where a name is sure to stand."""
LEADERS = re.compile(
    r"[Ll]ãnh\s+đạo\s+Bộ(?=\s*(?:[,;.)]|$)|\s+(?:kết\s+quả|xem\s+xét|phê\s+duyệt|để|những|các|trước|ban\s+hành|quyết\s+định|cho\s+ý\s+kiến|thông\s+qua|chỉ\s+đạo|giải\s+quyết)\b)"
)
COMPLETE = re.compile(raw_any_of(name_words.COMPLETE_NAMES))
FIXED = re.compile(any_of(name_words.FIXED_NAMES))
COMPOUND = re.compile(rf"(?:{MANY}\s+)?" + any_of(name_words.COMPOUNDS))
OF_THE_LISTED = re.compile(
    r"(?i:(?P<whose>(?:các\s+)?(?:đơn\s+vị|cơ\s+quan)(?:\s+(?:có\s+)?\w+){0,3}?\s+của)\s+"
    r"(?=các\s+(?:bộ|sở)\s*:?\s+))"
)
COMMITTEE = r"(?:UBND|[ỦU][ỷyỶY]\s+ban\s+nhân\s+dân|Uỷ\s+ban\s+nhân\s+dân)"
PLACE_UNIT = r"(?i:tỉnh|thành\s+phố|quận|huyện|thị\s+xã|thị\s+trấn|xã|phường|đặc\s+khu)"
COMMITTEES = re.compile(
    rf"{COMMITTEE}\s+(?:(?:các|cấp|\d+)\s+)?{PLACE_UNIT}"
    rf"(?:\s*(?:,\s*và|,|và|-)\s*{PLACE_UNIT}(?:\s+{CAPITAL}\w+(?:\s+{CAPITAL}\w+){{0,2}})?)+"
)
CENTRAL_AND_LOCAL = re.compile(
    r"\s+(?:ở\s+)?(?i:trung\s+ương)\s*(?:,\s*và|,|và)\s*địa\s+phương\b(?!\s+khác)"
)
OWN_HEAD = (
    r"cơ\s+quan\s+(?:chủ\s+quản|đại\s+diện|chuyên\s+môn|thường\s+trực)\s+(?:các|của|dự\s+án)\b"
)
NAMED = rf"(?!{OWN_HEAD}|(?:Sở|Bộ|Ban|Cục|Vụ|Hội|Viện|Trường|Trung\s+tâm|Bệnh\s+viện)\s+{CAPITAL})"
"""In a row of units a capital on both words begins a name of its own: "các huyện, Sở Y tế"."""
UNITS = (
    NAMED + r"(?i:" + raw_any_of((*words.UNITS, "chính trị - xã hội", "xã hội nghề nghiệp")) + ")"
)
GROUP = re.compile(
    rf"(?:{MANY}\s+)?{UNIT}(?:\s+chính\s+trị)?(?:\s*(?:,\s*và|,|và|/|-)\s*(?!{MANY}\s){UNITS})*"
)
OF_UNITS = re.compile(
    r"(?:\s+(?:chức\s+năng|chuyên\s+môn|có\s+liên\s+quan|liên\s+quan))?\s+(?:trực\s+thuộc|thuộc|của)"
    rf"\s+(?:các\s+)?{UNITS}(?:\s*(?:,\s*và|,|và)\s*{UNITS}(?!\s+(?:trưởng|{CAPITAL})))+"
)
OF_CENTRAL = re.compile(
    r"(?:\s+\w+){0,3}?\s+(?:thuộc|của)\s+(?:các\s+)?[Bb]ộ,\s*cơ\s+quan\s+ngang\s+[Bb]ộ(?:\s*,\s*và|\s*,|\s+và)"
    r"\s+cơ\s+quan\s+thuộc\s+Chính\s+phủ"
)
OF_REGION = re.compile(
    rf"\s+các\s+{UNITS}(?:\s*(?:,\s*và|,|và)\s*{UNITS})*\s+(?:ven\s+biển|miền\s+núi|biên\s+giới|hải\s+đảo"
    rf"|vùng\s+cao|nội\s+thành|ngoại\s+thành|trọng\s+điểm|phía\s+(?:Bắc|Nam|Đông|Tây)"
    rf"|(?:khu\s+vực|vùng)\s+{CAPITAL}\w*(?:\s+(?:sông\s+)?{CAPITAL}\w*){{0,4}})"
)
"""Where a group of units is: "các tỉnh ven biển"."""
THEIR_UNITS = re.compile(
    rf"(?:\s+(?!(?:và|cùng|phối|với)\b)\w+){{0,4}}?\s+(?P<units>(?:các\s+|(?P<level>cấp\s+)){UNITS})"
    rf"(?:\s*(?:,\s*và|,|và)\s*(?(level)(?=(?:cấp\s+)?{PLACE_UNIT})){UNITS})+"
)
SMALL_UNITS = raw_any_of(words.UNITS)
OWN_UNITS = re.compile(rf"\s+{SMALL_UNITS}(?:\s*(?:,\s*và|,|và)\s*{SMALL_UNITS})+")
INNER = re.compile(any_of((*name_words.COMPOUNDS, *name_words.INNER_WORDS)))
BY_DECISION = re.compile(r"(?i:(?:các\s+)?(?:tổ|đoàn|ban\s+chỉ\s+đạo|hội\s+đồng|nhóm)\s)")
DECISION = re.compile(
    r"\s+(?:(?:được\s+)?(?:thành\s+lập|kiện\s+toàn)\s+)?(?:theo|tại)\s+(?:các\s+)?Quyết\s+định\s+số\s+\d+(?:/\d+)?/[\w-]+"
    r"(?:\s*,?\s+ngày\s+[\d/]+(?:\s+tháng\s+\d+\s+năm\s+\d+)?)?(?:\s+của\s+(?:Thủ\s+tướng\s+Chính\s+phủ|UBND\s+tỉnh))?"
)
"""What tells one such body from others: "Các Tổ công tác thành lập theo Quyết định số …"."""
NAMED_BY_WORK = re.compile(
    r"(?i:(?:các\s+)?(?:ban|trung\s+tâm|khu|hội|hội\s+đồng|cơ\s+quan\s+thường\s+trực|quỹ|chi\s+cục|cục|văn\s+phòng|tổ|(?:tổng\s+)?công\s+ty|viện|trường))\s"
)
WORK = re.compile(
    r"\s+(?:"
    + any_of((*name_words.INNER_WORDS, *name_words.WORK_WORDS))
    + r"|(?:(?<=\b[Cc]hỉ\sđạo\s)|(?<=\b[Tt]hường\strực\s)|(?<=\bHội\sđồng\s))công\s+tác\b"
    + r"|(?<=\bhoạch\s)xây\s+dựng\b"
    + r"|(?<=\bcông\sty\s)xây\s+dựng\b(?!\s+(?:phương|kế|đề|chương|quy|dự|các|và)\b)"
    + r"|(?<=\bĐầu\stư\s)(?:và\s+)?(?:phát\s+triển|xây\s+dựng)\b)"
)
ENTERPRISES = re.compile(rf"(?:{MANY}\s+)?{ENTERPRISE}(?:\s*(?:,\s*và|,|và)\s*{ENTERPRISE})*")
FIELD = any_of(words.FIELDS).removesuffix(r"\b") + r"(?![\w&])"
DEPARTMENT = re.compile(
    rf"(?:(?:Sở|Bộ|Ty|[Pp]hòng)\s+{FIELD}|(?:{MANY}\s+)?(?:sở|bộ)\s+(?i:{FIELD}))"
)
OTHER = rf"{HEADWORD.pattern}|{TITLE}"
THREEFOLD = re.compile(
    rf"(?:Chi\s+[Cc]ục|Cục|Vụ|Ban|Phòng|Viện|Ủy\s+ban|Khoa|Trung\s+tâm)\s+{CAPITAL}\w*(?:\s+\w+){{0,3}}"
    rf"\s*,\s+(?!{OTHER}){CAPITAL}\w*(?:\s+\w+){{0,3}}?\s+và\s+(?!{OTHER}){CAPITAL}\w+"
)
"""One name of three fields: "Cục Khoa học, Công nghệ và Thông tin"."""
LISTED = re.compile(rf"(?i:(?:các\s+)?(?P<head>bộ|sở))\s*(?P<colon>:)?\s+(?={FIELD})")
LISTED_COLON = re.compile(
    r"(?i:các\s+(?P<head>bộ|sở|vụ|cục|tập\s+đoàn|tổng\s+công\s+ty|ban|phòng|viện|trường)(?:\s+trưởng)?"
    r"(?:,\s*(?:ban|ngành|cơ\s+quan|tổng\s+công\s+ty))*)\s*:\s*"
)
ONE_LISTED = re.compile(
    rf"{CAPITAL}[\w&]*(?:\s+-\s+{CAPITAL}\w*|\s+(?!(?:và|chủ|phối|có|theo|khẩn|tiếp)\b)[\w&]+)*"
)
ONE_FIELD = re.compile(FIELD)
LIST_COMMA = re.compile(r"\s*(?:,\s*và|,|và)\s*")
PROPER = re.compile(
    rf"(?:[Tt]ỉnh\s+|[Tt]hành\s+phố\s+)?(?:TP\.?\s*)?({CAPITAL}\w+(?:\s*-\s*{CAPITAL}\w+)?"
    rf"(?:\s+{CAPITAL}\w+){{0,3}})"
)
PROVINCES = re.compile(
    rf"(?P<head>{COMMITTEE}\s+|(?:(?:Các|các)\s+)?(?:Sở\s+{FIELD}|Công\s+an)\s+)?"
    r"(?i:các\s+(?P<kind>tỉnh(?:,\s*thành\s+phố)?|thành\s+phố|địa\s+phương"
    r"|(?:phường|xã|huyện|quận|thị\s+xã|thị\s+trấn|đặc\s+khu)"
    r"(?:,\s*(?:phường|xã|huyện|quận|thị\s+xã|thị\s+trấn|đặc\s+khu))*))"
    rf"(?P<colon>\s*:)?\s+(?={CAPITAL})"
)
TWO_KINDS = re.compile(r"(?i:phường|xã|huyện|quận|thị\s+trấn)\s*,")
CENTRAL = re.compile(
    rf"\s*(?:(?i:các\s+đồng\s+chí|đồng\s+chí|các)\s+)?{TITLE}(?:\s+(?:các\s+)?[Bb]ộ)?\s*(?:,\s*và|,|và)"
    rf"\s*(?:các\s+)?(?:{TITLE}\s+)?(?:các\s+)?cơ\s+quan\s+ngang\s+[Bb]ộ"
    rf"(?:\s*(?:,\s*và|,|và)\s*(?:{TITLE}\s+)?(?:các\s+)?cơ\s+quan\s+(?:trực\s+)?thuộc\s+Chính\s+phủ"
    r"(?:\s*(?:,\s*và|,|và)\s*(?:các\s+)?cơ\s+quan\s+(?:khác\s+)?ở\s+[Tt]rung\s+ương)?)?"
)
MINISTERS = re.compile(
    rf"(?i:(?:các\s+đồng\s+chí|các)\s+)[Bb]ộ\s+trưởng(?=\s*(?:,\s*và|,|và)\s+{TITLE})"
)
"""Of all ministries, before others who are named by their titles too."""
CENTRAL_TITLE = re.compile(rf"(?<=, ){TITLE}\s+(?:các\s+)?(?=cơ)")
CENTRAL_HEAD = re.compile(
    rf"(?:(?:[Cc]ác\s+)?đồng\s+chí\s+)?(?:[Cc]ác\s+)?{TITLE}(?:\s+(?:các\s+)?[Bb]ộ)?"
)
"""The ministers, who stand for their ministries, at the head of that row."""
ENDS = {one.partition("(?!")[0] for one in name_words.NAME_ENDS}
"""What ends a name by a pattern of its own, and by no other."""
LONG_WORDS = [
    one for one in (*VERBS, *words.ADVERBS) if (" " in one or "," in one) and one not in ENDS
]
SHORT_STOPS = [
    "cần",
    "phải",
    "sớm",
    "không",
    "chưa",
    "chỉ",
    "ngay",
    "sẽ",
    "nếu",
    "tự",
    "đã",
    "đang",
    "cũng",
    "đều",
    "luôn",
    "còn",
]
OTHER_TITLE = (
    r"\s-\s(?=(?:Phó\s+)?(?:Trưởng|Chủ\s+tịch|Phó"
    r"|(?:[Cc]ơ\s+quan|[Đđ]ơn\s+vị)(?:\s+[Tt]hường\s+trực)?|[Tt]hường\s+trực)\b)"
)
STOPS = re.compile(
    r"[;:(),\"“]|\.(?=\s|$|\.)|"
    + OTHER_TITLE
    + r"|\s\d{1,3}\s+(?:đơn\s+vị|cơ\s+quan|địa\s+phương|dự\s+án|nội\s+dung|vấn\s+đề|trường\s+hợp)\b"
    + r"|(?<!\b[Cc]hủ)(?<!\b[Nn]hà)\s(?:"
    + any_of((*LONG_WORDS, *SHORT_STOPS, *words.AFTER_NAME))
    + "|"
    + raw_any_of(name_words.NAME_ENDS)
    + ")"
)
STRONG = re.compile(
    r"[;:(),]|\.(?=\s|$)|"
    + OTHER_TITLE
    + r"|\s(?:chủ\s+trì|phối\s+hợp\s+với|có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|có\s+nhiệm\s+vụ"
    r"|theo\s+chức\s+năng|chỉ\s+đạo|tập\s+trung"
    r"|khẩn\s+trương|tiếp\s+tục|căn\s+cứ|chủ\s+động|thực\s+hiện)\b"
)
JOIN = re.compile(
    r"\s*(?:\([^()]{0,300}\)\s*)?(?:[,;]\s*(?:và|(?:đặc\s+biệt|nhất)\s+là|trong\s+đó\s+có)"
    r"|,\s*cùng|,|;|và|cùng|\+)(?:\s+với)?\s*"
)
"""Between two names of a list; how the next one may begin is no part of it."""
EACH = re.compile(r"(?i:mỗi|từng)\s")
"""Behind a semicolon it begins what is said of each, no name: "…; mỗi đoàn kiểm tra 20 chợ"."""
JOIN_MARK = re.compile(r"[,;+(]|và|cùng")
"""What every joint has first, behind its blanks."""
DASHED = re.compile(r"\s*[-+]\s*")
BEHIND_REMARK = re.compile(r"\s+(?:theo|có|được|trong|trên|thuộc)\s[^.;:]{3,120};\s+")
"""What a field may say of one body before the next: "Các sở theo chức năng được giao; UBND xã"."""
NEXT_TOLD = re.compile(
    rf"[.;,]?(?:\s*\n\s*(?:[-+]\s*)?|\s+[-+]\s+)(?={HEAD}|{COMMITTEE}\s)"
    rf"|(?<!\b[Vv]à)(?<!\b[Cc]ác)(?<!\bcủa)(?<!\bthuộc)(?<![,;:(])(?<!\bPhòng)(?<!\btra)\s(?=Sở\s{FIELD}|UBND\s+(?:các|cấp)\s)"
)
"""Where the next name begins in a cell that has lost what stood between: "Sở A Sở B"."""
ASIDE = re.compile(r"\s*\([^()]{0,400}\)")
IN_CHARGE = re.compile(r"\s+phụ\s+trách\b.*")
"""What an office is for is no part of the body that it stands in."""
NUMERAL = re.compile(r"\s(?:\d{1,2}|[IVX]{1,4})$")
NUMERALS = re.compile(
    rf"(?:\s*,\s*|\s+và\s+)(?:\d{{1,2}}|[IVX]{{1,4}})\b(?!\s*[./)]\s*\d|\s+(?:{UNIT}|{CAPITAL}))"
)
"""More numbers of one name: "Quân khu 3, 4, 5"."""
SECOND_TITLE = re.compile(r"\s+-\s+(?=(?:Phó\s+)?(?:Trưởng|Chủ\s+tịch|Phó)\b)")
TAIL_SKIPS = re.compile(
    r"(?<=thuộc)(?:,|\s+và)\s+trực\s+thuộc(?:\s+(?:Bộ|Sở|tỉnh|Thành phố)\b)?"
    r"|\s+(?:(?:có\s+)?liên\s+quan|hữu\s+quan|được\s+giao(?=\s+(?:nhiệm\s+vụ|làm|chủ\s+trì|quản\s+lý))"
    r"|khác\s+có\s+liên\s+quan|có\s+chức\s+năng|có\s+thẩm\s+quyền|trực\s+thuộc|trên\s+địa\s+bàn"
    rf"|từ\s+(?={CAPITAL})[^,;:.]{{2,30}}\sđến\s+{CAPITAL}\w+(?:\s+{CAPITAL}\w+){{0,2}}"
    r"|ở\s+(?i:trung\s+ương)(?:\s*(?:,|và|,\s*và)\s*địa\s+phương)?"
    r"|được\s+(?:hỏi|lấy|xin)(?:\s+ý\s+kiến)?|ở\s+người|ở\s+(?:các\s+)?(?:cơ\s+sở|địa\s+phương)|(?<=\bsở\s)tại"
    rf"|của\s+(?={CAPITAL}|tỉnh|thành phố|địa phương|huyện|xã)"
    r"|trong\s+(?:Bộ|ngành|tỉnh|thành phố|toàn quốc|cả nước|hệ thống|Ban|Đoàn|khu|cụm|khối|vùng)"
    r"|tại\s+(?:các\s+)?(?:địa\s+phương|nước(?:\s+ngoài)?)|nêu\s+trên|còn\s+lại|trực\s+tiếp\s+quản\s+lý)"
)


OWNED = re.compile(
    r"((?:[Cc]ác )?(?:đơn vị|cơ quan)(?: \w+){0,3} của )(?=Bộ|Ngân hàng|Tổng cục|Sở)"
)
OWNER = re.compile(r"(?:Bộ|Ngân hàng|Tổng cục|Sở) ")
GROUP_OF = re.compile(r"[Cc]ác\s")
PARTY = re.compile(r"[Tt]ỉnh\s+[uủ][ỷy]|[Tt]hành\s+[uủ][ỷy]")
PARTY_BELOW = re.compile(r"[Đđ]ảng\s+[uủ][ỷy]")
SECRETARY = re.compile(r"[Bb]í\s+thư\s+$")
OF_UNITS_BELOW = re.compile(rf"{COMMITTEE}\s+((?:các\s+|cấp\s+){PLACE_UNIT}.*)")
NAMELESS = re.compile(
    r"(?i:(?:các\s+)?(?:(?:nhà|chủ)\s+đầu\s+tư|nhà\s+thầu|đơn\s+vị\s+(?:thi\s+công|tư\s+vấn|vận\s+hành)"
    r"|(?:cơ\s+quan|đơn\s+vị)\s+(?:thường\s+trực|thẩm\s+định|chủ\s+trì|đầu\s+mối|chủ\s+quản|quản\s+lý|phối\s+hợp"
    r"|chủ\s+quản\s+đầu\s+tư))\b)"
)
"""Says what somebody is for; who it is stands in brackets."""
OF_PLACE = re.compile(rf"{COMMITTEE}\s+(?:tỉnh|thành\s+phố)\s+({CAPITAL}.+)")


def begins_name(text: str, place: int, end: int, *, loose: bool) -> bool:
    """``loose``: where a name is sure to stand, a common noun begins one too."""
    return bool(STARTS.match(text, place, end) or (loose and LOOSE_STARTS.match(text, place, end)))
