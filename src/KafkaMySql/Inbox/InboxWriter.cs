using System.Text;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>
/// Takes the log's records into a reader's tables, each event exactly once and in the log's order, whatever comes twice, too early or
/// broken. Safe to call from several threads and processes: a partition's batches wait for each other.
/// </summary>
public sealed class InboxWriter : IAsyncDisposable
{
    private const int ParkedPage = 200;

    private readonly InboxOptions _options;
    private readonly RecordDecoder _decoder;
    private readonly InboxSetup _setup;
    private readonly InboxMetrics _metrics;
    private readonly Dictionary<int, InboxLane> _lanes;
    private readonly ILogger _logger;
    private readonly byte[] _log;
    private volatile string? _tooMany;

    /// <summary>Makes a writer; the database is not touched before it is needed.</summary>
    /// <exception cref="ArgumentException">The options have no decoder.</exception>
    public InboxWriter(InboxOptions options, TimeProvider clock, ILogger<InboxWriter> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _options = options;
        _logger = logger;
        _log = Encoding.UTF8.GetBytes(options.Log);
        _decoder = new RecordDecoder(
            options.Decoder ?? throw new ArgumentException("The inbox has no decoder.", nameof(options)),
            options.Tables.AsReadOnly()
        );
        _setup = new InboxSetup(options, logger);
        States = [.. Enumerable.Range(0, options.Partitions).Append(InboxOptions.DirectPartition).Select(number => new InboxState(number))];
        _metrics = new InboxMetrics(options.Consumer, States);
        var transaction = new BatchTransaction(options, _decoder);
        _lanes = States.ToDictionary(
            state => state.Figures.Partition,
            state => new InboxLane(state.Figures.Partition, state, options, _decoder, transaction, _metrics, clock, logger)
        );
    }

    /// <summary>What happens in each partition; the last is <see cref="InboxOptions.DirectPartition"/>.</summary>
    public IReadOnlyList<InboxState> States { get; }

    /// <summary>What keeps the inbox from reading at all, such as a database that is not there; null when nothing does.</summary>
    public string? Missing => _setup.Missing ?? _tooMany;

    /// <summary>
    /// Takes <paramref name="records"/>, all of one partition and in offset order. When it returns, all of them are settled: committed, or
    /// dropped as repeats, or left because they will come again. When it throws, the caller waits a while and gives the same records again.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="records">The records.</param>
    /// <param name="highWatermark">The partition's end as last heard of; -1 when unknown.</param>
    /// <param name="cancellationToken">Ends the waiting; what was committed stays.</param>
    /// <exception cref="InboxStoppedException">Too many of the log's records could not be taken.</exception>
    /// <exception cref="InboxSetupException">The database belongs to other settings.</exception>
    public Task ApplyAsync(
        int partition,
        IReadOnlyList<RawRecord> records,
        long highWatermark = -1,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(records);
        var items = new InboxItem[records.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new InboxItem(records[i], RecordCoordinate.Read(records[i].Headers, _log));
        return RunAsync(partition, items, direct: false, fromTopic: true, highWatermark, cancellationToken);
    }

    /// <summary>
    /// Writes events that came over no topic, as foreign records of the partition <see cref="InboxOptions.DirectPartition"/>; their headers
    /// are not looked at. Returns what became of each, in order; giving the same again is safe.
    /// </summary>
    /// <exception cref="MySqlConnector.MySqlException">The database failed; whether anything was written is not known.</exception>
    public async Task<IReadOnlyList<InboxOutcome>> ApplyForeignAsync(
        IReadOnlyList<RawRecord> records,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(records);
        var items = records.Select(record => new InboxItem(record, RecordCoordinate.Foreign)).ToArray();
        await RunAsync(InboxOptions.DirectPartition, items, direct: true, fromTopic: false, -1, cancellationToken).ConfigureAwait(false);
        return [.. items.Select(item => item.Outcome)];
    }

    /// <summary>Takes those parked records of a partition whose type is known by now; returns how many there were.</summary>
    public async Task<int> ApplyParkedAsync(int partition, CancellationToken cancellationToken = default)
    {
        await _setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var parked = new ParkedTable(_options.Consumer, _options.Topic);
        var taken = 0;
        ulong after = 0;
        while (true)
        {
            List<InboxItem> page;
            await using (
                var connection = await InboxConnection.OpenAsync(_options.ConnectionString, cancellationToken).ConfigureAwait(false)
            )
                page = await parked.ReadAsync(connection, partition, after, ParkedPage, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                break;
            after = page[^1].Coordinate.Seq;
            var known = page.Where(item => item.Decode(_decoder) is not InboxContent.UnknownType).ToArray();
            if (known.Length == 0)
                continue;
            await RunAsync(partition, known, direct: false, fromTopic: false, -1, cancellationToken).ConfigureAwait(false);
            taken += known.Length;
        }
        if (taken > 0)
            _logger.InboxUnparked(_options.Consumer, taken, partition);
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes.Values)
            await lane.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        _setup.Dispose();
    }

    internal IEnumerable<InboxLane> Lanes => _lanes.Values;

    internal string Consumer => _options.Consumer;

    internal InboxSetup Setup => _setup;

    /// <summary>Begins to read a partition; returns the offset to read from.</summary>
    internal async Task<long> BeginAsync(int partition, CancellationToken cancellationToken)
    {
        var lane = LaneOf(partition);
        await _setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ApplyParkedAsync(partition, cancellationToken).ConfigureAwait(false);
            var row = await lane.BeginAsync(cancellationToken).ConfigureAwait(false);
            return row.NextOffset;
        }
        catch (Exception exception) when (IsTakenAway(exception))
        {
            _setup.Forget();
            throw;
        }
    }

    internal InboxLane LaneOf(int partition)
    {
        if (_lanes.TryGetValue(partition, out var lane))
            return lane;
        _tooMany =
            $"the topic '{_options.Topic}' has a partition {partition}, and '{_options.Consumer}' reads {_options.Partitions} (Inbox:Partitions)";
        throw new InboxSetupException(_tooMany);
    }

    private async Task RunAsync(
        int partition,
        InboxItem[] items,
        bool direct,
        bool fromTopic,
        long highWatermark,
        CancellationToken cancellationToken
    )
    {
        var lane = LaneOf(partition);
        await _setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await lane.ApplyAsync(items, direct, fromTopic, highWatermark, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsTakenAway(exception))
        {
            _setup.Forget();
            throw;
        }
    }

    // A database restored or reset under a running reader: rows and tables are made again before the next try.
    private static bool IsTakenAway(Exception exception) =>
        exception is InboxRowMissingException
        || exception.GetBaseException() is MySqlConnector.MySqlException { ErrorCode: MySqlConnector.MySqlErrorCode.NoSuchTable };
}
