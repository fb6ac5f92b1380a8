"""A made-up letter, in the parts that programs which write PDFs set each in their own way."""

LEFT = ("ỦY BAN NHÂN DÂN", "TỈNH AN SƠN", "Số: 245/UBND-KT", "V/v quản lý chợ dân sinh")
RIGHT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "An Sơn, ngày 12 tháng 3 năm 2025",
)
TO = "Kính gửi: Sở Công Thương; Sở Tài chính; UBND các huyện, thành phố."
SITUATION = (
    "Thời gian qua, công tác quản lý chợ dân sinh trên địa bàn tỉnh đã đạt được một số kết quả, tuy"
    " nhiên nhiều chợ xuống cấp, chưa bảo đảm an toàn phòng cháy. Ủy ban nhân dân tỉnh yêu cầu:"
)
ORDERS = (
    "1. Sở Công Thương chủ trì, phối hợp với Sở Tài chính rà soát toàn bộ các chợ dân sinh trên địa"
    " bàn tỉnh, xây dựng phương án sửa chữa, nâng cấp; báo cáo Ủy ban nhân dân tỉnh trước ngày 15"
    " tháng 4 năm 2025.",
    "2. Sở Tài chính bố trí kinh phí sửa chữa các chợ đã xuống cấp từ dự toán ngân sách năm 2025,"
    " hoàn thành trong tháng 6 năm 2025.",
    "3. UBND các huyện, thành phố tăng cường kiểm tra công tác phòng cháy và chữa cháy tại các chợ,"
    " xử lý nghiêm các trường hợp vi phạm theo quy định; định kỳ hằng quý gửi Sở Công Thương tổng"
    " hợp kết quả.",
)
TABLE = (
    ("STT", "Chợ", "Đơn vị chủ trì", "Thời hạn"),
    ("1", "Chợ Đình, xã Hòa An", "UBND huyện Hòa An", "Quý II/2025"),
    ("2", "Chợ Phường 3", "UBND thành phố An Sơn", "Quý III/2025"),
)
SIGNED = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Thị Bình")

TEXT = "\n\n".join(("\n".join(LEFT), "\n".join(RIGHT), TO, SITUATION, *ORDERS, "\n".join(SIGNED)))
