using System.Text.Json;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

internal static class AnalyzerHost
{
    public static Task<ReaderHost> StartAsync(DatabaseServer server, params string[] settings) =>
        ReaderHost.StartAsync(AnalyzerService.Build, server, settings);

    public static Task<ReaderHost> StartOnAsync(string connectionString, params string[] settings) =>
        ReaderHost.StartOnAsync(AnalyzerService.Build, connectionString, settings);

    public static Task CountsAsync(this ReaderHost analyzer, int listings, int bids) =>
        Eventually.HoldsAsync(
            async () =>
                (await analyzer.Client.GetStringAsync("/analyzer/stats")).StartsWith(
                    $$"""{"Listings":{{listings}},"Bids":{{bids}}""",
                    StringComparison.Ordinal
                ),
            $"{listings} listings and {bids} bids are in the index"
        );

    public static async Task<List<long>> TraceIdsAsync(this ReaderHost analyzer, string path)
    {
        using var ids = JsonDocument.Parse(await analyzer.Client.GetStringAsync(path));
        return [.. ids.RootElement.EnumerateArray().Select(id => id.GetProperty("trace_id").GetInt64())];
    }
}
