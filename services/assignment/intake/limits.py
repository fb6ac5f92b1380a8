"""The patterns of time limits and rhythms, as data (tracking rules, 1.4)."""

import re

from services.assignment.intake.patterns import any_of
from services.assignment.intake.verbs import VERBS

_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*\d{0,2}\s*(?:phút)?,?\s*)?"
_BEFORE = (
    r"(?:trước|chậm\s+nhất|muộn\s+nhất|hoàn\s+thành|xong|vào|hết|trong|hạn\s+cuối|thời\s+hạn)"
    r"(?:\s+(?:là|trước|vào|đến\s+hết|hết|đến|trong|sáng|trưa|chiều|tối|đêm))*\s+" + _HOUR
)
_FEAST = r"(?:(?:Quốc\s+khánh|bầu\s+cử|khai\s+(?:giảng|mạc))\s*,?\s+(?:ngày\s+)?)?"
RHYTHM = (
    r"0?6\s+tháng\s*(?:\([^()]{3,60}\)\s*)?(?:,|và)\s*(?:[Hh][àằ]ng\s+)?năm(?!\s*\d)"
    r"|(?:vào\s+)?(?:(?:thứ\s+(?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\s+)?(?:tuần|ngày)\s+(?:đầu|cuối)(?:\s+tiên|\s+cùng)?\s+(?:của\s+)?(?:mỗi\s+)?tháng(?!\s*\d)"
    r"|(?<!5\snăm\svà\s)(?<!5\snăm,\s)[Hh][àằ]ng\s+năm(?!\s*(?:,|và)\s*0?5\s+năm)"
    r"|[Hh][àằ]ng\s+(?:ngày|tuần|tháng|quý)"
    r"|(?<=giờ\s)mỗi\s+ngày|[Đđ]ịnh\s+kỳ\s+(?:vào\s+)?(?:cuối|đầu)\s+(?:mỗi\s+)?(?:tuần|tháng|quý|năm\s+học|năm)(?!\s*\d)"
    r"|[Đđ]ịnh\s+kỳ\s+(?:vào\s+)?(?:các\s+)?(?:ngày\s+)?thứ\s+(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])\b"
    r"|[Ss]au\s+mỗi\s+(?:tuần|tháng|quý|năm)(?!\s+\d)"
    r"|[Mm]ỗi\s+(?:ngày|tuần|tháng|quý|năm)\s+(?:(?:ít\s+nhất|tối\s+thiểu)\s+)?(?:một|hai|ba|0?[1-5])\s+lần"
    rf"|[Mm]ỗi\s+(?:tuần|tháng|quý|năm)(?=,?\s+{any_of(VERBS)})"
    r"|(?:một|0?[1-9]|hai)\s+lần\s*(?:/|trong|mỗi)\s*(?:một\s+)?(?:tuần|tháng|quý|năm)(?!\s+\d)"
    r"|(?:[Đđ]ịnh\s+kỳ|[Mm]ỗi|[Hh][àằ]ng|[Bb]áo\s+cáo)\s+(?:\w+\s+)?0?6\s+tháng(?!\s+(?:đầu|cuối))"
    r"|0?6\s+tháng\s+(?:một|1)\s+lần|[Đđ]ịnh\s+kỳ\s+(?:\(?\s*)?(?:ngày|tuần|tháng|quý|năm)(?!\s*\d)"
    r"|0?3\s+tháng\s+(?:một|1)\s+lần|[Hh][àằ]ng\s+0?6\s+tháng"
)
BEFORE_FEAST = re.compile(
    r"(?<!ình\s)(?<!quả\s)(?<!ngày\s)(?<!điểm\s)(?<!dịp\s)(?<!tuần\s)(?<!tháng\s)(?<!,\s)(?i:trước)\s+"
    r"(?:(?:dịp|kỳ)\s+)?(?:nghỉ\s+)?(?:Tết(?:\s+(?i:nguyên\s+đán|dương\s+lịch|cổ\s+truyền))?|năm\s+học\s+mới|kỳ\s+nghỉ\s+hè"
    r"|(?:lễ\s+|ngày\s+)?khai\s+giảng|mùa\s+(?:mưa|bão|lũ|khô|hanh)(?:\s*,?\s*(?:bão|lũ|khô))?)\b"
)
"""Where no day is told: "hoàn thành trước Tết Nguyên đán"; not "tình hình trước Tết"."""
KINDS = (
    (
        "day-of-period",
        ("hàng", "hằng", "trước", "tháng"),
        re.compile(
            r"(?i)"
            rf"(?:{_BEFORE})?(?:ngày\s+)?\d{{1,2}}(?:\s+tháng\s+\d{{1,2}})?,?\s+(?:của\s+)?"
            r"(?P<every>h[àằ]ng\s+(?:tháng|quý|năm)|(?:của\s+)?năm\s+trước|(?:của\s+)?tháng\s+(?:cuối\s+(?:mỗi\s+|h[àằ]ng\s+)?quý|sau))"
            rf"|{_BEFORE}h[àằ]ng\s+ngày"
            r"|(?:định\s+kỳ\s+)?(?P<twice>0?6\s+tháng)\s*\([^()]{3,60}\)\s*(?:,|và)\s*(?:h[àằ]ng\s+)?năm\s*\([^()]{3,60}\)"
        ),
    ),
    (
        "day",
        ("ngày",),
        re.compile(
            r"(?i)"
            rf"{_BEFORE}(?:ngày\s+){_FEAST}(?P<d>\d{{1,2}})(?:\s+tháng\s+|\s*[/.-]\s*)(?P<m>\d{{1,2}})"
            r"(?:(?:,?\s+năm\s+|\s*[/.-]\s*)(?P<y>\d{4}))?(?![\d/])"
        ),
    ),
    (
        "day",
        ("/", "tháng"),
        re.compile(
            r"(?i)(?:trước|chậm\s+nhất)\s+(?P<d>\d{1,2})(?:/|\s+tháng\s+)(?P<m>\d{1,2})"
            r"(?:/|\s+năm\s+)(?P<y>\d{4})"
        ),
    ),
    (
        "day",
        ("trước", "chậm"),
        re.compile(
            r"(?i)(?:trước|chậm\s+nhất)\s+(?P<d>[0-3]?\d)/(?P<m>0?[1-9]|1[0-2])(?P<y>(?!))?"
            r"(?=\s*(?:[.,;)]|$|h[àằ]ng\s+năm))"
        ),
    ),
    (
        "month",
        ("tháng",),
        re.compile(r"(?i)(?<!\d\s)\btháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})(?=\s*:)"),
    ),
    (
        "month",
        ("tháng",),
        re.compile(
            r"(?i)"
            r"(?:trong|hoàn\s+thành|xong|vào|cuối|đầu|hết|trước|chậm\s+nhất)"
            r"(?:\s+(?:trong|cuối|đầu|hết|là|vào))*\s+tháng\s+(?P<m>\d{1,2})"
            r"(?:(?:\s*/\s*|,?\s+năm\s+)(?P<y>\d{4}))?(?!\d|\s*/)"
        ),
    ),
    (
        "quarter",
        ("quý",),
        re.compile(
            r"(?i)"
            r"(?:trong|hoàn\s+thành|xong|vào|cuối|đầu|hết|trước|chậm\s+nhất)"
            r"(?:\s+(?:trong|cuối|đầu|hết|là|vào))*\s+[Qq]uý\s+(?P<q>III|II|IV|I|[1-4])\b"
            r"(?:(?:\s*[/-]\s*|,?\s+năm\s+)(?P<y>\d{4}))?"
        ),
    ),
    (
        "day",
        ("đến",),
        re.compile(
            r"(?i)đến\s+(?:hết\s+)?ngày\s+(?P<d>\d{1,2})(?:\s+tháng\s+|\s*[/.-]\s*)(?P<m>\d{1,2})"
            r"(?:,?\s+năm\s+|\s*[/.-]\s*)(?P<y>\d{4})(?=\s*,?\s+(?:\w+\s+){0,4}?(?:hoàn\s+thành|xong)\b)"
        ),
    ),
    (
        "day",
        ("từ",),
        re.compile(
            rf"(?i)từ\s+{_HOUR}(?:ngày\s+)?\d{{1,2}}(?:(?:[/.]|\s+tháng\s+)\d{{1,2}})?"
            rf"(?:(?:[/.]|\s+năm\s+)\d{{4}})?\s+đến\s+(?:hết\s+)?{_HOUR}(?:ngày\s+)?"
            r"(?P<d>\d{1,2})(?:[/.]|\s+tháng\s+)(?P<m>\d{1,2})"
            r"(?:[/.]|\s+năm\s+)(?P<y>\d{4})"
        ),
    ),
    (
        "day",
        ("đến",),
        re.compile(
            r"(?i)(?<=\s)(?:(?<=bảo\sđảm\s)|(?<=đảm\sbảo\s)|(?<=để\s)|(?<=phấn\sđấu\s))đến\s+(?:hết\s+)?ngày\s+"
            r"(?P<d>\d{1,2})(?:\s+tháng\s+|\s*[/.-]\s*)(?P<m>\d{1,2})(?:,?\s+năm\s+|\s*[/.-]\s*)(?P<y>\d{4})"
        ),
    ),
    (
        "relative",
        ("kỳ họp",),
        re.compile(
            r"(?i)tại\s+(?:các\s+)?kỳ\s+họp\s+(?:(?:thường\s+lệ|chuyên\s+đề|thứ\s+\w+)\s+)*"
            r"(?:(?:cuối|giữa|đầu)\s+năm(?:\s+\d{4})?|gần\s+nhất|tới|sắp\s+tới)"
        ),
    ),
    (
        "year",
        ("năm",),
        re.compile(
            r"(?i)(?:đến|hết)\s+(?:hết\s+)?năm\s+(?P<y>\d{4})(?P<y2>)(?=\s*,?\s+(?:(?:phải|cơ\s+bản)\s+){0,2}hoàn\s+thành\b)"
        ),
    ),
    (
        "relative",
        ("trong", "chậm", "không", "trước"),
        re.compile(
            r"(?i)"
            r"(?:trong\s+(?:thời\s+hạn|vòng|thời\s+gian)|chậm\s+nhất(?:\s+là)?(?:\s+sau)?|không\s+(?:để\s+(?:\w+\s+){0,4}?)?quá)"
            r"\s+(?:tối\s+đa\s+)?(?:không\s+quá\s+)?(?:\d{1,3}|một|hai|ba|năm|sáu|mười|mười\s+lăm|ba\s+mươi)"
            r"\s*(?:\([^)]{1,20}\)\s*)?(?:ngày\s+làm\s+việc|ngày|giờ|tháng|tuần|năm)\b(?!\s+\d)"
            r"|trong\s+\d{1,3}\s+(?:(?:ngày|giờ)\s+làm\s+việc\b|(?:ngày|giờ)(?=\s*(?:[.;,]|$)))"
            r"|(?<=đảm\s)trước\s+(?:ít\s+nhất\s+|tối\s+thiểu\s+)?\d{1,3}\s+ngày(?!\s+\d)"
            r"|trước\s+(?:ít\s+nhất|tối\s+thiểu)\s+\d{1,3}\s+(?:giờ|ngày)\b"
            r"|trước\s+khi\s+[^.;,:]{3,40}?\s(?:ít\s+nhất|tối\s+thiểu)\s+\d{1,3}\s+(?:giờ|ngày)\b"
            r"|trong\s+(?:tuần\s+(?:này|tới)|(?:ngày\s+)?hôm\s+nay)\b"
            r"|trong\s+\d{1,3}(?:\s*-\s*\d{1,3})?\s*(?:giờ|ngày)\s+(?:kể\s+từ|sau)\s+khi\s+[^.;,]{3,60}"
        ),
    ),
    (
        "condition",
        ("hiệu lực",),
        re.compile(
            r"(?:[Ss]au\s+)?[Kk]hi\s+(?:Luật|Bộ\s+luật|Pháp\s+lệnh|Nghị\s+định|Nghị\s+quyết|Quyết\s+định|Thông\s+tư)"
            r"[^.;,]{0,120}?\scó\s+hiệu\s+lực(?:\s+thi\s+hành)?"
        ),
    ),
    (
        "year",
        ("năm",),
        re.compile(
            rf"(?i)(?<![\w,:”’)]\s)(?<!\w)năm\s+(?P<y>\d{{4}})(?P<y2>)(?=\s*[:,]\s+{any_of(VERBS)})"
        ),
    ),
    (
        "month",
        ("họp", "sinh hoạt"),
        re.compile(
            r"(?i)(?:trong\s+(?:kỳ\s+|buổi\s+)?(?:sinh\s+hoạt|họp\s+chi\s+bộ)"
            r"|(?<=trình\s)[^.;,:]{3,80}?\s(?:tại|trong)\s+(?:phiên|kỳ)\s+họp)"
            r"(?:\s+(?:chi\s+bộ|chuyên\s+đề|định\s+kỳ|thường\s+kỳ)){0,3}\s+tháng\s+(?P<m>\d{1,2})"
            r"(?:\s*/\s*|\s+năm\s+)(?P<y>\d{4})(?P<y2>)"
        ),
    ),
    (
        "year",
        ("sơ kết", "tổng kết"),
        re.compile(
            r"(?i)(?<=kết\s)(?:[^\s.;,:]+\s+){0,10}?(?:vào|trong|cuối)\s+(?:cuối\s+)?năm\s+(?P<y>\d{4})(?P<y2>)"
        ),
    ),
    (
        "year",
        ("kết thúc",),
        re.compile(r"(?i)kết\s+thúc\s+năm\s+(?P<y>\d{4})(?P<y2>)(?=\s*,)"),
    ),
    (
        "condition",
        ("kết thúc", "nhận được", "sau khi"),
        re.compile(
            r"(?i)(?:ngay\s+)?(?:sau\s+)?khi\s+nhận\s+được\s+[^,.;:]{3,80}"
            r"|(?:ngay\s+)?sau\s+khi\s+(?:\w+\s+){0,6}?được\s+(?:(?:[A-ZĐỦ]\w*\s+)+)?(?:phê\s+duyệt|ban\s+hành|thông\s+qua)"
            r"|(?:ngay\s+)?(?:sau\s+)?khi\s+kết\s+thúc\s+(?:các\s+)?"
            r"(?:năm\s+học|học\s+kỳ|đợt|giai\s+đoạn|đề\s+án|chương\s+trình|kế\s+hoạch|dự\s+án|chiến\s+dịch|mùa|hội\s+nghị)"
            r"(?:\s+(?!(?:và|để|thì|các|phải|cần)\s)\w+){0,3}"
        ),
    ),
    (
        "year",
        ("năm",),
        re.compile(
            r"(?i)"
            r"(?:hoàn\s+thành|xong|thành\s+lập|(?<!dự\sán\s)(?<!công\strình\s)(?<!chưa\s)(?<!mới\s)(?<!đã\s)(?<!được\s)(?:ban\s+hành|phê\s+duyệt|khởi\s+công"
            r"|đưa\s+vào|trình|nghiệm\s+thu))"
            r"(?:\s+[^\s.;,:]+){0,12}?\s+(?:ngay\s+)?trong\s+năm\s+(?P<y>\d{4})(?!\s*[-–])"
            r"|(?<=[,;]\s)hết\s+năm\s+(?P<y2>\d{4})"
        ),
    ),
)
"""Rule, words of which one must be there for it to be worth a search, and its pattern."""
_FOR_DAYS = re.compile(
    r"trong\s+(?:thời\s+gian\s+)?(?:ít\s+nhất\s+|tối\s+thiểu\s+)?\d+\s+(?:ngày|giờ)"
)
_LASTING = re.compile(
    r"(?i:niêm\s+yết|công\s+khai|trưng\s+bày|cách\s+ly|treo\s+cờ|tạm\s+nghỉ|nghỉ\s+học)\b[^.;:]*$"
)


def only_lasts(text: str, start: int, said: "re.Match[str]") -> bool:
    """ "Niêm yết công khai danh sách trong 20 ngày": how long it is to last is no limit."""
    return _FOR_DAYS.match(said[0]) is not None and (
        _LASTING.search(text, max(start, said.start() - 160), said.start()) is not None
    )
