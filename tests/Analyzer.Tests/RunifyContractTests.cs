using System.Net;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

/// <summary>Section 6 of the Runify contract beside the other system; Contract.Tests has its rows.</summary>
public sealed class RunifyContractTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task With_both_systems_on_the_counts_are_of_both()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await analyzer.Inbox.ApplyAsync(0, [log.Next(Sample.Run()), log.Next(Sample.Bid())]);

        (await analyzer.Client.GetStringAsync("/analyzer/stats"))
            .Should()
            .Be("""{"Listings":0,"Bids":1,"num_running_stats":1,"num_music_info":0}""");
        (await analyzer.Client.GetStringAsync("/running?index=0")).Should().StartWith("{");
        (await analyzer.Client.GetStringAsync("/site/bids?index=0")).Should().StartWith("[{");
    }

    [Fact]
    public async Task With_real_estate_alone_there_is_no_path_of_Runify()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server, "Systems=real_estate");

        foreach (var path in new[] { "/running?index=0", "/analyzer/music?index=0" })
            (await analyzer.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
    }
}
