namespace KafkaMySql;

/// <summary>The partition of a key as Kafka's own default partitioner finds it (murmur2), so that every producer in the world agrees.</summary>
public static class KafkaPartitioner
{
    /// <summary>The partition of <paramref name="key"/> among <paramref name="partitions"/>, from 0.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        return (int)((Murmur2(key) & 0x7fffffff) % (uint)partitions);
    }

    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint Seed = 0x9747b28c;
        const uint M = 0x5bd1e995;
        const int R = 24;
        unchecked
        {
            var h = Seed ^ (uint)data.Length;
            while (data.Length >= 4)
            {
                var k = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
                k ^= k >> R;
                h = (h * M) ^ (k * M);
                data = data[4..];
            }

            if (data.Length > 2)
                h ^= (uint)data[2] << 16;
            if (data.Length > 1)
                h ^= (uint)data[1] << 8;
            if (data.Length > 0)
                h = (h ^ data[0]) * M;
            h ^= h >> 13;
            h *= M;
            return h ^ (h >> 15);
        }
    }
}
