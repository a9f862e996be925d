using Confluent.Kafka;
using CsCheck;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql.Tests;

public sealed class BatchPlanTests
{
    private static readonly RecordDecoder Decoder = new(
        InboxTestMessage.Decoder("ab"),
        new Dictionary<ushort, IInboxTable> { [1] = new InboxTestTable("a"), [2] = new InboxTestTable("b") }
    );

    // Pieces of a partition as faults leave it: parts of the log in order, begun anywhere, with strangers between them.
    private static readonly Gen<InboxItem[]> Histories =
        from pieces in Gen.Select(Gen.Int[0, 39], Gen.Int[1, 12], Gen.Int[0, 9]).Array[1, 12]
        select Items(pieces);

    [Fact]
    public void Planning_in_pieces_comes_to_the_same_as_planning_at_once() =>
        Gen.Select(Histories, Gen.Int[0, 100])
            .Sample(
                (items, where) =>
                {
                    var cut = items.Length * where / 100;
                    var whole = BatchPlan.Make(0, 0, items, Decoder);
                    var first = BatchPlan.Make(0, 0, items.AsSpan(0, cut), Decoder);
                    var second = BatchPlan.Make(first.Last, 0, items.AsSpan(cut), Decoder);

                    second.Last.Should().Be(whole.Last);
                    first.Events.Concat(second.Events).Select(Describe).Should().Equal(whole.Events.Select(Describe));
                    (first.Repeats + second.Repeats).Should().Be(whole.Repeats);
                    (first.Ahead + second.Ahead).Should().Be(whole.Ahead);
                    (first.DeadLetters.Count + second.DeadLetters.Count).Should().Be(whole.DeadLetters.Count);
                    (first.Parked.Count + second.Parked.Count).Should().Be(whole.Parked.Count);
                },
                iter: 500
            );

    [Fact]
    public void Own_records_are_taken_in_the_logs_order_each_once_and_none_before_the_one_it_stands_behind() =>
        Histories.Sample(
            items =>
            {
                var plan = BatchPlan.Make(0, 0, items, Decoder);
                var taken = plan
                    .Events.Where(planned => planned.IsOwn)
                    .Select(planned => planned.Item)
                    .Concat(plan.DeadLetters.Where(letter => letter.IsOwn).Select(letter => letter.Item))
                    .Concat(plan.Parked)
                    .Where(item => item.Coordinate.Origin is RecordOrigin.Own)
                    .OrderBy(item => item.Coordinate.Seq)
                    .ToList();
                ulong last = 0;
                foreach (var item in taken)
                {
                    item.Coordinate.After.Should().Be(last);
                    last = item.Coordinate.Seq;
                }
                plan.Last.Should().Be(last);
                plan.Events.Where(planned => planned.Item.Coordinate.Origin is RecordOrigin.Own)
                    .Select(planned => planned.Event.Seq)
                    .Should()
                    .BeInAscendingOrder();
            },
            iter: 500
        );

    [Fact]
    public void Every_record_is_accounted_for() =>
        Histories.Sample(
            items =>
            {
                var plan = BatchPlan.Make(0, 0, items, Decoder);
                (plan.Events.Count + plan.DeadLetters.Count + plan.Parked.Count + plan.Repeats + plan.Ahead + plan.Skipped)
                    .Should()
                    .Be(items.Length);
            },
            iter: 500
        );

