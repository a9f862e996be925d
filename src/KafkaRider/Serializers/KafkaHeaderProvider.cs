using System.Diagnostics.CodeAnalysis;
using System.Text;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

// Records have a handful of headers, so a scan beats a dictionary.
internal sealed class KafkaHeaderProvider(Confluent.Kafka.Headers? headers) : IHeaderProvider
{
    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        if (headers is null)
            yield break;
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            if (header.GetValueBytes() is { } bytes && IsFirst(i, header.Key))
                yield return new KeyValuePair<string, object>(header.Key, Encoding.UTF8.GetString(bytes));
        }
    }

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        value = GetString(key);
        if (value is not null)
            return true;
        // What other tracing libraries write stands in for MassTransit's own name.
        if (key == Logging.DiagnosticHeaders.ActivityId)
            value = GetString(KafkaHeaderNames.TraceParent);
        return value is not null;
    }

    public string? GetString(string key)
    {
        if (headers is null)
            return null;
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            if (string.Equals(header.Key, key, StringComparison.OrdinalIgnoreCase))
                return header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        return null;
    }

    private bool IsFirst(int index, string key)
    {
        for (var i = 0; i < index; i++)
            if (string.Equals(headers![i].Key, key, StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }
}
