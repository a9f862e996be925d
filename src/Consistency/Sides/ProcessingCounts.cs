using System.Net;
using System.Text.Json;
using Consistency.Comparing;
using ServiceDefaults;

namespace Consistency.Sides;

/// <summary>What Processing has counted of each type whose system is on.</summary>
internal sealed class ProcessingCounts(HttpClient http, string url, EnabledSystems systems)
{
    /// <summary>How many events, by the type's number.</summary>
    public async Task<IReadOnlyDictionary<ushort, long>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri($"{url}/stats"), cancellationToken);
            // Before its first cycle it has counted nothing, and says so.
            if (
                reply.StatusCode == HttpStatusCode.NotFound
                && (await reply.Content.ReadAsStringAsync(cancellationToken)).Contains("Statistics do not exist", StringComparison.Ordinal)
            )
                return new Dictionary<ushort, long>();
            if (!reply.IsSuccessStatusCode)
                throw new SideException($"Processing answered {(int)reply.StatusCode} at {url}/stats.");
            using var stats = JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync(cancellationToken));
            return systems.Types.ToDictionary(type => type.Id, type => stats.RootElement.GetProperty($"num_{type.Name}").GetInt64());
        }
        catch (HttpRequestException failure)
        {
            throw new SideException($"Processing cannot be reached: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SideException($"Processing answered something else than was asked at {url}/stats.", failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SideException("Processing did not answer in time.", failure);
        }
    }
}
