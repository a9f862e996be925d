using System.Net;
using System.Text.Json;
using Consistency.Comparing;

namespace Consistency.Sides;

/// <summary>What Processing has counted of each type.</summary>
internal sealed class ProcessingCounts(HttpClient http, string url)
{
    public async Task<(long Listings, long Bids)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri($"{url}/stats"), cancellationToken);
            // Before its first cycle it has counted nothing, and says so.
            if (
                reply.StatusCode == HttpStatusCode.NotFound
                && (await reply.Content.ReadAsStringAsync(cancellationToken)).Contains("Statistics do not exist", StringComparison.Ordinal)
            )
                return (0, 0);
            if (!reply.IsSuccessStatusCode)
                throw new SideException($"Processing answered {(int)reply.StatusCode} at {url}/stats.");
            using var stats = JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync(cancellationToken));
            return (stats.RootElement.GetProperty("num_listings").GetInt64(), stats.RootElement.GetProperty("num_bids").GetInt64());
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
