using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>
/// The relay's own native producer: acknowledged by all replicas, idempotent, without gaps, partitions set by hand. It is thrown away with
/// its queue on a fatal error and when the node's lease runs out, and built anew when next needed.
/// </summary>
internal sealed class RelayProducer(IOptions<OutboxOptions> options, ILogger<RelayProducer> logger) : IAsyncDisposable
{
    private static readonly TimeSpan AdminTimeout = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly HashSet<Flight> _flights = [];
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly byte[] _log = Encoding.UTF8.GetBytes(options.Value.Log);
    private readonly List<Task> _disposals = [];
    private IProducer<byte[], byte[]>? _producer;
    private volatile bool _topicReady;
    private volatile string? _trouble;

    /// <summary>What stands between the relay and the topic; null while records are acknowledged.</summary>
    public string? Trouble => _trouble;

    /// <summary>Makes sure the topic is there with the partitions the log has; creates it if it is not.</summary>
    /// <exception cref="KafkaException">The cluster cannot be reached, or the topic does not fit.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_topicReady)
            return;
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_topicReady)
                await PrepareTopicAsync(cancellationToken).ConfigureAwait(false);
            _topicReady = true;
        }
        catch (KafkaException failure)
        {
            Note(failure.Error.Reason);
            throw;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Hands a batch to the producer. Never throws: what goes wrong is in the flight.</summary>
    public Flight Send(int partition, IReadOnlyList<LogRow> rows, RelayCursor cursor)
    {
        var flight = new Flight(rows);
        IProducer<byte[], byte[]> producer;
        lock (_gate)
        {
            producer = _producer ??= Build();
            _flights.Add(flight);
        }

        var target = new TopicPartition(options.Value.Topic, partition);
        for (var index = 0; index < rows.Count; index++)
        {
            var number = index;
            try
            {
                producer.Produce(target, MessageOf(rows[index], cursor), report => flight.Report(number, report.Error));
            }
            catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
            {
                var error = (failure as KafkaException)?.Error ?? new Error(ErrorCode.Local_Destroy);
                for (var rest = index; rest < rows.Count; rest++)
                    flight.Report(rest, error);
                break;
            }
        }

        return flight;
    }

    /// <summary>A flight landed and was looked at.</summary>
    public void Landed(Flight flight)
    {
        lock (_gate)
            _flights.Remove(flight);
        if (flight.Failure is not { } error)
        {
            Note(null);
            return;
        }

        Note(error.Reason);
        if (error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition or ErrorCode.Local_UnknownTopic)
            _topicReady = false;
        if (error.IsFatal || error.Code is ErrorCode.Local_Fatal)
            Discard();
    }

    /// <summary>Gives the producer up and everything it holds; nothing it still has queued is sent.</summary>
    public void Discard()
    {
        IProducer<byte[], byte[]>? producer;
        Flight[] flights;
        lock (_gate)
        {
            producer = _producer;
            _producer = null;
            flights = [.. _flights];
            if (producer is not null)
            {
                _disposals.RemoveAll(task => task.IsCompleted);
                // Disposing waits for the client's threads.
                _disposals.Add(Task.Run(producer.Dispose));
            }
        }

        foreach (var flight in flights)
            flight.GiveUp(new Error(ErrorCode.Local_PurgeQueue, "The producer was given up."));
    }

    public async ValueTask DisposeAsync()
    {
        Discard();
        await Task.WhenAll(_disposals).ConfigureAwait(false);
        _preparing.Dispose();
    }

    private Message<byte[], byte[]> MessageOf(LogRow row, RelayCursor cursor)
    {
        var after = cursor.AfterOf(row.Seq, row.After);
        var headers = new Headers
        {
            { LogHeaders.Log, _log },
            { LogHeaders.Seq, Digits(row.Seq) },
            { LogHeaders.After, Digits(after) },
            { LogHeaders.TraceId, Encoding.ASCII.GetBytes(row.TraceId) },
        };
        if (after != row.After)
            headers.Add(LogHeaders.Expired, Digits(row.After));
        foreach (var (name, value) in HeaderBlob.Read(row.Headers))
            headers.Add(name, value);
        return new Message<byte[], byte[]>
        {
            Key = row.Key,
            Value = row.Value,
            Headers = headers,
        };
    }

    private static byte[] Digits(ulong number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return digits[..length].ToArray();
    }

    private IProducer<byte[], byte[]> Build()
    {
        var config = new ProducerConfig
        {
            LingerMs = 0,
            MessageTimeoutMs = 30_000,
            MessageMaxBytes = options.Value.MaxRecordBytes + 100_000,
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 1_000,
            SocketKeepaliveEnable = true,
        };
        options.Value.ConfigureProducer?.Invoke(config);
        // These carry the promise and are nobody's choice.
        config.BootstrapServers = options.Value.BootstrapServers;
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.EnableGaplessGuarantee = true;
        // Of a report only the error is looked at; its other fields would be made anew for every record.
        config.DeliveryReportFields = "none";
        return new ProducerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, line) => logger.Librdkafka(line.Facility, line.Message))
            .Build();
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            logger.ProducerFatal(error.Reason);
            Discard();
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            Note(error.Reason);
        }
    }

    private void Note(string? trouble)
    {
        if ((_trouble is null) != (trouble is null))
        {
            if (trouble is null)
                logger.RelayingAgain(options.Value.Topic);
            else
                logger.RelayWaits(options.Value.Topic, trouble);
        }

        _trouble = trouble;
    }

    private async Task PrepareTopicAsync(CancellationToken cancellationToken)
    {
        IProducer<byte[], byte[]> producer;
        lock (_gate)
            producer = _producer ??= Build();
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        var (topic, wanted) = (options.Value.Topic, options.Value.Partitions);

        // Asked for all topics, since asking for one by name would create it with the broker's number of partitions.
        var found = await Task.Run(() => admin.GetMetadata(AdminTimeout), cancellationToken).ConfigureAwait(false);
        var partitions = CountOf(found, topic);
        if (partitions == 0)
        {
            await TryAdminAsync(() =>
                    admin.CreateTopicsAsync(
                        [new TopicSpecification { Name = topic, NumPartitions = wanted }],
                        new CreateTopicsOptions { RequestTimeout = AdminTimeout, OperationTimeout = AdminTimeout }
                    )
                )
                .ConfigureAwait(false);
        }
        else if (partitions < wanted)
        {
            await TryAdminAsync(() =>
                    admin.CreatePartitionsAsync(
                        [new PartitionsSpecification { Topic = topic, IncreaseTo = wanted }],
                        new CreatePartitionsOptions { RequestTimeout = AdminTimeout, OperationTimeout = AdminTimeout }
                    )
                )
                .ConfigureAwait(false);
        }

        if (partitions < wanted)
            partitions = await WaitForPartitionsAsync(admin, topic, wanted, cancellationToken).ConfigureAwait(false);
        if (partitions < wanted)
            throw new KafkaException(
                new Error(ErrorCode.Local_UnknownPartition, $"Topic {topic} has {partitions} partitions, the log has {wanted}.")
            );
        if (partitions > wanted)
            logger.TopicHasMorePartitions(topic, partitions, wanted);
    }

    // Some brokers know no admin requests but create a topic when it is asked for by name.
    private static async Task<int> WaitForPartitionsAsync(IAdminClient admin, string topic, int wanted, CancellationToken cancellationToken)
    {
        var partitions = 0;
        for (var attempt = 0; attempt < 20 && partitions < wanted; attempt++)
        {
            var found = await Task.Run(() => admin.GetMetadata(topic, AdminTimeout), cancellationToken).ConfigureAwait(false);
            partitions = CountOf(found, topic);
            if (partitions < wanted)
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
        }

        return partitions;
    }

    private static int CountOf(Metadata metadata, string topic) =>
        metadata.Topics.Find(one => one.Topic == topic && !one.Error.IsError)?.Partitions.Count ?? 0;

    private async Task TryAdminAsync(Func<Task> request)
    {
        try
        {
            await request().ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            // Someone else was faster, or the broker does not know the request; what counts is what the topic looks like afterwards.
            logger.AdminRequestFailed(failure.Message);
        }
    }
}
