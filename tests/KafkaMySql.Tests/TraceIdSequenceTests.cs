using CsCheck;

namespace KafkaMySql.Tests;

public sealed class TraceIdSequenceTests
{
    private const ulong Now = 1_800_000_000_000_000_000;
    private const ulong NoLimit = ulong.MaxValue / 2;
    private readonly TraceIdSequence _ids = new();

    [Fact]
    public void Numbers_rise_strictly_whatever_the_clock_does() =>
        Gen.Long[-10_000_000_000, 10_000_000_000]
            .Array[1, 300]
            .Sample(jumps =>
            {
                var ids = new TraceIdSequence();
                ids.Lease(5, 0);
                ids.TryNext(Now, NoLimit, out var last);
                foreach (var jump in jumps)
                {
                    ids.TryNext((ulong)((long)Now + jump), NoLimit, out var next).Should().BeTrue();
                    next.Should().BeGreaterThan(last);
                    last = next;
                }
            });

    [Fact]
    public void Two_nodes_never_give_the_same_number_at_the_same_clock()
    {
        var other = new TraceIdSequence();
        _ids.Lease(3, 0);
        other.Lease(4, 0);

        var given = Enumerable.Range(0, 1_000).SelectMany(_ => new[] { Next(_ids, Now), Next(other, Now) }).ToList();

        given.Should().OnlyHaveUniqueItems();
        given.Should().OnlyContain(id => id % TraceIdSequence.Step / 64 == 3 || id % TraceIdSequence.Step / 64 == 4);
    }

    [Fact]
    public void A_new_holder_of_a_number_starts_above_the_former_ones_reserve_though_its_clock_is_behind()
    {
        _ids.Lease(7, Now + 5_000_000_000);

        Next(_ids, Now - 3_600_000_000_000).Should().BeGreaterThan(Now + 5_000_000_000);
    }

    [Fact]
    public void A_clock_that_jumped_ahead_of_the_lease_is_not_believed_and_the_limit_is_never_passed()
    {
        _ids.Lease(1, 0);
        var before = Next(_ids, Now);
        const ulong Limit = Now + 100 * TraceIdSequence.Step;

        _ids.TryNext(Now + 3_600_000_000_000, Limit, out var next).Should().BeTrue();
        next.Should().BeInRange(before + 1, Limit);
        while (_ids.TryNext(Now + 3_600_000_000_000, Limit, out next))
            next.Should().BeLessThanOrEqualTo(Limit);
        _ids.TryNext(Now + 3_600_000_000_000, Limit + 10_000_000, out _).Should().BeTrue("the next heartbeat allows more");
    }

    [Fact]
    public void Numbers_have_nineteen_digits_and_are_the_documented_formula()
    {
        _ids.Lease(63, 0);

        Next(_ids, Now + 5_000).Should().Be((Now + 5_000) / 4096 * 4096 + 63 * 64);
        Next(_ids, Now + 5_000).Should().Be((Now + 5_000) / 4096 * 4096 + 63 * 64 + 1);
        Next(_ids, Now).ToString(System.Globalization.CultureInfo.InvariantCulture).Should().HaveLength(19);
    }

    private static ulong Next(TraceIdSequence ids, ulong now) =>
        ids.TryNext(now, NoLimit, out var id) ? id : throw new InvalidOperationException();
}
