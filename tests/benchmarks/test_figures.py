"""What several rounds of a workload come to."""

from benchmarks.figures import Result, middle


def a_round(ours: float, theirs: float, *notes: str) -> Result:
    result = Result("stadium", notes=list(notes))
    result.add("SyncPlay", speed=ours, core="98%")
    result.add("bare relay", speed=theirs, core="99%")
    result.compare("speed", "SyncPlay", "bare relay", "≥ 1")
    result.aim("speed", "SyncPlay", "≥ 5")
    return result


def test_of_each_figure_the_middle_counts() -> None:
    whole = middle([a_round(9.0, 3.0), a_round(1.0, 4.0), a_round(5.0, 5.0)])

    assert whole.rows == [
        {"server": "SyncPlay", "speed": 5.0, "core": "98%"},
        {"server": "bare relay", "speed": 4.0, "core": "99%"},
    ]


def test_a_ratio_is_of_one_round_and_tells_how_far_the_rounds_are_apart() -> None:
    whole = middle([a_round(9.0, 3.0), a_round(1.0, 4.0), a_round(5.0, 5.0)])

    assert [reach.text() for reach in whole.reach] == [
        "speed: SyncPlay / bare relay = 1 (wanted: ≥ 1); the middle of 3 rounds, 0.25 to 3",
        "speed: SyncPlay 5 (wanted: ≥ 5); the middle of 3 rounds, 1 to 9",
    ]


def test_one_round_is_what_it_is() -> None:
    once = a_round(6.0, 5.0)

    assert middle([once]).rows == once.rows
    assert [reach.text() for reach in middle([once]).reach] == [
        "speed: SyncPlay / bare relay = 1.2 (wanted: ≥ 1)",
        "speed: SyncPlay 6 (wanted: ≥ 5)",
    ]


def test_a_figure_that_a_round_has_not_got_is_the_others() -> None:
    late = Result("stadium", notes=["the time was up"])
    late.add("bare relay", speed=7.0, core="99%")

    whole = middle([a_round(6.0, 5.0, "busy"), late])

    assert [row["server"] for row in whole.rows] == ["SyncPlay", "bare relay"]
    assert len(whole.reach) == 2
    assert whole.notes == ["busy", "the time was up"]
