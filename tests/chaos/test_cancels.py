"""What the result of a run tells of its cancels."""

from tests.chaos.cancels import Cancel, rows


def test_those_that_something_held_up_are_told_apart_with_the_cause():
    calm = [Cancel(at, at + 0.1, at + 0.4) for at in range(100, 200, 10)]
    failed = Cancel(250, 250.1, 252.5, failed=True)
    held_up = [Cancel(300, 302.5, 303), Cancel(400, 400.1, 401.5)]
    ends = {"webhook": [299.5, 350.0], "responder": [400.2, 402.0]}
    found = rows([*held_up, failed, *calm], 7, ends)
    longest = found.pop("longest cancels").split("; ")
    assert found == {
        "cancels": "13, 7 stopped something; told within 0.40 s (median), 3.00 s (p95)",
        "no send failed": "12, told within 0.40 s (median), 3.00 s (p95)",
        "nor process ended": "10, told within 0.40 s (median), 0.40 s (p95)",
    }
    assert longest[:4] == [
        "3.0 s (2.5 s until taken, webhook ended at -0.5 s)",
        "2.5 s (0.1 s until taken, a send failed)",
        "1.5 s (0.1 s until taken, responder ended at +0.2 s)",
        "0.4 s (0.1 s until taken)",
    ]


def test_a_run_without_a_cancel_says_so():
    found = rows([], 0, {})
    assert found["cancels"] == "0, 0 stopped something; told within 0.00 s (median), 0.00 s (p95)"
