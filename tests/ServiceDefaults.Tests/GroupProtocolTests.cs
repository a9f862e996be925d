using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using TestSupport;

namespace ServiceDefaults.Tests;

public sealed class GroupProtocolTests
{
    [Fact]
    public void Auto_asks_the_broker_and_finds_the_new_protocol()
    {
        using var kafka = new EmbeddedKafka();

        GroupProtocolProbe.Choose(At(kafka.BootstrapServers)).Should().Be(GroupProtocol.Consumer);
    }

    [Theory]
    [InlineData((short)18, GroupProtocol.Classic)]
    [InlineData((short)68, GroupProtocol.Consumer)]
    public async Task Auto_believes_what_a_broker_says_it_can_do(short key, GroupProtocol expected)
    {
        using var broker = new TcpListener(IPAddress.Loopback, 0);
        broker.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await broker.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[14]);
            await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, (byte)key, 0, 0, 0, 1 });
        });

        GroupProtocolProbe.Choose(At($"127.0.0.1:{((IPEndPoint)broker.LocalEndpoint).Port}")).Should().Be(expected);
        await serving;
    }

    [Theory]
    [InlineData(45_000, GroupProtocol.Classic)]
    [InlineData(6_000, GroupProtocol.Consumer)]
    public async Task Auto_takes_the_new_protocol_only_where_a_killed_member_is_given_up_soon(int session, GroupProtocol expected)
    {
        Assert.SkipWhen(KafkaServer.Missing is not null, KafkaServer.Missing ?? "");
        await using var kafka = new KafkaServer(
            1,
            "group.consumer.min.session.timeout.ms=1000",
            $"group.consumer.session.timeout.ms={session}"
        );
        await kafka.StartAsync();

        GroupProtocolProbe.Choose(At(kafka.BootstrapServers)).Should().Be(expected);
    }

    [Theory]
    [InlineData("auto", GroupProtocol.Consumer)]
    [InlineData("consumer", GroupProtocol.Consumer)]
    [InlineData("classic", GroupProtocol.Classic)]
    public void A_broker_that_is_away_decides_nothing(string setting, GroupProtocol expected) =>
        GroupProtocolProbe.Choose(At($"127.0.0.1:{TestSupport.FreePort.Next()}") with { GroupProtocol = setting }).Should().Be(expected);

    private static KafkaAddress At(string servers) => new(servers, "events", 4, "auto");
}
