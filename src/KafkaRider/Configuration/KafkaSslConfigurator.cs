using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaSslConfigurator(ClientConfig config) : IKafkaSslConfigurator
{
    public string? CipherSuites
    {
        set => config.SslCipherSuites = value;
    }

    public string? CurvesList
    {
        set => config.SslCurvesList = value;
    }

    public string? SigalgsList
    {
        set => config.SslSigalgsList = value;
    }

    public string? KeyLocation
    {
        set => config.SslKeyLocation = value;
    }

    public string? KeyPassword
    {
        set => config.SslKeyPassword = value;
    }

    public string? KeyPem
    {
        set => config.SslKeyPem = value;
    }

    public string? CertificateLocation
    {
        set => config.SslCertificateLocation = value;
    }

    public string? CertificatePem
    {
        set => config.SslCertificatePem = value;
    }

    public string? CaLocation
    {
        set => config.SslCaLocation = value;
    }

    public string? CrlLocation
    {
        set => config.SslCrlLocation = value;
    }

    public string? KeystoreLocation
    {
        set => config.SslKeystoreLocation = value;
    }

    public string? KeystorePassword
    {
        set => config.SslKeystorePassword = value;
    }

    public string? SslCertificateLocation
    {
        set => config.SslCertificateLocation = value;
    }

    public string? SslCertificatePem
    {
        set => config.SslCertificatePem = value;
    }

    public string? SslCaLocation
    {
        set => config.SslCaLocation = value;
    }

    public string? SslCaPem
    {
        set => config.SslCaPem = value;
    }

    public string? SslCaCertificateStores
    {
        set => config.SslCaCertificateStores = value;
    }

    public string? SslCrlLocation
    {
        set => config.SslCrlLocation = value;
    }

    public string? SslEngineLocation
    {
        set => config.SslEngineLocation = value;
    }

    public string? SslEngineId
    {
        set => config.SslEngineId = value;
    }

    public bool? EnableCertificateVerification
    {
        set => config.EnableSslCertificateVerification = value;
    }

    public bool? EnableSslCertificateVerification
    {
        set => config.EnableSslCertificateVerification = value;
    }

    public SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm
    {
        set => config.SslEndpointIdentificationAlgorithm = value;
    }

    public SslEndpointIdentificationAlgorithm? SslEndpointIdentificationAlgorithm
    {
        set => config.SslEndpointIdentificationAlgorithm = value;
    }
}
