namespace MassTransit;

/// <summary>The address of a topic: <c>scheme://host/kafka/name</c>, or <c>topic:name</c> for short.</summary>
public readonly struct KafkaTopicAddress : IEquatable<KafkaTopicAddress>
{
    /// <summary>The first part of a topic's path.</summary>
    public const string PathPrefix = "kafka";

    /// <summary>The topic's name.</summary>
    public readonly string Topic;

    /// <summary>The host of the bus.</summary>
    public readonly string Host;

    /// <summary>The scheme of the bus.</summary>
    public readonly string Scheme;

    /// <summary>The port of the bus; null for the scheme's default.</summary>
    public readonly int? Port;

    /// <summary>Reads a topic's address.</summary>
    /// <exception cref="ArgumentException">The address is neither <c>topic:name</c> nor a path below <c>kafka</c>.</exception>
    public KafkaTopicAddress(Uri hostAddress, Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (string.Equals(address.Scheme, "topic", StringComparison.OrdinalIgnoreCase))
        {
            this = new KafkaTopicAddress(hostAddress, Uri.UnescapeDataString(address.AbsolutePath));
            return;
        }

        var parts = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var prefix = Array.IndexOf(parts, PathPrefix);
        if (prefix < 0 || prefix + 1 >= parts.Length)
            throw new ArgumentException($"Not the address of a topic: {address}", nameof(address));
        Topic = Uri.UnescapeDataString(parts[prefix + 1]);
        Host = address.Host;
        Scheme = address.Scheme;
        Port = address.IsDefaultPort || address.Port < 0 ? null : address.Port;
    }

    /// <summary>The address of a topic on a bus.</summary>
    public KafkaTopicAddress(Uri hostAddress, string topic)
    {
        ArgumentNullException.ThrowIfNull(hostAddress);
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        Topic = topic;
        Host = hostAddress.Host;
        Scheme = hostAddress.Scheme;
        Port = hostAddress.IsDefaultPort || hostAddress.Port < 0 ? null : hostAddress.Port;
    }

    /// <summary>The full address.</summary>
    public Uri ToUri() => new UriBuilder(Scheme, Host, Port ?? -1, $"/{PathPrefix}/{Uri.EscapeDataString(Topic)}").Uri;

    /// <summary>The full address.</summary>
    public static implicit operator Uri(KafkaTopicAddress address) => address.ToUri();

    /// <inheritdoc />
    public bool Equals(KafkaTopicAddress other) =>
        Topic == other.Topic && Host == other.Host && Scheme == other.Scheme && Port == other.Port;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is KafkaTopicAddress other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Topic, Host, Scheme, Port);

    /// <summary>True when both name the same topic.</summary>
    public static bool operator ==(KafkaTopicAddress left, KafkaTopicAddress right) => left.Equals(right);

    /// <summary>True when they name different topics.</summary>
    public static bool operator !=(KafkaTopicAddress left, KafkaTopicAddress right) => !left.Equals(right);

    /// <inheritdoc />
    public override string ToString() => ToUri().ToString();
}
