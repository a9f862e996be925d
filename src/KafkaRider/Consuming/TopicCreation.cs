using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Creates topics with a client of its own.</summary>
internal static class TopicCreation
{
    /// <summary>Null when the topic is there; otherwise why it could not be created.</summary>
    /// <param name="clientSettings">Where the connection settings are taken from.</param>
    /// <param name="specification">The topic; -1 partitions or replicas leave the number to the broker.</param>
    /// <param name="timeout">Time-out of the request.</param>
    /// <param name="logger">Told when the topic was created.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Error?> TryAsync(
        ConsumerConfig clientSettings,
        TopicSpecification specification,
        TimeSpan timeout,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        using var admin = new AdminClientBuilder(ClientSettings.ForAdmin(clientSettings))
            .SetLogHandler((_, message) => logger.Native(message))
            .Build();
        try
        {
            await admin
                .CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = timeout, OperationTimeout = timeout })
                .WaitAsync(cancellationToken)
                .ConfigureAwait(false);
            logger.TopicCreated(specification.Name, specification.NumPartitions, specification.ReplicationFactor);
            return null;
        }
        catch (CreateTopicsException exception)
        {
            var error = exception.Results[0].Error;
            return error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError ? null : error;
        }
        catch (KafkaException exception)
        {
            return exception.Error;
        }
    }
}
