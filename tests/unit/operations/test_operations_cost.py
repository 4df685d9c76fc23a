import math
import re

import pytest

from operations import prices, usage
from operations.cost import Load, bill, busy_seconds, main, report
from operations.media_cost import Media
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


def test_media_by_hand():
    without = {one.name: one for one in bill(Load(100_000))}
    assert not {one for one in without if one.startswith(("Storage", "Voice", "Network"))}
    media = Media(read=50_000, given=100_000, minutes=1000, characters=2_000_000)
    items = {one.name: one for one in bill(Load(100_000, media=media))}
    added = items["Functions, vCPU seconds"].amount - without["Functions, vCPU seconds"].amount
    assert added == pytest.approx(50_000 * 2 + 200_000 * 0.2)
    requests = items["Functions, requests"].amount - without["Functions, requests"].amount
    assert requests == pytest.approx(200_000)
    assert items["Storage, writes"].dollars == pytest.approx(0.5)
    assert items["Storage, reads"].dollars == pytest.approx(0.08)
    gib = 100_000 * 300_000 / 2**30
    assert items["Network, bytes of media"].dollars == pytest.approx((gib - 1) * 0.12)
    assert items["Storage, GiB for the month"].dollars == pytest.approx(gib / 20 * 0.02)
    assert items["Voice, minutes put into words"].dollars == pytest.approx(6)
    assert items["Voice, characters spoken"].dollars == pytest.approx(30)


def test_voices_are_not_google_s_and_have_prices_of_one_s_own(capsys):
    assert main(["0", "--media-minutes", "1000", "--media-minute-price", "0.5"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"Voice, minutes put into words +1,000 +500\.00", told)
    assert re.search(r"Google Cloud +0\.\d\d\n", told)
    assert "A thousand media more: 0.05 to read them, 0.05 to give them out." in told


def test_sizes_are_those_of_the_deployment():
    lines = (ROOT / "deployment/functions.sh").read_text()
    for name, size in (
        ("webhook", usage.WEBHOOK),
        ("responder", usage.RESPONDER),
        ("media", usage.MEDIA),
    ):
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
