using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>
/// Tells the owners of other partitions that there are new rows. At most one message per partition is under way; it may be lost, since
/// every owner also looks once a second.
/// </summary>
internal sealed class Nudges(ILogger<Nudges> logger) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly ConcurrentDictionary<int, bool> _underWay = new();

    public void Mark(int partition, string? ownerUrl)
    {
        if (string.IsNullOrEmpty(ownerUrl))
            return;
        if (_underWay.TryAdd(partition, false))
            _ = Task.Run(() => SendAsync(partition, ownerUrl));
        else
            // Sent once more when the one under way is done, since that one may have come too early.
            _underWay.TryUpdate(partition, true, false);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(int partition, string ownerUrl)
    {
        var address =
            $"{ownerUrl}/{IRelayNudge.Route.Replace("{partition}", partition.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}";
        while (true)
        {
            try
            {
                using var reply = await _http.PostAsync(address, null).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // The owner finds the rows by itself within a second.
                logger.NudgeFailed(address, failure.Message);
                _underWay.TryRemove(partition, out _);
                return;
            }

            if (_underWay.TryRemove(new KeyValuePair<int, bool>(partition, false)))
                return;
            _underWay[partition] = false;
        }
    }
}
