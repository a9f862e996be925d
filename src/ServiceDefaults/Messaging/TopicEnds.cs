using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ServiceDefaults;

/// <summary>Asks the broker where the partitions of the topic end. Those who ask while a question is out share the next one.</summary>
internal sealed class TopicEnds(KafkaAddress address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lazy<IAdminClient> _client = new(() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address.BootstrapServers })
            // Trouble with the broker is told by the reader itself; here it is the answer to a question.
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build()
    );
    private readonly Lock _lock = new();
    private Task<IReadOnlyDictionary<int, long>> _running = Task.FromResult<IReadOnlyDictionary<int, long>>(new Dictionary<int, long>());
    private Task<IReadOnlyDictionary<int, long>>? _next;

    /// <summary>The end offset of every partition, as of a moment after the call.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or has no such topic.</exception>
    public Task<IReadOnlyDictionary<int, long>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return (_next ??= Task.Run(() => AskAfterAsync(_running), CancellationToken.None)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    // The question that is out may have been answered before what the caller wants to know of.
    private async Task<IReadOnlyDictionary<int, long>> AskAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            (_running, _next) = (_next!, null);
        var found = await _client.Value.ListOffsetsAsync(
            Enumerable
                .Range(0, address.Partitions)
                .Select(partition => new TopicPartitionOffsetSpec
                {
                    TopicPartition = new TopicPartition(address.Topic, partition),
                    OffsetSpec = OffsetSpec.Latest(),
                }),
            new ListOffsetsOptions { RequestTimeout = Patience }
        );
        return found
            .ResultInfos.Select(result => result.TopicPartitionOffsetError)
            .ToDictionary(end => end.Partition.Value, end => end.Offset.Value);
    }
}
