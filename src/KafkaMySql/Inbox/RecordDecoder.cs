using System.Text;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql;

/// <summary>The service's decoder with the inbox's own conditions around it.</summary>
internal sealed class RecordDecoder(InboxDecoder decoder, IReadOnlyDictionary<ushort, IInboxTable> tables)
{
    /// <summary>The longest trace id a table can hold.</summary>
    public const int TraceIdLength = 36;

    /// <summary>A broker's usual limit for one record. Nothing larger from strangers, so that no stranger can send what the database's packets cannot carry.</summary>
    public const int ForeignBytes = 1024 * 1024;

    /// <summary>What <paramref name="item"/> holds; a failure of any kind is an answer, never an exception.</summary>
    public InboxContent Decode(InboxItem item)
    {
        if (item.IsForeign && item.Size > ForeignBytes)
            return new InboxContent.Undecodable($"the record has {item.Size} bytes, more than {ForeignBytes}", null);
        return Checked(Call(item.Record));
    }

    private InboxContent Call(RawRecord record)
    {
        try
        {
            return decoder(record);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A decoder that throws has not understood the record; with it the partition would stop at the record for ever.
            return new InboxContent.Undecodable($"{exception.GetType().Name}: {exception.Message}", null);
        }
    }

    private InboxContent Checked(InboxContent content) =>
        content switch
        {
            InboxContent.Event { TraceId: var id } when !IsTraceId(id) => new InboxContent.Undecodable(
                $"the trace id is not 1 to {TraceIdLength} visible ASCII characters",
                null
            ),
            InboxContent.Event known when !tables.ContainsKey(known.TypeId) => new InboxContent.UnknownType(
                $"type {known.TypeId}, which has no table here",
                known.TraceId
            ),
            InboxContent.UnknownType unknown when unknown.TraceId is { } id && !IsTraceId(id) => unknown with { TraceId = null },
            InboxContent.Undecodable undecodable when undecodable.TraceId is { } id && !IsTraceId(id) => undecodable with
            {
                TraceId = null,
            },
            _ => content,
        };

    private static bool IsTraceId(string id) => id.Length is > 0 and <= TraceIdLength && Ascii.IsValid(id) && !id.Any(char.IsControl);
}
