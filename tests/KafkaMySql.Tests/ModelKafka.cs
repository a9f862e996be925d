namespace KafkaMySql.Tests;

/// <summary>A partition of a topic: records from a first kept offset to the end.</summary>
internal sealed class ModelKafka
{
    private readonly List<ModelRecord> _records = [];

    public long Begin { get; private set; }

    public long End => Begin + _records.Count;

    public ModelRecord this[long offset] => _records[(int)(offset - Begin)];

    public void Add(ModelRecord record) => _records.Add(record);

    public void Evict(int count)
    {
        count = Math.Min(count, _records.Count);
        _records.RemoveRange(0, count);
        Begin += count;
    }

    public void Truncate(int count)
    {
        count = Math.Min(count, _records.Count);
        _records.RemoveRange(_records.Count - count, count);
    }

    public void Recreate()
    {
        _records.Clear();
        Begin = 0;
    }
}
