using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MySqlConnector;
using TestSupport;

namespace Receiver.Tests;

/// <summary>Receiver processes that share a log and a topic, and what a test may look at from outside.</summary>
internal sealed class RunningReceivers(Deployment deployment, string bootstrapServers, string topic) : IAsyncDisposable
{
    public IReadOnlyList<HttpClient> Clients { get; } =
    [.. deployment.Receivers.Select(receiver => new HttpClient { BaseAddress = receiver.Address })];

    public HttpClient Client => Clients[0];

    public ServiceProcess Process => deployment.Receivers[0];

    /// <summary>The first column of a query on the log's database.</summary>
    public async Task<List<string>> ColumnAsync(string sql, bool bytes = false)
    {
        await using var connection = new MySqlConnection(deployment.LogDatabase + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(
                bytes
                    ? Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0))
                    : Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!
            );
        return values;
    }

    /// <summary>The first <paramref name="count"/> records of the topic.</summary>
    public List<ConsumeResult<byte[], byte[]>> ReadTopic(int count)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = "reader",
                MessageMaxBytes = 2_000_000,
            }
        ).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        var clock = Stopwatch.StartNew();
        while (records.Count < count && clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is { } record)
                records.Add(record);
        }
        return records;
    }

    /// <summary>A JSON reply.</summary>
    public async Task<JsonElement> JsonAsync(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(path, TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            client.Dispose();
        await deployment.DisposeAsync();
    }
}
