"""What the terminal shows: one line for many alike, a line of its own for what matters."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console

from deploy.demo.subscriber import Seen
from shared.clock import local_date

MATTERS = {
    "directive_issued": ("bold green", "văn bản được ban hành"),
    "task_returned": ("yellow", "trả lại"),
    "return_refused": ("yellow", "không nhận trả lại"),
    "task_reassigned": ("yellow", "chuyển giao"),
    "task_cancelled": ("yellow", "hủy"),
    "extension_requested": ("cyan", "xin gia hạn"),
    "extension_refused": ("yellow", "không gia hạn"),
    "deadline_extended": ("cyan", "gia hạn"),
    "report_sent_back": ("yellow", "yêu cầu bổ sung"),
    "overspend_refused": ("bold red", "vượt dự toán, từ chối"),
    "notice_failed": ("red", "không gửi được"),
}
COUNTED = {
    "task_assigned": "giao nhiệm vụ",
    "task_acknowledged": "đã tiếp nhận",
    "task_started": "bắt đầu thực hiện",
    "task_completed": "hoàn thành",
    "deadline_approaching": "sắp đến hạn",
    "deadline_missed": "quá hạn",
    "obligation_opened": "yêu cầu báo cáo",
    "report_submitted": "báo cáo",
    "report_accepted": "chấp nhận báo cáo",
    "report_missed": "thiếu báo cáo",
    "notice_delivered": "thông báo đã gửi",
    "line_opened": "mở dòng dự toán",
    "estimate_proposed": "đề xuất dự toán",
    "estimate_approved": "duyệt dự toán",
    "estimate_assigned": "giao dự toán",
    "estimate_adjusted": "điều chỉnh dự toán",
    "funds_committed": "cam kết chi",
    "funds_released": "hủy cam kết chi",
    "funds_disbursed": "giải ngân",
}
_STYLES = {"deadline_missed": "red", "report_missed": "red", "task_completed": "green"}
_SHOWN_AGENCIES = 3


def dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " đồng"


class Timeline:
    """Lines in the order of the business days."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._names: dict[str, str] = {}

    def show(self, events: Sequence[Seen]) -> None:
        """Each line stands where its last event does."""
        lines: dict[object, list[Seen]] = defaultdict(list)
        for event in sorted(events, key=lambda one: one.at):
            if event.name == "agency_recorded":
                self._names[event.body["code"]] = event.body["short_name"]
            elif event.name in MATTERS:
                lines[id(event)].append(event)
            elif event.name in COUNTED:
                lines[event.name].append(event)
        for alike in sorted(lines.values(), key=lambda line: line[-1].at):
            if alike[-1].name in MATTERS:
                self._line(alike[-1])
            else:
                self._lines(alike)

    def _line(self, event: Seen) -> None:
        style, words = MATTERS[event.name]
        self._print(event, f"       [{style}]{event.name}[/] ({words})", self._detail(event))

    def _lines(self, alike: list[Seen]) -> None:
        name = alike[-1].name
        style = _STYLES.get(name, "white")
        agencies = list(
            dict.fromkeys(
                self.name(one.body.get("agency") or one.body.get("recipient") or "")
                for one in alike
            )
        )
        shown = ", ".join(agencies[:_SHOWN_AGENCIES])
        more = f" +{len(agencies) - _SHOWN_AGENCIES}" if len(agencies) > _SHOWN_AGENCIES else ""
        count = f"{len(alike):>4} × " if len(alike) > 1 else "       "
        self._print(alike[-1], f"{count}[{style}]{name}[/] ({COUNTED[name]})", f"{shown}{more}")

    def _print(self, event: Seen, what: str, detail: str) -> None:
        self._console.print(
            f"[dim]{local_date(event.at):%d/%m/%Y}[/]  {what}  {detail}",
            highlight=False,
            soft_wrap=True,
        )

    def _detail(self, event: Seen) -> str:
        body = event.body
        match event.name:
            case "directive_issued":
                return f"Số {body['number_symbol']}: {body['subject']}"
            case "overspend_refused":
                asked, left = dong(body["requested"]), dong(body["available"])
                return f"{self.name(body['agency'])}: {asked}, còn lại {left}"
            case "task_reassigned":
                return f"{self.name(body['from_agency'])} → {self.name(body['agency'])}"
            case "deadline_extended":
                return f"{self.name(body['agency'])}: {body['previous_due_on']} → {body['due_on']}"
        words = body.get("reason") or body.get("remarks") or ""
        return f"{self.name(body.get('agency') or body.get('recipient') or '')}: {words}"

    def name(self, code: str) -> str:
        return self._names.get(code, code)
