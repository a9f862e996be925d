using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>The native clients of a rider, one for each distinct configuration.</summary>
internal sealed class NativeProducers(ILogger logger)
{
    private readonly ConcurrentDictionary<string, Lazy<NativeProducer>> _producers = new();

    public IEnumerable<NativeProducer> All =>
        _producers.Values.Where(producer => producer.IsValueCreated).Select(producer => producer.Value);

    public NativeProducer Get(ProducerConfig config, ClientCallbacks callbacks)
    {
        // A client with a handler of its own is not shared.
        var key =
            string.Join(
                '\n',
                config.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}")
            ) + (callbacks.Statistics is { } handler ? $"\n#{handler.GetHashCode()}" : "");
        return _producers.GetOrAdd(key, _ => new Lazy<NativeProducer>(() => new NativeProducer(config, callbacks, logger))).Value;
    }

    /// <summary>Flushes and closes all clients; they are made anew when used again.</summary>
    public Task CloseAsync() => Task.WhenAll(All.Select(producer => Task.Run(producer.Dispose)));
}
