using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace KafkaRider.Tests;

public sealed class DispatchTests(KafkaFixture kafka)
{
    private Topics Topics => new(kafka.Server.BootstrapServers);

    [Fact]
    public async Task Several_types_on_one_topic_reach_the_consumers_of_their_type_and_others_are_skipped()
    {
        var topic = await Topics.CreateAsync();
        Topics.Write(topic, 0, "ListingPosted:1", "SongPosted:2", "BidPosted:3", null, "ListingPosted:4");
        var listings = new Received<ListingPosted>();
        var bids = new Received<BidPosted>();
        await using var app = await RiderApp.StartAsync(
            services => services.AddSingleton(listings).AddSingleton(bids),
            rider =>
            {
                rider.AddConsumer<Recorder<ListingPosted>>();
                rider.AddConsumer<Recorder<BidPosted>>();
                rider.UsingKafka(
                    (context, k) =>
                    {
                        k.Host(kafka.Server.BootstrapServers);
                        k.TopicEndpoint<MarketEvent>(
                            topic,
                            $"g-{topic}",
                            e =>
                            {
                                e.AutoOffsetReset = AutoOffsetReset.Earliest;
                                e.SetValueDeserializer(new MarketEventDeserializer());
                                e.ConfigureConsumers(context);
                            }
                        );
                    }
                );
            }
        );

        await Eventually.HoldsAsync(() => listings.Count == 2 && bids.Count == 1, "each its own");
        listings.All.Select(item => item.Message.Id).Should().Equal(1, 4);
        bids.All.Select(item => item.Message.Id).Should().Equal(3);
        await app.StopAsync();
        (await Topics.CommittedAsync($"g-{topic}", topic, 0)).Should().Be(5);
    }

    private sealed class MarketEventDeserializer : IDeserializer<MarketEvent>
    {
        public MarketEvent Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            var parts = Encoding.UTF8.GetString(data).Split(':');
            var id = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            return parts[0] switch
            {
                nameof(ListingPosted) => new ListingPosted(id),
                nameof(BidPosted) => new BidPosted(id),
                nameof(SongPosted) => new SongPosted(id),
                _ => throw new JsonException(),
            };
        }
    }
}
