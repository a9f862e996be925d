using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace ServiceDefaults;

/// <summary>Writes a record's key as text, UTF-8: a number's decimal digits. The partition follows from this text.</summary>
public sealed class TextKeySerializer<TKey> : ISerializer<TKey>
{
    /// <inheritdoc />
    public byte[] Serialize(TKey data, SerializationContext context) =>
        data is null ? null! : Encoding.UTF8.GetBytes(Convert.ToString(data, CultureInfo.InvariantCulture)!);
}
