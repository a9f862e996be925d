using Consistency.Comparing;

namespace Consistency.Tests;

/// <summary>The rules alone: random histories, looked at while they go on, and once more when they have come to rest.</summary>
public sealed class ComparisonModelTests
{
    private const int Histories = 200;

    [Fact]
    public async Task Nothing_is_reported_that_is_not_so_and_nothing_is_missed()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            var world = new ModelWorld(random, partitions: 3);
            for (var round = 0; round < 8; round++)
            {
                for (var step = 0; step < 30; step++)
                    world.Step();
                // From the second half on: before it a report of anything would be false.
                if (round >= 4)
                    world.Damage();
                var before = world.Damaged.Keys.ToHashSet();
                var result = await RunAsync(world);

                // An event that was mended during the run may or may not be reported; one that never was damaged must not.
                result.Findings.Select(finding => finding.TraceId).Should().BeSubsetOf(before, $"history {seed}, round {round}");
            }

            world.Settle();
            world.Frozen = true;
            var last = await RunAsync(world);

            last.Findings.ToDictionary(finding => finding.TraceId, finding => finding.Class)
                .Should()
                .Equal(world.Damaged, $"history {seed}");
            last.Pending.Should().Be(0);
        }
    }

    [Fact]
    public async Task What_is_beyond_the_cut_is_pending_and_what_is_there_is_not_compared()
    {
        var world = new ModelWorld(new Random(1), partitions: 1);
        for (var step = 0; step < 200; step++)
            world.Step();
        world.Settle();
        world.Storage.Last[0] = world
            .Storage.Rows.Values.Where(row => row.Seq is not null)
            .Select(row => row.Seq!.Value)
            .Order()
            .ElementAt(5);
        foreach (var row in world.Storage.Rows.Values.Where(row => row.Seq > world.Storage.Last[0]).ToList())
            world.Storage.Rows.Remove(row.TraceId);
        world.Frozen = true;

        var result = await RunAsync(world);

        result.Findings.Should().BeEmpty();
        result.Pending.Should().Be(world.Queue.Rows.Values.Count(row => row.Seq > world.Storage.Last[0])).And.BePositive();
    }

    private static Task<CheckResult> RunAsync(ModelWorld world) =>
        new Comparison(world.Side(world.Storage), world.Side(world.Queue), world.Log, new HurriedClock()).RunAsync(
            new CheckScope(new Dictionary<int, ulong>(), (0, 255), [], DateTimeOffset.MaxValue),
            CancellationToken.None
        );
}

/// <summary>Time as it is, but nobody has to wait for it.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
