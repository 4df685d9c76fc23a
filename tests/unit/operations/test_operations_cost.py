import math

import pytest

from operations import prices, usage
from operations.cost import Load, bill, busy_seconds, main, report
from tests.processes import ROOT


def test_a_price_is_for_what_is_not_free():
    assert prices.REQUEST.of(2_000_000) == 0
    assert prices.REQUEST.of(3_000_000) == pytest.approx(0.40)


def test_nobody_writing_costs_next_to_nothing():
    assert sum(one.dollars for one in bill(Load(0))) < 0.5


def test_a_million_messages_by_hand():
    items = {one.name: one for one in bill(Load(1_000_000, parts=1))}
    assert items["Firestore, documents: writes"].amount == 1_000_000 * (5 + 2 + 3)
    assert items["Firestore, documents: writes"].dollars == pytest.approx((10 - 0.6) * 0.90)
    assert items["Twilio, messages"].dollars == pytest.approx(10_000)
    assert items["Pub/Sub, bytes"].dollars == 0


def test_instances_are_shared_by_who_waits_at_once():
    month = 30 * 24 * 3600
    alone = busy_seconds(Load(1000, hours_a_day=24), 8, 1, 64)
    assert alone == pytest.approx(month * (1 - math.exp(-8000 / month)))
    assert alone == pytest.approx(8000, rel=0.01)
    crowd = busy_seconds(Load(100_000_000, hours_a_day=24), 8, 1, 64)
    assert crowd == pytest.approx(100_000_000 * 8 / 64)


def test_sizes_are_those_of_the_deployment():
    lines = (ROOT / "deployment/functions.sh").read_text()
    for name, size in (("webhook", usage.WEBHOOK), ("responder", usage.RESPONDER)):
        assert f"{name}) echo {size.gib * 1024:g}Mi {size.cpus} {size.at_once} " in lines


def test_the_bill_names_its_prices_date_and_what_is_not_in_it(capsys):
    assert main(["250,000", "--assistant-seconds", "20"]) == 0
    told = capsys.readouterr().out
    assert "250,000 messages a month" in told
    assert prices.CHECKED in told
    assert "Not in it" in told
    assert "with Twilio" in report(Load(1))


@pytest.mark.parametrize(
    "wrong", [["-1"], ["many"], ["1", "--hours-a-day", "25"], ["--parts", "0"]]
)
def test_a_slip_of_the_keyboard_is_told(wrong, capsys):
    with pytest.raises(SystemExit):
        main(wrong)
    assert "error:" in capsys.readouterr().err
