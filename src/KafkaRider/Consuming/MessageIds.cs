using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Identities of messages that have none: the same record always gets the same one.</summary>
internal static class MessageIds
{
    public static Guid Of(string kind, string topic, int partition, long offset)
    {
        var name = Encoding.UTF8.GetBytes($"{kind}/{topic}/{partition}/{offset}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        var id = hash[..16];
        // Version 8: an identity of one's own making (RFC 9562).
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(
            BinaryPrimitives.ReadInt32BigEndian(id),
            BinaryPrimitives.ReadInt16BigEndian(id[4..]),
            BinaryPrimitives.ReadInt16BigEndian(id[6..]),
            id[8],
            id[9],
            id[10],
            id[11],
            id[12],
            id[13],
            id[14],
            id[15]
        );
    }
}
