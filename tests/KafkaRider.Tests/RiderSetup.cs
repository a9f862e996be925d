using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaRider.Tests;

/// <summary>Short forms for the set-ups most tests need.</summary>
internal static class RiderSetup
{
    /// <summary>One topic endpoint with one consumer that records what it gets.</summary>
    public static RiderApp Consumer<T, TMessage>(
        string servers,
        string topic,
        Received<TMessage> received,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>>? endpoint = null,
        Action<IKafkaFactoryConfigurator>? kafka = null,
        ConsumerConfig? config = null
    )
        where T : class
        where TMessage : class =>
        RiderApp.Create(
            services => services.AddSingleton(received),
            rider =>
            {
                rider.AddConsumer<Recorder<TMessage>>();
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(servers);
                        kafka?.Invoke(k);
                        k.TopicEndpoint<T>(
                            topic,
                            config ?? new ConsumerConfig { GroupId = $"g-{topic}" },
                            e =>
                            {
                                e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                endpoint?.Invoke(e);
                                e.ConfigureConsumer<Recorder<TMessage>>(context);
                            }
                        );
                    }
                );
            }
        );

    public static async Task<RiderApp> Started(this RiderApp app)
    {
        await app.StartAsync();
        return app;
    }

    public static string Json(int number) => $$"""{"number":{{number}}}""";
}
