namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>
/// The default form of headers: strings as UTF-8, everything else as JSON; identities and addresses under the names the official
/// rider uses.
/// </summary>
public static class DictionaryHeadersSerialize
{
    /// <summary>Writes headers.</summary>
    public static readonly IHeadersSerializer Serializer = new KafkaHeadersSerializer();

    /// <summary>Reads headers; of several with one name the first counts.</summary>
    public static readonly IHeadersDeserializer Deserializer = new KafkaHeadersDeserializer();
}
