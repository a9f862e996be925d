using System.Security.Cryptography;
using System.Text;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>Ordinary MassTransit code whose <c>Produce</c> goes through the log.</summary>
[Collection(RelayOnKafka.Name)]
public sealed class OutboxTests(MariaDbFixture mariaDb, KafkaFixture kafka)
{
    private readonly string _topic = $"events-{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<IHost> StartAsync(string database, string bootstrap)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMySqlEventLog(options =>
        {
            options.ConnectionString = database;
            options.BootstrapServers = bootstrap;
            options.Topic = _topic;
            options.Describe = message => new EventDescription(7, ((ThingPosted)message).Id.ToString(), 42);
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, ThingPosted>(_topic);
                rider.AddProducer<string, OtherPosted>("another-topic");
                rider.UsingKafka(
                    (_, cluster) =>
                    {
                        cluster.Host(bootstrap);
                        cluster.StartTimeout = TimeSpan.FromSeconds(2);
                        cluster.UseMySqlOutbox();
                    }
                );
            });
        });
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    [Fact]
    public async Task Produce_completes_when_the_event_is_in_the_log_and_the_topic_gets_it()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(kafka.Server.BootstrapServers, _topic);
        using var host = await StartAsync(database, kafka.Server.BootstrapServers);
        using var scope = host.Services.CreateScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, ThingPosted>>();
        var thing = new ThingPosted(Guid.CreateVersion7(), "Größe 🏠");
        var receipt = new OutboxReceipt();

        await producer.Produce("key", thing, Pipe.Execute<SendContext>(receipt.AddTo), Cancel);

        var row = (await LogTable.RowsAsync(database)).Should().ContainSingle().Subject;
        (row.Seq, row.TraceId).Should().Be((receipt.Receipt.Seq, thing.Id.ToString()));
        Encoding.UTF8.GetString(row.Key).Should().Be("key");
        await Eventually.HoldsAsync(() => reader.All.Count == 1, "it is on the topic");
        reader.All[0].Value.Should().Equal(row.Value);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task The_same_idempotency_key_gets_the_first_receipt_and_leaves_one_row()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        using var host = await StartAsync(database, kafka.Server.BootstrapServers);
        using var scope = host.Services.CreateScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, ThingPosted>>();
        var key = new IdempotencyKey(SHA256.HashData("key"u8), SHA256.HashData("body"u8));
        var (first, second) = (new OutboxReceipt(key), new OutboxReceipt(key));

        await producer.Produce("key", new ThingPosted(Guid.CreateVersion7(), "1"), Pipe.Execute<SendContext>(first.AddTo), Cancel);
        await producer.Produce("key", new ThingPosted(Guid.CreateVersion7(), "1"), Pipe.Execute<SendContext>(second.AddTo), Cancel);

        second.Receipt.Should().Be(first.Receipt with { Repeated = true });
        (await LogTable.CountAsync(database, "event_log")).Should().Be(1);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task What_the_log_cannot_take_is_refused_to_the_caller()
    {
        var database = await mariaDb.Server.NewDatabaseAsync();
        using var host = await StartAsync(database, kafka.Server.BootstrapServers);
        using var scope = host.Services.CreateScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, ThingPosted>>();
        var elsewhere = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, OtherPosted>>();

        await producer
            .Awaiting(it => it.Produce(new string('k', 257), new ThingPosted(Guid.CreateVersion7(), "1"), Cancel))
            .Should()
            .ThrowAsync<LogEventRefusedException>();
        await elsewhere.Awaiting(it => it.Produce("key", new OtherPosted("1"), Cancel)).Should().ThrowAsync<LogEventRefusedException>();
        new OutboxReceipt().Invoking(it => it.Receipt).Should().Throw<InvalidOperationException>();
        await host.StopAsync(Cancel);
    }
}

public sealed record ThingPosted(Guid Id, string Text);

public sealed record OtherPosted(string Text);
