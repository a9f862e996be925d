using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using Contracts.Fields;

namespace Contracts;

/// <summary>One line of the catalog: a type of event, and what follows from its record's properties and annotations.</summary>
public sealed class EventType
{
    // Kafka's own limit is far higher; the event log's key column is this wide.
    private const int MaxKeyBytes = 256;

    private readonly Func<EventMessage> _create;
    private readonly Func<EventMessage, string> _key;
    private readonly EventField _eventId;

    private EventType(ushort id, string name, EventSystem system, Type messageType, string key, string eventId)
    {
        Id = id;
        Name = name;
        Opening = Encoding.UTF8.GetBytes($$"""{"type":"{{name}}","datetime":" """.TrimEnd());
        System = system;
        MessageType = messageType;
        var fields = FieldDeclaration.FieldsOf(messageType).ToList();
        TraceId = fields.Single(field => field.Name == "trace_id");
        TraceIdKind = TraceId is IntegerField ? TraceIdKind.Nanoseconds : TraceIdKind.Uuid;
        Fields = [.. fields.Where(field => field != TraceId)];
        AllFields = [.. Fields, TraceId];
        RequiredMask = AllFields.Index().Where(field => field.Item.Required).Aggregate(0UL, (mask, field) => mask | 1UL << field.Index);
        var keyField = Fields.Single(field => field.Name == key);
        KeyType = keyField is IntegerField ? typeof(long) : typeof(string);
        _key = KeyOf(keyField);
        _eventId = Fields.Single(field => field.Name == eventId);
        _create = Expression.Lambda<Func<EventMessage>>(Expression.New(messageType)).Compile();
    }

    /// <summary>The type's number: in the log, in the index and in digests.</summary>
    public ushort Id { get; }

    /// <summary>The envelope's <c>type</c>.</summary>
    public string Name { get; }

    /// <summary>The system the type belongs to.</summary>
    public EventSystem System { get; }

    /// <summary>The record its messages are.</summary>
    public Type MessageType { get; }

    /// <summary>What its messages are keyed by: <see cref="long"/> or <see cref="string"/>.</summary>
    public Type KeyType { get; }

    /// <summary>What its trace ids look like.</summary>
    public TraceIdKind TraceIdKind { get; }

    /// <summary>The shape of the envelope's <c>datetime</c>: a .NET format string, UTC.</summary>
    public string DateTimeShape => System == EventSystem.RealEstate ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss";

    /// <summary>The typed fields, without the trace id, in the order of the digest.</summary>
    public IReadOnlyList<EventField> Fields { get; }

    /// <summary>The trace id's field.</summary>
    public EventField TraceId { get; }

    /// <summary><see cref="Fields"/> and after them <see cref="TraceId"/>.</summary>
    internal EventField[] AllFields { get; }

    /// <summary>The envelope up to its time.</summary>
    internal byte[] Opening { get; }

    /// <summary>One bit for each of <see cref="AllFields"/> that must be there.</summary>
    internal ulong RequiredMask { get; }

    /// <summary>The record key as text. A key longer than 256 bytes of UTF-8 is replaced by its hash: equal keys stay equal.</summary>
    public string Key(EventMessage message) => _key(message);

    /// <summary>The number or name a client knows the event by: <c>listing_id</c>, <c>bidding_id</c> or <c>user_id</c>.</summary>
    public object EventId(EventMessage message) => _eventId.ColumnValue(message)!;

    /// <summary>A trace id of this type as JSON: a number where its kind is one, else a string.</summary>
    public string TraceIdJson(string traceId) =>
        TraceIdKind == TraceIdKind.Nanoseconds ? traceId : $"\"{JsonEncodedText.Encode(traceId)}\"";

    /// <summary>Checks a request body to the letter of the contract, and against what the columns can hold.</summary>
    /// <param name="body">UTF-8 JSON; kept, so it must not be written to afterwards.</param>
    /// <param name="error">A sentence that says what is wrong and names the field; null when all is well.</param>
    /// <returns>The event, still without trace id; null when it is refused.</returns>
    public EventDraft? Check(ReadOnlyMemory<byte> body, out string? error) => StrictReader.Read(this, body, out error);

    /// <summary>Digest of a message: of its type, its trace id and its typed fields as the row holds them.</summary>
    public ulong Digest(EventMessage message)
    {
        var digest = new DigestInput(stackalloc byte[512]);
        digest.Add(Id);
        digest.Add(message.Identity);
        foreach (var field in Fields)
            field.Digest(ref digest, message);
        return digest.Hash();
    }

    /// <summary>Digest of a row, equal to the digest of the message the row was made from.</summary>
    /// <param name="traceId">The row's trace id as text.</param>
    /// <param name="columns">The values of the columns of <see cref="Fields"/>, in that order, as the database driver returns them.</param>
    public ulong Digest(string traceId, ReadOnlySpan<object?> columns)
    {
        if (columns.Length != Fields.Count)
            throw new ArgumentException($"'{Name}' has {Fields.Count} columns, not {columns.Length}.", nameof(columns));
        var digest = new DigestInput(stackalloc byte[512]);
        digest.Add(Id);
        digest.Add(traceId);
        for (var at = 0; at < columns.Length; at++)
            Fields[at].Digest(ref digest, columns[at]);
        return digest.Hash();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static EventType Of<TMessage>(ushort id, string name, EventSystem system, string key, string eventId)
        where TMessage : EventMessage => new(id, name, system, typeof(TMessage), key, eventId);

    /// <summary>A message whose properties a reader has still to fill.</summary>
    internal EventMessage Create() => _create();

    /// <summary>Which of <see cref="AllFields"/> the property is that the reader stands at; -1 for none.</summary>
    internal int IndexOf(ref Utf8JsonReader json, int expected)
    {
        if (!JsonText.IsUnicode(ref json))
            return -1;
        // Clients send the fields in the documented order more often than not, so the next one is tried first.
        for (var tried = 0; tried < AllFields.Length; tried++, expected++)
        {
            if (expected >= AllFields.Length)
                expected = 0;
            if (json.ValueTextEquals(AllFields[expected].EncodedName.EncodedUtf8Bytes))
                return expected;
        }
        return -1;
    }

    /// <summary>A sentence that names the fields whose bits are set.</summary>
    internal string Missing(ulong missing)
    {
        var names = AllFields.Index().Where(field => (missing & 1UL << field.Index) != 0).Select(field => $"'{field.Item.Name}'").ToList();
        return names.Count == 1 ? $"{names[0]} is required." : $"{string.Join(", ", names)} are required.";
    }

    private static Func<EventMessage, string> KeyOf(EventField field) =>
        field switch
        {
            IntegerField number => message => number.Get(message).ToString(CultureInfo.InvariantCulture),
            TextField text => message => Short(text.Get(message)),
            _ => throw new InvalidOperationException($"'{field.Name}' cannot be a key."),
        };

    private static string Short(string key)
    {
        if (key.Length * 3 <= MaxKeyBytes || Encoding.UTF8.GetByteCount(key) <= MaxKeyBytes)
            return key;
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(hash, XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(key)));
        return $"xxh128:{Convert.ToHexStringLower(hash)}";
    }
}
