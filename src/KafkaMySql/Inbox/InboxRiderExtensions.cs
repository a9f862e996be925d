using Confluent.Kafka;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>Connects the inbox to its topic.</summary>
public static class InboxRiderExtensions
{
    private static readonly TimeSpan FirstHold = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(5);

    // The shortest that brokers allow by default. A member that is killed keeps its partitions for so long.
    private static readonly TimeSpan ClassicSession = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ClassicHeartbeat = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds the topic endpoint of the inbox that <c>AddMySqlInbox</c> added: batches of raw records, read on from where the database says,
    /// partitions held while anything but a record's content is wrong.
    /// </summary>
    public static void MySqlInbox(
        this IKafkaFactoryConfigurator kafka,
        IRiderRegistrationContext context,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, RawRecord>>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(kafka);
        ArgumentNullException.ThrowIfNull(context);
        var options = context.GetRequiredService<IOptions<InboxOptions>>().Value;
        var writer = context.GetRequiredService<InboxWriter>();
        var observer = context.GetRequiredService<InboxPartitionObserver>();
        kafka.BatchEndpoint<RawRecord>(
            options.Topic,
            options.GroupOrConsumer,
            endpoint =>
            {
                endpoint.DeliverBatches(options.BatchSize);
                // Where a stored offset is out of range the topic was made anew: nothing of it may be passed over.
                endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                endpoint.FailurePolicy = FailurePolicy.HoldPartition;
                endpoint.HoldBackoff(FirstHold, LongestHold);
                // The batch comes again until it is taken, so nobody is to be told of a fault.
                endpoint.PublishFaults = false;
                endpoint.SetPartitionObserver(observer);
                if (options.GroupProtocol is GroupProtocol.Consumer)
                    endpoint.GroupProtocol = GroupProtocol.Consumer;
                else
                {
                    endpoint.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
                    endpoint.SessionTimeout = ClassicSession;
                    endpoint.HeartbeatInterval = ClassicHeartbeat;
                }

                endpoint.Consumer(() => new InboxConsumer(writer));
                configure?.Invoke(endpoint);
            }
        );
    }
}
