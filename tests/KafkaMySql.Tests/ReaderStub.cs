using System.Net;
using System.Text;
using Confluent.Kafka;

namespace KafkaMySql.Tests;

/// <summary>
/// A reader that keeps its tables in memory: it consumes the topic by the reader's rule, without a group, and answers
/// <c>GET /progress</c> over real HTTP.
/// </summary>
internal sealed class ReaderStub : IAsyncDisposable
{
    private readonly HttpListener _http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Lane[] _lanes;
    private readonly string _bootstrap;
    private readonly string _topic;
    private readonly string _log;
    private readonly Task _serving;
    private readonly Task _consuming;

    public ReaderStub(string bootstrap, string topic, int partitions = 4, string log = "main", int? port = null)
    {
        (_bootstrap, _topic, _log) = (bootstrap, topic, log);
        _lanes = [.. Enumerable.Range(0, partitions).Select(_ => new Lane())];
        Url = $"http://127.0.0.1:{port ?? TestSupport.FreePort.Next()}/";
        _http.Prefixes.Add(Url);
        _http.Start();
        _serving = Task.Run(ServeAsync);
        _consuming = Task.Factory.StartNew(Consume, TaskCreationOptions.LongRunning);
    }

    public string Url { get; }

    /// <summary>While it is set the reader takes nothing and says nothing of being stalled, like one whose database is away.</summary>
    public bool IsSick { get; set; }

    public IReadOnlyList<Taken> All
    {
        get
        {
            lock (_gate)
                return [.. _lanes.SelectMany(lane => lane.Taken)];
        }
    }

    public int Repeats { get; private set; }

    public ulong Last(int partition)
    {
        lock (_gate)
            return _lanes[partition].Last;
    }

    /// <summary>The reader's database is put back to what it was when each partition's first <paramref name="count"/> rows were there.</summary>
    public void FallBackTo(int count)
    {
        lock (_gate)
        {
            foreach (var lane in _lanes)
            {
                if (lane.Taken.Count > count)
                    lane.Taken.RemoveRange(count, lane.Taken.Count - count);
                lane.Last = lane.Taken.Count == 0 ? 0 : lane.Taken[^1].Seq;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _http.Stop();
        await Task.WhenAll(_serving, _consuming);
        _http.Close();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var context = await _http.GetContextAsync();
                byte[] reply;
                lock (_gate)
                    reply = ReaderProgressJson.Write(
                        new ReaderProgress(
                            _log,
                            "stub",
                            [
                                .. _lanes.Select(
                                    (lane, number) =>
                                        new PartitionProgress(number, lane.Last, lane.IsStalled && !IsSick ? DateTimeOffset.UtcNow : null)
                                ),
                            ]
                        )
                    );
                context.Response.ContentType = ReaderProgressJson.ContentType;
                await context.Response.OutputStream.WriteAsync(reply);
                context.Response.Close();
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It is being stopped, or the asker went away.
            }
        }
    }

    private void Consume()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = _bootstrap,
                GroupId = $"stub-{Guid.NewGuid():N}",
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnablePartitionEof = true,
                TopicMetadataRefreshIntervalMs = 500,
                ReconnectBackoffMaxMs = 500,
                AllowAutoCreateTopics = false,
            }
        ).Build();
        consumer.Assign(_lanes.Select((_, partition) => new TopicPartitionOffset(_topic, partition, Offset.Beginning)));
        while (!_stop.IsCancellationRequested)
        {
            if (IsSick)
            {
                Thread.Sleep(20);
                continue;
            }

            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                    Take(record);
            }
            catch (ConsumeException)
            {
                // The topic is not there yet, or the broker is away: read on.
            }
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> record)
    {
        lock (_gate)
        {
            var lane = _lanes[record.Partition];
            if (record.IsPartitionEOF)
            {
                lane.IsStalled = true;
                return;
            }

            if (Text(record, LogHeaders.Log) != _log)
                return;
            var (seq, after) = (Number(record, LogHeaders.Seq), Number(record, LogHeaders.After));
            switch (ReaderRule.Judge(lane.Last, seq, after))
            {
                case ReaderVerdict.Repeat:
                    Repeats++;
                    break;
                case ReaderVerdict.Ahead:
                    break;
                default:
                    lane.Taken.Add(
                        new Taken(
                            record.Partition,
                            seq,
                            after,
                            Text(record, LogHeaders.TraceId)!,
                            record.Message.Key,
                            record.Message.Value,
                            Text(record, LogHeaders.Expired)
                        )
                    );
                    lane.Last = seq;
                    lane.IsStalled = false;
                    break;
            }
        }
    }

    private static string? Text(ConsumeResult<byte[], byte[]> record, string header) =>
        record.Message.Headers.TryGetLastBytes(header, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static ulong Number(ConsumeResult<byte[], byte[]> record, string header) =>
        ulong.Parse(Text(record, header)!, System.Globalization.CultureInfo.InvariantCulture);

    public sealed record Taken(int Partition, ulong Seq, ulong After, string TraceId, byte[] Key, byte[] Value, string? Expired);

    private sealed class Lane
    {
        public List<Taken> Taken { get; } = [];

        public ulong Last { get; set; }

        public bool IsStalled { get; set; }
    }
}
