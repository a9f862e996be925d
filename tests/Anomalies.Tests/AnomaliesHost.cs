using System.Text.Json;
using ReaderSupport;
using TestSupport;

namespace Anomalies.Tests;

internal static class AnomaliesHost
{
    public static Task<ReaderHost> StartAsync(DatabaseServer server, params string[] settings) =>
        ReaderHost.StartAsync(AnomaliesService.Build, server, settings);

    public static Task<ReaderHost> StartOnAsync(string connectionString, params string[] settings) =>
        ReaderHost.StartOnAsync(AnomaliesService.Build, connectionString, settings);

    /// <summary>The trace ids of what was found, oldest first.</summary>
    public static async Task<List<string>> FoundAsync(this ReaderHost anomalies) =>
        [.. (await anomalies.QueryAsync("SELECT trace_id FROM anomaly ORDER BY no")).Select(row => (string)row[0]!)];

    public static List<string> Keys(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement[0] : document.RootElement;
        return [.. root.EnumerateObject().Select(key => key.Name)];
    }
}
