using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// The process's heartbeat, once a second: it keeps the lease on the node number, takes and gives up partitions, stores how far they were
/// sent, and raises a head that a reader is ahead of. A timer beside it stops the relay when the lease runs out, even while the database
/// does not answer.
/// </summary>
internal sealed class NodeService : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);
    private readonly Node _node;
    private readonly Relay _relay;
    private readonly RelayProducer _producer;
    private readonly LogCleanup _cleanup;
    private readonly OutboxOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<NodeService> _logger;
    private readonly WriterConnection _connection;
    private readonly NodeLiveness _liveness = new();
    private readonly Dictionary<int, ulong> _stored = [];
    private readonly Dictionary<int, Task<ulong>> _leaving = [];
    private readonly HashSet<int> _ahead = [];
    private bool _troubled;
    private int _stopped;

    public NodeService(
        Node node,
        Relay relay,
        RelayProducer producer,
        LogCleanup cleanup,
        EventLogDatabase database,
        IOptions<OutboxOptions> options,
        TimeProvider clock,
        ILogger<NodeService> logger
    )
    {
        _node = node;
        _relay = relay;
        _producer = producer;
        _cleanup = cleanup;
        _options = options.Value;
        _clock = clock;
        _logger = logger;
        _connection = database.Connect("the relay", clock, logger);
    }

    public ConnectionHealth Health => _connection.Health;

    /// <summary>Partitions in which a reader is ahead of the log: the log was restored or reset.</summary>
    public bool ReaderAhead { get; private set; }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host that is both stopped and disposed asks twice.
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // What is on its way to Kafka may land; what has not within a short time is sent again by the next owner.
        var stopping = Task.WhenAll(_relay.Partitions.Select(partition => partition.StopAsync()));
        await Task.WhenAny(stopping, Task.Delay(DrainTime, _clock, cancellationToken)).ConfigureAwait(false);
        _producer.Discard();
        await stopping.ConfigureAwait(false);
        try
        {
            await _connection.UseAsync((connection, _) => LeaveAsync(connection), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The others find out by themselves, four seconds later.
            _logger.ReleaseFailed(failure.GetBaseException().Message);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        await _producer.DisposeAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var guard = _clock.CreateTimer(_ => AbandonIfExpired(), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        using var timer = new PeriodicTimer(Pace, _clock);
        try
        {
            do
            {
                try
                {
                    await BeatAsync(stoppingToken).ConfigureAwait(false);
                    Note(null);
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    Note(failure);
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The orderly end.
        }
    }

    private Task BeatAsync(CancellationToken stoppingToken) =>
        _connection.UseAsync(
            async (connection, _) =>
            {
                var hints = Hints();
                var view = await _node.BeatAsync(connection, hints).ConfigureAwait(false);
                foreach (var (partition, seq) in hints)
                    _stored[partition] = seq;
                _relay.View = view;
                if (_options.Relay)
                {
                    var live = LiveNodes(view);
                    await TakeAndGiveUpAsync(connection, view, live).ConfigureAwait(false);
                    await RaiseHeadsAsync(connection, view).ConfigureAwait(false);
                    await _cleanup.StepAsync(connection, _relay, live, stoppingToken).ConfigureAwait(false);
                }
                else
                {
                    await _cleanup.ForgetKeysAsync(connection).ConfigureAwait(false);
                }
            },
            stoppingToken
        );

    private List<(int Partition, ulong Seq)> Hints()
    {
        var hints = new List<(int, ulong)>();
        for (var partition = 0; partition < _relay.Partitions.Count; partition++)
        {
            var relay = _relay.Partitions[partition];
            if (relay.IsOwned && relay.HighestAcked is var acked && acked != _stored.GetValueOrDefault(partition, ulong.MaxValue))
                hints.Add((partition, acked));
        }

        return hints;
    }

    private List<ClusterNode> LiveNodes(ClusterView view)
    {
        var now = _clock.GetElapsedTime(0);
        return [.. view.Nodes.Where(node => _liveness.IsLive(node, now) && node.ReadersHash != 0)];
    }

    private async Task TakeAndGiveUpAsync(MySqlConnection connection, ClusterView view, List<ClusterNode> live)
    {
        if (_node.LiveLease is not { } lease)
            return;
        await FinishLeavingAsync(connection).ConfigureAwait(false);
        foreach (var partition in view.Partitions)
        {
            var relay = _relay.Partitions[partition.Number];
            if (partition.Owner != lease.Node && relay.IsOwned)
                // Taken by another while this process was silent.
                relay.Abandon();
            else if (partition.Owner == lease.Node && !_leaving.ContainsKey(partition.Number))
                Start(relay, partition);
        }

        var (take, giveUp) = FairShare.Decide(
            lease.Node,
            [.. live.Select(node => node.Number)],
            [.. view.Partitions.Select(partition => partition.Owner)]
        );
        foreach (var number in take)
        {
            var partition = view.Partitions[number];
            var dead = view.Nodes.FirstOrDefault(node => node.Number == partition.Owner);
            if (!await _node.TakeAsync(connection, partition, dead).ConfigureAwait(false))
                continue;
            _logger.PartitionTaken(number, partition.SentSeq, dead?.Url);
            Start(_relay.Partitions[number], partition);
        }

        foreach (var number in giveUp)
        {
            if (!_leaving.ContainsKey(number))
                // The heartbeat does not wait for what is in flight.
                _leaving[number] = StopOneAsync(_relay.Partitions[number]);
        }
    }

    private void Start(PartitionRelay relay, ClusterPartition partition)
    {
        if (!relay.IsOwned)
            _stored[partition.Number] = partition.SentSeq;
        relay.Start(partition.SentSeq);
        relay.HeadIs(partition.LastSeq);
    }

    private static async Task<ulong> StopOneAsync(PartitionRelay relay)
    {
        await relay.StopAsync().ConfigureAwait(false);
        return relay.HighestAcked;
    }

    private async Task FinishLeavingAsync(MySqlConnection connection)
    {
        foreach (var (partition, stopped) in _leaving.Where(leaving => leaving.Value.IsCompleted).ToList())
        {
            await _node.GiveUpAsync(connection, partition, await stopped.ConfigureAwait(false)).ConfigureAwait(false);
            _leaving.Remove(partition);
            _logger.PartitionGivenUp(partition);
        }
    }

    // The view was read after the readers spoke, so a reader above the head has rows this log does not know.
    private async Task RaiseHeadsAsync(MySqlConnection connection, ClusterView view)
    {
        foreach (var partition in view.Partitions)
        {
            var relay = _relay.Partitions[partition.Number];
            var highest = relay.IsOwned ? relay.Lasts.Max() ?? 0 : 0;
            if (highest <= partition.LastSeq)
            {
                _ahead.Remove(partition.Number);
                continue;
            }

            if (_ahead.Add(partition.Number))
                _logger.ReaderAhead(partition.Number, highest, partition.LastSeq);
            if (highest < partition.NextSeq)
                continue;
            using var raise = connection.CreateCommand();
            raise.CommandText = "UPDATE partition_head SET next_seq = GREATEST(next_seq, @next) WHERE partition_no = @partition";
            raise.Parameters.AddWithValue("@next", highest + 1);
            raise.Parameters.AddWithValue("@partition", partition.Number);
            await raise.ExecuteNonQueryAsync().ConfigureAwait(false);
        }

        ReaderAhead = _ahead.Count > 0;
    }

    private async Task LeaveAsync(MySqlConnection connection)
    {
        foreach (
            var (partition, seq) in Enumerable
                .Range(0, _relay.Partitions.Count)
                .Select(number => (number, _relay.Partitions[number].HighestAcked))
        )
        {
            if (_stored.TryGetValue(partition, out var stored) && stored != seq)
                await _node.GiveUpAsync(connection, partition, seq).ConfigureAwait(false);
        }

        await _node.ReleaseAsync(connection).ConfigureAwait(false);
    }

    private void AbandonIfExpired()
    {
        if (_node.Lease is not null && _node.LiveLease is null)
            _relay.Abandon();
    }

    private void Note(Exception? failure)
    {
        if (failure is not null && !_troubled)
            _logger.HeartbeatFails(failure.GetBaseException().Message);
        else if (failure is null && _troubled)
            _logger.HeartbeatAgain();
        _troubled = failure is not null;
    }
}
