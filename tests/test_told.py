"""Nobody is told the same thing again and again."""

from duo_lsp.told import MOST, PAUSE, Told


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_one_cause_is_told_once_in_ten_minutes():
    clock = Clock()
    told = Told(clock)
    assert told.first_time("a")
    for second in range(int(PAUSE)):
        clock.now = float(second)
        assert not told.first_time("a")
    assert told.first_time("b")
    clock.now = PAUSE
    assert told.first_time("a")
    assert not told.first_time("a")
    assert not told.first_time("b")


def test_it_never_grows_without_end():
    told = Told(Clock())
    assert all(told.first_time(str(n)) for n in range(3 * MOST))
    assert len(told._causes) == MOST
