namespace MassTransit.Kafka.Extensions;

/// <summary>
/// A Kafka broker inside this process: librdkafka's own mock cluster, speaking the real protocol on a loopback port to every process of the
/// machine. It is a carrier, not a store: at most 5 MiB or 100,000 batches a partition, oldest dropped first whether read or not, and all
/// of it gone, offsets too, when it is disposed. No transactions; admin calls other than metadata time out or fail.
/// </summary>
/// <remarks>Good for a try-out and for tests. Whoever must not lose a record needs a log behind the producer, or a real broker.</remarks>
public sealed class EmbeddedKafka : IDisposable
{
    private const int SessionTimeoutMs = 6_000;
    private const int HeartbeatIntervalMs = 1_000;
    private readonly IntPtr _client;
    private readonly Lock _lock = new();
    private IntPtr _cluster;

    /// <summary>Starts a cluster of <paramref name="brokers"/> brokers on random loopback ports.</summary>
    /// <exception cref="InvalidOperationException">librdkafka refused; the message says why.</exception>
    public EmbeddedKafka(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        _client = NativeMockCluster.NewClient();
        _cluster = NativeMockCluster.New(_client, brokers);
        if (_cluster == IntPtr.Zero)
        {
            NativeMockCluster.DestroyClient(_client);
            throw new InvalidOperationException("librdkafka could not start its mock cluster.");
        }
        // The default waits three seconds for further members before a group's first assignment.
        NativeMockCluster.SetInitialRebalanceDelay(_cluster, 0);
        // A process that is killed and started again is assigned its partitions when its predecessor's session is over.
        NativeMockCluster.SetGroupSession(_cluster, SessionTimeoutMs, HeartbeatIntervalMs);
        BootstrapServers = NativeMockCluster.BootstrapServers(_cluster);
    }

    /// <summary>The addresses clients connect to.</summary>
    public string BootstrapServers { get; }

    /// <summary>Creates a topic. A topic that nobody created comes into being with 4 partitions when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">The topic is there already, or its name is not allowed.</exception>
    public void CreateTopic(string topic, int partitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        Check(cluster => NativeMockCluster.CreateTopic(cluster, topic, partitions, 1), $"create topic '{topic}'");
    }

    /// <summary>Closes all connections of a broker (from 1) and refuses new ones until <see cref="BringUp"/>. What it holds stays.</summary>
    public void TakeDown(int broker = 1) => Check(cluster => NativeMockCluster.SetDown(cluster, broker), $"take broker {broker} down");

    /// <summary>Lets a broker answer again.</summary>
    public void BringUp(int broker = 1) => Check(cluster => NativeMockCluster.SetUp(cluster, broker), $"bring broker {broker} up");

    /// <summary>Makes a broker answer every request this much later.</summary>
    public void SetRoundTripTime(TimeSpan time, int broker = 1) =>
        Check(cluster => NativeMockCluster.SetRoundTripTime(cluster, broker, (int)time.TotalMilliseconds), $"slow broker {broker} down");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_cluster == IntPtr.Zero)
                return;
            // The cluster runs on the client's threads, so it goes first.
            NativeMockCluster.Destroy(_cluster);
            NativeMockCluster.DestroyClient(_client);
            _cluster = IntPtr.Zero;
        }
    }

    private void Check(Func<IntPtr, int> call, string what)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_cluster == IntPtr.Zero, this);
            var error = call(_cluster);
            if (error != 0)
                throw new InvalidOperationException($"Could not {what}: {NativeMockCluster.Describe(error)}.");
        }
    }
}
