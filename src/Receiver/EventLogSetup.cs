using System.Reflection;
using Contracts;
using KafkaMySql;
using MassTransit;
using Receiver.Health;
using ServiceDefaults;

namespace Receiver;

/// <summary>The event log behind the topic: what is produced is durable in MySQL first, and relayed from there.</summary>
internal static class EventLogSetup
{
    public static void AddEventLog(this WebApplicationBuilder builder)
    {
        var database = builder.AddServiceDatabase(ServiceIdentity.Receiver);
        var kafka = KafkaAddress.Read(builder.Configuration);
        builder.Services.AddMySqlEventLog(outbox => Configure(outbox, builder.Configuration, database, kafka));
        builder.Services.AddMassTransit(bus =>
        {
            // The topic is all there is to the bus: nothing is sent between endpoints.
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                foreach (var type in EventCatalog.All)
                    AddProducerOf(rider, kafka.Topic, type);
                rider.UsingKafka(
                    (_, cluster) =>
                    {
                        cluster.Host(kafka.BootstrapServers);
                        cluster.UseMySqlOutbox();
                    }
                );
            });
        });
        builder.Services.AddReadyCheck<EventLogCheck>("event log");
        builder.Services.AddReadyCheck<KafkaCheck>("kafka");
        builder.Services.AddReadyCheck<ReadersCheck>("readers");
    }

    // The catalog knows the types only while the program runs; from here on everything is typed again.
    private static void AddProducerOf(IRiderRegistrationConfigurator rider, string topic, EventType type) =>
        typeof(EventLogSetup)
            .GetMethod(nameof(AddProducer), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.KeyType, type.MessageType)
            .Invoke(null, [rider, topic]);

    private static void AddProducer<TKey, TMessage>(IRiderRegistrationConfigurator rider, string topic)
        where TMessage : EventMessage => rider.AddProducer<TKey, TMessage>(topic, (_, producer) => WriteEnvelopes(producer));

    private static void WriteEnvelopes<TKey, TMessage>(IKafkaProducerConfigurator<TKey, TMessage> producer)
        where TMessage : EventMessage
    {
        producer.SetKeySerializer(new TextKeySerializer<TKey>());
        producer.SetValueSerializer(new EnvelopeSerializer<TMessage>());
        producer.SetHeadersSerializer(new TraceHeadersSerializer());
    }

    private static void Configure(OutboxOptions outbox, IConfiguration settings, ServiceDatabase database, KafkaAddress kafka)
    {
        outbox.ConnectionString = database.ConnectionString;
        outbox.BootstrapServers = kafka.BootstrapServers;
        outbox.Topic = kafka.Topic;
        outbox.Partitions = kafka.Partitions;
        outbox.Describe = Describe;
        outbox.Log = Settings.OutboxLog.Read(settings);
        outbox.Url = Settings.OutboxUrl.Read(settings) ?? "";
        foreach (var (name, url) in Settings.OutboxReaders.Read(settings))
            outbox.Readers.Add(new LogReader { Name = name, Url = url });
        outbox.Relay = Settings.OutboxRelay.Read(settings);
        outbox.QueueCapacity = Settings.OutboxQueueCapacity.Read(settings);
        outbox.CommitTimeout = Settings.OutboxCommitTimeout.Read(settings);
        outbox.MaxBacklogRows = Settings.OutboxMaxBacklogRows.Read(settings);
        outbox.MaxBacklogBytes = Settings.OutboxMaxBacklogBytes.Read(settings);
        outbox.MaxBacklogAge = Settings.OutboxMaxBacklogAge.Read(settings);
        outbox.MaxLeadRows = Settings.OutboxMaxLeadRows.Read(settings);
        outbox.MaxLeadBytes = Settings.OutboxMaxLeadBytes.Read(settings);
        outbox.Retention = Settings.OutboxRetention.Read(settings);
        outbox.IdempotencyRetention = Settings.OutboxIdempotencyRetention.Read(settings);
        outbox.RequireDurability = Settings.OutboxRequireDurability.Read(settings);
    }

    private static EventDescription Describe(object message)
    {
        var posted = (EventMessage)message;
        var type = EventCatalog.Of(posted);
        return new EventDescription(type.Id, posted.Identity, type.Digest(posted));
    }
}
