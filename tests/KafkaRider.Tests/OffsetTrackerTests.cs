using CsCheck;
using MassTransit.KafkaIntegration.Consuming;

namespace KafkaRider.Tests;

public sealed class OffsetTrackerTests
{
    [Fact]
    public void Position_stays_before_the_first_record_that_is_not_done()
    {
        var tracker = new OffsetTracker();
        var first = tracker.Arrived(100);
        var second = tracker.Arrived(105);

        tracker.Done(second).Should().BeFalse();
        tracker.Position.Should().BeNull();
        tracker.Done(first).Should().BeTrue();
        tracker.Position.Should().Be(106);
        tracker.Count.Should().Be(0);
    }

    [Fact]
    public void A_record_cannot_be_done_twice_once_it_is_covered()
    {
        var tracker = new OffsetTracker();
        var record = tracker.Arrived(7);
        tracker.Done(record);

        tracker.Invoking(t => t.Done(record)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Position_is_always_that_of_a_plain_list_whatever_the_order_and_the_gaps()
    {
        // Each step: a record arrives after a gap (value >= 0), or one of those in hand, chosen by the value, is done (value < 0).
        Gen.Int[-50, 40]
            .List[0, 400]
            .Sample(steps =>
            {
                var tracker = new OffsetTracker();
                var model = new List<(long Sequence, long Offset, bool Done)>();
                long next = 1_000;
                foreach (var step in steps)
                {
                    if (step >= 0)
                    {
                        next += 1 + step % 5;
                        model.Add((tracker.Arrived(next), next, false));
                    }
                    else if (model.FindAll(record => !record.Done) is { Count: > 0 } open)
                    {
                        var chosen = open[-step % open.Count];
                        model[model.IndexOf(chosen)] = chosen with { Done = true };
                        tracker.Done(chosen.Sequence);
                    }
                    var covered = model.TakeWhile(record => record.Done).ToList();
                    long? expected = covered.Count == 0 ? null : covered[^1].Offset + 1;
                    if (tracker.Position != expected || tracker.Count != model.Count - covered.Count)
                        return false;
                }
                return true;
            });
    }
}
