using System.Text;
using System.Text.Json;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>Every command of the pages of the two systems, on what <c>./run</c> starts.</summary>
public sealed class DocumentedCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("both")]
    [InlineData("runify")]
    public async Task Every_command_of_the_pages_works_as_typed(string systems)
    {
        if (MariaDbServer.Missing is { } missing)
            Assert.Skip(missing);
        await using var host = new HostProcess(_folder.Path) { Systems = systems };
        await host.StartAsync();
        await host.ReadyAsync();
        using var http = new HttpClient();
        using var odd = new StringContent(
            """{"user_id":"u-2","duration":10,"distance":50000,"timestamp":"2024-09-10T09:12:33.001Z"}""",
            Encoding.UTF8,
            "application/json"
        );
        (await http.PostAsync(new Uri(host.Receiver, "stats/running"), odd)).EnsureSuccessStatusCode();

        var pages = systems == "both" ? new[] { "runify.md", "real-estate.md" } : ["runify.md"];
        var blocks = pages.SelectMany(page => Blocks(File.ReadAllText(Path.Combine(Repository.Root, "docs", page)))).ToList();

        blocks.Should().HaveCountGreaterThanOrEqualTo(7 * pages.Length);
        foreach (var block in blocks)
        {
            var command = block
                .Replace("localhost:8080", $"127.0.0.1:{host.Receiver.Port}")
                .Replace("localhost:8090", $"127.0.0.1:{host.Storage.Port}")
                .Replace("localhost:8100", $"127.0.0.1:{host.Processing.Port}")
                .Replace("localhost:8110", $"127.0.0.1:{(systems == "both" ? host.RunifyAnalyzer : host.Analyzer).Port}")
                .Replace("localhost:8120", $"127.0.0.1:{(systems == "both" ? host.RunifyAnomalies : host.Anomalies).Port}")
                .Replace("localhost:8130", $"127.0.0.1:{(systems == "both" ? host.RunifyCheck : host.Consistency).Port}")
                .Replace("localhost:8200", $"127.0.0.1:{host.Analyzer.Port}")
                .Replace("localhost:8300", $"127.0.0.1:{host.Consistency.Port}")
                .Replace("localhost:8400", $"127.0.0.1:{host.Anomalies.Port}")
                .Replace("curl ", "curl -sS --fail-with-body --max-time 20 ");
            await Eventually.HoldsAsync(() => RunAsync(command), block, TimeSpan.FromSeconds(60));
        }

        // And what they posted is the same at every station.
        await Eventually.HoldsAsync(
            async () =>
            {
                var stored = await CountsAsync(http, new Uri(host.Storage, "stats"));
                return stored is (>= 3, >= 1)
                    && stored == await CountsAsync(http, new Uri(host.Analyzer, "stats"))
                    && stored == await CountsAsync(http, new Uri(host.Processing, "stats"));
            },
            "storage, analyzer and processing count the same",
            TimeSpan.FromSeconds(60)
        );
        (await http.GetStringAsync(new Uri(host.Web, "check/check"))).Should().Contain("\"receiver\":\"Healthy\"");
        (await http.GetStringAsync(new Uri(host.Web, "anomaly/anomalies"))).Should().Contain("LongRun").And.Contain("ShortRun");
        (await http.PostAsync(new Uri(host.Consistency, systems == "both" ? "consistency_check/update" : "check/update"), null))
            .IsSuccessStatusCode.Should()
            .BeTrue("the comparison goes on whatever is offered");
    }

    public void Dispose() => _folder.Dispose();

    // A block is what stands indented between two lines that do not.
    private static IEnumerable<string> Blocks(string page)
    {
        var block = new StringBuilder();
        foreach (var line in page.Split('\n').Append("end"))
        {
            if (line.StartsWith("    ", StringComparison.Ordinal))
                block.Append(line.AsSpan(4)).Append('\n');
            else if (line.Length > 0 && block.Length > 0)
            {
                yield return block.ToString();
                block.Clear();
            }
        }
    }

    private static async Task<bool> RunAsync(string command)
    {
        var (code, output) = await Command.RunAsync("bash", ["-e", "-o", "pipefail", "-c", command]);
        return code == 0 ? true : throw new InvalidOperationException(output);
    }

    private static async Task<(long Runs, long Songs)> CountsAsync(HttpClient http, Uri address)
    {
        using var counts = JsonDocument.Parse(await http.GetStringAsync(address));
        return (
            counts.RootElement.GetProperty("num_running_stats").GetInt64(),
            counts.RootElement.GetProperty("num_music_info").GetInt64()
        );
    }
}
