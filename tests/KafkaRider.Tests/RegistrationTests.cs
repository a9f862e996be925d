using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class RegistrationTests(KafkaFixture kafka)
{
    private string Servers => kafka.Server.BootstrapServers;

    private Topics Topics => new(Servers);

    [Fact]
    public async Task A_missing_topic_is_created_and_an_endpoint_can_be_connected_and_stopped_while_the_bus_runs()
    {
        var topic = $"t-{Guid.NewGuid():N}";
        var received = new Received<ThingHappened>();
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton(received),
            rider =>
            {
                rider.AddConsumer<Recorder<ThingHappened>>();
                rider.UsingKafka((_, k) => k.Host(Servers));
            }
        );
        var handle = app
            .Services.GetRequiredService<IKafkaRider>()
            .ConnectTopicEndpoint<ThingHappened>(
                topic,
                "g",
                (context, e) =>
                {
                    e.AutoOffsetReset = AutoOffsetReset.Earliest;
                    e.CreateIfMissing(options => options.NumPartitions = 3);
                    e.ConfigureConsumer<Recorder<ThingHappened>>(context);
                }
            );
        await handle.Ready.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Topics.Write(topic, 2, RiderSetup.Json(1));
        await Eventually.HoldsAsync(() => received.Count == 1, "the record");
        received.All.Single().Partition.Should().Be(2);
        await handle.StopAsync(TestContext.Current.CancellationToken);

        Topics.Write(topic, 2, RiderSetup.Json(2));
        var again = app
            .Services.GetRequiredService<IKafkaRider>()
            .ConnectTopicEndpoint<ThingHappened>(
                topic,
                "g",
                (context, e) =>
                {
                    e.Offset = 0;
                    e.ConfigureConsumer<Recorder<ThingHappened>>(context);
                }
            );
        await Eventually.HoldsAsync(() => received.Count == 3, "both from the offset given");
        received.All.Select(item => item.Message.Number).Should().Equal(1, 1, 2);
        await again.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Settings_may_come_after_the_endpoint_and_the_bus_may_be_started_again()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, RiderSetup.Json(1));
        var received = new Received<ThingHappened>();
        var headers = new CountingHeaders();
        await using var app = RiderApp.Create(
            services => services.AddSingleton(received),
            rider =>
            {
                rider.AddConsumer<Recorder<ThingHappened>>();
                rider.UsingKafka(
                    new ClientConfig { BootstrapServers = Servers },
                    (context, k) =>
                    {
                        k.TopicEndpoint<ThingHappened>(
                            topic,
                            new ConsumerConfig { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest },
                            e => e.ConfigureConsumer<Recorder<ThingHappened>>(context)
                        );
                        k.SetHeadersDeserializer(headers);
                    }
                );
            }
        );
        await app.StartAsync();
        await Eventually.HoldsAsync(() => received.Count == 1, "the first record");
        await app.StopAsync();
        Topics.Write(topic, 0, RiderSetup.Json(2));
        await app.StartAsync();
        await Eventually.HoldsAsync(() => received.Count == 2, "the record after the restart");
        headers.Count.Should().BePositive();
    }

    [Fact]
    public async Task A_wrong_client_setting_stops_the_start_with_its_reason()
    {
        await using var app = RiderApp.Create(
            _ => { },
            rider =>
                rider.UsingKafka(
                    (_, k) =>
                    {
                        k.Host(Servers);
                        k.TopicEndpoint<ThingHappened>("t", new ConsumerConfig { GroupId = "g", SessionTimeoutMs = -5 }, _ => { });
                    }
                )
        );
        (await app.Awaiting(a => a.StartAsync()).Should().ThrowAsync<ConnectionException>()).WithMessage("*session.timeout.ms*");
    }

    [Fact]
    public void The_same_endpoint_twice_a_second_host_and_no_host_are_refused()
    {
        Configuring(k =>
            {
                k.Host("a:1");
                k.Host("b:1");
            })
            .Should()
            .Throw<ConfigurationException>();
        Configuring(k =>
            {
                k.Host("a:1");
                k.TopicEndpoint<ThingHappened>("t", "g", _ => { });
                k.TopicEndpoint<ThingHappened>("t", "g", _ => { });
            })
            .Should()
            .Throw<ConfigurationException>()
            .WithMessage("*t/g*");
        Configuring(_ => { }).Should().Throw<ConfigurationException>();

        static Action Configuring(Action<IKafkaFactoryConfigurator> configure) =>
            () => _ = RiderApp.Create(_ => { }, rider => rider.UsingKafka((_, k) => configure(k))).Bus;
    }

    [Theory]
    [InlineData("topic:orders")]
    [InlineData("loopback://localhost/kafka/orders")]
    [InlineData("loopback://localhost/kafka/orders/group")]
    public void A_topic_address_is_read_in_both_forms(string address)
    {
        var topic = new KafkaTopicAddress(new Uri("loopback://localhost/"), new Uri(address));
        topic.Topic.Should().Be("orders");
        ((Uri)topic).ToString().Should().Be("loopback://localhost/kafka/orders");
    }

    private sealed class CountingHeaders : MassTransit.KafkaIntegration.Serializers.IHeadersDeserializer
    {
        public int Count { get; private set; }

        public MassTransit.Transports.IHeaderProvider Deserialize(Confluent.Kafka.Headers headers)
        {
            Count++;
            return MassTransit.KafkaIntegration.Serializers.DictionaryHeadersSerialize.Deserializer.Deserialize(headers);
        }
    }
}