    [Theory]
    [InlineData("main", "5", "4", null, RecordOrigin.Own)]
    [InlineData("main", "5", "0", null, RecordOrigin.Own)]
    [InlineData("main", "18446744073709551615", "4", null, RecordOrigin.Own)]
    [InlineData("main", "5", "4", "1", RecordOrigin.Repair)]
    [InlineData("main", "5", "4", "0", RecordOrigin.Own)]
    [InlineData("other", "5", "4", null, RecordOrigin.Foreign)]
    [InlineData(null, "5", "4", null, RecordOrigin.Foreign)]
    [InlineData("main", null, "4", null, RecordOrigin.Foreign)]
    [InlineData("main", "5", null, null, RecordOrigin.Foreign)]
    [InlineData("main", "5", "5", null, RecordOrigin.Foreign)]
    [InlineData("main", "0", "0", null, RecordOrigin.Foreign)]
    [InlineData("main", "-5", "0", null, RecordOrigin.Foreign)]
    [InlineData("main", "5x", "0", null, RecordOrigin.Foreign)]
    [InlineData("main", "", "0", null, RecordOrigin.Foreign)]
    [InlineData("main", "18446744073709551616", "0", null, RecordOrigin.Foreign)]
    public void Only_a_whole_set_of_headers_makes_a_record_the_logs_own(
        string? log,
        string? seq,
        string? after,
        string? repair,
        object origin
    )
    {
        var headers = new Headers { { "traceparent", [1] } };
        foreach (var (name, value) in new[] { ("log", log), ("seq", seq), ("after", after), ("repair", repair) })
        {
            if (value is not null)
                headers.Add(name, System.Text.Encoding.UTF8.GetBytes(value));
        }
        RecordCoordinate.Read(headers, "main"u8).Origin.Should().Be((RecordOrigin)origin);
    }

    [Fact]
    public void A_decoder_that_throws_makes_a_dead_letter_and_stops_nobody()
    {
        var decoder = new RecordDecoder(_ => throw new InvalidOperationException("what is this"), new Dictionary<ushort, IInboxTable>());
        var plan = BatchPlan.Make(0, 0, [Item(new InboxTestLog().Next())], decoder);
        plan.DeadLetters.Single().Reason.Should().Contain("what is this");
        plan.HasProgress.Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567890123456789012345678901234567")]
    [InlineData("tab\tinside")]
    [InlineData("ünicode")]
    public void A_trace_id_no_table_can_hold_makes_a_dead_letter(string trace)
    {
        var message = new InboxTestMessage("a", trace, "", 0);
        var plan = BatchPlan.Make(0, 0, [Item(new InboxTestLog().Foreign(message))], Decoder);
        plan.Events.Should().BeEmpty();
        plan.DeadLetters.Single().TraceId.Should().BeNull();
    }

    [Fact]
    public void What_the_log_lost_is_told_from_what_never_was()
    {
        var log = new InboxTestLog();
        var records = log.Many(5);
        Expired(0, records[0]).Should().BeEmpty("a log has a first row");
        Expired(0, log.Again(records[3], ("after", "0"), ("expired", "7"))).Should().ContainSingle("a late reader lacks what is gone");
        Expired(100, log.Again(records[3], ("after", "100"), ("expired", "100"))).Should().BeEmpty("it had that row");
        Expired(100, log.Again(records[3], ("after", "0"))).Should().ContainSingle("a log that was begun anew");

        static List<ExpiredRange> Expired(ulong last, RawRecord record) => BatchPlan.Make(last, 0, [Item(record)], Decoder).Expired;
    }

    private static InboxItem[] Items((int From, int Count, int Kind)[] pieces)
    {
        var log = new InboxTestLog();
        var all = Enumerable
            .Range(0, 40)
            .Select(number =>
                number % 11 == 3 ? log.Next("junk"u8.ToArray())
                : number % 7 == 5 ? log.Next("z")
                : log.Next("a")
            )
            .ToArray();
        return
        [
            .. pieces.SelectMany(piece =>
                piece.Kind switch
                {
                    0 => [Item(log.Foreign(new InboxTestMessage("b", $"foreign-{piece.From}", "", 0)))],
                    1 => [Item(log.Foreign(new InboxTestMessage("z", "unknown", "", 0)))],
                    2 => [Item(log.Again(all[piece.From], ("repair", "1")))],
                    // Whatever else there is, some of the log's beginning, so that something is taken.
                    < 6 => all.Take(piece.From).Select(Item),
                    _ => all.Skip(piece.From).Take(piece.Count).Select(Item),
                }
            ),
        ];
    }

    private static InboxItem Item(RawRecord record) => new(record, RecordCoordinate.Read(record.Headers, "main"u8));

    private static string Describe(PlannedEvent planned) => $"{planned.Item.Coordinate}/{planned.Event.TraceId}/{planned.Event.Bucket}";
}
