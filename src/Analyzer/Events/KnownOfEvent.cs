using System.Globalization;
using System.Text.Json;
using Analyzer.Reading;

namespace Analyzer.Events;

/// <summary>What index and neighbours know of one event, and the stations that follow from it. Nothing is guessed: who is silent is named.</summary>
internal sealed record KnownOfEvent
{
    // What Consistency says of an event that it has not compared.
    private const string Pending = "pending";

    public required string TraceId { get; init; }

    public required string Topic { get; init; }

    public required IndexRow? Row { get; init; }

    public required RefusedRecord? Refused { get; init; }

    public required Reply<LogEntry> Log { get; init; }

    public required Reply<StoredEvent> Stored { get; init; }

    public required Reply<CountedRows> Counted { get; init; }

    public required Reply<EventVerdict> Verdict { get; init; }

    public required Reply<EventAnomalies> Anomalies { get; init; }

    /// <summary>The event's place in the log; its seq is null for a foreign event.</summary>
    public required (int Partition, ulong? Seq) Place { get; init; }

    public EventReport ToReport() =>
        new()
        {
            TraceId = TraceId,
            Type = Row?.Type.Name ?? Stored.Found?.Type,
            EventId = Row?.EventId,
            Payload = Row is null ? null : JsonSerializer.Deserialize<JsonElement>(Row.Payload),
            Stations = new EventStations
            {
                Accepted = Accepted(),
                Relayed = Relayed(),
                Topic = OnTopic(),
                Indexed = Indexed(),
                Stored = IsStored(),
                Counted = IsCounted(),
                Verdict = HasVerdict(),
                Anomalies = HasAnomalies(),
            },
        };

    private Station Accepted()
    {
        var (partition, seq) = Place;
        if (seq is null)
            return Station.NotReached("It came to the topic without the log's headers: no Receiver accepted it.");
        var station = Log switch
        {
            { Found: { } entry } => new Station { State = "reached", At = entry.AcceptedAt.UtcDateTime },
            { Silence: { } silence } => Station.Unreachable(silence),
            _ when Row is not null => new Station
            {
                State = "reached",
                At = Row.AcceptedAt,
                Detail = "The log does not keep it any more; the time is the envelope's, in whole seconds.",
            },
            _ => new Station { State = "reached", Detail = "The log does not keep it any more." },
        };
        return station with { Partition = partition, Seq = seq };
    }

    private Station Relayed() =>
        this switch
        {
            { Row: { Seq: not null } row } => new Station { State = "reached", At = row.TopicAt },
            { Place.Seq: null } => Station.NotReached("Somebody else put it on the topic."),
            { Log.Found: { InKafka: true } } => new Station
            {
                State = "reached",
                Detail = "The index does not have it, so the time is not known.",
            },
            { Log.Found: not null } => Station.NotReached("Kafka has not acknowledged it yet."),
            { Log.Silence: { } silence } => Station.Unreachable(silence),
            _ => Station.Unknown("Neither log nor index has it."),
        };

    private Station OnTopic() =>
        Row is null
            ? Station.NotReached("The index has not seen it on the topic.")
            : new Station
            {
                State = "reached",
                At = Row.TopicAt,
                Topic = Topic,
                Partition = Row.Partition,
                Offset = Row.Offset,
            };

    private Station Indexed() =>
        this switch
        {
            { Row: { } row } => new Station
            {
                State = "reached",
                At = row.IndexedAt,
                Index = row.Position,
            },
            { Refused: { } refused } => Station.NotReached($"The index could not take it: {refused.Reason}") with { At = refused.At },
            _ => Station.NotReached("The index does not have it."),
        };

    private Station IsStored() =>
        Stored switch
        {
            { Found: { } row } => new Station
            {
                State = "reached",
                At = row.StoredAt.UtcDateTime,
                Partition = row.RowPartition,
                RowNo = row.RowNo,
            },
            { Silence: { } silence } => Station.Unreachable(silence),
            _ => Station.NotReached("Storage does not have it."),
        };

    private Station IsCounted()
    {
        if (Counted.Silence is { } silence)
            return Station.Unreachable(silence);
        if (Stored.Silence is not null)
            return Station.Unknown("It follows from the number of the row, and Storage did not answer.");
        if (Stored.Found is not { } row)
            return Station.NotReached("Storage does not have it.");
        var counted = Counted.Found?.Partitions.FirstOrDefault(partition =>
            partition.Partition == row.RowPartition && partition.Type == row.Type
        );
        return counted?.RowNo >= row.RowNo
            ? new Station
            {
                State = "reached",
                At = Counted.Found?.At?.UtcDateTime,
                Detail = "The time is that of the statistics, which contain it.",
            }
            : Station.NotReached("The statistics do not contain it yet.");
    }

    private Station HasVerdict() =>
        Verdict switch
        {
            { Found.Verdict: Pending } => Station.NotReached("No comparison has come to it yet.") with { Verdict = Pending },
            { Found: { } known } => new Station
            {
                State = "reached",
                Verdict = known.Verdict,
                At = known.At?.UtcDateTime,
                Since = known.Since?.UtcDateTime,
            },
            { Silence: { } silence } => Station.Unreachable(silence),
            _ => Station.NotReached("Consistency knows nothing of it."),
        };

    private Station HasAnomalies()
    {
        if (Anomalies.Found is not { } known)
            return Anomalies.Silence is { } silence ? Station.Unreachable(silence) : Station.NotReached("Anomalies knows nothing of it.");
        if (known.Anomalies.Count > 0)
            return new Station
            {
                State = "reached",
                At = known.Anomalies.Max(anomaly => anomaly.DetectedAt),
                Found = known.Anomalies,
            };
        var (partition, seq) = Place;
        if (seq is null)
            return Station.Unknown("Nothing was found; without a place in the log nobody can tell whether it was looked at.");
        return known.ReadUpTo.FirstOrDefault(read => read.Partition == partition)?.Seq >= seq
            ? new Station { State = "reached", Found = [] }
            : Station.NotReached(
                string.Create(CultureInfo.InvariantCulture, $"The detectors have not come to it yet (partition {partition}, seq {seq}).")
            );
    }
}
