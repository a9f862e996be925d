using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>What Kafka lacks, summed over the partitions, and whether that is too much to accept more.</summary>
internal sealed class Backlog(IOptions<OutboxOptions> options)
{
    private volatile BacklogSize _size = new(0, 0, TimeSpan.Zero);

    public BacklogSize Size => _size;

    /// <summary>Which cap is exceeded; null when none is.</summary>
    public string? Excess { get; private set; }

    public void Set(BacklogSize size)
    {
        _size = size;
        var caps = options.Value;
        Excess =
            size.Rows > caps.MaxBacklogRows ? $"{size.Rows} events wait for Kafka, at most {caps.MaxBacklogRows} may."
            : size.Bytes > caps.MaxBacklogBytes ? $"{size.Bytes} bytes wait for Kafka, at most {caps.MaxBacklogBytes} may."
            : size.Age > caps.MaxBacklogAge
                ? $"The oldest event has waited for Kafka for {size.Age.TotalSeconds:F0} s, at most {caps.MaxBacklogAge.TotalSeconds:F0} s are allowed."
            : null;
    }
}
