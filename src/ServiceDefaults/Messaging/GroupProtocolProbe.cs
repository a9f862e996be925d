using System.Buffers.Binary;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ServiceDefaults;

/// <summary>Finds out which group protocol suits a broker.</summary>
internal static class GroupProtocolProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The new protocol leaves it to the broker how long a killed member keeps its partitions: 45 s by default, and a service that is
    // started again waits for its own predecessor. With the classic one the member says it (InboxRiderExtensions: 6 s).
    private static readonly TimeSpan LongestSession = TimeSpan.FromSeconds(10);
    private const string SessionSetting = "group.consumer.session.timeout.ms";

    // ConsumerGroupHeartbeat, the request that KIP-848 added.
    private const short ConsumerGroupHeartbeat = 68;

    /// <summary>
    /// The setting's protocol; with <c>auto</c> the new one, unless a broker answers that it does not have it, or that it would keep a killed
    /// member's partitions for more than ten seconds. A broker that does not answer in time decides nothing: all that the product ships with
    /// have it.
    /// </summary>
    public static GroupProtocol Choose(KafkaAddress kafka) =>
        kafka.GroupProtocol switch
        {
            "consumer" => GroupProtocol.Consumer,
            "classic" => GroupProtocol.Classic,
            _ => Suiting(kafka.BootstrapServers),
        };

    private static GroupProtocol Suiting(string bootstrapServers) =>
        HasNewProtocol(bootstrapServers) switch
        {
            true when Session(bootstrapServers) > LongestSession => GroupProtocol.Classic,
            false => GroupProtocol.Classic,
            // Whoever did not answer the first question is not asked the second: it would only cost the start another two seconds.
            _ => GroupProtocol.Consumer,
        };

    // Null when the broker does not tell: it is away, it may not be asked, or it is the embedded one, which has no such request.
    private static TimeSpan? Session(string bootstrapServers)
    {
        try
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
                .SetLogHandler((_, _) => { })
                .Build();
            if (admin.GetMetadata(Patience).Brokers is not [var broker, ..])
                return null;
            var resource = new ConfigResource { Type = ResourceType.Broker, Name = $"{broker.BrokerId}" };
            var answer = Task.Run(() => admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = Patience }))
                .GetAwaiter()
                .GetResult();
            return answer.Single().Entries.TryGetValue(SessionSetting, out var entry) && int.TryParse(entry.Value, out var milliseconds)
                ? TimeSpan.FromMilliseconds(milliseconds)
                : null;
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private static bool? HasNewProtocol(string bootstrapServers)
    {
        foreach (var server in bootstrapServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var timeout = new CancellationTokenSource(Patience);
                return Task.Run(() => AskAsync(server, timeout.Token), timeout.Token).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or FormatException)
            {
                // Not there yet, or not speaking plainly (TLS): the next one may answer.
            }
        }
        return null;
    }

    private static async Task<bool> AskAsync(string server, CancellationToken cancellationToken)
    {
        var address = new Uri($"kafka://{server[(server.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..]}");
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port > 0 ? address.Port : 9092, cancellationToken);
        var stream = client.GetStream();
        // Length 10, ApiVersions (18) version 0, correlation 1, no client id: the one request every broker answers.
        await stream.WriteAsync(new byte[] { 0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff }, cancellationToken);
        var head = new byte[14];
        await stream.ReadExactlyAsync(head, cancellationToken);
        if (BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(8)) != 0)
            throw new IOException("The broker does not say what it can do.");
        var keys = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(10)) * 6];
        await stream.ReadExactlyAsync(keys, cancellationToken);
        for (var key = 0; key < keys.Length; key += 6)
        {
            if (BinaryPrimitives.ReadInt16BigEndian(keys.AsSpan(key)) == ConsumerGroupHeartbeat)
                return true;
        }
        return false;
    }
}
