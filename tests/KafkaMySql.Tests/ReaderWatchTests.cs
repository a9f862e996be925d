namespace KafkaMySql.Tests;

public sealed class ReaderWatchTests
{
    private readonly ReaderWatch _watch = new();

    [Fact]
    public void A_reader_that_had_everything_for_long_is_given_time_when_more_is_sent()
    {
        for (var second = 0; second < 60; second++)
            _watch.Observe(last: 10, stalled: true, acked: 10, At(second));

        _watch.WantsRewind(acked: 11, At(60)).Should().BeFalse("the row was sent a moment ago");
        _watch.Observe(last: 10, stalled: true, acked: 11, At(60.5));
        _watch.WantsRewind(acked: 11, At(61.5)).Should().BeFalse();
    }

    [Fact]
    public void A_reader_that_stays_behind_is_gone_back_for_after_two_seconds_and_then_ever_more_rarely()
    {
        _watch.Observe(last: 10, stalled: true, acked: 20, At(0));
        _watch.WantsRewind(acked: 20, At(1.9)).Should().BeFalse();
        _watch.WantsRewind(acked: 20, At(2)).Should().BeTrue();

        _watch.Rewound(At(2));
        _watch.WantsRewind(acked: 20, At(5.9)).Should().BeFalse();
        _watch.WantsRewind(acked: 20, At(6)).Should().BeTrue();
        _watch.Rewound(At(6));
        _watch.WantsRewind(acked: 20, At(13.9)).Should().BeFalse();
        _watch.WantsRewind(acked: 20, At(14)).Should().BeTrue();
    }

    [Fact]
    public void Progress_forgets_the_back_off()
    {
        _watch.Observe(last: 10, stalled: true, acked: 20, At(0));
        for (var i = 0; i < 10; i++)
            _watch.Rewound(At(i));

        _watch.Observe(last: 15, stalled: true, acked: 20, At(100));

        _watch.WantsRewind(acked: 20, At(102)).Should().BeTrue();
    }

    [Fact]
    public void A_reader_that_moves_or_is_not_stalled_is_left_alone()
    {
        _watch.Observe(last: 10, stalled: false, acked: 20, At(0));
        _watch.WantsRewind(acked: 20, At(60)).Should().BeFalse();
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
