using System.IO.Hashing;
using System.Text;

namespace KafkaMySql;

/// <summary>
/// What a reader at <see cref="Start"/> does with records in the order they came: the rule of go-back-N, without I/O.
/// Planning in one go or in pieces, each from where the one before ended, comes to the same.
/// </summary>
internal sealed class BatchPlan
{
    /// <summary>The seq the reader was at.</summary>
    public ulong Start { get; }

    /// <summary>The seq the reader is at afterwards.</summary>
    public ulong Last { get; private set; }

    /// <summary>Events for their tables, in order.</summary>
    public List<PlannedEvent> Events { get; } = [];

    /// <summary>Records nobody can take.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Own records of types this version does not know.</summary>
    public List<InboxItem> Parked { get; } = [];

    /// <summary>What the log no longer has.</summary>
    public List<ExpiredRange> Expired { get; } = [];

    /// <summary>Records that were taken before.</summary>
    public int Repeats { get; private set; }

    /// <summary>Records that came before one they stand behind, and will come again.</summary>
    public int Ahead { get; private set; }

    /// <summary>Foreign records of a type nobody here knows.</summary>
    public int Skipped { get; private set; }

    /// <summary>Foreign records, of whatever outcome.</summary>
    public int Foreign { get; private set; }

    /// <summary>Whether a record of the log was taken.</summary>
    public bool HasProgress => Last > Start;

    /// <summary>Whether anything is to be written.</summary>
    public bool HasWork => HasProgress || Events.Count > 0 || DeadLetters.Count > 0 || Parked.Count > 0;

    private BatchPlan(ulong last) => Start = Last = last;

    /// <summary>Plans <paramref name="items"/> for a reader at <paramref name="last"/>; decodes only what is to be taken.</summary>
    public static BatchPlan Make(ulong last, int partition, ReadOnlySpan<InboxItem> items, RecordDecoder decoder)
    {
        var plan = new BatchPlan(last);
        foreach (var item in items)
            plan.Add(item, partition, decoder);
        return plan;
    }

    /// <summary>The bucket of a foreign event: 0 to 255, which no seq of a log falls into.</summary>
    private static ulong ForeignBucket(string traceId)
    {
        Span<byte> text = stackalloc byte[RecordDecoder.TraceIdLength];
        return XxHash64.HashToUInt64(text[..Encoding.ASCII.GetBytes(traceId, text)]) % LogBucket.Foreign;
    }

    private void Add(InboxItem item, int partition, RecordDecoder decoder)
    {
        var record = item.Coordinate;
        switch (record.Origin)
        {
            case RecordOrigin.Foreign:
                Foreign++;
                break;
            case RecordOrigin.Repair:
                // Above last the ordinary record is still to come, and takes care of itself.
                if (record.Seq > Last)
                {
                    Repeat(item);
                    return;
                }
                break;
            default:
                if (!Advance(item))
                    return;
                break;
        }
        Take(item, partition, decoder);
    }

    private bool Advance(InboxItem item)
    {
        var record = item.Coordinate;
        switch (ReaderRule.Judge(Last, record.Seq, record.After))
        {
            case ReaderVerdict.Repeat:
                Repeat(item);
                return false;
            case ReaderVerdict.Ahead:
                Ahead++;
                item.Outcome = InboxOutcome.Ahead;
                return false;
        }
        // The log's lowest row is told as the first, so that a reader from before can go on; what lay between is lost to it. Without the
        // relay's word a first row below which this reader has been is that of a log begun anew: what it had before is lost as well.
        if (record.Expired > Last || (record.After == 0 && Last > 0))
            Expired.Add(new ExpiredRange(Last, record.Seq));
        Last = record.Seq;
        return true;
    }

    private void Repeat(InboxItem item)
    {
        Repeats++;
        item.Outcome = InboxOutcome.Repeated;
    }

    private void Take(InboxItem item, int partition, RecordDecoder decoder)
    {
        switch (item.Decode(decoder))
        {
            case InboxContent.Event content:
                Events.Add(new PlannedEvent(item, ToEvent(item, content, partition)));
                break;
            case InboxContent.UnknownType when item.IsForeign:
                Skipped++;
                item.Outcome = InboxOutcome.UnknownType;
                break;
            case InboxContent.UnknownType:
                Parked.Add(item);
                item.Outcome = InboxOutcome.UnknownType;
                break;
            case InboxContent.Undecodable content:
                DeadLetters.Add(new DeadLetter(item, content.Reason, content.TraceId, null));
                item.Outcome = InboxOutcome.Refused;
                break;
        }
    }

    private static InboxEvent ToEvent(InboxItem item, InboxContent.Event content, int partition) =>
        new()
        {
            TypeId = content.TypeId,
            TraceId = content.TraceId,
            Digest = content.Digest,
            Message = content.Message,
            Record = item.Record,
            Partition = partition,
            Seq = item.IsForeign ? null : item.Coordinate.Seq,
            IsRepair = item.Coordinate.Origin is RecordOrigin.Repair,
            Bucket = item.IsForeign ? ForeignBucket(content.TraceId) : LogBucket.Of(item.Coordinate.Seq),
        };
}
