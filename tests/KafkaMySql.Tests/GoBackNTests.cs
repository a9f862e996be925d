using CsCheck;

namespace KafkaMySql.Tests;

public sealed class GoBackNTests
{
    private static readonly Gen<(int Action, int Size)[]> Histories = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 1000]).Array[1, 160];

    [Fact]
    public void Every_reader_applies_in_log_order_each_event_once_and_in_the_end_has_every_row_of_the_log() =>
        Histories.Sample(history => Run(history, new ModelRules()), iter: 60_000, threads: 2);

    public static TheoryData<string> WrongRules => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(WrongRules))]
    public void The_model_finds_a_wrong_rule(string mutant)
    {
        var act = () => Histories.Sample(history => Run(history, Mutants[mutant]), iter: 20_000, threads: 2);

        act.Should().Throw<CsCheckException>().WithInnerException<ModelViolation>();
    }

    private static readonly Dictionary<string, ModelRules> Mutants = new()
    {
        ["a record ahead is applied"] = new() { Judge = (last, seq, _) => seq <= last ? ReaderVerdict.Repeat : ReaderVerdict.Apply },
        ["a repeat is applied"] = new() { Judge = (last, _, after) => after <= last ? ReaderVerdict.Apply : ReaderVerdict.Ahead },
        ["a row must follow the very last one"] = new()
        {
            Judge = (last, seq, after) =>
                seq <= last ? ReaderVerdict.Repeat
                : after == last ? ReaderVerdict.Apply
                : ReaderVerdict.Ahead,
        },
        ["a new connection does not raise the head"] = new() { Floor = (_, _) => 0 },
        ["a new connection raises the head to the whole second"] = new() { Floor = (seconds, _) => PartitionHead.Floor(seconds, 0) },
        ["the relay never goes back"] = new() { WantsRewind = (_, _, _) => false },
        ["going back starts at the reader's own number plus one"] = new()
        {
            Target = (target, _) => target with { Position = target.FirstSeq },
        },
        ["an expired row keeps its after"] = new() { AfterOf = (_, _, after) => after },
        ["the first row of a batch follows nothing"] = new()
        {
            AfterOf = (cursor, seq, after) => cursor.InFlight ? cursor.AfterOf(seq, after) : 0,
        },
        ["clean-up does not ask the readers"] = new() { SafeUpTo = (acked, _) => acked },
        ["clean-up takes a silent reader for done"] = new()
        {
            SafeUpTo = (acked, lasts) => lasts.Aggregate(acked, (lowest, last) => Math.Min(lowest, last ?? ulong.MaxValue)),
        },
        ["a repair is taken before its turn"] = new() { DropRepairAbove = false },
        ["a present trace id is inserted again"] = new() { Adopt = false },
    };

    private static void Run((int Action, int Size)[] history, ModelRules rules)
    {
        var model = new GoBackNModel(rules);
        foreach (var (action, size) in history)
            model.Step(action, size);
        model.Heal();
    }
}
