using Confluent.Kafka;
using KafkaMySql;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>
/// Says whether a reader has taken everything that is on the topic, so that "there is no such event" is never said of one that is only
/// still to be read. Several processes may read as one: for partitions that another one holds, the database says how far it has come.
/// </summary>
public sealed class CatchUp : IDisposable
{
    /// <summary>How long a request waits for the reader.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>When a client may try again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ServiceDatabase _database;
    private readonly InboxWriter _inbox;
    private readonly string _consumer;
    private readonly TimeProvider _clock;
    private readonly TopicEnds _ends;

    internal CatchUp(ServiceDatabase database, InboxWriter inbox, KafkaAddress kafka, string consumer, TimeProvider clock)
    {
        _database = database;
        _inbox = inbox;
        _consumer = consumer;
        _clock = clock;
        _ends = new TopicEnds(kafka);
    }

    /// <summary>Waits until everything that was on the topic at the time of the call is taken.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="atMost">How long to wait; <see cref="LongestWait"/> unless given.</param>
    /// <returns>Null when it is; otherwise a sentence that says how far the reader is behind, or why that is not known.</returns>
    public async Task<string?> WaitAsync(CancellationToken cancellationToken, TimeSpan? atMost = null)
    {
        var started = _clock.GetTimestamp();
        IReadOnlyDictionary<int, long> ends;
        try
        {
            ends = await _ends.ReadAsync(cancellationToken);
        }
        catch (KafkaException failure)
        {
            return $"Kafka does not say where the topic ends ({failure.Message}), so whether the reader is behind is not known.";
        }
        while (true)
        {
            var next = await NextOffsetsAsync(cancellationToken);
            var behind = ends.Sum(end => Math.Max(0, end.Value - next.GetValueOrDefault(end.Key)));
            if (behind == 0)
                return null;
            if (_clock.GetElapsedTime(started) >= (atMost ?? LongestWait))
                return $"The reader is {behind} records behind the end of the topic.";
            await Task.Delay(Pause, _clock, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ends.Dispose();

    private async Task<Dictionary<int, long>> NextOffsetsAsync(CancellationToken cancellationToken)
    {
        var held = _inbox
            .States.Select(state => state.Figures)
            .Where(figures => figures.Held)
            .ToDictionary(figures => figures.Partition, figures => figures.NextOffset);
        if (held.Count >= _inbox.States.Count - 1)
            return held;
        await using var connection = await _database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            "SELECT partition_no, next_offset FROM partition_progress WHERE consumer = @consumer",
            connection
        );
        command.Parameters.AddWithValue("@consumer", _consumer);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            held.TryAdd(reader.GetUInt16(0), reader.GetInt64(1));
        return held;
    }
}
