using TestSupport;

namespace Processing.Tests;

/// <summary>What Storage may answer instead of a list: it counts nothing, and the other type is counted all the same.</summary>
public sealed class FailedCallTests(MariaDbFixture fixture)
{
    private const string Problem = """{"type":"about:blank","title":"Internal Server Error","detail":"x","status":500}""";

    [Theory]
    [InlineData(500, Problem, true)]
    [InlineData(503, "", false)]
    [InlineData(404, "[]", true)]
    [InlineData(200, Problem, true)]
    [InlineData(200, "[{}]", true)]
    [InlineData(200, """[{"offer_price":"7"}]""", true)]
    [InlineData(200, """[{"offer_price":7}""", true)]
    [InlineData(200, """[{"offer_price":7}]""", false)]
    [InlineData(200, "", true)]
    public async Task A_failed_call_for_one_type_counts_nothing_for_it_and_moves_no_cursor(int status, string body, bool headers)
    {
        await using var storage = await StorageStub.StartAsync();
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        storage.Replies["listings"] = (200, """[{"listing_price":5.5}]""", true);
        storage.Replies["bids"] = (200, """[{"offer_price":4},{"offer_price":3}]""", true);
        await processing.CycleAsync();

        storage.Replies["listings"] = (200, """[{"listing_price":6}]""", true);
        storage.Replies["bids"] = (status, body, headers);
        await processing.FailingCycleAsync();

        (await processing.StatsAsync()).Should().Be((2, 2, 6, 4));
    }
}
