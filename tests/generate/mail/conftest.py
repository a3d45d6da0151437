"""Records of the recipe as it ships, and of a small folder in three scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.generate.traffic import Made, Traffic, open_traffic

DATASETS = Path(__file__).parents[3] / "datasets"
HEAD = """name = "{code}"
direction = "{direction}"
weekdays = ["1", "2", "3", "4", "5", "6", "7"]
months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
"""
TYPE = """label = "{label}"
about = "One."
sender = "{sender}"
[rules]
from_name = {names}
subject = {subjects}
body = {bodies}
"""
SCRIPTS = {
    "ar": ("rtl", ["ليلى حداد", "مصرف النيل"], ["فاتورة {#100-999}", "موعد الاجتماع يوم {weekday}"],
           ["السلام عليكم،\\n\\nنرجو مراجعة الحساب قبل {#1-28} من الشهر: https://bank-nile.example/{%xxxx}\\n\\nشكرا",
            "مرحبا، الملف مرفق مع الرسالة."]),
    "ru": ("ltr", ["Ольга Иванова", "Банк «Север»"], ["Счёт № {#100-999}", "встреча в {#9-18}:00, просьба подтвердить"],
           ["Здравствуйте!\\n\\nСчёт во вложении, оплатить до {#1-28} числа.\\n\\nС уважением,\\nОльга",
            "Проверьте данные: https://sever-bank.example/{%xxxx}"]),
    "zh": ("ltr", ["王伟", "北方银行"], ["发票 {#100-999}", "会议通知"],
           ["您好：\\n\\n请在{#1-28}日前确认账户：https://beifang.example/{%xxxx}\\n\\n谢谢", "附件是本月的报表。"]),
}
RECIPE = """kind = "traffic"
channel = "email"
about = "A few."
version = 1
spam = 0.5
first_day = 2026-01-05
days = 30
[languages]
ar = 1
ru = 1
zh = 1
"""
SENDERS = ("person", "stranger", "list", "firm", "machine", "bot", "newsletter")


@pytest.fixture(scope="session")
def traffic() -> Traffic:
    """The recipe email as it ships."""
    return open_traffic(DATASETS, "email", 3)


@pytest.fixture(scope="session")
def shipped(traffic: Traffic) -> list[Made]:
    """Some of its records."""
    return list(traffic.records(0, 1400))


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """Records in Arabic, Russian and Chinese, of each kind of sender and of types that have a form of their own."""
    root = tmp_path_factory.mktemp("scripts")
    (root / "recipes").mkdir()
    (root / "recipes/few.toml").write_text(RECIPE, encoding="utf-8")
    for code, (direction, names, subjects, bodies) in SCRIPTS.items():
        folder = root / "languages" / code / "email"
        folder.mkdir(parents=True)
        (folder.parent / "language.toml").write_text(HEAD.format(code=code, direction=direction), encoding="utf-8")
        types = [(f"{label}_{sender}", label, sender) for label in ("ham", "spam") for sender in SENDERS]
        types += [("backscatter", "spam", "machine"), ("delivery_failure", "ham", "machine"),
                  ("malware_lure", "spam", "stranger"), ("image_only", "spam", "bot"), ("snowshoe", "spam", "firm")]
        for name, label, sender in types:
            rules = {"names": names, "subjects": subjects, "bodies": bodies}
            lists = {key: "[" + ", ".join(f'"{one}"' for one in texts) + "]" for key, texts in rules.items()}
            (folder / f"{name}.toml").write_text(TYPE.format(label=label, sender=sender, **lists), encoding="utf-8")
    return list(open_traffic(root, "few", 1).records(0, 500))


@pytest.fixture(scope="session")
def mails(shipped: list[Made], scripts: list[Made]) -> list[Made]:
    """All of them."""
    return shipped + scripts
