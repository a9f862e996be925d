using System.Globalization;
using Contracts;

namespace Analyzer.Tail;

/// <summary>How far a client has followed: for each type it follows, the index of the event that comes next. Its text is the event's id in the stream.</summary>
internal sealed class TailPosition
{
    private readonly SortedDictionary<ushort, long> _next;

    private TailPosition(SortedDictionary<ushort, long> next) => _next = next;

    /// <summary>The types that are followed.</summary>
    public IEnumerable<EventType> Types => _next.Keys.Select(type => EventCatalog.Find(type)!);

    /// <summary>The index of the event of a type that comes next.</summary>
    public long this[EventType type]
    {
        get => _next[type.Id];
        set => _next[type.Id] = value;
    }

    /// <summary>Where the index ends: what comes from now on.</summary>
    public static TailPosition AtEnd(IEnumerable<EventType> types, IReadOnlyDictionary<ushort, long> ends) =>
        new(new SortedDictionary<ushort, long>(types.ToDictionary(type => type.Id, type => ends.GetValueOrDefault(type.Id))));

    /// <summary>Goes on where an earlier stream was; a type that it did not follow begins now. False for a text that is no id.</summary>
    public bool TryResume(string id)
    {
        var found = new Dictionary<ushort, long>();
        foreach (var part in id.Split('.'))
        {
            var numbers = part.Split(':');
            if (
                numbers.Length != 2
                || !ushort.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var type)
                || !long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var next)
                || !found.TryAdd(type, next)
            )
                return false;
        }
        foreach (var (type, next) in found.Where(pair => _next.ContainsKey(pair.Key)))
            _next[type] = next;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join('.', _next.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));
}
