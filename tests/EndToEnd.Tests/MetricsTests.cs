using System.Text.RegularExpressions;
using Confluent.Kafka;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>What Prometheus is told to read and to alert on is what running services export.</summary>
[Collection(BothSystems.Name)]
public sealed partial class MetricsTests(BothSystemsFixture fixture)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "prometheus");

    [Fact]
    public async Task Every_metric_of_the_alerts_and_of_the_page_is_exported_by_a_running_service()
    {
        var platform = fixture.Platform;
        await EventsAndARepeatAsync(platform);
        var alerts = await File.ReadAllTextAsync(Path.Combine(Folder, "alerts.yaml"));
        var named = Expressions().Matches(alerts).SelectMany(match => MetricsOf(match.Groups[1].Value)).ToList();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var listed = Listed()
            .Matches(page)
            .SelectMany(row => Names().Matches(row.Groups[1].Value))
            .Select(name => name.Groups[1].Value)
            .ToList();
        named.Should().HaveCountGreaterThan(15).And.Contain("inbox_lag");
        listed.Should().HaveCountGreaterThan(15).And.Contain("inbox_lag");

        // "up" is Prometheus' own. Health is told every 15 s.
        var wanted = named.Concat(listed).Distinct().Where(name => name != "up").ToList();
        await Eventually.HoldsAsync(
            async () =>
            {
                var exported = (await Task.WhenAll(platform.All.Select(ExportedAsync))).SelectMany(names => names).ToHashSet();
                var lacking = wanted.Where(name => !exported.Contains(name)).ToList();
                return lacking.Count == 0
                    ? true
                    : throw new InvalidOperationException(
                        $"Not exported: {string.Join(", ", lacking)}; there are {string.Join(", ", exported.Order())}"
                    );
            },
            "every metric is exported",
            TimeSpan.FromSeconds(60),
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public async Task Health_is_a_metric_of_every_service()
    {
        using var http = new HttpClient();
        foreach (var service in fixture.Platform.All)
            await Eventually.HoldsAsync(
                async () =>
                    (await http.GetStringAsync(new Uri(service.Address, "metrics")))
                        .Split('\n')
                        .Any(line =>
                            line.StartsWith("health_status{", StringComparison.Ordinal)
                            && line.Contains("dependency=\"service\"", StringComparison.Ordinal)
                            && Value().Match(line).Groups[1].Value == "1"
                        ),
                $"{service.Address} says that it is well",
                TimeSpan.FromSeconds(60),
                TimeSpan.FromSeconds(1)
            );
    }

    [Theory]
    [InlineData("check", "config", "prometheus.yaml")]
    [InlineData("check", "rules", "alerts.yaml")]
    [InlineData("test", "rules", "alerts.test.yaml")]
    public async Task Prometheus_accepts_the_files_and_the_rules_say_what_they_should(string what, string kind, string file)
    {
        if (!Command.IsThere("promtool"))
            Assert.Skip("promtool is missing (Debian: prometheus)");

        var (code, output) = await Command.RunAsync("promtool", [what, kind, file], Folder);

        code.Should().Be(0, output);
    }

    /// <summary>A counter is exported from its first step on: everybody takes events, and one record comes a second time.</summary>
    private static async Task EventsAndARepeatAsync(Deployment platform)
    {
        using var gateway = new JsonClient(platform.Gateway);
        for (var id = 1; id <= 4; id++)
            await gateway.PostAsync("receiver/site/listings", EventClient.Listing(id), 201);
        await Ledger.CaughtUpAsync(platform);
        var record = TopicReader.ReadAll(platform.BootstrapServers, platform.Topic)[0];
        using var producer = new ProducerBuilder<string?, string>(
            new ProducerConfig { BootstrapServers = platform.BootstrapServers }
        ).Build();
        await producer.ProduceAsync(
            record.TopicPartition,
            new Message<string?, string>
            {
                Key = record.Message.Key,
                Value = record.Message.Value,
                Headers = record.Message.Headers,
            }
        );
    }

    private static async Task<IEnumerable<string>> ExportedAsync(ServiceProcess service)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(service.Address, "metrics"));
        return text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line[..line.AsSpan().IndexOfAny('{', ' ')])
            .Distinct();
    }

    /// <summary>What stands in an expression when texts, labels and functions are taken away.</summary>
    private static IEnumerable<string> MetricsOf(string expression) =>
        Identifier()
            .Matches(Grouping().Replace(Labels().Replace(expression, ""), ""))
            .Select(match => match.Value)
            .Where(name => name is not ("and" or "or" or "unless"));

    [GeneratedRegex("^ +expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expressions();

    [GeneratedRegex("\\{[^}]*\\}|\\[[^\\]]*\\]")]
    private static partial Regex Labels();

    [GeneratedRegex("\\bby \\([^)]*\\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("\\b[a-z_][a-z0-9_]*\\b(?! *\\()")]
    private static partial Regex Identifier();

    // The page's table has the metrics in its first column.
    [GeneratedRegex("^\\| (`[a-z]+_[a-z_]+`[^|]*)\\|.*\\|.*\\|$", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Names();

    [GeneratedRegex("\\} ([0-9.]+)")]
    private static partial Regex Value();
}
