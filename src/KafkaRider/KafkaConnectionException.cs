using Confluent.Kafka;

namespace MassTransit;

/// <summary>The cluster could not be reached, or refused the client.</summary>
public class KafkaConnectionException : ConnectionException
{
    /// <summary>Creates the exception.</summary>
    public KafkaConnectionException() { }

    /// <summary>Creates the exception with a message.</summary>
    public KafkaConnectionException(string message)
        : base(message, isTransient: true) { }

    /// <summary>Creates the exception; it is transient unless the inner exception is an error the brokers answered.</summary>
    public KafkaConnectionException(string message, Exception innerException)
        : base(message, innerException, innerException is not KafkaException kafka || kafka.Error.IsLocalError) { }
}
