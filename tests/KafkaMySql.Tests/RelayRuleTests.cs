using CsCheck;

namespace KafkaMySql.Tests;

/// <summary>The small rules beside the model: who owns what, how far ahead, what is counted.</summary>
public sealed class RelayRuleTests
{
    [Fact]
    public void Fair_shares_settle_with_every_partition_owned_once_and_counts_apart_by_at_most_one() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int[0, 7].Array[12])
            .Sample(
                (partitions, nodes, before) =>
                {
                    var live = Enumerable.Range(0, nodes).ToList();
                    var owners = before.Take(partitions).Select(owner => owner == 7 ? (int?)null : owner).ToArray();
                    for (var round = 0; round < 3; round++)
                    {
                        foreach (var node in live)
                        {
                            var (take, giveUp) = FairShare.Decide(node, live, owners);
                            foreach (var partition in take)
                            {
                                (owners[partition] is { } owner && live.Contains(owner))
                                    .Should()
                                    .BeFalse("nothing is taken from the living");
                                owners[partition] = node;
                            }

                            foreach (var partition in giveUp)
                                owners[partition] = null;
                        }
                    }

                    owners.Should().OnlyContain(owner => owner != null && live.Contains(owner.Value));
                    var counts = live.Select(node => owners.Count(owner => owner == node)).ToList();
                    (counts.Max() - counts.Min()).Should().BeLessThanOrEqualTo(1);
                }
            );

    [Fact]
    public void A_cursor_goes_on_behind_the_last_acknowledged_row_after_a_failure()
    {
        var cursor = new RelayCursor(10);
        cursor.Produced(30);
        cursor.Delivered(20);

        cursor.Failed();

        (cursor.Sent, cursor.Acked).Should().Be((20UL, 20UL));
        cursor.IsNext(20).Should().BeTrue();
    }

    [Fact]
    public void A_cursor_does_not_go_back_while_something_is_in_flight()
    {
        var cursor = new RelayCursor(10);
        cursor.Produced(30);

        cursor.Invoking(it => it.Rewind(new RewindTarget(0, 5, 0))).Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData(0, 100, 99, 0)] // nothing before it is left: follows nothing
    [InlineData(50, 100, 99, 50)] // a hole in the middle: follows the row that is really before it
    [InlineData(99, 100, 99, 99)] // nothing is missing
    public void A_row_is_chained_to_the_row_that_is_really_before_it(ulong position, ulong seq, ulong after, ulong expected)
    {
        var cursor = new RelayCursor(500);

        cursor.Rewind(new RewindTarget(position, seq, after));

        cursor.AfterOf(seq, after).Should().Be(expected);
        cursor.AfterOf(200, 100).Should().Be(100);
    }

    [Fact]
    public void The_lead_is_held_by_the_slowest_healthy_reader_and_by_nobody_when_there_is_none()
    {
        var lead = new LeadWindow(3, 0);
        foreach (var seq in new ulong[] { 10, 20, 30 })
            lead.Sent(seq, 100);

        lead.Room.Should().Be(0);
        lead.ReadUpTo(20);
        lead.Room.Should().Be(2);
        lead.ReadUpTo(null);
        lead.Room.Should().Be(3);
    }

    [Fact]
    public void The_lead_can_be_limited_in_bytes_alone()
    {
        var lead = new LeadWindow(0, 250);
        lead.Sent(10, 200);
        lead.Room.Should().BePositive();
        lead.Sent(20, 200);
        lead.Room.Should().Be(0);
        new LeadWindow(0, 0).Room.Should().Be(int.MaxValue);
    }

    [Fact]
    public void A_reader_that_was_idle_counts_as_healthy_when_a_burst_begins_and_no_longer_ten_seconds_later()
    {
        var watch = new ReaderWatch();
        watch.IsHealthy(0, TimeSpan.Zero).Should().BeFalse("it never answered");
        watch.Observe(10, true, 10, TimeSpan.Zero);

        watch.IsHealthy(10, TimeSpan.FromMinutes(5)).Should().BeTrue("it has everything");
        watch.IsHealthy(11, TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(9)).Should().BeTrue();
        watch.IsHealthy(11, TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(11)).Should().BeFalse();
    }

    [Fact]
    public void Clean_up_stops_at_the_slowest_reader_at_a_silent_one_and_where_lists_differ()
    {
        CleanupRule.SafeUpTo(100, [80, 90], true).Should().Be(80);
        CleanupRule.SafeUpTo(70, [80, 90], true).Should().Be(70);
        CleanupRule.SafeUpTo(100, [80, null], true).Should().Be(0);
        CleanupRule.SafeUpTo(100, [80, 90], false).Should().Be(0);
        CleanupRule.SafeUpTo(100, [], true).Should().Be(100);
    }

    [Fact]
    public void The_backlog_is_counted_once_and_leaves_as_the_relay_passes()
    {
        var ledger = new BacklogLedger();
        ledger.Observe(sent: 10, head: 50).Should().BeNull("rows of this very moment are probably under way");
        ledger.Observe(sent: 10, head: 80).Should().Be((10UL, 50UL));
        ledger.Counted(50, 4, 400, TimeSpan.FromSeconds(1));
        ledger.Observe(sent: 10, head: 80).Should().Be((50UL, 80UL));
        ledger.Counted(80, 3, 300, TimeSpan.FromSeconds(2));

        (ledger.Rows, ledger.Bytes, ledger.Oldest).Should().Be((7L, 700L, TimeSpan.FromSeconds(1)));
        ledger.Observe(sent: 60, head: 80).Should().BeNull();
        (ledger.Rows, ledger.Bytes).Should().Be((3L, 300L));
        ledger.Observe(sent: 80, head: 80).Should().BeNull();
        (ledger.Rows, ledger.Oldest).Should().Be((0L, null));
    }

    [Fact]
    public void The_backlog_starts_over_when_the_log_was_restored()
    {
        var ledger = new BacklogLedger();
        ledger.Observe(0, 80);
        ledger.Observe(0, 80);
        ledger.Counted(80, 8, 800, TimeSpan.Zero);

        ledger.Observe(0, 30).Should().Be((0UL, 30UL));

        ledger.Rows.Should().Be(0);
    }

    [Fact]
    public void Lag_is_rows_and_seconds_although_numbers_have_jumps()
    {
        var lag = new LagLedger();
        lag.Acknowledged(1_000, 10, TimeSpan.FromSeconds(1));
        lag.Acknowledged(9_000_000, 20, TimeSpan.FromSeconds(3));
        lag.Acknowledged(5_000, 99, TimeSpan.FromSeconds(4));

        lag.Behind(9_000_000, TimeSpan.FromSeconds(10)).Should().Be((0L, TimeSpan.Zero));
        lag.Behind(1_000, TimeSpan.FromSeconds(10)).Should().Be((20L, TimeSpan.FromSeconds(7)));
        lag.Behind(0, TimeSpan.FromSeconds(10)).Should().Be((30L, TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void Lag_stays_right_over_millions_of_marks()
    {
        var lag = new LagLedger();
        for (ulong batch = 1; batch <= 100_000; batch++)
            lag.Acknowledged(batch * 7, 5, TimeSpan.FromMilliseconds(batch));

        lag.Behind(99_999 * 7, TimeSpan.FromSeconds(100)).Rows.Should().Be(5);
        lag.Behind(50_000 * 7, TimeSpan.FromSeconds(100)).Rows.Should().BeInRange(250_000, 500_000);
    }

    [Fact]
    public void A_node_lives_by_the_databases_clock_and_while_that_stepped_back_by_its_beating()
    {
        var liveness = new NodeLiveness();
        ClusterNode Node(double age, long seen) => new(1, "http://a#1", TimeSpan.FromSeconds(age), seen, 1);

        liveness.IsLive(Node(3.9, 1), TimeSpan.Zero).Should().BeTrue();
        liveness.IsLive(Node(4.1, 1), TimeSpan.FromSeconds(1)).Should().BeFalse();
        liveness.IsLive(Node(-3600, 2), TimeSpan.FromSeconds(2)).Should().BeTrue();
        liveness.IsLive(Node(-3598, 3), TimeSpan.FromSeconds(4)).Should().BeTrue("it still beats");
        liveness.IsLive(Node(-3590, 3), TimeSpan.FromSeconds(9)).Should().BeFalse("it beats no more");
    }

    [Theory]
    [InlineData(0, 100, false)]
    [InlineData(3, 100, false)]
    [InlineData(100, 100, true)]
    [InlineData(3, 3, true)]
    public void A_reader_says_stalled_at_the_end_or_past_the_end_as_it_was_at_the_first_record_ahead(long next, long end, bool stalled) =>
        new StallRule().IsStalled(next, end).Should().Be(stalled);

    [Fact]
    public void Under_traffic_the_end_at_the_first_record_ahead_counts_until_there_is_progress()
    {
        var rule = new StallRule();
        rule.Ahead(50);
        rule.Ahead(80);

        rule.IsStalled(49, 1_000).Should().BeFalse();
        rule.IsStalled(50, 1_000).Should().BeTrue();
        rule.Progressed();
        rule.IsStalled(60, 1_000).Should().BeFalse();
    }
}
