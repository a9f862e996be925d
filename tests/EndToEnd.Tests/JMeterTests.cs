using System.Text.Json;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The load plans, run by stock JMeter without its window.</summary>
[Collection(BothSystems.Name)]
public sealed class JMeterTests(BothSystemsFixture fixture) : IDisposable
{
    private static readonly string? Jar = new[]
    {
        Environment.GetEnvironmentVariable("JMETER_HOME"),
        Path.Combine(Repository.Root, "..", "shared", "jmeter"),
    }
        .OfType<string>()
        .Select(home => Path.GetFullPath(Path.Combine(home, "bin", "ApacheJMeter.jar")))
        .FirstOrDefault(File.Exists);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("test_plan.jmx", "", "num_running_stats", "num_music_info")]
    [InlineData("test_plan.jmx", "/receiver", "num_running_stats", "num_music_info")]
    [InlineData("tests/real_estate_plan.jmx", "/receiver", "listings", "bids")]
    public async Task A_plan_runs_without_a_failed_sample_and_everything_it_sent_is_counted_once(
        string plan,
        string @base,
        string first,
        string second
    )
    {
        var platform = fixture.Platform;
        if (Jar is null)
            Assert.Skip("no JMeter: neither JMETER_HOME nor ../shared/jmeter has it");
        const int users = 4;
        const int loops = 25;
        using var processing = new JsonClient(platform.Processings[0].Address);
        // A healthy stack has counted once; before that there are no statistics to read.
        await Eventually.HoldsAsync(async () => (await processing.AskAsync("GET", "stats")).Status == 200, "Processing has counted once");
        await Ledger.CaughtUpAsync(platform);
        await SettledAsync(platform, first, second);
        var before = await CountsAsync(platform, first, second);

        var samples = await RunAsync(plan, platform, @base, users, loops);

        samples.Should().HaveCount((2 * users * loops) + (5 * 4));
        samples
            .Where(sample => sample["success"] != "true")
            .Select(sample => $"{sample["label"]}: {sample["responseCode"]} {sample["failureMessage"]}")
            .Should()
            .BeEmpty();
        var after = before.Select(count => count + (users * loops)).ToArray();
        await Eventually.HoldsAsync(
            async () => (await CountsAsync(platform, first, second)).SequenceEqual(after),
            $"Storage, Analyzer and Processing have {users * loops} more of each type"
        );
    }

    /// <summary>Waits until Storage, Analyzer and Processing have counted the same.</summary>
    private static Task SettledAsync(Deployment platform, string first, string second) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var counts = await CountsAsync(platform, first, second);
                return counts.Where((_, place) => place % 2 == 0).Distinct().Count() == 1
                    && counts.Where((_, place) => place % 2 == 1).Distinct().Count() == 1;
            },
            "every service has counted the same"
        );

    /// <summary>What Storage, Analyzer and Processing have of the first and the second type, in turn.</summary>
    private static async Task<long[]> CountsAsync(Deployment platform, string first, string second)
    {
        using var storage = new JsonClient(platform.Storages[0].Address);
        using var processing = new JsonClient(platform.Processings[0].Address);
        using var analyzer = new JsonClient(platform.Analyzers[0].Address);
        var isRunify = first.StartsWith("num_", StringComparison.Ordinal);
        var stored = await storage.GetAsync(isRunify ? "stats" : "site/events/count");
        var indexed = await analyzer.GetAsync("stats");
        var counted = await processing.GetAsync("stats");
        return
        [
            .. Both(stored, first, second),
            .. isRunify ? Both(indexed, first, second) : Both(indexed, "Listings", "Bids"),
            .. isRunify ? Both(counted, first, second) : Both(counted, $"num_{first}", $"num_{second}"),
        ];

        static long[] Both(JsonElement counts, string first, string second) =>
            [counts.GetProperty(first).GetInt64(), counts.GetProperty(second).GetInt64()];
    }

    /// <summary>Each sample by the names of its columns.</summary>
    private async Task<List<Dictionary<string, string>>> RunAsync(string plan, Deployment platform, string @base, int users, int loops)
    {
        var results = Path.Combine(_folder.Path, "out.jtl");
        string[] arguments =
        [
            "-jar",
            Jar!,
            "-n",
            "-t",
            Path.Combine(Repository.Root, plan),
            "-l",
            results,
            "-j",
            Path.Combine(_folder.Path, "jmeter.log"),
            "-Jhost=127.0.0.1",
            $"-Jport={platform.Receivers[0].Port}",
            $"-Jbase={@base}",
            $"-Jprocessing_port={platform.Processings[0].Port}",
            $"-Janalyzer_port={(plan == "test_plan.jmx" ? platform.Analyzers[0].RunifyPort : platform.Analyzers[0].Port)}",
            $"-Jusers={users}",
            "-Jrampup=1",
            $"-Jloops={loops}",
            "-Jmax_ms=20000",
            "-Jjmeter.save.saveservice.output_format=csv",
            "-Jjmeter.save.saveservice.print_field_names=true",
            "-Jjmeter.save.saveservice.assertion_results_failure_message=true",
        ];
        var (code, output) = await Command.RunAsync("java", arguments, within: TimeSpan.FromMinutes(3));
        code.Should().Be(0, "{0}", output);
        var lines = await File.ReadAllLinesAsync(results);
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => names.Zip(Cells(line)).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (letter == ',' && !quoted)
                cells.Add("");
            else
                cells[^1] += letter;
        }
        return cells;
    }
}
