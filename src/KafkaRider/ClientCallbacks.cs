using Confluent.Kafka;

namespace MassTransit.KafkaIntegration;

/// <summary>What the user wants to hear from a native client.</summary>
internal readonly record struct ClientCallbacks(Action<string>? Statistics, Action<IClient, string>? OAuthBearerTokenRefresh);
